"""Relaxation : le problème maître en nombres réels, repris à chaud à chaque coupe.

Sa borne est valable pour le masque entier, et sa solution en est presque toujours toute proche.
"""

from __future__ import annotations

from typing import NamedTuple

import highspy
import numpy as np

from observatoire.mesures.intervalles import Vecteur
from observatoire.mesures.programmation_lineaire import Simplexe, open_highs
from observatoire.secret.attaque import Indices

MOITIE = 0.5
"""À partir d'ici, une case relâchée est tenue pour masquée."""
_ECART = 1e-6


class Inegalite(NamedTuple):
    """Coupe réduite aux cases que l'on peut choisir : ``Σ coefficients · x ≥ besoin``.

    ``condition`` : case dont le masquage crée ce besoin ; -1 s'il est inconditionnel.
    """

    cases: Indices
    coefficients: Vecteur
    besoin: float
    condition: int


class Relaxation:
    """Programme linéaire ``min Σ c·x`` sous les coupes, ``0 ≤ x ≤ 1``."""

    def __init__(self, couts: Vecteur) -> None:
        """Ouvre le programme, sans coupe."""
        n = len(couts)
        self._parts = np.zeros(n)
        self._highs = open_highs(Simplexe.DUAL)
        vide = np.array([], dtype=np.int32)
        self._highs.addCols(n, couts, np.zeros(n), np.ones(n), 0, np.zeros(n, dtype=np.int32), vide, np.array([]))

    def add(self, coupes: list[Inegalite]) -> int:
        """Ajoute des coupes ; rend le nombre de celles que la dernière solution ne vérifiait pas."""
        violees = 0
        for coupe in coupes:
            cases, coefficients, besoin = coupe.cases, coupe.coefficients, coupe.besoin
            if coupe.condition >= 0:
                cases, coefficients = np.append(cases, coupe.condition), np.append(coefficients, -besoin)
                besoin = 0.0
            # Ramenées au même ordre de grandeur : un besoin de mille n'écrase pas un besoin de un.
            echelle = float(np.abs(coefficients).max(initial=1.0))
            violees += float(coefficients @ self._parts[cases]) < besoin - _ECART * echelle
            self._highs.addRow(
                besoin / echelle, highspy.kHighsInf, len(cases), cases.astype(np.int32), coefficients / echelle
            )
        return violees

    def solve(self) -> tuple[Vecteur, float]:
        """Parts masquées (n,) et borne basse du coût."""
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            # Rien de prouvé ici : la borne vaut zéro, et l'optimum entier décidera.
            return self._parts, 0.0
        self._parts = np.asarray(self._highs.getSolution().col_value)
        return self._parts, float(self._highs.getInfo().objective_function_value)
