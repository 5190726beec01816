"""Quarantaine : une table qui décrit des personnes est refusée, sans que rien d'elle soit retenu."""

from __future__ import annotations

from observatoire.ingestion.quarantaine.inspection import inspect_table
from observatoire.ingestion.quarantaine.motifs import MotifQuarantaine

__all__ = ["MotifQuarantaine", "inspect_table"]
