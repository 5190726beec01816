"""Aperçu d'une carte : un dessin SVG léger, fait des fonds de la carte, prêt avant qu'elle ait démarré."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from observatoire.cartes.palettes import DESSIN_SANS_DONNEE, LIMITE_COMMUNE

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEUR, HAUTEUR = 908, 600
_MARGE = 12


@dataclass(frozen=True)
class Trace:
    """Contour d'un territoire, en pixels du dessin, et son ancre."""

    code: str
    chemin: str
    ancre: tuple[float, float]


@lru_cache(maxsize=8)
def load_traces(fond: Path) -> tuple[Trace, ...]:
    """Contours d'un fond, mis à l'échelle du dessin.

    Args:
        fond: fichier GeoJSON d'un niveau et d'une portée (``cartes.fond``).
    """
    entites = orjson.loads(fond.read_bytes())["features"]
    anneaux = [[np.array(a, dtype=float) for a in _list_anneaux(e["geometry"])] for e in entites]
    tous = np.concatenate([a for groupe in anneaux for a in groupe])
    placer = _make_placement(tous)
    return tuple(
        Trace(str(e["id"]), "".join(_write_anneau(placer(a)) for a in groupe), _place_ancre(placer, e, groupe))
        for e, groupe in zip(entites, anneaux, strict=True)
    )


def _list_anneaux(geometrie: Mapping[str, Any]) -> list[Any]:
    polygones = geometrie["coordinates"] if geometrie["type"] == "MultiPolygon" else [geometrie["coordinates"]]
    return [anneau for polygone in polygones for anneau in polygone]


def _mercator(points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    # La projection de la carte de l'application : l'aperçu et la carte se superposent.
    return np.column_stack([np.radians(points[:, 0]), -np.log(np.tan(np.pi / 4 + np.radians(points[:, 1]) / 2))])


def _make_placement(tous: np.ndarray[Any, Any]) -> Any:  # noqa: ANN401 -- fonction de points
    plans = _mercator(tous)
    bas, haut = plans.min(axis=0), plans.max(axis=0)
    etendue = np.maximum(haut - bas, 1e-9)
    echelle = min((LARGEUR - 2 * _MARGE) / etendue[0], (HAUTEUR - 2 * _MARGE) / etendue[1])
    decalage = (np.array([LARGEUR, HAUTEUR]) - echelle * (haut + bas)) / 2

    def place(points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return echelle * _mercator(points) + decalage

    return place


def _write_anneau(points: np.ndarray[Any, Any]) -> str:
    """Anneau en pas relatifs d'un demi-pixel : deux fois moins de texte."""
    entiers = np.rint(2 * points).astype(int)
    garde = np.r_[True, (np.diff(entiers, axis=0) != 0).any(axis=1)]
    suite = entiers[garde].tolist()
    pas = " ".join(f"{x1 - x0} {y1 - y0}" for (x0, y0), (x1, y1) in pairwise(suite))
    return f"M{suite[0][0]} {suite[0][1]}l{pas}z" if pas else ""


def _place_ancre(placer: Any, entite: Mapping[str, Any], groupe: list[Any]) -> tuple[float, float]:  # noqa: ANN401
    ancre = entite["properties"].get("p")
    point = np.array([[ancre[1], ancre[0]]]) if ancre else groupe[0].mean(axis=0, keepdims=True)
    x, y = placer(point)[0]
    return float(x), float(y)


def draw_apercu(
    traces: tuple[Trace, ...], couleurs: Mapping[str, str], description: str, cercles: Mapping[str, tuple[float, str]]
) -> str:
    """Dessin SVG.

    Args:
        traces: rendus par ``load_traces``.
        couleurs: couleur de remplissage de chaque code ; gris « sans donnée » à défaut.
        description: ce que dit la carte, lu par un lecteur d'écran.
        cercles: rayon (pixels) et couleur du symbole de chaque code, pour une carte de symboles.
    """
    groupes: dict[str, list[str]] = {}
    for trace in traces:
        groupes.setdefault(couleurs.get(trace.code, DESSIN_SANS_DONNEE.fond), []).append(trace.chemin)
    aplats = "".join(f'<path fill="{couleur}" d="{"".join(c)}"/>' for couleur, c in groupes.items())
    ronds = "".join(
        f'<circle cx="{2 * t.ancre[0]:.0f}" cy="{2 * t.ancre[1]:.0f}" r="{2 * cercles[t.code][0]:.0f}" '
        f'fill="{cercles[t.code][1]}" fill-opacity=".75"/>'
        for t in traces
        if t.code in cercles
    )
    return (
        f'<svg viewBox="0 0 {2 * LARGEUR} {2 * HAUTEUR}" role="img" aria-label="{escape(description, quote=True)}" '
        f'stroke="{LIMITE_COMMUNE}" stroke-width="1" fill-rule="evenodd">{aplats}{ronds}</svg>'
    )
