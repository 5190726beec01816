"""Du contour au trait : chemins Matplotlib, motifs, limites et symboles d'un cadre de carte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

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
POUCE_EN_PT = 72
PAS_PAR_PT = 20
RANGS_MAX = 10_000
COTE_DEJA_SIMPLE = 1.1
"""Côté moyen, en tolérances, à partir duquel une simplification ne changerait presque rien."""
EPAISSEUR_MOTIF = {Motif.HACHURES: 1.1, Motif.POINTS: 0.6, Motif.TRAITS: 0.6, Motif.BANDES: 1.2}

# Une limite fine pour 24 communes devient un grillage pour 1 200 EPCI.
_FINESSES = ((60, 0.5), (400, 0.35), (2000, 0.22), (10**9, 0.1))


def build_chemin(geometries: Geometries) -> Path:
    """Un seul chemin Matplotlib pour tous ces (multi)polygones, trous compris.

    Un chemin pour trente mille communes se trace d'un geste, sans jour entre voisines d'une même couleur.
    Les anneaux sont orientés : sans cela une enclave de même couleur se viderait.
    """
    parties = shapely.orient_polygons(shapely.get_parts(geometries))
    anneaux = shapely.get_rings(parties)
    points = shapely.get_coordinates(anneaux)
    longueurs = shapely.get_num_coordinates(anneaux)
    codes = np.full(len(points), Path.LINETO, dtype=Path.code_type)
    fins = np.cumsum(longueurs)
    codes[fins - longueurs] = Path.MOVETO
    codes[fins - 1] = Path.CLOSEPOLY
    return Path(points, codes)


def simplify(geometries: Geometries, tolerance: float) -> Geometries:
    """Simplifie une couverture sans ouvrir de jour entre voisins ; la rend telle quelle si elle est déjà légère."""
    points = shapely.get_num_coordinates(geometries).sum()
    # Des côtés plus longs que la tolérance : presque rien à ôter, et ce calcul est le plus long d'une carte de France.
    if not points or shapely.length(geometries).sum() / points > COTE_DEJA_SIMPLE * tolerance:
        return geometries
    try:
        simples = shapely.coverage_simplify(geometries, tolerance)
    except shapely.GEOSException:
        # Les fonds de France sont arrondis : ce ne sont plus des couvertures, mais ils sont déjà légers.
        return geometries
    return np.where(shapely.is_empty(simples), geometries, simples)


def draw_voisins(ax: Axes, geometries: Geometries) -> None:
    """Territoires voisins : un fond discret, un trait fin."""
    _add_surface(ax, geometries, PANNEAU, zorder=1, bord=LIMITE_VOISIN, epaisseur=0.5)


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
    tableau = np.array([str(e) for e in etats], dtype=np.str_)
    couleurs = np.asarray(fonds, dtype=np.str_)
    classes = tableau == EtatCarte.CLASSE
    finesse = _choose_finesse(len(geometries))
    bord, epaisseur = (LIMITE_EPCI, 1.8 * finesse) if larges else (LIMITE_COMMUNE, finesse)
    # Fond et trait d'un même geste : le chemin, long de mégaoctets en SVG, n'est écrit qu'une fois.
    for couleur in np.unique(couleurs[classes]):
        siennes = geometries[classes & (couleurs == couleur)]
        _add_surface(ax, siennes, str(couleur), zorder=2, bord=bord, epaisseur=epaisseur)
    for etat, (dessin, _, _) in DESSINS.items():
        rangs = np.flatnonzero(tableau == etat)
        if rangs.size:
            # Un cerne de 1,5 px sur cinq cents communes ferait un grillage.
            _draw_dessin(ax, geometries[rangs], dessin, px, min(1.5, 3 * finesse))
            _add_surface(ax, geometries[rangs], "none", zorder=2, bord=bord, epaisseur=epaisseur)


def _choose_finesse(nombre: int) -> float:
    return next(e for seuil, e in _FINESSES if nombre <= seuil)


def _draw_dessin(ax: Axes, geometries: Geometries, dessin: Dessin, px: float, cerne: float) -> None:
    fond = _add_surface(ax, geometries, dessin.fond, zorder=2)
    if dessin.motif in HACHURES:
        # La couleur du motif est celle du bord : un bord d'épaisseur nulle ne laisse que le motif.
        fond.set_edgecolor(dessin.encre)
        fond.set_hatch(HACHURES[dessin.motif])
        fond.set_hatch_linewidth(EPAISSEUR_MOTIF[dessin.motif])
    elif dessin.motif is Motif.CERNE:
        # Le cerne est intérieur : un territoire à zéro ne déborde pas sur son voisin.
        interieurs = shapely.buffer(geometries, -0.5 * (cerne + 0.5) * px)
        gardes = interieurs[~shapely.is_empty(interieurs)]
        _add_surface(ax, gardes, "none", zorder=3, bord=dessin.encre, epaisseur=cerne * PT_PAR_PX)
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


def draw_symboles(ax: Axes, centres: NDArray[np.float64], rayons_pt: NDArray[np.float64], nature: Nature) -> None:
    """Cercles proportionnels, les grands dessous ; centres en unités de la carte, rayons en points."""
    fond, cerne = to_rgba(couleur_symbole(nature), OPACITE_SYMBOLE), couleur_cerne(nature)
    en_points = Affine2D().scale(1 / POUCE_EN_PT) + ax.figure.dpi_scale_trans
    # Arrondis au vingtième de point, trente mille petits cercles ne sont plus que quelques dizaines de figures.
    pas = np.maximum(np.rint(rayons_pt * PAS_PAR_PT).astype(np.int64), 1)
    for rang, taille in enumerate(np.unique(pas)[::-1]):
        rayon = float(taille) / PAS_PAR_PT
        cercles = PathCollection(
            [Path.circle((0, 0), rayon)],
            offsets=centres[pas == taille],
            offset_transform=ax.transData,
            facecolors=[fond],
            edgecolors=[cerne],
            # Le cerne d'un cercle minuscule en ferait une tache d'encre.
            linewidths=min(PT_PAR_PX, rayon / 3),
            zorder=8 + rang / RANGS_MAX,
        )
        cercles.set_transform(en_points)
        ax.add_collection(cercles, autolim=False)


def draw_selection(ax: Axes, geometries: Geometries) -> None:
    """Territoire choisi : trait d'encre de 3 px, bordé de blanc de chaque côté, par-dessus les cercles."""
    for zorder, couleur, largeur in ((10, CARTE, 7), (10.1, LIMITE_DEPARTEMENT, 3)):
        _add_surface(ax, geometries, "none", zorder=zorder, bord=couleur, epaisseur=largeur * PT_PAR_PX)


def _add_surface(
    ax: Axes, geometries: Geometries, fond: str, *, zorder: float, bord: str = "none", epaisseur: float = 0.0
) -> PathPatch:
    surface = PathPatch(
        build_chemin(geometries),
        facecolor=fond,
        edgecolor=bord,
        linewidth=epaisseur,
        zorder=zorder,
        joinstyle="round",
        clip_on=True,
    )
    surface.set_transform(ax.transData)
    ax.add_artist(surface)
    return surface
