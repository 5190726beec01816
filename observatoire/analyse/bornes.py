"""Bornes d'une valeur masquée : ce que chacun peut déduire de ce qui est publié, et rien de plus.

La diffusion ne porte de bornes pour une valeur masquée que si elles se déduisent du seul publié. Une ligne
masquée qui porterait aussi une valeur est fautive : on n'en dit rien, bornes comprises.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from observatoire.modeles.statuts import Statut

DEDUIT = "ce que chacun peut déduire des totaux publiés"
"""Dit avec toute borne d'une valeur masquée : l'observatoire n'en révèle rien."""
_JEU = 1e-6
"""Bruit d'un calcul en nombres flottants : deux bornes aussi proches n'en font qu'une."""


def widen_bornes(bas: float | None, haut: float | None, decimales: int) -> tuple[float | None, float | None]:
    """Arrondit deux bornes vers l'extérieur : l'intervalle écrit contient toujours l'intervalle déduit.

    Args:
        bas: borne basse ; ``None`` ou ``nan`` si elle est inconnue.
        haut: borne haute, de même.
        decimales: chiffres écrits après la virgule.

    Returns:
        Les bornes à écrire (``None`` si inconnue) ; rien si elles se confondent : ce serait écrire la valeur.

    Examples:
        >>> widen_bornes(1.26, 12.31, 1)
        (1.2, 12.4)
        >>> widen_bornes(5.0, 5.0000001, 0)
        (None, None)
    """
    echelle = 10.0**decimales
    large = None if bas is None or math.isnan(bas) else math.floor(bas * echelle + _JEU) / echelle
    etendu = None if haut is None or math.isnan(haut) else math.ceil(haut * echelle - _JEU) / echelle
    return (None, None) if large is not None and large == etendu else (large, etendu)


def find_bornees(statuts: ArrayLike, valeurs: ArrayLike, inf: ArrayLike, sup: ArrayLike) -> NDArray[np.bool_]:
    """Lignes masquées dont les bornes peuvent être dites : sans valeur, et de deux bornes distinctes.

    Args:
        statuts: statut de chaque ligne.
        valeurs: valeurs, ``nan`` si absentes.
        inf: bornes basses, ``nan`` si inconnues.
        sup: bornes hautes, ``nan`` si inconnues.
    """
    secrets = np.fromiter((s == Statut.SECRET for s in np.asarray(statuts, dtype=object).tolist()), dtype=np.bool_)
    if not secrets.any():
        return secrets
    nombres, bas, haut = (np.asarray(x, dtype=np.float64) for x in (valeurs, inf, sup))
    connue = ~np.isnan(bas) | ~np.isnan(haut)
    # Une comparaison à ``nan`` est fausse : une seule borne connue suffit à dire « au moins » ou « au plus ».
    confondues = np.abs(haut - bas) <= _JEU
    rendues: NDArray[np.bool_] = secrets & np.isnan(nombres) & connue & ~confondues
    return rendues
