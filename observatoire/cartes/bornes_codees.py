"""Bornes que la carte envoie au navigateur : celles qui se verraient, et celles qui se déduisent du publié."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from observatoire.analyse.bornes import find_bornees, widen_bornes

if TYPE_CHECKING:
    from collections.abc import Sequence

Nombres = NDArray[np.float64]


class Bornes(NamedTuple):
    """Rang des territoires qui ont des bornes, et ces bornes (``nan`` si l'une est inconnue)."""

    rangs: NDArray[np.intp]
    inf: Nombres
    sup: Nombres


def select_bornes(nombres: Nombres, inf: Nombres, sup: Nombres, tues: NDArray[np.bool_], decimales: int) -> Bornes:
    """Bornes des seuls territoires dont l'intervalle se verrait à l'affichage.

    Args:
        nombres: valeurs, ``nan`` si absentes.
        inf: bornes basses.
        sup: bornes hautes.
        tues: territoires dont on ne dit rien.
        decimales: chiffres affichés après la virgule.
    """

    def differs(bornes: Nombres) -> NDArray[np.bool_]:
        egales = np.round(bornes, decimales) == np.round(nombres, decimales)
        utile: NDArray[np.bool_] = ~np.isnan(bornes) & ~egales
        return utile

    rangs = np.flatnonzero((differs(inf) | differs(sup)) & ~tues)
    return Bornes(rangs, inf[rangs], sup[rangs])


def deduce_bornes(statuts: Sequence[str], nombres: Nombres, inf: Nombres, sup: Nombres, decimales: int) -> Bornes:
    """Bornes des valeurs masquées que le publié encadre, arrondies vers l'extérieur (``analyse.bornes``)."""
    rangs = np.flatnonzero(find_bornees(statuts, nombres, inf, sup))
    couples = zip(inf[rangs].tolist(), sup[rangs].tolist(), strict=True)
    larges = [widen_bornes(bas, haut, decimales) for bas, haut in couples]
    ecrites = np.array(larges, dtype=np.float64).reshape(-1, 2)
    dites = ~np.isnan(ecrites).all(axis=1)
    return Bornes(rangs[dites], ecrites[dites, 0], ecrites[dites, 1])


def merge_bornes(une: Bornes, autre: Bornes) -> Bornes:
    """Réunit deux lots de territoires distincts, dans l'ordre des rangs."""
    rangs, inf, sup = (np.concatenate(c) for c in zip(une, autre, strict=True))
    ordre = np.argsort(rangs)
    return Bornes(rangs[ordre], inf[ordre], sup[ordre])
