"""Numérateur au-dessus de son dénominateur : une partie plus grande que le tout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from observatoire.ingestion.controles.contexte import ContexteControle
from observatoire.ingestion.controles.exemples import EXEMPLES, Faute, report_fautes, write_nombre
from observatoire.ingestion.controles.totaux import PART_BLOQUANTE
from observatoire.modeles.anomalies import Anomalie, Gravite

_PRECISION = 1e-6

_FAUTE = Faute(
    "partie_plus_grande_que_le_tout",
    Gravite.A_REGARDER,
    "parties plus grandes que leur tout",
    "Vérifiez la ligne citée, et la variable déclarée dans « au_plus ».",
)


def check_numerateurs(contexte: ContexteControle) -> Iterator[Anomalie]:
    """Compare chaque variable à celle qu'elle ne peut dépasser, à leurs arrondis près."""
    for lot, nom, variable, mesures in contexte.iter_mesures():
        if variable.au_plus is None or variable.au_plus not in lot.mesures:
            continue
        borne = lot.mesures[variable.au_plus].valeur
        tout = contexte.source.variables[variable.au_plus]
        tolerance = (variable.arrondi * variable.facteur + tout.arrondi * tout.facteur) / 2 + _PRECISION * np.abs(borne)
        compares = np.isfinite(mesures.valeur) & np.isfinite(borne)
        rangs = np.flatnonzero(compares & (mesures.valeur - borne > tolerance))
        if not len(rangs):
            continue
        ordre = rangs[np.argsort(borne[rangs] - mesures.valeur[rangs], kind="stable")]
        faute = replace(_FAUTE, gravite=Gravite.BLOQUANT) if len(rangs) > PART_BLOQUANTE * compares.sum() else _FAUTE
        messages = [
            f"{write_nombre(mesures.valeur[i])} dépasse « {tout.libelle} », qui vaut {write_nombre(borne[i])}."
            for i in ordre[:EXEMPLES]
        ]
        yield from report_fautes(contexte, faute, lot, nom, ordre, messages)
