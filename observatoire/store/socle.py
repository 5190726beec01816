"""Socle : variables brutes, confidentielles. Nul, au-delà du secret, ne peut importer ce module."""

from __future__ import annotations

import pandas as pd

from observatoire.config import Espace
from observatoire.store.schema import VARIABLES
from observatoire.store.tables import read_table, write_table


def write_variables(espace: Espace, variables: pd.DataFrame, *, motif: dict[str, str]) -> int:
    """Écrit les variables (colonnes de ``schema.VARIABLES``) et rend la version de la table."""
    return write_table(espace.socle / "variables", variables, VARIABLES, motif=motif)


def read_variables(espace: Espace, *, version: int | None = None) -> pd.DataFrame:
    """Lit les variables du socle."""
    return read_table(espace.socle / "variables", version=version)
