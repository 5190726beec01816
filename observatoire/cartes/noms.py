"""Noms des territoires sur une carte : au centre, lisibles, sans chevauchement, sinon absents."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

NOMS_MAX = 60
CENTRES_MAX = 3000
LIGNES_MAX = 4
PART_DU_CADRE = 0.94
"""Largeur qu'un nom choisi peut prendre, en part de celle du cadre."""
HAUTEUR_DU_CADRE = 0.2
"""De même en hauteur : dans un carton, un nom sur quatre lignes cacherait l'île."""
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
    choisi: int | None = None,
) -> list[Nom]:
    """Place les noms, du plus grand territoire au plus petit ; celui du territoire choisi d'abord, et toujours.

    Args:
        noms: nom de chaque territoire.
        geometries: sa surface, dans la projection de la carte.
        rayons: rayon de son symbole (0 sans symbole) : le nom passe dessous.
        emprise: ouest, sud, est, nord du cadre.
        measure: largeur et hauteur d'un texte, en unités de la carte.
        choisi: rang du territoire choisi.

    """
    places: list[Nom] = []
    boites: list[shapely.Geometry] = [shapely.box(*emprise).exterior]
    nom_choisi = None
    if choisi is not None:
        nom_choisi = place_choisi(noms[choisi], geometries[choisi], float(rayons[choisi]), emprise, measure)
    if nom_choisi is not None:
        places.append(nom_choisi)
        boites.append(_build_boite(nom_choisi.centre, *measure(nom_choisi.texte)))
    if len(noms) > NOMS_MAX:
        return places
    for rang in np.argsort(-shapely.area(geometries), kind="stable"):
        if rang == choisi:
            continue
        place = _place_nom(noms[rang], geometries[rang], float(rayons[rang]), boites, measure)
        if place is not None:
            nom, boite = place
            places.append(nom)
            boites.append(boite)
    return places


def place_choisi(
    nom: str,
    geometrie: shapely.Geometry,
    rayon: float,
    emprise: tuple[float, float, float, float],
    measure: Callable[[str], tuple[float, float]],
) -> Nom | None:
    """Place le nom du territoire choisi : dedans s'il y tient, sinon au-dessous ou au-dessus, jamais hors du cadre.

    Rien s'il est plus large que le cadre, même coupé : le texte qui accompagne la carte le dit.
    """
    bas, haut = emprise[1], emprise[3]
    ouest, sud, est, nord = shapely.bounds(geometrie)
    x, y = find_centre(geometrie)
    for texte in _cut_long(nom):
        largeur, hauteur = measure(texte)
        if largeur > PART_DU_CADRE * (emprise[2] - emprise[0]) or hauteur > HAUTEUR_DU_CADRE * (haut - bas):
            continue
        if rayon > 0:
            y -= rayon + 0.65 * hauteur
        elif largeur > DEBORD_MAX * (est - ouest) or hauteur > nord - sud:
            y = sud - 0.8 * hauteur if sud - 1.4 * hauteur > bas else min(nord + 0.8 * hauteur, haut - 0.6 * hauteur)
        # Un nom près du bord rentre dans le cadre.
        demi = largeur / 2 / PART_DU_CADRE
        return Nom(texte, (min(max(x, emprise[0] + demi), emprise[2] - demi), y))
    return None


def _cut_long(nom: str) -> list[str]:
    """Le nom sur une ligne, puis sur deux, trois, quatre, coupé aux espaces et aux traits d'union."""
    essais = [nom]
    for lignes in range(2, LIGNES_MAX + 1):
        cote = max(len(nom) // lignes, *map(len, nom.split(" ")))
        essais.append("\n".join(textwrap.wrap(nom, cote + 2, break_long_words=False)))
    return essais


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


def find_centres(geometries: NDArray[np.object_]) -> NDArray[np.float64]:
    """Centre de chaque territoire ; pour des milliers, un point intérieur quelconque, bien plus vite trouvé."""
    if len(geometries) > CENTRES_MAX:
        return shapely.get_coordinates(shapely.point_on_surface(geometries))
    return np.array([find_centre(g) for g in geometries], dtype=np.float64).reshape(-1, 2)


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
