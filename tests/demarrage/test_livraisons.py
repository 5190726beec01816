"""Les fichiers livrés : manifestes, empreintes, taille, données personnelles."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pathlib import Path

COURRIEL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
CLES = [
    "source",
    "fichier",
    "producteur",
    "titre",
    "licence",
    "url",
    "millesime",
    "millesime_geographique",
    "date_extraction",
    "sha256",
    "confidentialite",
    "lignes",
    "paquets",
    "notes",
]
BUDGET_OCTETS = 25_000_000

Manifestes = dict["Path", dict[str, object]]


def test_nombre_de_fichiers(fichiers: list[Path]) -> None:
    assert len(fichiers) == 28


def test_manifestes_complets(manifestes: Manifestes) -> None:
    for manifeste in manifestes.values():
        assert list(manifeste) == CLES
        assert manifeste["confidentialite"] == "ouverte"
        assert isinstance(manifeste["millesime_geographique"], str)


def test_empreintes_et_lignes_concordent(manifestes: Manifestes) -> None:
    for fichier, manifeste in manifestes.items():
        assert hashlib.sha256(fichier.read_bytes()).hexdigest() == manifeste["sha256"]
        assert pq.read_metadata(fichier).num_rows == manifeste["lignes"]
        assert manifeste["fichier"] == fichier.name


def test_budget_de_taille(fichiers: list[Path]) -> None:
    assert sum(fichier.stat().st_size for fichier in fichiers) < BUDGET_OCTETS


def test_codes_sont_du_texte(fichiers: list[Path]) -> None:
    for fichier in fichiers:
        schema = pq.read_schema(fichier)
        for champ in schema:
            if champ.name.startswith(("code", "id_")) or champ.name in {"cog", "uai"}:
                assert str(champ.type) in {"string", "large_string"}, (fichier, champ.name)


def test_aucun_courriel(fichiers: list[Path]) -> None:
    for fichier in fichiers:
        lire = gpd.read_parquet if fichier.name.startswith("contours") else pd.read_parquet
        table = lire(fichier)
        for colonne in table.columns:
            if pd.api.types.is_string_dtype(table[colonne]):
                trouves = table[colonne].dropna().str.contains(COURRIEL)
                assert not trouves.any(), (fichier, colonne)


def test_aucun_telephone_mobile(table) -> None:
    mairies = table("demarrage/dila_mairies/2026/mairies.parquet")
    assert not mairies["telephone"].str.match(r"^0[67]").any()
