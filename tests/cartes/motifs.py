"""Motifs de carte dessinés en pixels : ce que l'œil reçoit d'un territoire hachuré, pointé, ligné ou cerné."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from observatoire.cartes.palettes import TRAMES, Dessin, Motif
from tests.cartes.couleurs import delta_e_lab, read_hex, simulate_lineaire, to_lab_image, to_lineaire

COTE = 24
"""Côté d'un petit territoire, en pixels (celui d'une case de légende)."""
FINESSE = 8
"""Sous-pixels par pixel : l'anticrénelage du navigateur."""


def draw_motif(dessin: Dessin, cote: int = COTE) -> NDArray[np.float64]:
    """Image (RVB linéaire) d'un carré rempli d'un dessin."""
    encre, fond = (to_lineaire(read_hex(c)) for c in (dessin.encre, dessin.fond))
    part = _cover(dessin.motif, cote)[..., None]
    return fond * (1 - part) + encre * part


def _cover(motif: Motif, cote: int) -> NDArray[np.float64]:
    """Part de chaque pixel couverte d'encre."""
    axe = (np.arange(cote * FINESSE) + 0.5) / FINESSE
    x, y = np.meshgrid(axe, axe)
    fine = _is_encre(motif, x, y, cote).astype(np.float64)
    return fine.reshape(cote, FINESSE, cote, FINESSE).mean(axis=(1, 3))


def _is_encre(motif: Motif, x: NDArray[np.float64], y: NDArray[np.float64], cote: int) -> NDArray[np.bool_]:
    bord = np.minimum.reduce([x, y, cote - x, cote - y])
    pas, epaisseur = TRAMES.get(motif, (1.0, 0.0))
    pas = pas or 1.0
    encres = {
        Motif.UNI: bord < 0,
        Motif.HACHURES: (x + y) / np.sqrt(2) % pas < epaisseur,
        Motif.POINTS: np.minimum(*(np.hypot(x % pas - q * pas, y % pas - q * pas) for q in (0.25, 0.75)))
        < epaisseur / 2,
        Motif.TRAITS: np.floor(y % pas) == np.floor(pas / 2),
        Motif.BANDES: np.abs(x % pas - pas / 2) < epaisseur / 2,
        Motif.CERNE: bord < epaisseur,
        Motif.POINTILLE: (bord < epaisseur) & ((x + y) % pas < pas / 2),
    }
    return encres[motif]


class Aspect(NamedTuple):
    """Ce qui se voit d'une surface : couleur moyenne, et écarts de clarté (partout, entre lignes, entre colonnes)."""

    moyenne: NDArray[np.float64]
    ecart: float
    lignes: float
    colonnes: float


def measure_aspect(image: NDArray[np.float64], vision: str) -> Aspect:
    """Mesure une image (RVB linéaire) telle que la voit un œil."""
    vue = simulate_lineaire(image, vision)
    clarte = to_lab_image(vue)[..., 0]
    return Aspect(
        to_lab_image(vue.mean(axis=(0, 1))),
        float(clarte.std()),
        float(clarte.mean(axis=1).std()),
        float(clarte.mean(axis=0).std()),
    )


def measure_distance(un: Aspect, deux: Aspect) -> float:
    """Écart de deux surfaces : celui de leurs couleurs moyennes, et celui de leurs textures."""
    textures = (un.ecart - deux.ecart, un.lignes - deux.lignes, un.colonnes - deux.colonnes)
    return float(np.sqrt(delta_e_lab(un.moyenne, deux.moyenne) ** 2 + sum(t**2 for t in textures)))
