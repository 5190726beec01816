"""Écriture d'un fichier livré et de son manifeste, toujours octet pour octet."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from data.recette.paquets import PAQUETS
from data.recette.telechargement import compute_sha256

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

DATE_EXTRACTION = "2026-11-22"
RACINE = Path(__file__).resolve().parent.parent
LICENCE_OUVERTE = "Licence Ouverte / Open Licence 2.0 (Etalab)"


@dataclass(frozen=True, slots=True)
class Livraison:
    """Ce que le manifeste d'un fichier dit de lui."""

    source: str
    chemin: str
    producteur: str
    titre: str
    url: str
    millesime: str
    millesime_geographique: str
    paquets: tuple[str, ...]
    notes: tuple[str, ...] = ()
    licence: str = LICENCE_OUVERTE
    tri: tuple[str, ...] = field(default=())


def _write_manifeste(livraison: Livraison, fichier: Path, lignes: int) -> None:
    """Écrit ``X.livraison.yaml`` à côté de ``X.parquet``."""
    manifeste: dict[str, Any] = {
        "source": livraison.source,
        "fichier": fichier.name,
        "producteur": livraison.producteur,
        "titre": livraison.titre,
        "licence": livraison.licence,
        "url": livraison.url,
        "millesime": livraison.millesime,
        "millesime_geographique": livraison.millesime_geographique,
        "date_extraction": DATE_EXTRACTION,
        "sha256": compute_sha256(fichier),
        "confidentialite": "ouverte",
        "lignes": lignes,
        "paquets": [
            {
                "registre": PAQUETS[cle].registre,
                "nom": PAQUETS[cle].nom,
                "version": PAQUETS[cle].version,
                "fichier": PAQUETS[cle].fichier,
                "sha256": PAQUETS[cle].sha256,
            }
            for cle in livraison.paquets
        ],
        "notes": list(livraison.notes),
    }
    texte = yaml.safe_dump(manifeste, allow_unicode=True, sort_keys=False, width=100)
    fichier.with_suffix(".livraison.yaml").write_text(texte, encoding="utf-8")


def _log(fichier: Path, lignes: int) -> None:
    """Une ligne de progression : chemin, lignes, taille."""
    taille = fichier.stat().st_size / 1e6
    chemin = fichier.relative_to(RACINE)
    print(f"  {chemin} : {lignes} lignes, {taille:.2f} Mo", flush=True)


def write_table(livraison: Livraison, table: pd.DataFrame) -> None:
    """Écrit une table triée, compressée de façon fixe, et son manifeste."""
    fichier = RACINE / livraison.chemin
    fichier.parent.mkdir(parents=True, exist_ok=True)
    tri = list(livraison.tri or table.columns[:2])
    triee = table.sort_values(tri, kind="stable", ignore_index=True)
    arrow = pa.Table.from_pandas(triee, preserve_index=False).replace_schema_metadata()
    champs = [pa.field(c.name, pa.string() if pa.types.is_large_string(c.type) else c.type) for c in arrow.schema]
    pq.write_table(arrow.cast(pa.schema(champs)), fichier, compression="zstd", compression_level=15)
    _write_manifeste(livraison, fichier, len(triee))
    _log(fichier, len(triee))


def write_contours(livraison: Livraison, contours: gpd.GeoDataFrame) -> None:
    """Écrit une couche GeoParquet triée (WKB, plus petit que geoarrow) et son manifeste."""
    fichier = RACINE / livraison.chemin
    fichier.parent.mkdir(parents=True, exist_ok=True)
    tries = contours.sort_values("code", kind="stable", ignore_index=True)
    tries.to_parquet(
        fichier,
        index=False,
        compression="zstd",
        compression_level=15,
        geometry_encoding="WKB",
        schema_version="1.1.0",
    )
    _write_manifeste(livraison, fichier, len(tries))
    _log(fichier, len(tries))
