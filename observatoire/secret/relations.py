"""Relations : ce qui lie les cases entre elles, écrit avec le moins de termes possible.

Un total s'écrit avec les plus grandes rangées qu'il contient (une région par ses départements, un
département par ses EPCI entiers et le reste de ses communes) : l'espace des relations est le même que
commune par commune, mais une case masquée n'y touche que ses voisines.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Rangs = NDArray[np.intp]


@dataclass
class Relations:
    """Relations que l'on accumule : ``Σ coefficient · case = 0``."""

    _lignes: list[Rangs] = field(default_factory=list)
    _cases: list[Rangs] = field(default_factory=list)
    _coefficients: list[NDArray[np.float64]] = field(default_factory=list)
    nombre: int = 0

    def add_sommes(self, totaux: Rangs, parties: Rangs, groupes: Rangs) -> None:
        """Ajoute ``total = Σ parties`` pour plusieurs totaux.

        Args:
            totaux: une case par relation.
            parties: cases sommées.
            groupes: rang, dans ``totaux``, de la relation de chaque partie.
        """
        lignes = np.concatenate([np.arange(len(totaux)), groupes])
        self._lignes.append(lignes + self.nombre)
        self._cases.append(np.concatenate([totaux, parties]))
        self._coefficients.append(np.concatenate([-np.ones(len(totaux)), np.ones(len(parties))]))
        self.nombre += len(totaux)

    def build(self, cases: int) -> sparse.csr_matrix:
        """Matrice (relations, cases)."""
        if not self.nombre:
            return sparse.csr_matrix((0, cases))
        triplets = (np.concatenate(self._coefficients), (np.concatenate(self._lignes), np.concatenate(self._cases)))
        return sparse.csr_matrix(triplets, shape=(self.nombre, cases))


def cover(rangees: sparse.csr_matrix) -> tuple[Rangs, Rangs, Rangs, Rangs]:
    """Écrit chaque rangée avec d'autres, plus petites, et les atomes qui restent.

    Args:
        rangees: matrice (rangées, atomes) de 0 et de 1.

    Returns:
        ``(rangée, sous-rangée)`` puis ``(rangée, atome)`` : qui est fait de quoi.
    """
    tailles = np.diff(rangees.indptr)
    incluses = _list_incluses(rangees, tailles)
    hauts, bas, reste_hauts, reste_atomes = [], [], [], []
    libre = np.zeros(rangees.shape[1], dtype=bool)
    for rang in range(rangees.shape[0]):
        atomes = rangees.indices[rangees.indptr[rang] : rangees.indptr[rang + 1]]
        libre[atomes] = True
        candidates = incluses.indices[incluses.indptr[rang] : incluses.indptr[rang + 1]]
        for candidate in candidates[np.lexsort((candidates, -tailles[candidates]))]:
            siens = rangees.indices[rangees.indptr[candidate] : rangees.indptr[candidate + 1]]
            if libre[siens].all():
                libre[siens] = False
                hauts.append(rang)
                bas.append(int(candidate))
        restants = atomes[libre[atomes]]
        libre[atomes] = False
        reste_hauts.append(np.full(len(restants), rang))
        reste_atomes.append(restants)
    return (
        np.array(hauts, dtype=np.intp),
        np.array(bas, dtype=np.intp),
        np.concatenate([*reste_hauts, np.zeros(0, dtype=np.intp)]).astype(np.intp),
        np.concatenate([*reste_atomes, np.zeros(0, dtype=np.intp)]).astype(np.intp),
    )


def _list_incluses(rangees: sparse.csr_matrix, tailles: NDArray[np.int32]) -> sparse.csr_matrix:
    """Ligne ``j`` : les rangées contenues dans ``j`` (deux rangées égales : la première dans la seconde)."""
    communs = sparse.coo_matrix(rangees @ rangees.T)
    petite, grande = communs.row, communs.col
    dedans = communs.data > tailles[petite] - 0.5
    stricte = (tailles[petite] < tailles[grande]) | ((tailles[petite] == tailles[grande]) & (petite < grande))
    garde = dedans & stricte & (tailles[petite] > 1)
    paires = (np.ones(int(garde.sum())), (grande[garde], petite[garde]))
    return sparse.csr_matrix(paires, shape=(len(tailles), len(tailles)))
