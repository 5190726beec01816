"""Index de recherche : clés collées triées, mots et leurs territoires, codes.

Un « nom » est une façon d'appeler un territoire : son libellé publié, ou celui d'une commune disparue.
Rien n'y est parcouru ligne à ligne au moment de chercher : des bissections et des tableaux numpy.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from observatoire.analyse.recherche.fautes import MotsProches
from observatoire.modeles.mailles import Maille

Entiers = npt.NDArray[np.int64]

MAILLES_CHERCHEES = (
    Maille.COMMUNE,
    Maille.DEPARTEMENT,
    Maille.REGION,
    Maille.ARRONDISSEMENT_MUNICIPAL,
    Maille.EPCI,
    Maille.EPT,
    Maille.FRANCE,
    Maille.COLLECTIVITE_OUTREMER,
    Maille.COMMUNE_COM,
    Maille.ARRONDISSEMENT,
    Maille.CANTON_VILLE,
)
"""Niveaux qu'on cherche, dans l'ordre où les montrer à nom et population égaux (Paris, La Réunion)."""

MAILLES_SECONDES = frozenset({Maille.ARRONDISSEMENT, Maille.CANTON_VILLE})
"""Niveaux qui portent presque toujours le nom d'une commune : montrés après elle."""


@dataclass(frozen=True)
class Cles:
    """Clés triées, chacune avec son nom (rang) et sa qualité si on la tape exactement."""

    cles: list[str]
    noms: Entiers
    qualites: Entiers

    def find_exactes(self, cle: str) -> tuple[Entiers, Entiers]:
        """Noms et qualités de la clé même."""
        return self._between(bisect_left(self.cles, cle), bisect_left(self.cles, f"{cle}\0"))

    def find_debuts(self, cle: str) -> tuple[Entiers, Entiers]:
        """Noms et qualités des clés qui commencent ainsi."""
        return self._between(bisect_left(self.cles, cle), bisect_left(self.cles, f"{cle}\x7f"))

    def _between(self, debut: int, fin: int) -> tuple[Entiers, Entiers]:
        return self.noms[debut:fin], self.qualites[debut:fin]


@dataclass(frozen=True)
class Mots:
    """Mots triés ; les noms qui portent le mot ``k`` sont ``noms[bornes[k]:bornes[k + 1]]``."""

    mots: list[str]
    bornes: Entiers
    noms: Entiers

    def find(self, mot: str) -> Entiers:
        """Noms qui portent exactement ce mot."""
        return self._between(bisect_left(self.mots, mot), bisect_left(self.mots, f"{mot}\0"))

    def find_debuts(self, debut: str) -> Entiers:
        """Noms dont un mot commence ainsi."""
        return self._between(bisect_left(self.mots, debut), bisect_left(self.mots, f"{debut}\x7f"))

    def find_rangs(self, rangs: Entiers) -> Entiers:
        """Noms qui portent l'un des mots de ces rangs."""
        return np.concatenate([self.noms[:0], *(self._between(r, r + 1) for r in rangs.tolist())])

    def _between(self, debut: int, fin: int) -> Entiers:
        return self.noms[self.bornes[debut] : self.bornes[fin]]


@dataclass(frozen=True)
class IndexRecherche:
    """Tout ce qu'une recherche lit.

    Attributes:
        territoires: maille, code, libelle, departement, nb_departements, population,
            codes_postaux (séparés par une espace).
        noms: territoire (rang), libelle, code_ancien (vide pour un nom actuel).
        territoire_du_nom: rang du territoire de chaque nom.
        ordre: place de chaque nom à qualité égale (niveau second, population décroissante, niveau, code).
        nb_mots: nombre de mots de chaque nom, sans les petits.
        rang_maille: place du niveau de chaque nom dans ``MAILLES_CHERCHEES``.
        cles: noms collés, qu'on peut taper en partie.
        codes: codes et sigles, à taper en entier.
        mots: mots des noms.
        contexte: ce qui précise un nom (département, codes).
        proches: les mêmes mots, pour la tolérance aux fautes.
        par_departement: rangs des territoires qui touchent chaque département.
        libelles_departements: nom de chaque département ou collectivité d'outre-mer.
    """

    territoires: pd.DataFrame
    noms: pd.DataFrame
    territoire_du_nom: Entiers
    ordre: Entiers
    nb_mots: Entiers
    rang_maille: Entiers
    cles: Cles
    codes: Cles
    mots: Mots
    contexte: Mots
    proches: MotsProches
    par_departement: dict[str, Entiers]
    libelles_departements: dict[str, str]
