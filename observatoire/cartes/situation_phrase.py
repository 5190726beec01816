"""Dire une situation : la direction d'un territoire dans celui qui l'entoure."""

from __future__ import annotations

import math
from typing import NamedTuple

_SECTEURS = (
    "dans l'est",
    "dans le nord-est",
    "dans le nord",
    "dans le nord-ouest",
    "dans l'ouest",
    "dans le sud-ouest",
    "dans le sud",
    "dans le sud-est",
)
PART_DU_CENTRE = 0.25
"""En deçà de ce quart du rayon, on est au centre."""
PART_SANS_DIRECTION = 0.5
"""Un territoire qui couvre plus de la moitié de ce qui l'entoure n'y est pas d'un côté."""


class Etendue(NamedTuple):
    """Centre de gravité et surface d'un territoire dans le dessin (ordonnée vers le bas)."""

    x: float
    y: float
    surface: float


def find_direction(cible: Etendue, contexte: Etendue) -> str:
    """« dans le nord-est », « au centre », ou rien si le territoire couvre presque tout.

    L'écart des centres de gravité se compare au rayon du disque de même surface que le contexte.
    """
    if cible.surface > PART_SANS_DIRECTION * contexte.surface:
        return ""
    est, nord = cible.x - contexte.x, contexte.y - cible.y
    if math.hypot(est, nord) < PART_DU_CENTRE * math.sqrt(contexte.surface / math.pi):
        return "au centre"
    return _SECTEURS[round(math.atan2(nord, est) / (math.pi / 4)) % len(_SECTEURS)]


def join_noms(noms: list[str]) -> str:
    """« la Dordogne, le Lot et la Corrèze »."""
    return noms[0] if len(noms) == 1 else f"{', '.join(noms[:-1])} et {noms[-1]}"
