"""Téléchargements : le tableau d'une carte en CSV à la française, à une adresse qui se cite.

Une adresse plutôt qu'un bouton de page : rien n'est préparé tant que personne ne clique.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response

from observatoire.analyse.consultation import Consultation, open_consultation
from observatoire.app.etat import FRANCE
from observatoire.config import load_espace
from observatoire.errors import ObservatoireError
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import format_periode

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from starlette.requests import Request

MARQUE_UTF8 = "\ufeff"
"""Sans elle, un tableur français lit « é » comme « Ã© »."""
_DEFAUT_EXCEL = ("=", "+", "-", "@", "\t")
_NOMBRES = ("valeur", "borne_inf", "borne_sup", "numerateur", "denominateur")


def write_csv(valeurs: pd.DataFrame, notes: Mapping[str, str]) -> str:
    """Écrit des valeurs : point-virgule, virgule décimale, statut en clair, case vide si rien n'est publié.

    Args:
        valeurs: colonnes ``COLONNES_VALEURS``.
        notes: colonnes constantes (indicateur, unité, période, source) répétées sur chaque ligne, pour
            qu'une ligne copiée ailleurs reste compréhensible.
    """
    sortie = io.StringIO()
    sortie.write(MARQUE_UTF8)
    ecrit = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    ecrit.writerow(["code", "territoire", "categorie", *_NOMBRES, "statut", "couverture", *notes])
    nombres = [[_format(v) for v in valeurs[colonne].tolist()] for colonne in (*_NOMBRES, "couverture")]
    *chiffres, couvertures = nombres
    textes = (valeurs[c].tolist() for c in ("code_territoire", "libelle", "modalite", "statut"))
    constantes = list(notes.values())
    for code, libelle, modalite, statut, couverture, *chiffre in zip(*textes, couvertures, *chiffres, strict=True):
        ecrit.writerow([code, _neutralise(str(libelle)), modalite, *chiffre, statut, couverture, *constantes])
    return sortie.getvalue()


def _format(nombre: float) -> str:
    # Une absence est une case vide, jamais un zéro.
    if nombre != nombre:  # noqa: PLR0124 -- nan
        return ""
    entier = float(nombre).is_integer()
    return str(int(nombre)) if entier else repr(round(float(nombre), 6)).replace(".", ",")


def _neutralise(texte: str) -> str:
    """Un tableur exécuterait une cellule qui commence par « = »."""
    return f"'{texte}" if texte.startswith(_DEFAUT_EXCEL) else texte


def send_csv(demande: Request) -> Response:
    """Répond à une demande : les paramètres sont ceux de l'adresse de la carte."""
    params = demande.query_params
    try:
        consultation = open_consultation(load_espace(), params.get("publication"))
        nom, texte = build_csv(consultation, params)
    except (ObservatoireError, ValueError) as erreur:
        return PlainTextResponse(f"Téléchargement impossible : {erreur}", status_code=404)
    entetes = {"Content-Disposition": f'attachment; filename="{nom}"', "Cache-Control": "no-cache"}
    return Response(texte, media_type="text/csv; charset=utf-8", headers=entetes)


def build_csv(consultation: Consultation, params: Mapping[str, str]) -> tuple[str, str]:
    """Nom et contenu du fichier d'une carte.

    Raises:
        AppelError: indicateur, niveau, période ou département inconnus.
    """
    indicateur = consultation.find_indicateur(params.get("indicateur", ""))
    maille = Maille(params.get("maille", Maille.COMMUNE))
    periode = consultation.resolve_periode(indicateur, maille, params.get("periode"))
    departement = params.get("departement", FRANCE)
    valeurs = consultation.read_valeurs(indicateur, maille, periode, None if departement == FRANCE else departement)
    notes = {
        "indicateur": indicateur.libelle,
        "unite": indicateur.unite,
        "periode": format_periode(periode),
        "source": consultation.describe_source(indicateur, periode),
        "publication": consultation.publication.id,
    }
    return f"{indicateur.id}_{maille}_{departement}_{periode}.csv", write_csv(valeurs, notes)
