"""Suite des contrôles d'une livraison."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from observatoire.ingestion.controles.arrondis import check_arrondis
from observatoire.ingestion.controles.contexte import ContexteControle
from observatoire.ingestion.controles.coordonnees import check_coordonnees
from observatoire.ingestion.controles.doublons import check_doublons
from observatoire.ingestion.controles.millesimes_meles import check_millesimes_meles
from observatoire.ingestion.controles.mois import check_mois
from observatoire.ingestion.controles.niveau import check_niveau
from observatoire.ingestion.controles.numerateurs import check_numerateurs
from observatoire.ingestion.controles.parts import check_parts
from observatoire.ingestion.controles.regime import check_regime
from observatoire.ingestion.controles.sauts import check_sauts
from observatoire.ingestion.controles.territoires_manquants import check_territoires_manquants
from observatoire.ingestion.controles.totaux import check_totaux
from observatoire.ingestion.controles.valeurs_impossibles import check_valeurs_impossibles
from observatoire.modeles.anomalies import Anomalie

CONTROLES: tuple[Callable[[ContexteControle], Iterator[Anomalie]], ...] = (
    check_regime,
    check_doublons,
    check_niveau,
    check_millesimes_meles,
    check_territoires_manquants,
    check_mois,
    check_valeurs_impossibles,
    check_parts,
    check_arrondis,
    check_totaux,
    check_numerateurs,
    check_coordonnees,
    check_sauts,
)
"""Contrôles, du régime aux codes et aux valeurs, puis aux comparaisons."""


def run_controles(contexte: ContexteControle) -> tuple[Anomalie, ...]:
    """Joue tous les contrôles et rassemble leurs anomalies."""
    return tuple(anomalie for controle in CONTROLES for anomalie in controle(contexte))
