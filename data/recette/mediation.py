"""Lieux de médiation numérique d'Auvergne-Rhône-Alpes (Hinaura)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.recette.contours import WGS84
from data.recette.couverture import LAMBERT_93
from data.recette.texte import COURRIEL, clean_texte, normalize_noms

if TYPE_CHECKING:
    from data.recette.archives import Archives

FICHIER = "assets/data/source.json"
ECART_MAXIMAL_M = 100.0
NOMS = {
    "id": "id",
    "nom": "nom",
    "adresse": "adresse",
    "code_postal": "code_postal",
    "longitude": "longitude",
    "latitude": "latitude",
    "services": "services",
    "publics_accueillis": "publics",
    "conditions_acces": "conditions_acces",
    "modalites_accompagnement": "modalites",
    "horaires": "horaires",
    "site_web": "site_web",
    "date_maj": "date_maj",
}


def find_communes(longitudes: pd.Series, latitudes: pd.Series, communes: gpd.GeoDataFrame) -> pd.Series:
    """Commune qui contient chaque position, ou la plus proche à 100 m au plus.

    Les contours sont simplifiés à 50 m : un lieu de bord de frontière peut en sortir.
    """
    points = gpd.GeoSeries(gpd.points_from_xy(longitudes, latitudes), crs=WGS84)
    metropole = communes[communes["zone"] == "metro"]
    surfaces = metropole.geometry.to_crs(LAMBERT_93).to_numpy()
    point, rang = shapely.STRtree(surfaces).query_nearest(
        points.to_crs(LAMBERT_93).to_numpy(), max_distance=ECART_MAXIMAL_M, all_matches=False
    )
    trouves = pd.Series(metropole["code"].to_numpy()[rang], index=point)
    return pd.Series(trouves.reindex(np.arange(len(points))).to_numpy(), index=longitudes.index)


def build_mediation(archives: Archives, communes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Lieux, sans courriel ni téléphone ; les doublons désignent le premier."""
    brut = pd.DataFrame(json.loads(archives.read_membre("cartographie_nationale", FICHIER)))
    table = brut[list(NOMS)].rename(columns=NOMS)
    textes = [c for c in table.columns if c not in {"longitude", "latitude"}]
    table[textes] = table[textes].apply(clean_texte)
    table[textes] = table[textes].apply(lambda c: c.str.replace(COURRIEL, "", regex=True))
    table["longitude"], table["latitude"] = brut["longitude"].round(6), brut["latitude"].round(6)
    cle = normalize_noms(table["nom"]) + "|" + normalize_noms(table["adresse"])
    cle += "|" + table["code_postal"]
    premier = table.groupby(cle)["id"].transform("first")
    table["doublon_de"] = premier.where(premier != table["id"])
    commune = find_communes(table["longitude"], table["latitude"], communes)
    table.insert(4, "code_commune", commune)
    return table
