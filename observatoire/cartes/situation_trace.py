"""Du contour au trait de quelques pixels : projection locale, allègement, chemins SVG.

Tout est compté en dixièmes de pixel entiers : un chemin relatif de petits entiers est court.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from observatoire.cartes.couvertures import extract_interieures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from observatoire.cartes.couvertures import Geometries

DIXIEMES = 10
ALLEGEMENT = 0.5 * DIXIEMES
"""Un demi-pixel : au-delà, la simplification se verrait."""
POUSSIERE = 0.5 * DIXIEMES**2
"""Un îlot d'un demi-pixel carré ne se voit pas : on ne l'écrit pas."""


class Boite(NamedTuple):
    """Rectangle du dessin, en pixels."""

    x: float
    y: float
    largeur: float
    hauteur: float


class Emprise(NamedTuple):
    """Rectangle géographique, en degrés."""

    ouest: float
    sud: float
    est: float
    nord: float


class Repere(NamedTuple):
    """Projection locale : les longitudes sont raccourcies du cosinus de la latitude du milieu."""

    ouest: float
    nord: float
    cosinus: float
    echelle: float
    x: float
    y: float

    def project(self, geometries: Geometries) -> Geometries:
        """Géométries en dixièmes de pixel, ordonnée vers le bas."""

        def place(xy: NDArray[np.float64]) -> NDArray[np.float64]:
            est = self.x + (xy[:, 0] - self.ouest) * self.cosinus * self.echelle
            return DIXIEMES * np.column_stack([est, self.y + (self.nord - xy[:, 1]) * self.echelle])

        return shapely.transform(geometries, place)


def fit(emprise: Emprise, boite: Boite) -> Repere:
    """Repère qui montre toute l'emprise, centrée, aussi grande que la boîte le permet."""
    cosinus = math.cos(math.radians((emprise.sud + emprise.nord) / 2))
    largeur = (emprise.est - emprise.ouest) * cosinus
    hauteur = emprise.nord - emprise.sud
    echelle = min(boite.largeur / largeur, boite.hauteur / hauteur)
    x = boite.x + (boite.largeur - largeur * echelle) / 2
    y = boite.y + (boite.hauteur - hauteur * echelle) / 2
    return Repere(emprise.ouest, emprise.nord, cosinus, echelle, x, y)


def simplify(geometries: Geometries) -> Geometries:
    """Allège des contours projetés, sans ouvrir de jour entre voisins, et les pose sur la grille."""
    try:
        simples = shapely.coverage_simplify(geometries, ALLEGEMENT)
    except shapely.GEOSException:
        # Un fond arrondi n'est plus toujours une couverture ; un demi-pixel d'écart ne se voit pas.
        simples = shapely.simplify(geometries, ALLEGEMENT)
    return shapely.transform(np.where(shapely.is_empty(simples), geometries, simples), np.rint)


def write_surfaces(geometries: Geometries) -> str:
    """Chemin fermé de tous les anneaux, sauf les îlots invisibles."""
    anneaux = shapely.get_rings(shapely.get_parts(geometries))
    visibles = np.abs(shapely.area(shapely.polygons(anneaux))) > POUSSIERE
    return _write(anneaux[visibles], fin="z")


def write_interieures(geometries: Geometries) -> str:
    """Chemin des limites entre contours allégés, chacune écrite une seule fois."""
    return write_lignes(np.array([extract_interieures(geometries)], dtype=object))


def write_lignes(lignes: Geometries) -> str:
    """Chemin ouvert de lignes."""
    return _write(shapely.get_parts(lignes), fin="")


def write_cible(geometries: Geometries) -> str:
    """Chemin du territoire situé : jamais vide, aussi petit soit-il ; il reste fin sur une petite île."""
    ouest, sud, est, nord = shapely.total_bounds(geometries)
    pas = min(ALLEGEMENT, max(est - ouest, nord - sud) / 20)
    return _write(shapely.get_rings(shapely.get_parts(shapely.simplify(geometries, pas))), fin="z")


def _write(lignes: Iterable[shapely.Geometry], fin: str) -> str:
    return "".join(_write_ligne(shapely.get_coordinates(ligne), fin) for ligne in lignes)


def _write_ligne(points: NDArray[np.float64], fin: str) -> str:
    entiers = np.rint(points).astype(int)
    pas = np.diff(entiers, axis=0)
    pas = pas[(pas != 0).any(axis=1)]
    if not len(pas):
        return ""
    x, y = entiers[0].tolist()
    # Le signe moins sépare déjà deux nombres ; « z » ferme sans répéter le premier point.
    suite = "".join(f"{' ' if dx >= 0 else ''}{dx}{' ' if dy >= 0 else ''}{dy}" for dx, dy in pas.tolist())
    return f"M{x} {y}l{suite.strip()}{fin}"
