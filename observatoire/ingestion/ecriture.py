"""Écriture du socle : les variables ingérées, confidentielles, ne sortent d'ici que par les calculs."""

from __future__ import annotations

import pandas as pd

from observatoire.config import Espace
from observatoire.store import socle


def save_variables(espace: Espace, variables: pd.DataFrame, *, motif: dict[str, str]) -> int:
    """Écrit les variables dans le socle et rend la version de sa table."""
    return socle.write_variables(espace, variables, motif=motif)
