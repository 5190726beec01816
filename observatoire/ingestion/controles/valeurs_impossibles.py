"""Valeurs impossibles : négatives, infinies, au-dessus du maximum déclaré, ou effectif à virgule."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from observatoire.ingestion.controles.contexte import ContexteControle, is_effectif
from observatoire.ingestion.controles.exemples import EXEMPLES, Faute, report_fautes, write_nombre
from observatoire.modeles.anomalies import Anomalie, Gravite

_PART_ENTIERE = 0.9

_INFINI = Faute("valeur_infinie", Gravite.BLOQUANT, "valeurs infinies", "Corrigez la cellule dans le fichier.")
_NEGATIF = Faute(
    "valeur_negative",
    Gravite.BLOQUANT,
    "valeurs négatives",
    "Corrigez la cellule ; si un solde est possible, déclarez « negatif: true » pour cette variable.",
)
_MAXIMUM = Faute(
    "valeur_au_dessus_du_maximum",
    Gravite.BLOQUANT,
    "valeurs au-dessus du maximum",
    "Corrigez la cellule, ou « maximum » s'il est mal déclaré (une part en 0-1 lue en % ?).",
)
_VIRGULE = Faute(
    "effectif_non_entier",
    Gravite.A_REGARDER,
    "effectifs à virgule",
    "Vérifiez qu'un séparateur de milliers n'a pas été pris pour une virgule.",
)


def check_valeurs_impossibles(contexte: ContexteControle) -> Iterator[Anomalie]:
    """Compare chaque valeur à ce que la déclaration de sa variable permet."""
    for lot, nom, variable, mesures in contexte.iter_mesures():
        valeurs = mesures.valeur
        infinies = np.flatnonzero(np.isinf(valeurs))
        messages = ["la valeur est infinie." for _ in infinies[:EXEMPLES]]
        yield from report_fautes(contexte, _INFINI, lot, nom, infinies, messages)
        if not variable.negatif:
            negatives = np.flatnonzero((valeurs < 0) & np.isfinite(valeurs))
            messages = [
                f"{write_nombre(v)} {variable.unite} : une valeur négative est impossible ici."
                for v in valeurs[negatives[:EXEMPLES]]
            ]
            yield from report_fautes(contexte, _NEGATIF, lot, nom, negatives, messages)
        if variable.maximum is not None:
            hautes = np.flatnonzero((valeurs > variable.maximum) & np.isfinite(valeurs))
            maximum = write_nombre(variable.maximum)
            messages = [f"{write_nombre(v)} dépasse le maximum {maximum}." for v in valeurs[hautes[:EXEMPLES]]]
            yield from report_fautes(contexte, _MAXIMUM, lot, nom, hautes, messages)
        if is_effectif(variable) and variable.facteur == 1.0:
            finies = np.isfinite(valeurs)
            virgules = finies & (valeurs != np.round(valeurs))
            # Des effectifs pondérés (recensement) sont presque tous à virgule : ce n'est une faute que par exception.
            if virgules.any() and virgules.sum() < (1 - _PART_ENTIERE) * finies.sum():
                rangs = np.flatnonzero(virgules)
                messages = [
                    f"{write_nombre(v)} n'est pas un nombre entier, alors que les autres le sont."
                    for v in valeurs[rangs[:EXEMPLES]]
                ]
                yield from report_fautes(contexte, _VIRGULE, lot, nom, rangs, messages)
