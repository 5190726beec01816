"""Un cadre de carte : une boîte sur la page, une projection, ses couches, son échelle."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import matplotlib.patheffects as effets
import numpy as np
import shapely

from observatoire.cartes.noms import find_centres, place_noms
from observatoire.cartes.palettes import CARTE, ENCRE, ENCRE_SECONDE, FILET, PANNEAU
from observatoire.cartes.polices import DEMI_GRAS, NORMAL, load_police
from observatoire.cartes.trace import (
    FOND_SYMBOLES,
    POUCE_EN_PT,
    PT_PAR_PX,
    draw_filets,
    draw_limite,
    draw_selection,
    draw_surfaces,
    draw_symboles,
    draw_voisins,
    simplify,
)
from observatoire.modeles.nombres import INSECABLE, format_nombre

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from observatoire.cartes.lecture import EtatCarte
    from observatoire.modeles.indicateurs import Nature

MARGE = 0.05
TAILLE_NOM = 8
BANDEAU_CARTON = 0.2
LIMITE_FORTE, LIMITE_FINE = 2.0, 1.2
FILET_FORT, FILET_FIN = 1.2, 0.6
TERRITOIRES_NOMBREUX = 600
"""Au-delà, la carte est nationale : une limite de 2 px mangerait la côte."""
RAYON_SYMBOLE_MAX = 0.075
"""Rayon du plus grand symbole, en part du petit côté du cadre."""
RAYON_SYMBOLE_MIN_PX, RAYON_SYMBOLE_MIN_FRANCE_PX = 1.5, 0.4
"""Un tout petit effectif reste visible ; sur trente mille communes, il ne doit pas couvrir ses voisins."""
PART_COUVERTE = 0.14
"""Part du territoire que l'ensemble des symboles peut couvrir."""


class Boite(NamedTuple):
    """Place d'un cadre sur la page, en pouces depuis le coin bas gauche."""

    gauche: float
    bas: float
    largeur: float
    hauteur: float


@dataclass(frozen=True)
class Couches:
    """Ce qu'un cadre dessine, déjà projeté ; une ligne par territoire."""

    geometries: NDArray[np.object_]
    noms: list[str]
    etats: list[EtatCarte]
    fonds: list[str]
    valeurs: NDArray[np.float64]
    """Valeurs des symboles ; NaN là où il n'y en a pas. Ignorées pour des aplats."""
    voisins: NDArray[np.object_] | None = None
    limites: NDArray[np.object_] | None = None
    filets: NDArray[np.object_] | None = None
    larges: bool = False
    """Vrai pour des territoires faits de communes, aux limites plus fortes."""
    choisi: int | None = None
    """Rang du territoire choisi."""


@dataclass(frozen=True)
class Symboles:
    """Échelle commune des symboles : rayon, en points, du plus grand effectif."""

    maximum: float
    rayon_pt: float
    nature: Nature


def add_cadre(fig: Figure, boite: Boite, *, fond: str = CARTE, bord: str = FILET) -> Axes:
    """Ajoute un cadre vide à la page."""
    largeur, hauteur = fig.get_size_inches()
    place = (boite.gauche / largeur, boite.bas / hauteur, boite.largeur / largeur, boite.hauteur / hauteur)
    ax = fig.add_axes(place, facecolor=fond)
    ax.set(xticks=[], yticks=[])
    for cote in ax.spines.values():
        cote.set(color=bord, linewidth=0.8, zorder=20)
    return ax


def fit_emprise(
    geometries: NDArray[np.object_], boite: Boite, bandeau: float = 0.0
) -> tuple[float, float, float, float]:
    """Emprise (ouest, sud, est, nord) qui remplit la boîte, sauf un bandeau de ``bandeau`` pouces au pied."""
    ouest, sud, est, nord = shapely.total_bounds(geometries)
    utile = boite.hauteur - bandeau
    metres = max((est - ouest) / boite.largeur, (nord - sud) / utile) * (1 + 2 * MARGE)
    x, y = (ouest + est) / 2, (sud + nord) / 2
    demi_largeur, demi_hauteur = metres * boite.largeur / 2, metres * utile / 2
    return x - demi_largeur, y - demi_hauteur - metres * bandeau, x + demi_largeur, y + demi_hauteur


def choose_rayon(couches: Couches, boite: Boite) -> float:
    """Rayon, en points, du plus grand symbole : lisible, sans que les cercles noient la carte."""
    connues = couches.valeurs[np.isfinite(couches.valeurs) & (couches.valeurs > 0)]
    plafond = RAYON_SYMBOLE_MAX * min(boite.largeur, boite.hauteur) * POUCE_EN_PT
    if not connues.size:
        return plafond
    point = _metres_par_point(fit_emprise(couches.geometries, boite), boite)
    surface_pt = float(shapely.area(couches.geometries).sum()) / point**2
    somme_relative = float(connues.sum() / connues.max())
    return min(plafond, math.sqrt(PART_COUVERTE * surface_pt / (math.pi * somme_relative)))


def draw_cadre(
    ax: Axes, couches: Couches, boite: Boite, symboles: Symboles | None, titre: str = "", *, muet: bool = False
) -> None:
    """Dessine les couches d'un cadre ; un carton porte un titre, mais ni échelle ni autre nom que celui choisi.

    Args:
        ax: cadre vide.
        couches: ce qu'il montre.
        boite: sa place.
        symboles: échelle des symboles ; des aplats sans elle.
        titre: nom d'un carton.
        muet: ni noms ni échelle (vignette).
    """
    emprise = fit_emprise(couches.geometries, boite, BANDEAU_CARTON if titre else 0.0)
    ouest, sud, est, nord = emprise
    ax.set_xlim(ouest, est)
    ax.set_ylim(sud, nord)
    point = _metres_par_point(emprise, boite)
    px = point * PT_PAR_PX
    if couches.voisins is not None and len(couches.voisins):
        visibles = couches.voisins[shapely.intersects(couches.voisins, shapely.box(*emprise))]
        draw_voisins(ax, shapely.make_valid(shapely.clip_by_rect(visibles, *_widen(emprise))))
    geometries = simplify(couches.geometries, 0.5 * point)
    nombreux = len(geometries) > TERRITOIRES_NOMBREUX
    fonds = couches.fonds if symboles is None else [FOND_SYMBOLES] * len(couches.fonds)
    draw_surfaces(ax, geometries, couches.etats, fonds, px, larges=couches.larges)
    if couches.filets is not None and len(couches.filets):
        draw_filets(ax, couches.filets, FILET_FIN if nombreux or titre else FILET_FORT)
    epaisseur = LIMITE_FINE if titre or nombreux else LIMITE_FORTE
    draw_limite(ax, geometries if couches.limites is None else couches.limites, px, epaisseur)
    rayons = np.zeros(len(geometries))
    if symboles is not None:
        rayons = compute_rayons(couches.valeurs, symboles)
        vus = rayons > 0
        draw_symboles(ax, find_centres(geometries[vus]), rayons[vus], symboles.nature)
    if couches.choisi is not None:
        draw_selection(ax, geometries[[couches.choisi]])
    if muet:
        return
    if titre:
        _write_titre_carton(ax, titre)
    _draw_noms(ax, couches, geometries, rayons * point, emprise, point, seul=bool(titre))
    if not titre:
        _draw_echelle(ax, geometries, emprise, point)


def compute_rayons(valeurs: NDArray[np.float64], symboles: Symboles) -> NDArray[np.float64]:
    """Rayons en points, nuls là où il n'y a rien à montrer ; un tout petit effectif reste visible."""
    positives = np.where(np.isfinite(valeurs) & (valeurs > 0), valeurs, 0.0)
    rayons = symboles.rayon_pt * np.sqrt(positives / symboles.maximum)
    minimum = RAYON_SYMBOLE_MIN_FRANCE_PX if len(valeurs) > TERRITOIRES_NOMBREUX else RAYON_SYMBOLE_MIN_PX
    return np.where(positives > 0, np.maximum(rayons, minimum * PT_PAR_PX), 0.0)


def _write_titre_carton(ax: Axes, titre: str) -> None:
    police = load_police()
    ax.text(
        0.06, 0.04, titre, transform=ax.transAxes, fontproperties=police, fontsize=TAILLE_NOM,
        color=ENCRE_SECONDE, zorder=14,
    )  # fmt: skip


def _draw_noms(
    ax: Axes,
    couches: Couches,
    geometries: NDArray[np.object_],
    rayons: NDArray[np.float64],
    emprise: tuple[float, float, float, float],
    point: float,
    *,
    seul: bool,
) -> None:
    """Écrit les noms ; ``seul`` ne garde que celui du territoire choisi."""
    rendu = ax.figure.canvas.get_renderer()  # type: ignore[attr-defined]  # toile Agg, posée par la page
    pixels = ax.figure.dpi / POUCE_EN_PT
    choisi = couches.choisi
    if seul and choisi is None:
        return

    def measure(texte: str) -> tuple[float, float]:
        lignes = texte.split("\n")
        police = load_police(DEMI_GRAS if is_choisi(texte) else NORMAL).copy()
        police.set_size(TAILLE_NOM)
        largeur = max(rendu.get_text_width_height_descent(ligne, police, ismath=False)[0] for ligne in lignes)
        return largeur / pixels * point, len(lignes) * TAILLE_NOM * 1.1 * point

    def is_choisi(texte: str) -> bool:
        return choisi is not None and _strip_coupures(texte) == _strip_coupures(couches.noms[choisi])

    halo = [effets.withStroke(linewidth=3 * PT_PAR_PX, foreground=CARTE)]
    for nom in place_noms(couches.noms, geometries, rayons, emprise, measure, choisi):
        if seul and not is_choisi(nom.texte):
            continue
        ax.text(
            *nom.centre,
            nom.texte,
            # Le nom choisi est plus gras, et par-dessus les autres.
            fontproperties=load_police(DEMI_GRAS if is_choisi(nom.texte) else NORMAL),
            fontsize=TAILLE_NOM,
            linespacing=1.0,
            ha="center",
            va="center",
            color=ENCRE,
            path_effects=halo,
            zorder=12.5 if is_choisi(nom.texte) else 12,
        )


def _strip_coupures(nom: str) -> str:
    return nom.replace("\n", "").replace(" ", "")


def _draw_echelle(
    ax: Axes, geometries: NDArray[np.object_], emprise: tuple[float, float, float, float], point: float
) -> None:
    """Barre d'échelle, dans le premier coin libre, d'une longueur ronde proche d'un sixième de la largeur."""
    visee = (emprise[2] - emprise[0]) / 6
    base = 10.0 ** math.floor(math.log10(visee))
    longueur = next(f * base for f in (5, 2, 1) if f * base <= visee)
    x, y = _find_coin(geometries, emprise, (longueur, 15 * point), 14 * point)
    ax.plot([x, x + longueur], [y, y], color=ENCRE_SECONDE, linewidth=1.2, solid_capstyle="butt", zorder=13)
    km, metres = divmod(round(longueur), 1000)
    texte = f"{format_nombre(km)}{INSECABLE}km" if not metres else f"{format_nombre(longueur)}{INSECABLE}m"
    ax.text(
        x + longueur / 2,
        y + 3 * point,
        texte,
        fontproperties=load_police(NORMAL),
        fontsize=TAILLE_NOM,
        color=ENCRE_SECONDE,
        ha="center",
        va="bottom",
        path_effects=[effets.withStroke(linewidth=2, foreground=PANNEAU)],
        zorder=13,
    )


def _find_coin(
    geometries: NDArray[np.object_],
    emprise: tuple[float, float, float, float],
    taille: tuple[float, float],
    marge: float,
) -> tuple[float, float]:
    """Coin bas gauche d'une boîte qui ne couvre aucun territoire ; en bas à droite s'il n'y en a pas."""
    ouest, sud, est, nord = emprise
    droite, haut = est - taille[0] - marge, nord - taille[1] - marge
    coins = [(droite, sud + marge), (ouest + marge, sud + marge), (droite, haut), (ouest + marge, haut)]
    libres = (
        (x, y)
        for x, y in coins
        if not shapely.intersects(geometries, shapely.box(x, y, x + taille[0], y + taille[1])).any()
    )
    return next(libres, coins[0])


def _metres_par_point(emprise: tuple[float, float, float, float], boite: Boite) -> float:
    return (emprise[2] - emprise[0]) / (boite.largeur * POUCE_EN_PT)


def _widen(emprise: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Coupe un peu au-delà du cadre : le bord de coupe ne se voit pas."""
    ouest, sud, est, nord = emprise
    jeu = (est - ouest) / 20
    return ouest - jeu, sud - jeu, est + jeu, nord + jeu


def to_geometries(couche: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Géométries d'une couche, en tableau numpy."""
    return np.asarray(couche.geometry.to_numpy(), dtype=object)
