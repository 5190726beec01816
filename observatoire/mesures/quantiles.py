"""Quantiles d'une réunion : jamais une moyenne, mais des bornes certaines (méthodes §3.1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def bounds_of_mediane(medianes: ArrayLike) -> tuple[float, float]:
    """Encadre la médiane d'une réunion par la plus petite et la plus grande des médianes."""
    m = np.asarray(medianes, dtype=float)
    return float(np.min(m)), float(np.max(m))


def bounds_of_quantile(effectifs: ArrayLike, deciles: ArrayLike, q: float = 0.5) -> tuple[float, float]:
    """Encadre le quantile ``q`` d'une réunion dont chaque partie donne ses neuf déciles.

    La part des individus de la partie *i* au plus égaux à *x* est comprise entre le nombre de
    déciles ≤ x et ce nombre plus un, divisés par dix. Le quantile est entre le premier *x* où la
    part maximale atteint ``q`` et le premier où la part minimale l'atteint.

    Args:
        effectifs: n individus par partie, forme (p,).
        deciles: déciles 1 à 9 par partie, forme (p, 9).
        q: quantile cherché, entre 0 et 1.

    Returns:
        Bornes basse et haute ; ``nan`` du côté où les déciles ne disent rien.

    Examples:
        >>> d1 = (9000, 12000, 14000, 16000, 18000, 20000, 22500, 25500, 31000)
        >>> d2 = (11000, 15000, 18500, 21500, 24000, 26500, 29500, 34000, 42000)
        >>> bounds_of_quantile([100, 300], [d1, d2])
        (21500.0, 24000.0)
    """
    n = np.asarray(effectifs, dtype=float)
    d = np.asarray(deciles, dtype=float)
    seuils = np.unique(d)
    atteints = (d[:, :, None] <= seuils[None, None, :]).sum(axis=1)
    minimale = (n[:, None] * atteints / 10.0).sum(axis=0) / n.sum()
    maximale = (n[:, None] * np.minimum(atteints + 1, 10) / 10.0).sum(axis=0) / n.sum()
    tolerance = 1e-12
    haut = seuils[minimale >= q - tolerance]
    bas = seuils[maximale >= q - tolerance]
    # Avant le premier seuil, chaque partie peut déjà compter un dixième de ses individus.
    bas_connu = bas.size > 0 and q > 1 / 10 + tolerance
    return (float(bas[0]) if bas_connu else float("nan"), float(haut[0]) if haut.size else float("nan"))
