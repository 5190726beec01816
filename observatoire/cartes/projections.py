"""Projections locales : chaque morceau de France se dessine dans la sienne, sans déformation."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray


class Zone(StrEnum):
    """Morceau de territoire qui a sa projection."""

    METROPOLE = "metropole"
    GUADELOUPE = "guadeloupe"
    MARTINIQUE = "martinique"
    GUYANE = "guyane"
    REUNION = "reunion"
    MAYOTTE = "mayotte"


class Projection(NamedTuple):
    """Projection légale, nom du carton et emprise (ouest, sud, est, nord) en degrés."""

    epsg: int
    libelle: str
    emprise: tuple[float, float, float, float]


PROJECTIONS: dict[Zone, Projection] = {
    Zone.GUADELOUPE: Projection(5490, "Guadeloupe", (-62.0, 15.7, -60.8, 16.7)),
    Zone.MARTINIQUE: Projection(5490, "Martinique", (-61.4, 14.2, -60.6, 15.1)),
    Zone.GUYANE: Projection(2972, "Guyane", (-55.0, 2.0, -51.2, 6.3)),
    Zone.REUNION: Projection(2975, "La Réunion", (55.0, -21.7, 56.1, -20.6)),
    Zone.MAYOTTE: Projection(4471, "Mayotte", (44.8, -13.3, 45.5, -12.4)),
    Zone.METROPOLE: Projection(2154, "Métropole", (-6.0, 41.0, 10.5, 51.6)),
}
"""Les cinq cartons dans l'ordre des codes de département, puis la métropole."""

ZONES_CARTON = tuple(zone for zone in PROJECTIONS if zone is not Zone.METROPOLE)


def find_zones(contours: gpd.GeoDataFrame) -> NDArray[np.str_]:
    """Zone de chaque contour, d'après sa position (un code d'EPCI ne dit pas son département)."""
    bornes = contours.bounds.to_numpy()
    est, nord = (bornes[:, 0] + bornes[:, 2]) / 2, (bornes[:, 1] + bornes[:, 3]) / 2
    zones = np.full(len(contours), Zone.METROPOLE.value, dtype="<U10")
    for zone in ZONES_CARTON:
        ouest, sud, orient, septentrion = PROJECTIONS[zone].emprise
        zones[(est >= ouest) & (est <= orient) & (nord >= sud) & (nord <= septentrion)] = zone.value
    return zones


def project(contours: gpd.GeoDataFrame, zone: Zone) -> gpd.GeoDataFrame:
    """Projette des contours dans la projection d'une zone."""
    return contours.to_crs(PROJECTIONS[zone].epsg)
