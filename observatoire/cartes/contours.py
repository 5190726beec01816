"""Contours d'un fond publié, relus pour une carte imprimée."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import orjson
import shapely

from observatoire.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from observatoire.cartes.fond import FondFichier

CRS_FONDS = 4326


def read_contours(dossier: Path, fond: FondFichier) -> gpd.GeoDataFrame:
    """Territoires d'un fond, dans son ordre : ``code``, ``libelle``, ``geometry``."""
    brut = _read(dossier, fond)
    entites = orjson.loads(brut)["features"]
    geometries = shapely.get_parts(shapely.from_geojson(brut))
    colonnes = {"code": [e["id"] for e in entites], "libelle": [e["properties"]["n"] for e in entites]}
    return gpd.GeoDataFrame(colonnes, geometry=geometries, crs=CRS_FONDS)


def read_limites(dossier: Path, fond: FondFichier) -> gpd.GeoDataFrame:
    """Lignes d'un fond de limites : ``sorte`` (``epci``, ``departement``, ``region``, ``cote``), ``geometry``."""
    brut = _read(dossier, fond)
    sortes = [e["properties"]["k"] for e in orjson.loads(brut)["features"]]
    lignes = shapely.get_parts(shapely.from_geojson(brut))
    limites = gpd.GeoDataFrame({"sorte": sortes}, geometry=lignes, crs=CRS_FONDS)
    # Une ligne par tronçon : chacun est dans une seule zone de la carte de France.
    return limites.explode(ignore_index=True)


def _read(dossier: Path, fond: FondFichier) -> bytes:
    chemin = dossier / fond.fichier
    if not chemin.is_file():
        msg = f"Le fond de carte « {fond.fichier} » manque. Relancez « observatoire construire »."
        raise ConfigurationError(msg)
    return chemin.read_bytes()
