"""Lecture des données livrées, une seule fois par fichier."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).resolve().parents[2] / "data"
DOSSIERS = (DATA / "referentiel", DATA / "demarrage")


def list_fichiers() -> list[Path]:
    """Tous les fichiers Parquet livrés par la recette."""
    return sorted(f for dossier in DOSSIERS for f in dossier.rglob("*.parquet"))


@cache
def read_table(chemin: str) -> pd.DataFrame:
    """Table livrée, désignée par son chemin sous ``data/``."""
    return pd.read_parquet(DATA / chemin)


@cache
def read_couche(chemin: str) -> gpd.GeoDataFrame:
    """Couche livrée, désignée par son chemin sous ``data/``."""
    return gpd.read_parquet(DATA / chemin)


def read_manifeste(fichier: Path) -> dict[str, object]:
    """Manifeste posé à côté d'un fichier."""
    contenu: dict[str, object] = yaml.safe_load(fichier.with_suffix(".livraison.yaml").read_text(encoding="utf-8"))
    return contenu


@pytest.fixture(scope="session")
def table() -> Callable[[str], pd.DataFrame]:
    """Lecteur de tables."""
    return read_table


@pytest.fixture(scope="session")
def couche() -> Callable[[str], gpd.GeoDataFrame]:
    """Lecteur de couches."""
    return read_couche


@pytest.fixture(scope="session")
def fichiers() -> list[Path]:
    """Tous les fichiers Parquet livrés."""
    return list_fichiers()


@pytest.fixture(scope="session")
def manifestes(fichiers: list[Path]) -> dict[Path, dict[str, object]]:
    """Manifeste de chaque fichier."""
    return {fichier: read_manifeste(fichier) for fichier in fichiers}
