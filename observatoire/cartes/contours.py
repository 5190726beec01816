"""Contours d'un fond publié, relus pour une carte imprimée."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import geopandas as gpd
import orjson
import shapely

from observatoire.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from observatoire.cartes.fond import FondFichier

CRS_FONDS = 4326
FONDS_GARDES = 16
"""Contours gardés en mémoire : une vingtaine de mégaoctets pour les communes de France, très peu pour le reste."""
_NOM = re.compile(rb'"n":("(?:[^"\\]|\\.)*")')


def read_contours(dossier: Path, fond: FondFichier) -> gpd.GeoDataFrame:
    """Territoires d'un fond, dans son ordre : ``code``, ``libelle``, ``geometry``.

    Raises:
        ConfigurationError: le fichier manque, ou ne porte pas les territoires annoncés par l'index.
    """
    # Une copie superficielle : l'appelant peut ajouter une colonne sans toucher à ce qui est gardé.
    return _read_contours(dossier, fond).copy(deep=False)


def read_limites(dossier: Path, fond: FondFichier) -> gpd.GeoDataFrame:
    """Lignes d'un fond de limites : ``sorte`` (``epci``, ``departement``, ``region``, ``cote``), ``geometry``."""
    return _read_limites(dossier, fond).copy(deep=False)


@lru_cache(maxsize=FONDS_GARDES)
def _read_contours(dossier: Path, fond: FondFichier) -> gpd.GeoDataFrame:
    brut = _read(dossier, fond)
    # Les noms seuls, sans analyser une seconde fois les huit mégaoctets de coordonnées.
    noms = orjson.loads(b"[" + b",".join(_NOM.findall(brut)) + b"]")
    geometries = shapely.get_parts(shapely.from_geojson(brut))
    if not len(noms) == len(geometries) == len(fond.codes):
        msg = (
            f"Le fond de carte « {fond.fichier} » ne correspond pas à son index. Relancez « observatoire construire »."
        )
        raise ConfigurationError(msg)
    return gpd.GeoDataFrame({"code": list(fond.codes), "libelle": noms}, geometry=geometries, crs=CRS_FONDS)


@lru_cache(maxsize=FONDS_GARDES)
def _read_limites(dossier: Path, fond: FondFichier) -> gpd.GeoDataFrame:
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
