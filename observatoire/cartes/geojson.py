"""Écriture GeoJSON compacte : coordonnées arrondies, un point d'ancrage, l'ordre des codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from observatoire.cartes.couvertures import Geometries, Textes

DECIMALES_SECOURS = 6
Points = list[tuple[float, float]]
"""Points (latitude, longitude)."""


def round_coordonnees(geometries: Geometries, decimales: int) -> Geometries:
    """Arrondit les sommets ; un contour que l'arrondi écrase garde des coordonnées plus fines.

    Deux voisins arrondissent leurs sommets communs de la même façon : aucun jour ne s'ouvre.
    """
    arrondies = shapely.transform(geometries, lambda xy: np.round(xy, decimales))
    ecrasees = (shapely.area(arrondies) == 0) & (shapely.area(geometries) > 0)
    if ecrasees.any():
        arrondies[ecrasees] = shapely.transform(geometries[ecrasees], lambda xy: np.round(xy, DECIMALES_SECOURS))
    return _drop_repetitions(arrondies)


def _drop_repetitions(geometries: Geometries) -> Geometries:
    """Ôte les sommets répétés, et les îlots réduits à un point ; ne rend jamais un contour vide."""
    parties, rang = shapely.get_parts(geometries, return_index=True)
    gardees = shapely.area(parties) > 0
    # Un territoire dont toutes les parties sont nulles garde sa première : son rang doit exister.
    seules = ~np.isin(rang, rang[gardees])
    gardees[np.flatnonzero(seules)] = True
    parties, rang = parties[gardees], rang[gardees]
    for i in np.flatnonzero(shapely.area(parties) > 0).tolist():
        parties[i] = _clean_partie(parties[i])
    sortie = geometries.copy()
    for i, debut, fin in _runs(rang):
        sortie[i] = parties[debut] if fin - debut == 1 else shapely.multipolygons(parties[debut:fin])
    return sortie


def _clean_partie(partie: shapely.Polygon) -> shapely.Polygon:
    try:
        return shapely.remove_repeated_points(partie, 0)
    except shapely.GEOSException:
        # Un trou s'est réduit à un point : on le bouche.
        return shapely.remove_repeated_points(shapely.Polygon(partie.exterior), 0)


def _runs(rang: NDArray[np.intp]) -> list[tuple[int, int, int]]:
    debuts = np.flatnonzero(np.r_[True, rang[1:] != rang[:-1]]) if len(rang) else np.array([], dtype=int)
    fins = np.r_[debuts[1:], len(rang)]
    return [(int(rang[d]), int(d), int(f)) for d, f in zip(debuts, fins, strict=True)]


def find_points(geometries: Geometries) -> Points:
    """Point le plus à l'intérieur de la plus grande partie : là se posent le nom et le symbole."""
    parties, rang = shapely.get_parts(geometries, return_index=True)
    ordre = np.lexsort((-shapely.area(parties), rang))
    premiers = ordre[np.r_[True, rang[ordre][1:] != rang[ordre][:-1]]]
    plus_grandes = parties[premiers]
    points = shapely.point_on_surface(plus_grandes)
    normales = shapely.is_valid(plus_grandes) & (shapely.area(plus_grandes) > 0)
    boites = shapely.bounds(plus_grandes)
    tolerances = np.maximum(boites[:, 2] - boites[:, 0], boites[:, 3] - boites[:, 1]) / 40
    rayons = shapely.maximum_inscribed_circle(plus_grandes[normales], tolerances[normales])
    points[normales] = shapely.get_point(rayons, 0)
    vides = shapely.is_empty(points)
    points[vides] = shapely.points(boites[vides][:, :2])
    return [(float(p.y), float(p.x)) for p in points]


def encode_territoires(
    codes: Textes,
    geometries: Geometries,
    points: Points | None,
    libelles: Mapping[str, str],
    departements: Mapping[str, str],
    habitants: Mapping[str, int],
    decimales_point: int = 4,
) -> bytes:
    """Collection GeoJSON : ``id`` = code, ``n`` nom, ``d`` département, ``p`` point (lat, lon).

    ``h`` (habitants) ne sert qu'à choisir les noms à écrire : les plus peuplés d'abord.
    """
    entites = []
    for rang, (code, texte) in enumerate(zip(codes.tolist(), shapely.to_geojson(geometries), strict=True)):
        proprietes: dict[str, Any] = {"n": libelles.get(code, code), "d": departements.get(code, "")}
        if points is not None:
            proprietes["p"] = [round(x, decimales_point) for x in points[rang]]
            if code in habitants:
                proprietes["h"] = habitants[code]
        entites.append({"type": "Feature", "id": code, "properties": proprietes, "geometry": orjson.Fragment(texte)})
    return orjson.dumps({"type": "FeatureCollection", "features": entites})


def encode_limites(limites: Mapping[str, Any], decimales: int) -> bytes:
    """Collection de lignes ; ``k`` en dit la sorte (``epci``, ``departement``, ``region``)."""
    entites = [
        {
            "type": "Feature",
            "properties": {"k": sorte},
            "geometry": orjson.Fragment(
                shapely.to_geojson(shapely.transform(lignes, lambda xy: np.round(xy, decimales)))
            ),
        }
        for sorte, lignes in limites.items()
        if not shapely.is_empty(lignes)
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": entites})


def find_emprise(geometries: Geometries) -> tuple[tuple[float, float], tuple[float, float]]:
    """Emprise Leaflet : coin sud-ouest puis nord-est, en (latitude, longitude)."""
    ouest, sud, est, nord = (round(float(x), 4) for x in shapely.total_bounds(geometries))
    return (sud, ouest), (nord, est)
