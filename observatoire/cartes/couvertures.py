"""Couvertures : simplifier et réunir des contours sans ouvrir de jour entre voisins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyproj
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

    Geometries = NDArray[np.object_]
    Textes = NDArray[np.str_]

PROJECTION_METROPOLE = 2154
PROJECTIONS_OUTREMER = {"971": 5490, "972": 5490, "973": 2972, "974": 2975, "976": 4471}
WGS84 = 4326


def departement_of(code: str) -> str:
    """Département d'un code de commune."""
    return code[:3] if code.startswith(("97", "98")) else code[:2]


@dataclass(frozen=True)
class Couverture:
    """Contours jointifs d'une même projection, rangés par code croissant."""

    codes: Textes
    epsg: int
    geometries: Geometries

    def simplify(self, tolerance: float) -> Couverture:
        """Même couverture, simplifiée (tolérance en mètres)."""
        return replace(self, geometries=shapely.coverage_simplify(self.geometries, tolerance))

    def unproject(self) -> Geometries:
        """Contours en longitude et latitude."""
        return _transform(self.geometries, self.epsg, WGS84)


def load_couvertures(communes: gpd.GeoDataFrame) -> list[Couverture]:
    """Range les contours par projection et les nettoie si leurs bords ne se correspondent pas.

    Args:
        communes: colonnes ``code`` et ``geometry`` (EPSG:4326) ; les contours absents sont ignorés.
    """
    presentes = communes[~(communes.geometry.isna() | communes.geometry.is_empty)].sort_values("code")
    codes = presentes["code"].to_numpy(dtype=str)
    geometries = np.asarray(presentes.geometry.array, dtype=object)
    projections = np.array(
        [PROJECTIONS_OUTREMER.get(departement_of(c), PROJECTION_METROPOLE) for c in codes], dtype=int
    )
    couvertures = []
    for epsg in sorted(set(projections.tolist())):
        ici = projections == epsg
        projetees = _transform(geometries[ici], WGS84, epsg)
        if not shapely.coverage_is_valid(projetees):
            projetees = shapely.coverage_clean(projetees)  # type: ignore[attr-defined]  # shapely >= 2.2
        couvertures.append(Couverture(codes[ici], epsg, projetees))
    return couvertures


def simplify_all(couvertures: list[Couverture], tolerance: float) -> list[Couverture]:
    """Simplifie toutes les couvertures à la même tolérance."""
    return [c.simplify(tolerance) for c in couvertures]


def merge_couvertures(couvertures: list[Couverture]) -> tuple[Textes, Geometries]:
    """Codes et contours (longitude, latitude) de toutes les couvertures, par code croissant."""
    codes = np.concatenate([c.codes for c in couvertures])
    geometries = np.concatenate([c.unproject() for c in couvertures])
    ordre = np.argsort(codes, kind="stable")
    return codes[ordre], geometries[ordre]


def dissolve(parents: Textes, geometries: Geometries) -> tuple[Textes, Geometries]:
    """Réunit les contours de même parent ; un parent vide (``""``) est ignoré."""
    codes: list[str] = []
    reunis: list[Any] = []
    for code, rangs in split_by(parents):
        codes.append(code)
        reunis.append(_union(geometries[rangs]))
    sortie = np.empty(len(reunis), dtype=object)
    sortie[:] = reunis
    return np.array(codes, dtype=str), sortie


def split_by(cles: Textes) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """Rangs de chaque clé non vide, par clé croissante."""
    for cle, rangs in sorted((str(c), r) for c, r in pd.Series(cles).groupby(cles).indices.items()):
        if cle:
            yield cle, np.asarray(rangs, dtype=np.intp)


def _union(geometries: Geometries) -> shapely.Geometry:
    try:
        return shapely.coverage_union_all(geometries)
    except shapely.GEOSException:
        # Une reprojection peut croiser deux bords très fins : l'union générale s'en accommode.
        return shapely.union_all(shapely.make_valid(geometries))


def find_voisins(couverture: Couverture, distance: float) -> dict[str, Textes]:
    """Communes d'autres départements à moins de ``distance`` mètres de chaque département."""
    departements = np.array([departement_of(c) for c in couverture.codes], dtype=str)
    arbre = shapely.STRtree(couverture.geometries)
    voisins = {}
    for departement, rangs in split_by(departements):
        # La limite suffit : une commune proche du département l'est de son bord.
        limite = shapely.boundary(_union(couverture.geometries[rangs]))
        proches = np.sort(arbre.query(limite, predicate="dwithin", distance=distance))
        codes = couverture.codes[proches[departements[proches] != departement]]
        if len(codes):
            voisins[departement] = codes
    return voisins


def extract_interieures(geometries: Geometries) -> shapely.Geometry:
    """Limites entre contours jointifs, sans leur pourtour.

    Deux voisins partagent exactement les mêmes sommets : un segment vu deux fois est intérieur.
    """
    # Par parties : get_rings ne rend rien d’un multipolygone, et une région a des îles.
    anneaux = shapely.get_rings(shapely.get_parts(geometries))
    points, rang = shapely.get_coordinates(anneaux, return_index=True)
    segments = np.hstack([points[:-1], points[1:]])[rang[1:] == rang[:-1]]
    envers = (segments[:, 0] > segments[:, 2]) | (
        (segments[:, 0] == segments[:, 2]) & (segments[:, 1] > segments[:, 3])
    )
    segments[envers] = segments[envers][:, [2, 3, 0, 1]]
    segments = segments[np.lexsort(segments.T)]
    doubles = np.flatnonzero((segments[1:] == segments[:-1]).all(axis=1))
    lignes = shapely.linestrings(segments[doubles].reshape(-1, 2, 2))
    return shapely.line_merge(shapely.multilinestrings(lignes))


def extract_pourtour(geometries: Geometries) -> shapely.Geometry:
    """Pourtour de contours jointifs."""
    return shapely.boundary(_union(geometries))


def _transform(geometries: Geometries, depuis: int, vers: int) -> Geometries:
    transformeur = pyproj.Transformer.from_crs(depuis, vers, always_xy=True)
    sortie: Geometries = shapely.transform(
        geometries, lambda xy: np.column_stack(transformeur.transform(xy[:, 0], xy[:, 1]))
    )
    return sortie
