"""Valeurs d'un tableur, d'un JSON ou d'une base, rendues en texte sans rien y ajouter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import pyarrow as pa

_ENTIER_EXACT = 2.0**53
"""Au-delà, un nombre de tableur n'est plus un entier exact : il garde son écriture."""


def render_cellule(valeur: object) -> str | None:  # noqa: PLR0911 -- une sortie par genre de cellule
    """Texte d'une cellule ; vide : rien.

    Examples:
        >>> render_cellule(1001.0), render_cellule(0.1), render_cellule(""), render_cellule("01001")
        ('1001', '0.1', None, '01001')
    """
    if valeur is None:
        return None
    if isinstance(valeur, str):
        return valeur or None
    if isinstance(valeur, bool):
        return "VRAI" if valeur else "FAUX"
    if isinstance(valeur, float):
        if valeur.is_integer() and abs(valeur) < _ENTIER_EXACT:
            return str(int(valeur))
        return repr(valeur)
    if isinstance(valeur, dt.datetime):
        return valeur.date().isoformat() if valeur.time() == dt.time() else valeur.isoformat(sep=" ")
    if isinstance(valeur, dt.date | dt.time):
        return valeur.isoformat()
    if isinstance(valeur, bytes):
        return None
    return str(valeur)


def render_colonne(valeurs: Sequence[object]) -> pa.Array:
    """Colonne de texte ; le cas courant, tout en texte, ne passe pas par Python."""
    if not any(type(v) is not str for v in valeurs):
        return pa.array([v or None for v in valeurs], pa.string())
    return pa.array([render_cellule(v) for v in valeurs], pa.string())


def name_colonnes(colonnes: Iterable[pa.Array | pa.ChunkedArray]) -> pa.Table:
    """Grille ``c0``, ``c1``… de ces colonnes."""
    return pa.table({f"c{rang}": colonne for rang, colonne in enumerate(colonnes)})
