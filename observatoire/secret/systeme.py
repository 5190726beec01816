"""Système de cases : ce qu'on publie, ce qu'on masque, et les relations qui les lient toutes.

Une case est un nombre (une variable, une période, un territoire, une modalité). Les relations
``M · y = 0`` (somme des enfants moins le total) lient ensemble tous les niveaux, toutes les
modalités et, s'il y a lieu, plusieurs périodes ou publications (méthodes §1.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from observatoire.errors import ObservatoireError
from observatoire.mesures.intervalles import Vecteur

Booleens = NDArray[np.bool_]
TOLERANCE = 1e-6


class SystemeIncoherentError(ObservatoireError):
    """Les relations d'un système contredisent ses valeurs : rien n'y serait prouvé."""


class Etat(IntEnum):
    """Ce qu'il est permis de faire d'une case."""

    LIBRE = 0
    """Se publie ou se masque, au choix de l'optimisation."""
    PUBLIEE = 1
    """Connue de tous (zéro publié, valeur déjà diffusée) : ne peut plus être masquée."""
    SENSIBLE = 2
    """Secret primaire : masquée quoi qu'il en coûte."""
    OCCULTE = 3
    """Jamais diffusée (unité de base non publiée, complément) : l'attaquant l'ignore, sans coût."""


@dataclass(frozen=True)
class Systeme:
    """Cases et relations.

    Attributes:
        valeurs: valeurs vraies (n,).
        inf: ce que chacun sait du minimum d'une case masquée (n,) : 1 si les zéros sont publiés.
        sup: ce que chacun sait de son maximum (n,) ; ``inf`` s'il n'y en a pas.
        relations: matrice creuse (m, n) ; ``relations @ valeurs`` est nul.
        etats: un ``Etat`` par case (n,).
        couts: coût de masquer chaque case (n,) ; ``log(1 + valeur)`` d'ordinaire.
        plafond: l'attaquant doit croire possible au moins cette valeur (n,) ; ``nan`` : rien d'exigé.
        plancher: et au plus celle-là (n,) ; ``nan`` : rien d'exigé.
        entieres: cases qui comptent des unités entières (n,).
    """

    valeurs: Vecteur
    inf: Vecteur
    sup: Vecteur
    relations: sparse.csr_matrix
    etats: NDArray[np.int8]
    couts: Vecteur
    plafond: Vecteur
    plancher: Vecteur
    entieres: Booleens

    def __len__(self) -> int:
        """Nombre de cases."""
        return len(self.valeurs)

    @property
    def toujours_cachees(self) -> Booleens:
        """Cases masquées dans tout masque : sensibles et occultes."""
        return (self.etats == Etat.SENSIBLE) | (self.etats == Etat.OCCULTE)

    def check(self) -> None:
        """Vérifie que les valeurs respectent les relations et les bornes.

        Raises:
            SystemeIncoherentError: une relation n'est pas vérifiée, ou une valeur sort de ses bornes.
        """
        ecarts = np.abs(self.relations @ self.valeurs)
        echelle = np.maximum(1.0, abs(self.relations) @ np.abs(self.valeurs))
        if (ecarts > TOLERANCE * echelle).any():
            # Ni la case ni l'écart : l'un ou l'autre dirait une valeur.
            msg = (
                "Les effectifs exacts se contredisent d'un niveau, d'une modalité ou d'une publication à l'autre : "
                "rien ne peut être prouvé, rien n'est publié. Vérifiez les sommes déclarées (total_de, partitions) et "
                "la livraison."
            )
            raise SystemeIncoherentError(msg)
        cachables = self.etats != Etat.PUBLIEE
        dehors = cachables & ((self.valeurs < self.inf - TOLERANCE) | (self.valeurs > self.sup + TOLERANCE))
        if dehors.any():
            msg = (
                "Des effectifs exacts sortent des bornes que chacun connaît : rien ne peut être prouvé, rien n'est "
                "publié. Vérifiez la règle de secret (zéros publiés) et la livraison."
            )
            raise SystemeIncoherentError(msg)
