"""Totaux en désaccord avec leurs détails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from observatoire.ingestion.controles.contexte import ContexteControle
from observatoire.ingestion.controles.exemples import EXEMPLES, Faute, report_fautes, write_nombre
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.lots import Lot, Mesures
from observatoire.modeles.sources import VariableSource

PART_BLOQUANTE = 0.5
"""Si une comparaison sur deux échoue, c'est la mauvaise colonne qui est déclarée."""

_PRECISION = 1e-6
_ECRITURE = 0.06

_FAUTE = Faute(
    "total_different_des_details",
    Gravite.A_REGARDER,
    "totaux en désaccord avec leurs détails",
    "Vérifiez la ligne citée et les colonnes de « total_de » ou « partitions » ; dites l'arrondi du producteur s'il y "
    "en a un.",
)


def check_totaux(contexte: ContexteControle) -> Iterator[Anomalie]:
    """Compare chaque total déclaré à la somme de ses détails, découpage par découpage, à l'arrondi près.

    Un détail manquant (secret, absent) ne peut que diminuer la somme : elle est alors seulement
    tenue de ne pas dépasser le total.
    """
    for lot, nom, variable, mesures in contexte.iter_mesures():
        for parties in variable.decoupages:
            details = [d for d in parties if d in lot.mesures]
            if details:
                yield from _check_decoupage(contexte, lot, nom, variable, mesures, parties, details)


def _check_decoupage(
    contexte: ContexteControle,
    lot: Lot,
    nom: str,
    variable: VariableSource,
    mesures: Mesures,
    parties: tuple[str, ...],
    details: list[str],
) -> Iterator[Anomalie]:
    parts = np.vstack([lot.mesures[d].valeur for d in details])
    somme = np.nansum(parts, axis=0)
    complet = np.isfinite(parts).all(axis=0) & (len(details) == len(parties))
    pas = [variable, *(contexte.source.variables[d] for d in details)]
    tolerance = sum(v.arrondi * v.facteur / 2 for v in pas) + _PRECISION * np.abs(mesures.valeur) + 1e-9
    ecart = somme - mesures.valeur
    # Des détails à virgule arrondis à l'écriture ne redonnent leur total qu'à quelques centièmes près.
    if not np.array_equal(np.round(parts), parts, equal_nan=True):
        tolerance = tolerance + _ECRITURE * (len(details) + 1)
    fautifs = np.isfinite(mesures.valeur) & ((ecart > tolerance) | (complet & (-ecart > tolerance)))
    rangs = np.flatnonzero(fautifs)
    if not len(rangs):
        return
    ordre = rangs[np.argsort(-np.abs(ecart[rangs]), kind="stable")]
    compares = int((np.isfinite(mesures.valeur) & complet).sum())
    faute = replace(_FAUTE, gravite=Gravite.BLOQUANT) if len(rangs) > PART_BLOQUANTE * max(compares, 1) else _FAUTE
    lesquels = f"ses {len(details)} détails" if len(variable.decoupages) == 1 else " + ".join(details)
    messages = [
        f"le total vaut {write_nombre(mesures.valeur[i])}, la somme de {lesquels} {write_nombre(somme[i])}."
        for i in ordre[:EXEMPLES]
    ]
    yield from report_fautes(contexte, faute, lot, nom, ordre, messages)
