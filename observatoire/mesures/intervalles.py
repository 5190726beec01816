"""Intervalles : ce qu'un secret, un arrondi ou un découpage laissent de certain.

Règles et oracles : méthodes §3.3. Une borne inconnue est ``nan`` (infinie vers le haut, zéro vers le
bas si la mesure est un effectif).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Vecteur = NDArray[np.float64]


def bounds_of_arrondi(valeur: ArrayLike, pas: int) -> tuple[Vecteur, Vecteur]:
    """Encadre des effectifs arrondis au multiple de ``pas`` le plus proche.

    Un effectif est entier : l'arrondi à 5 de 5 vient de 3 à 7, celui de 0 vient de 0 à 2
    (notices de la CNAF).

    Examples:
        >>> bounds_of_arrondi([0, 5, 10], 5)
        (array([0., 3., 8.]), array([ 2.,  7., 12.]))
    """
    v = np.asarray(valeur, dtype=float)
    marge = pas // 2
    return np.maximum(v - marge, 0.0), v + marge


def bounds_of_masque(seuil: int, *, zeros_publies: bool) -> tuple[float, float]:
    """Bornes d'un effectif masqué sous ``seuil`` : de 1 (ou 0) à ``seuil`` - 1."""
    return (1.0 if zeros_publies else 0.0), float(seuil - 1)


def spread_of_somme_arrondie(nombre: ArrayLike, pas: int = 5, z: float = 1.96) -> tuple[Vecteur, Vecteur]:
    """Écart d'une somme de ``nombre`` effectifs arrondis : ``(probable, maximal)``.

    L'erreur d'un arrondi à ``pas`` (impair) est uniforme sur les entiers de -(pas-1)/2 à (pas-1)/2 :
    sa variance est (pas² - 1) / 12, soit 2 pour un pas de 5. Vingt valeurs arrondies à 5 :
    ±12,4 probable, ±40 au pire.
    """
    n = np.asarray(nombre, dtype=float)
    return z * np.sqrt(n * (pas**2 - 1) / 12.0), n * (pas // 2)


def bounds_of_ratio(
    num: tuple[ArrayLike, ArrayLike], den: tuple[ArrayLike, ArrayLike], *, part: bool
) -> tuple[Vecteur, Vecteur]:
    """Encadre ``num / den`` : ``[num⁻/den⁺ ; num⁺/den⁻]``, ramené à [0 ; 1] pour une part.

    Un dénominateur minimal nul laisse la borne haute inconnue (``nan``), sauf pour une part où elle
    vaut 1.
    """
    num_inf, num_sup = (np.asarray(x, dtype=float) for x in num)
    den_inf, den_sup = (np.asarray(x, dtype=float) for x in den)
    with np.errstate(divide="ignore", invalid="ignore"):
        inf = np.where(den_sup > 0, num_inf / den_sup, np.nan)
        sup = np.where(den_inf > 0, num_sup / den_inf, np.nan)
    if part:
        connu = ~np.isnan(num_inf)
        sup = np.where(np.isnan(sup) & connu & (den_sup > 0), 1.0, sup)
        inf, sup = np.clip(inf, 0.0, 1.0), np.clip(sup, 0.0, 1.0)
    return inf, sup
