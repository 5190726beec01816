"""Couverture des communes : nettoyage, simplification, arrondi, toujours valide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.recette.cog import get_departement
from data.recette.contours import (
    WGS84,
    get_commune_de_municipal,
    merge_contours,
    round_coordonnees,
)

if TYPE_CHECKING:
    from data.recette.archives import Archives

#: Projection de calcul de chaque zone, en mètres.
PROJECTIONS = {"971": 5490, "972": 5490, "973": 2972, "974": 2975, "976": 4471}
LAMBERT_93 = 2154
TOLERANCE_M = 50.0
FENTE_M = 5.0
DECIMALES = 5
TENTATIVES = 6


def get_zones(codes: pd.Index) -> pd.Series:
    """Zone de calcul d'un code : métropole, ou son département d'outre-mer."""
    departements = get_departement(pd.Series(codes, index=codes))
    return departements.where(departements.isin(list(PROJECTIONS)), "metro")


def round_couverture(geometries: np.ndarray) -> np.ndarray:
    """Arrondit une couverture en degrés sans la rendre invalide.

    L'arrondi peut faire se toucher deux frontières : on nettoie alors au pas de la
    grille, puis on arrondit de nouveau, jusqu'à la validité.
    """
    arrondies = round_coordonnees(geometries, DECIMALES)
    for _ in range(TENTATIVES):
        valides = shapely.is_valid(arrondies).all()
        if valides and shapely.coverage_is_valid(arrondies):
            return arrondies
        propres = shapely.coverage_clean(arrondies, gap_width=0.0)  # type: ignore[attr-defined]
        arrondies = round_coordonnees(propres, DECIMALES)
    message = "La couverture arrondie reste invalide."
    raise ValueError(message)


def _clean_zone(bruts: gpd.GeoSeries, projection: int) -> gpd.GeoDataFrame:
    """Contours d'une zone : superficie exacte, puis tracé simplifié et arrondi."""
    projetes = bruts.to_crs(projection).to_numpy()
    propres = shapely.coverage_clean(projetes, gap_width=FENTE_M)  # type: ignore[attr-defined]
    simples = shapely.coverage_simplify(propres, TOLERANCE_M)
    degres = gpd.GeoSeries(simples, crs=projection).to_crs(WGS84).to_numpy()
    geometries = round_couverture(degres)
    if shapely.is_empty(geometries).any():
        message = "Une commune a disparu en simplifiant."
        raise ValueError(message)
    return gpd.GeoDataFrame(
        {"code": bruts.index, "superficie_km2": shapely.area(propres) / 1e6},
        geometry=geometries,
        crs=WGS84,
    )


def build_couches(archives: Archives) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Couche des communes et couche des arrondissements municipaux, superposables."""
    bruts = merge_contours(archives)
    zones = get_zones(bruts.index)
    morceaux = [
        _clean_zone(bruts[zones == zone], PROJECTIONS.get(str(zone), LAMBERT_93)) for zone in sorted(zones.unique())
    ]
    couche = pd.concat(morceaux, ignore_index=True)
    couche["zone"] = np.where(couche["code"].str.startswith("97"), "drom", "metro")
    couche = gpd.GeoDataFrame(couche, crs=WGS84)[["code", "zone", "superficie_km2", "geometry"]]
    commune = get_commune_de_municipal(pd.Index(couche["code"])).to_numpy()
    municipal = couche["code"].to_numpy() != commune
    municipaux = couche[municipal].copy()
    fusion = {
        "code": sorted(set(commune[municipal])),
        "zone": "metro",
    }
    unies = gpd.GeoDataFrame(
        fusion,
        geometry=[
            shapely.coverage_union_all(couche.geometry.to_numpy()[municipal & (commune == code)])
            for code in fusion["code"]
        ],
        crs=WGS84,
    )
    superficies = couche["superficie_km2"].groupby(commune).sum()
    unies["superficie_km2"] = unies["code"].map(superficies)
    communes = pd.concat([couche[~municipal], unies], ignore_index=True)
    communes = gpd.GeoDataFrame(communes[couche.columns], crs=WGS84)
    return communes.sort_values("code", ignore_index=True), municipaux.drop(columns="zone")


def list_couvertures(communes: gpd.GeoDataFrame) -> dict[str, bool]:
    """Validité de la couverture stockée, par zone de calcul."""
    zones = get_zones(pd.Index(communes["code"])).to_numpy()
    geometries = communes.geometry.to_numpy()
    return {str(zone): bool(shapely.coverage_is_valid(geometries[zones == zone])) for zone in sorted(set(zones))}
