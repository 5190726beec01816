"""Espace engendré : toutes les sommes qui se déduisent, par additions et soustractions, de territoires diffusés.

Chaque territoire est une ligne de 0 et de 1 sur des unités. Le calcul est exact : élimination de Gauss
modulo un grand nombre premier, sans tolérance à régler.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Entiers = NDArray[np.int64]

PREMIER = 2_147_483_647
"""2^31 - 1 : deux restes se multiplient sans sortir de 64 bits. Il ne divise aucun des petits dénominateurs
que donnent des réunions de communes : une déduction possible en nombres réels l'est aussi modulo lui."""


@dataclass(frozen=True)
class EspaceDeduit:
    """Base réduite (échelonnée) de l'espace.

    Attributes:
        base: une ligne par dimension ; 1 sur son pivot, 0 sur celui des autres.
        pivots: unité pivot de chaque ligne.
    """

    base: Entiers
    pivots: NDArray[np.intp]

    def find_reste(self, lignes: Entiers) -> Entiers:
        """Ce qui reste de chaque ligne une fois ôté ce qui s'en déduit ; nul si elle se déduit entière.

        Args:
            lignes: petits entiers (0 et 1, d'ordinaire), une ligne par somme.
        """
        return np.asarray((lignes - lignes[:, self.pivots] @ self.base) % PREMIER)

    def contains(self, lignes: Entiers) -> NDArray[np.bool_]:
        """Vrai pour chaque somme qui se déduit."""
        return np.asarray(~self.find_reste(lignes).any(axis=1))

    def add(self, ligne: Entiers) -> EspaceDeduit:
        """Espace augmenté d'une ligne ; le même si elle s'en déduisait."""
        reste = self.find_reste(ligne[None, :])[0]
        if not reste.any():
            return self
        pivot = int(np.argmax(reste != 0))
        reste = reste * pow(int(reste[pivot]), -1, PREMIER) % PREMIER
        reduite = (self.base - self.base[:, [pivot]] * reste % PREMIER) % PREMIER
        return EspaceDeduit(np.vstack([reduite, reste]), np.append(self.pivots, pivot))

    def extend(self, lignes: Entiers) -> EspaceDeduit:
        """Espace augmenté de lignes de 0 et de 1."""
        espace = self
        for ligne in np.asarray(np.unique(lignes, axis=0)):
            espace = espace.add(ligne)
        return espace

    def project_libertes(self, graine: int = 0) -> Entiers:
        """Un nombre par unité, tiré dans ce que l'espace laisse libre.

        Une somme d'unités qui se déduit a une projection nulle, à coup sûr ; l'inverse est vrai au hasard
        près (une chance sur deux milliards de se tromper) et se vérifie par ``contains``.
        """
        hasard = np.random.default_rng(graine).integers(1, PREMIER, (self.base.shape[1],), dtype=np.int64)
        libres = np.ones(self.base.shape[1], dtype=bool)
        libres[self.pivots] = False
        projection = np.where(libres, hasard, 0)
        projection[self.pivots] = -(self.base[:, libres] * hasard[libres] % PREMIER).sum(axis=1) % PREMIER
        return projection


def build_espace(lignes: Entiers) -> EspaceDeduit:
    """Espace engendré par des lignes de 0 et de 1."""
    vide = np.zeros((0, lignes.shape[1]), dtype=np.int64)
    return EspaceDeduit(vide, np.zeros(0, dtype=np.intp)).extend(lignes)


def list_sommes_nulles(projection: Entiers, candidates: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Couples et triplets de candidates dont la somme des projections est nulle, comme tableaux (k, 2) et (k, 3)."""
    candidates = candidates[projection[candidates] != 0]
    ordre = candidates[np.argsort(projection[candidates], kind="stable")]
    triees = projection[ordre]
    gauche, droite = np.triu_indices(len(ordre), k=1)
    somme = (triees[gauche] + triees[droite]) % PREMIER
    nulles = somme == 0
    couples = np.column_stack([ordre[gauche[nulles]], ordre[droite[nulles]]])
    # La troisième se cherche parmi les projections triées ; plusieurs peuvent être égales.
    manque = (PREMIER - somme) % PREMIER
    debut, fin = np.searchsorted(triees, manque, "left"), np.searchsorted(triees, manque, "right")
    nombre = np.where(nulles, 0, fin - debut)
    paire = np.repeat(np.arange(len(somme)), nombre)
    troisieme = np.repeat(debut - np.cumsum(nombre) + nombre, nombre) + np.arange(nombre.sum())
    apres = troisieme > droite[paire]
    paire, troisieme = paire[apres], troisieme[apres]
    triplets = np.column_stack([ordre[gauche[paire]], ordre[droite[paire]], ordre[troisieme]])
    return [couples, triplets]
