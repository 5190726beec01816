"""Sauts contre la période précédente : les plus grands d'abord, jamais bloquants."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from observatoire.ingestion.controles.contexte import ContexteControle
from observatoire.ingestion.controles.exemples import EXEMPLES, Faute, find_colonne, report_fautes, write_nombre
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.sources import VariableSource

_ECARTS_TYPES = 6.0
_SIGMA_MINIMAL = 0.02
_NORMALE = 1.4826
_ECART_RELATIF = 0.3
_ECART_MINIMAL = 10.0
_RACINES = 4.0
_TERRITOIRES_POUR_LA_MEDIANE = 20
_GLISSEMENT = 0.3

_FAUTE = Faute(
    "saut",
    Gravite.A_REGARDER,
    "sauts inhabituels",
    "Vérifiez auprès du producteur (définition, périmètre, faute de saisie) ; si le saut est vrai, publiez.",
)


def check_sauts(contexte: ContexteControle) -> Iterator[Anomalie]:
    """Compare chaque valeur à la précédente : écart relatif et absolu, hors de la dispersion commune."""
    for lot, nom, variable, mesures in contexte.iter_mesures():
        precedent = contexte.precedents.get((nom, lot.maille))
        if precedent is None or not len(precedent.codes):
            continue
        places = precedent.codes.get_indexer(lot.codes)
        avant = np.where(places >= 0, precedent.valeurs[places], np.nan)
        communs = np.flatnonzero(np.isfinite(avant) & np.isfinite(mesures.valeur))
        if not len(communs):
            continue
        fautifs, milieu = _find_sauts(avant[communs], mesures.valeur[communs], variable)
        if len(communs) >= _TERRITOIRES_POUR_LA_MEDIANE and abs(milieu) > _GLISSEMENT:
            yield Anomalie(
                "saut_general",
                Gravite.A_REGARDER,
                contexte.fichier,
                f"toutes les valeurs ont glissé : le rapport médian entre {lot.periode} et {precedent.periode} est de "
                f"{write_nombre(round(float(np.exp(milieu)), 2))}.",
                colonne=find_colonne(contexte, nom),
                suggestion="Vérifiez l'unité (milliers, pour cent), la colonne lue et la définition.",
            )
        rangs = communs[fautifs]
        messages = [
            f"{write_nombre(a)} en {precedent.periode}, {write_nombre(v)} maintenant{_write_evolution(a, v)}."
            for a, v in zip(avant[rangs[:EXEMPLES]], mesures.valeur[rangs[:EXEMPLES]], strict=True)
        ]
        yield from report_fautes(contexte, _FAUTE, lot, nom, rangs, messages)


def _find_sauts(
    avant: NDArray[np.float64], apres: NDArray[np.float64], variable: VariableSource
) -> tuple[NDArray[np.intp], float]:
    """Places des sauts, du plus grand au plus petit, et rapport médian (en logarithme)."""
    taille = np.maximum(np.abs(avant), np.abs(apres))
    # Une constante ajoutée empêche les tout petits effectifs de donner des rapports immenses.
    ajout = (
        max(variable.arrondi * variable.facteur, 1.0) if variable.additive else 0.05 * float(np.median(taille)) + 1e-9
    )
    positives = (avant >= 0) & (apres >= 0)
    rapports = np.zeros(len(avant))
    rapports[positives] = np.log((apres[positives] + ajout) / (avant[positives] + ajout))
    nombreux = positives.sum() >= _TERRITOIRES_POUR_LA_MEDIANE
    milieu = float(np.median(rapports[positives])) if nombreux else 0.0
    dispersion = _NORMALE * float(np.median(np.abs(rapports[positives] - milieu))) if nombreux else _ECART_RELATIF / 2
    hors = np.abs(rapports - milieu) > _ECARTS_TYPES * max(dispersion, _SIGMA_MINIMAL)
    attendu = avant * np.exp(milieu)
    ecart = np.abs(apres - attendu)
    if variable.additive:
        plancher = (
            np.maximum(_ECART_MINIMAL, _RACINES * np.sqrt(np.abs(attendu))) + 2 * variable.arrondi * variable.facteur
        )
    else:
        plancher = np.full(len(avant), _ECARTS_TYPES * _NORMALE * float(np.median(ecart)) if nombreux else 0.0)
    # Une valeur qui change de signe n'a pas de logarithme : l'écart absolu seul la juge.
    hors |= ~positives & (ecart > _ECARTS_TYPES * _NORMALE * max(float(np.median(ecart)), _SIGMA_MINIMAL))
    sauts = np.flatnonzero(hors & (ecart > plancher) & (ecart > _ECART_RELATIF * np.maximum(np.abs(attendu), ajout)))
    return sauts[np.argsort(-ecart[sauts], kind="stable")], milieu


def _write_evolution(avant: float, apres: float) -> str:
    if avant <= 0:
        return ""
    evolution = round(100 * (apres / avant - 1))
    return f" ({'+' if evolution > 0 else ''}{write_nombre(evolution)} %)"
