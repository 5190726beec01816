"""Rattachements : les liens entre niveaux par rangs, pour parcourir vite toute la France."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.modeles.mailles import Maille

HORS = -1
"""Rang d'un enfant sans parent à ce niveau."""


class Niveau(NamedTuple):
    """Territoires d'un niveau, par code croissant ; le département est ``None`` où il n'a pas de sens."""

    codes: pd.Index
    libelles: NDArray[np.object_]
    departements: NDArray[np.object_]


class Rangs(NamedTuple):
    """Parent de chaque enfant : ``parents[rangs[i]]`` contient ``enfants[i]``, sauf au rang ``HORS``."""

    enfants: pd.Index
    rangs: NDArray[np.intp]
    parents: pd.Index

    def list_enfants(self, parent: str) -> pd.Index:
        """Enfants d'un parent."""
        return self.enfants[self.rangs == self._rang(parent)]

    def list_parents(self, enfants: pd.Index) -> pd.Index:
        """Parents distincts de ces enfants, celui qui en a le plus d'abord, puis par code croissant."""
        connus = self.enfants.get_indexer(enfants)
        rangs = self.rangs[connus[connus >= 0]]
        comptes = np.bincount(rangs[rangs != HORS], minlength=len(self.parents))
        # Les parents sont rangés par code : un tri stable départage les ex aequo par le code.
        ordre = np.argsort(-comptes, kind="stable")
        return self.parents[ordre[: np.count_nonzero(comptes)]]

    def _rang(self, parent: str) -> int:
        rang = int(self.parents.get_indexer(pd.Index([parent]))[0])
        # Un parent inconnu n'a pas d'enfant : surtout pas ceux qui n'ont pas de parent.
        return rang if rang >= 0 else HORS - 1


class Rattachements:
    """Niveaux et liens d'une publication ; chacun n'est rangé qu'à sa première demande."""

    def __init__(self, table: pd.DataFrame, liens: pd.DataFrame) -> None:
        """Retient ``store.schema.TERRITOIRES`` et ``store.schema.LIENS``, sans les copier."""
        self._table = table
        self._liens = liens
        self._niveaux: dict[Maille, Niveau] = {}
        self._rangs: dict[tuple[Maille, Maille], Rangs] = {}

    def niveau(self, maille: Maille) -> Niveau:
        """Territoires d'un niveau."""
        if maille not in self._niveaux:
            siens = self._table[self._mailles_de_la_table == maille].sort_values("code")
            departements = siens.code_departement.astype(object).where(siens.code_departement.notna(), None)
            self._niveaux[maille] = Niveau(
                pd.Index(siens.code.to_numpy(dtype=object)),
                siens.libelle.to_numpy(dtype=object),
                departements.to_numpy(dtype=object),
            )
        return self._niveaux[maille]

    def between(self, enfant: Maille, parent: Maille) -> Rangs:
        """Parent, à un niveau, de chaque territoire d'un autre."""
        cle = (enfant, parent)
        if cle not in self._rangs:
            enfants, parents = self._mailles_des_liens
            siens = self._liens[(enfants == enfant) & (parents == parent)].drop_duplicates("code_enfant")
            codes = self.niveau(enfant).codes
            rangs, uniques = pd.factorize(siens.code_parent.to_numpy(dtype=object), sort=True)
            ou = pd.Index(siens.code_enfant.to_numpy(dtype=object)).get_indexer(codes)
            self._rangs[cle] = Rangs(codes, np.where(ou >= 0, np.append(rangs, HORS)[ou], HORS), pd.Index(uniques))
        return self._rangs[cle]

    @cached_property
    def _mailles_de_la_table(self) -> pd.Categorical:
        return pd.Categorical(self._table.maille)

    @cached_property
    def _mailles_des_liens(self) -> tuple[pd.Categorical, pd.Categorical]:
        # Comparer des catégories (des entiers) plutôt que 300 000 textes, à chaque couple de niveaux.
        return pd.Categorical(self._liens.maille_enfant), pd.Categorical(self._liens.maille_parent)
