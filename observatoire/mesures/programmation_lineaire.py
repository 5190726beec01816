"""Moteur de programmation linéaire : ce que des totaux publiés disent de chaque case.

Le même calcul encadre une estimation (vue de l'usager) et prouve une protection (vue de
l'attaquant) : méthodes, principe 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linprog

from observatoire.errors import ObservatoireError
from observatoire.mesures.intervalles import Vecteur

CONTRADICTION = "Les totaux publiés contredisent les bornes : vérifiez les relations entre niveaux."


class BornesImpossiblesError(ObservatoireError):
    """Les totaux et les bornes se contredisent : aucun tableau ne les vérifie."""


def tighten_bounds(
    relations: ArrayLike, second_membre: ArrayLike, inf: ArrayLike, sup: ArrayLike
) -> tuple[Vecteur, Vecteur]:
    """Resserre ``inf ≤ y ≤ sup`` sachant ``relations · y = second_membre``.

    Args:
        relations: matrice (r, n) des relations linéaires (Σ enfants - total, par exemple).
        second_membre: vecteur (r,).
        inf: bornes basses (n,) ; ``nan`` : aucune.
        sup: bornes hautes (n,) ; ``nan`` : aucune.

    Returns:
        Bornes resserrées (n,), ``nan`` là où rien ne borne.

    Raises:
        BornesImpossiblesError: le système n'a pas de solution.
    """
    matrice = np.atleast_2d(np.asarray(relations, dtype=float))
    droite = np.asarray(second_membre, dtype=float)
    bas, haut = np.array(inf, dtype=float), np.array(sup, dtype=float)
    bornes = [
        (None if np.isnan(b) else float(b), None if np.isnan(h) else float(h)) for b, h in zip(bas, haut, strict=True)
    ]
    concernees = np.flatnonzero((np.abs(matrice).sum(axis=0) > 0) & ~(bas == haut))
    if not concernees.size and not np.allclose(matrice @ bas, droite):
        raise BornesImpossiblesError(CONTRADICTION)
    for i in concernees:
        cout = np.zeros(bas.size)
        for sens in (1.0, -1.0):
            cout[i] = sens
            resultat = linprog(cout, A_eq=matrice, b_eq=droite, bounds=bornes, method="highs")
            if resultat.status == 2:  # noqa: PLR2004 -- code « infaisable » de scipy
                raise BornesImpossiblesError(CONTRADICTION)
            if resultat.status == 0 and resultat.fun is not None:
                (bas if sens > 0 else haut)[i] = sens * resultat.fun
    return bas, haut
