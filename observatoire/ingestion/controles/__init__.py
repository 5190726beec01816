"""Contrôles d'une livraison : chacun dans son fichier, tous rendent des anomalies et aucun ne s'arrête."""

from __future__ import annotations

from observatoire.ingestion.controles.codes_inconnus import split_codes_inconnus
from observatoire.ingestion.controles.contexte import ContexteControle, Positions, Precedent
from observatoire.ingestion.controles.execution import CONTROLES, run_controles
from observatoire.ingestion.controles.zeros import complete_zeros

__all__ = [
    "CONTROLES",
    "ContexteControle",
    "Positions",
    "Precedent",
    "complete_zeros",
    "run_controles",
    "split_codes_inconnus",
]
