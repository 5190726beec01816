"""Esquisse : le contour des territoires d'un département, en quelques kilooctets, sans aucune donnée."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

from observatoire.cartes.contours import read_contours
from observatoire.cartes.fond import FRANCE, name_fond
from observatoire.cartes.palettes import CARTE, LIMITE_COMMUNE, LIMITE_DEPARTEMENT
from observatoire.cartes.projections import Zone, find_zones, project
from observatoire.modeles.mailles import Maille

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from observatoire.cartes.fond import FondFichier

COMMUNES_MAX = 150
"""Au-delà, les communes ne se distinguent plus à cette taille : on dessine les EPCI."""
MARGE = 3
TOLERANCE = 0.9
"""En pixels : ce qui est plus fin ne se verrait pas."""
PAS = 5
"""Coordonnées en cinquièmes de pixel : des entiers, donc des nombres courts."""


def draw_esquisse(dossier: Path, fonds: Mapping[str, FondFichier], departement: str, cote: int = 320) -> str:
    """SVG d'un département (communes ou EPCI), ou des départements de métropole ; vide sans fond de carte.

    Args:
        dossier: dossier des fonds.
        fonds: index des fonds de la publication.
        departement: code ; vide pour la France.
        cote: plus grand côté du dessin, en pixels.
    """
    fond = _choose_fond(fonds, departement)
    return _draw(dossier, fond, cote) if fond is not None else ""


def _choose_fond(fonds: Mapping[str, FondFichier], departement: str) -> FondFichier | None:
    if not departement:
        return fonds.get(name_fond(Maille.DEPARTEMENT, FRANCE))
    communes = fonds.get(name_fond(Maille.COMMUNE, departement))
    if communes is not None and len(communes.codes) == 1:
        # Paris est une seule commune : ses arrondissements en disent plus.
        return fonds.get(name_fond(Maille.ARRONDISSEMENT_MUNICIPAL, departement), communes)
    if communes is not None and len(communes.codes) > COMMUNES_MAX:
        return fonds.get(name_fond(Maille.EPCI, departement), communes)
    return communes


@lru_cache(maxsize=8)
def _draw(dossier: Path, fond: FondFichier, cote: int) -> str:
    contours = read_contours(dossier, fond)
    zones = find_zones(contours)
    # La France se dessine par sa métropole : outre-mer, la même échelle la réduirait à des points.
    zone = Zone.METROPOLE.value if Zone.METROPOLE.value in zones else str(zones[0])
    plans = project(contours[zones == zone], Zone(zone)).geometry.to_numpy()
    ouest, sud, est, nord = shapely.total_bounds(plans)
    echelle = (cote - 2 * MARGE) / max(est - ouest, nord - sud)
    simples = _simplify(plans, TOLERANCE / echelle)
    largeur, hauteur = (round(v * echelle) + 2 * MARGE for v in (est - ouest, nord - sud))

    def draw(geometries: np.ndarray) -> str:
        return "".join(
            _draw_anneau((shapely.get_coordinates(a) - (ouest, nord)) * (echelle, -echelle) + MARGE)
            for a in shapely.get_rings(shapely.get_parts(geometries))
        )

    # Agrandir puis réduire d'un pixel referme les jours que la simplification ouvre entre deux voisins.
    ensemble = shapely.buffer(shapely.union_all(shapely.buffer(simples, 1 / echelle)), -1 / echelle)
    bord = draw(np.array([shapely.simplify(ensemble, TOLERANCE / echelle)]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{largeur}" height="{hauteur}" '
        f'viewBox="0 0 {largeur * PAS} {hauteur * PAS}" fill="none" stroke-linejoin="round">'
        f'<path d="{draw(simples)}" fill="{CARTE}" stroke="{LIMITE_COMMUNE}" stroke-width="{0.7 * PAS:g}"/>'
        f'<path d="{bord}" stroke="{LIMITE_DEPARTEMENT}" stroke-width="{1.6 * PAS:g}"/></svg>'
    )


def _simplify(geometries: np.ndarray, tolerance: float) -> np.ndarray:
    try:
        return shapely.coverage_simplify(geometries, tolerance)
    except shapely.GEOSException:
        # Un fond arrondi n'est plus une couverture : chaque contour se simplifie seul.
        return shapely.simplify(geometries, tolerance)


def _draw_anneau(points: np.ndarray) -> str:
    """Chemin d'un anneau, en déplacements relatifs ; vide s'il est trop petit pour se voir."""
    entiers = np.round(points * PAS).astype(int)
    if np.ptp(entiers, axis=0).max() < 2 * PAS:
        return ""
    pas = np.diff(entiers, axis=0)
    pas = pas[(pas != 0).any(axis=1)]
    suite = " ".join(f"{dx} {dy}" for dx, dy in pas.tolist()).replace(" -", "-")
    return f"M{entiers[0, 0]} {entiers[0, 1]}l{suite}z"
