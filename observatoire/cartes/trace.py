"""Du contour au trait : chemins Matplotlib, motifs, limites et symboles d'un cadre de carte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.collections import EllipseCollection, LineCollection, PathCollection
from matplotlib.path import Path

from observatoire.cartes.lecture import EtatCarte
from observatoire.cartes.legende import DESSINS
from observatoire.cartes.palettes import (
    CARTE,
    LIMITE_COMMUNE,
    LIMITE_DEPARTEMENT,
    LIMITE_EPCI,
    OPACITE_SYMBOLE,
    PANNEAU,
    Dessin,
    Motif,
    couleur_cerne,
    couleur_symbole,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from observatoire.modeles.indicateurs import Nature

    Geometries = NDArray[np.object_]

PT_PAR_PX = 0.75
LIMITE_VOISIN = "#C9C4B8"
FOND_SYMBOLES = "#F7F5F0"
HACHURES = {Motif.HACHURES: "////", Motif.POINTS: "...", Motif.TRAITS: "----", Motif.BANDES: "||"}
"""Densités de Matplotlib : de 6 à 8 px d'entraxe, mesurés sur l'image."""
EPAISSEUR_MOTIF = {Motif.HACHURES: 1.1, Motif.POINTS: 0.6, Motif.TRAITS: 0.6, Motif.BANDES: 1.2}

# Une limite fine pour 24 communes devient un grillage pour 1 200 EPCI.
_FINESSES = ((60, 0.5), (400, 0.35), (2000, 0.22), (10**9, 0.1))


def build_paths(geometries: Geometries) -> list[Path]:
    """Chemin Matplotlib de chaque (multi)polygone, trous compris."""
    return [_build_path(g) for g in geometries]


def _build_path(geometrie: shapely.Geometry) -> Path:
    anneaux = shapely.get_rings(shapely.get_parts(geometrie))
    if not len(anneaux):
        return Path(np.empty((0, 2)))
    points = shapely.get_coordinates(anneaux)
    longueurs = shapely.get_num_coordinates(anneaux)
    codes = np.full(len(points), Path.LINETO, dtype=Path.code_type)
    fins = np.cumsum(longueurs)
    codes[fins - longueurs] = Path.MOVETO
    codes[fins - 1] = Path.CLOSEPOLY
    return Path(points, codes)


def simplify(geometries: Geometries, tolerance: float) -> Geometries:
    """Simplifie une couverture sans ouvrir de jour entre voisins."""
    try:
        simples = shapely.coverage_simplify(geometries, tolerance)
    except shapely.GEOSException:
        # Les fonds de France sont arrondis : ce ne sont plus des couvertures, mais ils sont déjà légers.
        return geometries
    return np.where(shapely.is_empty(simples), geometries, simples)


def draw_voisins(ax: Axes, geometries: Geometries) -> None:
    """Territoires voisins : un fond discret, un trait fin."""
    _add_surfaces(ax, build_paths(geometries), PANNEAU, zorder=1, bord=LIMITE_VOISIN, epaisseur=0.5)


def draw_surfaces(
    ax: Axes,
    geometries: Geometries,
    etats: Sequence[EtatCarte],
    fonds: Sequence[str],
    px: float,
    *,
    larges: bool = False,
) -> None:
    """Surfaces des territoires, chacune selon son état.

    Args:
        ax: cadre.
        geometries: contours projetés.
        etats: état de chaque territoire.
        fonds: couleur de chaque territoire classé.
        px: un pixel en unités de la carte.
        larges: territoires faits de communes, à la limite plus forte.
    """
    chemins = build_paths(geometries)
    tableau = np.array([str(e) for e in etats], dtype=np.str_)
    classes = np.flatnonzero(tableau == EtatCarte.CLASSE)
    if classes.size:
        _add_surfaces(ax, [chemins[i] for i in classes], [fonds[int(i)] for i in classes], zorder=2)
    for etat, (dessin, _, _) in DESSINS.items():
        rangs = np.flatnonzero(tableau == etat)
        if rangs.size:
            # Un cerne de 1,5 px sur cinq cents communes ferait un grillage.
            cerne = min(1.5, 3 * _choose_finesse(len(geometries)))
            _draw_dessin(ax, geometries[rangs], [chemins[i] for i in rangs], dessin, px, cerne)
    epaisseur = _choose_finesse(len(geometries))
    bord, epaisseur = (LIMITE_EPCI, 1.8 * epaisseur) if larges else (LIMITE_COMMUNE, epaisseur)
    _add_surfaces(ax, chemins, "none", zorder=5, bord=bord, epaisseur=epaisseur)


def _choose_finesse(nombre: int) -> float:
    return next(e for seuil, e in _FINESSES if nombre <= seuil)


def _draw_dessin(
    ax: Axes, geometries: Geometries, chemins: list[Path], dessin: Dessin, px: float, cerne: float
) -> None:
    fond = _add_surfaces(ax, chemins, dessin.fond, zorder=2)
    if dessin.motif in HACHURES:
        # La couleur du motif est celle du bord : un bord d'épaisseur nulle ne laisse que le motif.
        fond.set_edgecolor(dessin.encre)
        fond.set_hatch(HACHURES[dessin.motif])
        fond.set_hatch_linewidth(EPAISSEUR_MOTIF[dessin.motif])
    elif dessin.motif is Motif.CERNE:
        # Le cerne est intérieur : un territoire à zéro ne déborde pas sur son voisin.
        interieurs = shapely.buffer(geometries, -0.5 * (cerne + 0.5) * px)
        gardes = interieurs[~shapely.is_empty(interieurs)]
        _add_surfaces(ax, build_paths(gardes), "none", zorder=3, bord=dessin.encre, epaisseur=cerne * PT_PAR_PX)
    elif dessin.motif is Motif.POINTILLE:
        fond.set_edgecolor(dessin.encre)
        fond.set_linewidth(0.7)
        fond.set_linestyle((0, (2, 2)))


def draw_limite(ax: Axes, geometries: Geometries, px: float, epaisseur: float = 2) -> None:
    """Limite extérieure : trait d'encre sur halo blanc, îlots et jours de simplification exclus."""
    lignes = [shapely.get_coordinates(a) for a in _find_contours(geometries, px)]
    for zorder, couleur, largeur in ((6, CARTE, epaisseur + 2), (7, LIMITE_DEPARTEMENT, epaisseur)):
        traits = LineCollection(
            lignes, colors=couleur, linewidths=largeur * PT_PAR_PX, zorder=zorder, joinstyle="round"
        )
        ax.add_collection(traits, autolim=False)


def draw_filets(ax: Axes, lignes: Geometries, epaisseur: float) -> None:
    """Limites d'un autre niveau, sous la limite extérieure : un trait simple, sans halo."""
    traits = [shapely.get_coordinates(partie) for partie in shapely.get_parts(lignes)]
    ax.add_collection(
        LineCollection(traits, colors=LIMITE_EPCI, linewidths=epaisseur * PT_PAR_PX, zorder=5.5, joinstyle="round"),
        autolim=False,
    )


def _find_contours(geometries: Geometries, px: float) -> Geometries:
    ensemble = (
        shapely.coverage_union_all(geometries)
        if shapely.coverage_is_valid(geometries)
        else shapely.union_all(shapely.make_valid(geometries))
    )
    anneaux = shapely.get_rings(shapely.get_parts(ensemble))
    return anneaux[shapely.area(shapely.polygons(anneaux)) > (3 * px) ** 2]


def draw_symboles(ax: Axes, centres: NDArray[np.float64], rayons: NDArray[np.float64], nature: Nature) -> None:
    """Cercles proportionnels, les grands dessous ; centres et rayons en unités de la carte."""
    ordre = np.argsort(-rayons, kind="stable")
    largeurs = 2 * rayons[ordre]
    for zorder, fond, bord, opacite in (
        (8, couleur_symbole(nature), "none", OPACITE_SYMBOLE),
        (9, "none", couleur_cerne(nature), 1.0),
    ):
        cercles = EllipseCollection(
            largeurs,
            largeurs,
            np.zeros_like(largeurs),
            offsets=centres[ordre],
            units="xy",
            transOffset=ax.transData,
            facecolors=fond,
            edgecolors=bord,
            linewidths=PT_PAR_PX,
            alpha=opacite,
            zorder=zorder,
        )
        ax.add_collection(cercles, autolim=False)


def _add_surfaces(
    ax: Axes,
    chemins: list[Path],
    fonds: str | list[str],
    *,
    zorder: int,
    bord: str = "none",
    epaisseur: float = 0.0,
) -> PathCollection:
    surfaces = PathCollection(
        chemins, facecolors=fonds, edgecolors=bord, linewidths=epaisseur, zorder=zorder, joinstyle="round"
    )
    surfaces.set_transform(ax.transData)
    ax.add_collection(surfaces, autolim=False)
    return surfaces
