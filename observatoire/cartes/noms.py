"""Noms des territoires sur une carte : au centre, lisibles, sans chevauchement, sinon absents."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

NOMS_MAX = 60
DEBORD_MAX = 1.5
"""Un nom peut dépasser son territoire de moitié, pas davantage : il désignerait le voisin."""
INTERVALLE = 1.15
LONGUEUR_D_UN_MOT = 9


class Nom(NamedTuple):
    """Nom placé ; ``centre`` en unités de la carte."""

    texte: str
    centre: tuple[float, float]


def place_noms(
    noms: list[str],
    geometries: NDArray[np.object_],
    rayons: NDArray[np.float64],
    emprise: tuple[float, float, float, float],
    measure: Callable[[str], tuple[float, float]],
) -> list[Nom]:
    """Place les noms, du plus grand territoire au plus petit.

    Args:
        noms: nom de chaque territoire.
        geometries: sa surface, dans la projection de la carte.
        rayons: rayon de son symbole (0 sans symbole) : le nom passe dessous.
        emprise: ouest, sud, est, nord du cadre.
        measure: largeur et hauteur d'un texte, en unités de la carte.

    """
    if len(noms) > NOMS_MAX:
        return []
    places: list[Nom] = []
    boites: list[shapely.Geometry] = [shapely.box(*emprise).exterior]
    for rang in np.argsort(-shapely.area(geometries), kind="stable"):
        place = _place_nom(noms[rang], geometries[rang], float(rayons[rang]), boites, measure)
        if place is not None:
            nom, boite = place
            places.append(nom)
            boites.append(boite)
    return places


def _place_nom(
    nom: str,
    geometrie: shapely.Geometry,
    rayon: float,
    boites: list[shapely.Geometry],
    measure: Callable[[str], tuple[float, float]],
) -> tuple[Nom, shapely.Geometry] | None:
    x, y = find_centre(geometrie)
    ouest, _, est, _ = shapely.bounds(geometrie)
    for texte in _cut_nom(nom):
        largeur, hauteur = measure(texte)
        if largeur > DEBORD_MAX * (est - ouest):
            continue
        for ecart in _list_ecarts(rayon, hauteur):
            centre = (x, y + ecart)
            boite = _build_boite(centre, largeur, hauteur)
            if not any(shapely.intersects(boite, autre) for autre in boites):
                return Nom(texte, centre), boite
    return None


def _list_ecarts(rayon: float, hauteur: float) -> tuple[float, ...]:
    """Décalages verticaux à essayer, du meilleur au moins bon."""
    if rayon > 0:
        bord = rayon + 0.65 * hauteur
        return (-bord, bord)
    return tuple(pas * hauteur for pas in (0.0, 0.6, -0.6, 1.2, -1.2))


def find_centre(geometrie: shapely.Geometry) -> tuple[float, float]:
    """Centre du plus grand cercle inscrit : loin des bords, même dans une commune en croissant."""
    parties = shapely.get_parts(geometrie)
    plus_grande = parties[int(np.argmax(shapely.area(parties)))]
    # Un vingtième de la largeur suffit à un nom, et garde le calcul rapide.
    precision = max(1.0, float(np.sqrt(shapely.area(plus_grande))) / 20)
    rayon = shapely.maximum_inscribed_circle(plus_grande, tolerance=precision)
    x, y = shapely.get_coordinates(rayon)[0]
    return float(x), float(y)


def _cut_nom(nom: str) -> list[str]:
    """Le nom d'un tenant, puis sur deux lignes, coupé au trait d'union ou à l'espace le plus central."""
    coupures = [i for i, lettre in enumerate(nom) if lettre in "- "]
    if len(nom) <= LONGUEUR_D_UN_MOT or not coupures:
        return [nom]
    milieu = min(coupures, key=lambda i: abs(i - len(nom) / 2))
    return [nom, f"{nom[: milieu + 1].rstrip()}\n{nom[milieu + 1 :]}"]


def _build_boite(centre: tuple[float, float], largeur: float, hauteur: float) -> shapely.Geometry:
    x, y = centre
    dx, dy = INTERVALLE * largeur / 2, INTERVALLE * hauteur / 2
    return shapely.box(x - dx, y - dy, x + dx, y + dy)
