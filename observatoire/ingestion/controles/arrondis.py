"""Arrondi annoncé : une livraison dite protégée ne porte ni petit effectif ni valeur hors de son pas."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from observatoire.ingestion.controles.contexte import ContexteControle, is_effectif
from observatoire.ingestion.controles.exemples import EXEMPLES, find_colonne, write_nombre
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.livraisons import Confidentialite

_SEUIL = 5
_PRECISION = 1e-6
_SUGGESTION = (
    "Si les effectifs sont exacts, déposez le fichier comme « convention » : le secret sera posé avant toute "
    "publication ; sinon, demandez au producteur le fichier protégé."
)


def check_arrondis(contexte: ContexteControle) -> Iterator[Anomalie]:
    """Cherche les effectifs de 1 à 4 d'une livraison protégée, et les valeurs hors du pas annoncé.

    Ces effectifs sont peut-être confidentiels : seuls leur nombre et leurs lignes sont dits.
    """
    protegee = contexte.confidentialite is Confidentialite.CONVENTION_PROTEGEE
    for lot, nom, variable, mesures in contexte.iter_mesures():
        valeurs = mesures.valeur
        if protegee and is_effectif(variable):
            petits = np.flatnonzero((valeurs > 0) & (valeurs < _SEUIL))
            if len(petits):
                yield Anomalie(
                    "petits_effectifs_non_proteges",
                    Gravite.BLOQUANT,
                    contexte.fichier,
                    f"{write_nombre(len(petits))} effectif(s) entre 1 et {_SEUIL - 1} pour {lot.periode} "
                    f"({_list_lignes(mesures.ligne[petits])}), dans une livraison annoncée comme déjà protégée.",
                    colonne=find_colonne(contexte, nom),
                    suggestion=_SUGGESTION,
                )
        if variable.arrondi > 1:
            pas = variable.arrondi * variable.facteur
            hors = np.flatnonzero(np.isfinite(valeurs) & (np.abs(valeurs / pas - np.round(valeurs / pas)) > _PRECISION))
            if len(hors):
                yield Anomalie(
                    "arrondi_non_respecte",
                    Gravite.BLOQUANT if protegee else Gravite.A_REGARDER,
                    contexte.fichier,
                    f"{write_nombre(len(hors))} valeur(s) de {lot.periode} ne sont pas des multiples de "
                    f"{variable.arrondi} ({_list_lignes(mesures.ligne[hors])}), alors que la source l'annonce.",
                    colonne=find_colonne(contexte, nom),
                    suggestion=_SUGGESTION if protegee else "Vérifiez « arrondi » dans la déclaration de la source.",
                )


def _list_lignes(lignes: np.ndarray) -> str:
    dites = ", ".join(str(int(ligne)) for ligne in lignes[:EXEMPLES])
    return f"ligne(s) {dites}{'…' if len(lignes) > EXEMPLES else ''}"
