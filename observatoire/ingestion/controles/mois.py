"""Mois pris pour une année : période mal formée, ou valeurs douze fois trop petites."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from observatoire.ingestion.controles.contexte import ContexteControle
from observatoire.ingestion.controles.exemples import find_colonne, write_nombre
from observatoire.modeles.anomalies import Anomalie, Gravite

_CONNUE = re.compile(r"^(1[89]|20)\d{2}(-(0[1-9]|1[0-2])(-\d{2})?|-T[1-4]|-S[12]|-(1[89]|20)\d{2})?$")
_MOIS_COLLE = re.compile(r"^((?:19|20)\d{2})[ /._M]?(0[1-9]|1[0-2])$")
_MOIS_DEVANT = re.compile(r"^(0?[1-9]|1[0-2])[ /._-]((?:19|20)\d{2})$")
_TRIMESTRE = re.compile(r"^(?:((?:19|20)\d{2})[ _/]?[TtQq]([1-4])|[TtQq]([1-4])[ _/-]?((?:19|20)\d{2}))$")

_MOIS_PAR_AN = 12.0
_TOLERANCE = 0.15
_DISPERSION = 0.5
_TERRITOIRES_MINIMAUX = 10


def check_mois(contexte: ContexteControle) -> Iterator[Anomalie]:
    """Cherche les périodes qui sont des mois, puis les valeurs passées d'un an à un mois (ou l'inverse)."""
    for periode in dict.fromkeys(lot.periode for lot in contexte.lots):
        if not _CONNUE.match(periode):
            yield _report_periode(contexte, periode)
    yield from _check_douzieme(contexte)


def _report_periode(contexte: ContexteControle, periode: str) -> Anomalie:
    proche = _find_periode(periode)
    colonne = contexte.source.periode.colonne if contexte.source.periode else None
    return Anomalie(
        "mois_pour_annee" if proche else "periode_inconnue",
        Gravite.BLOQUANT if proche else Gravite.A_REGARDER,
        contexte.fichier,
        f"« {periode} » n'est pas une période reconnue"
        + (f" : c'est sans doute {proche}, et non une année." if proche else "."),
        colonne=colonne,
        valeur=periode,
        suggestion=(
            f"Écrivez {proche}, ou déclarez la forme de la colonne dans « periode » (AAAAMM, AAAATn…)."
            if proche
            else "Formes admises : 2024, 2024-12, 2024-T4."
        ),
    )


def _find_periode(periode: str) -> str | None:
    if trouve := _MOIS_COLLE.match(periode):
        return f"{trouve[1]}-{trouve[2]}"
    if trouve := _MOIS_DEVANT.match(periode):
        return f"{trouve[2]}-{int(trouve[1]):02d}"
    if trouve := _TRIMESTRE.match(periode):
        return f"{trouve[1] or trouve[4]}-T{trouve[2] or trouve[3]}"
    return None


def _check_douzieme(contexte: ContexteControle) -> Iterator[Anomalie]:
    for lot, nom, variable, mesures in contexte.iter_mesures():
        precedent = contexte.precedents.get((nom, lot.maille))
        if precedent is None or not variable.additive:
            continue
        places = precedent.codes.get_indexer(lot.codes)
        avant = np.where(places >= 0, precedent.valeurs[places], np.nan)
        communs = (avant > 0) & (mesures.valeur > 0)
        if communs.sum() < _TERRITOIRES_MINIMAUX:
            continue
        rapports = np.log(mesures.valeur[communs] / avant[communs])
        milieu = float(np.median(rapports))
        if abs(abs(milieu) - np.log(_MOIS_PAR_AN)) > _TOLERANCE or np.median(np.abs(rapports - milieu)) > _DISPERSION:
            continue
        sens = "douze fois plus petites" if milieu < 0 else "douze fois plus grandes"
        nature = "un mois et non une année" if milieu < 0 else "une année et non un mois"
        yield Anomalie(
            "mois_pour_annee",
            Gravite.A_REGARDER,
            contexte.fichier,
            f"les valeurs de {lot.periode} sont environ {sens} que celles de {precedent.periode} "
            f"(rapport médian {write_nombre(float(np.exp(milieu)))}) : ce sont sans doute celles d'{nature}.",
            colonne=find_colonne(contexte, nom),
            suggestion="Vérifiez la période mesurée auprès du producteur avant de publier.",
        )
