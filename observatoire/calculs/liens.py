"""Liens : rattachements pondérés mis en tableaux de positions, pour des sommes sans jointure."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.modeles.mailles import MAILLES_DEPUIS_COMMUNE, Maille
from observatoire.territoires import rattachements
from observatoire.territoires.referentiel import Referentiel


@dataclass(frozen=True)
class Base:
    """Unités de base communes à plusieurs blocs : un niveau, un COG, un rattachement éventuel."""

    maille: Maille
    cog: str
    rattachement: str = ""


@dataclass(frozen=True)
class Lien:
    """Rattachement d'unités de base à des territoires.

    Attributes:
        codes_cible: codes des territoires.
        base: position de l'unité de chaque lien, dans l'univers de sa base.
        cible: position du territoire de chaque lien, dans ``codes_cible``.
        poids: part de l'unité qui revient au territoire (1 : unité entière).
    """

    codes_cible: pd.Index
    base: NDArray[np.intp]
    cible: NDArray[np.intp]
    poids: NDArray[np.float64]

    @property
    def entier(self) -> NDArray[np.bool_]:
        """Liens qui portent une unité entière."""
        return self.poids == 1.0

    def sum(self, valeurs: NDArray[np.float64] | NDArray[np.bool_]) -> NDArray[np.float64]:
        """Somme, par territoire, des valeurs données lien par lien."""
        somme = np.bincount(self.cible, weights=valeurs, minlength=len(self.codes_cible))
        return np.asarray(somme, dtype=np.float64)

    def any(self, vrais: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Vrai pour les territoires dont un lien au moins est vrai."""
        return np.bincount(self.cible, weights=vrais, minlength=len(self.codes_cible)) > 0

    def keep_seules(self) -> Lien:
        """Ne garde que les territoires faits d'une seule unité, entière : rien n'y est agrégé."""
        nombre = np.bincount(self.cible, minlength=len(self.codes_cible))
        seules = self.entier & (nombre[self.cible] == 1)
        return Lien(self.codes_cible, self.base[seules], self.cible[seules], self.poids[seules])


def to_lien(table: pd.DataFrame | None, univers: pd.Index) -> Lien | None:
    """Met en positions un rattachement ``code_base, code_cible, poids`` ; ``None`` s'il est vide."""
    if table is None or table.empty:
        return None
    base = univers.get_indexer(pd.Index(table.code_base))
    cible, codes_cible = pd.factorize(table.code_cible, sort=True)
    connus = base >= 0
    return Lien(pd.Index(codes_cible), base[connus], cible[connus], table.poids.to_numpy(dtype=float)[connus])


@dataclass(frozen=True)
class Rattacheur:
    """Rattachements d'une base à tous les niveaux, calculés une fois.

    Attributes:
        referentiel: référentiel territorial.
        explicites: rattachements livrés avec une source (vers ses communes), par source.
    """

    referentiel: Referentiel
    explicites: dict[str, pd.DataFrame]
    _liens: dict[tuple[Base, Maille], Lien | None] = field(default_factory=dict)
    _communes: dict[Base, pd.DataFrame] = field(default_factory=dict)
    _depuis_communes: dict[Maille, pd.DataFrame] = field(default_factory=dict)
    _univers: dict[Base, pd.Index] = field(default_factory=dict)

    def find(self, base: Base, cible: Maille) -> Lien | None:
        """Lien d'une base à un niveau, ou ``None`` s'il n'a pas de sens."""
        cle = (base, cible)
        if cle not in self._liens:
            self._liens[cle] = to_lien(self._build(base, cible), self.univers(base))
        return self._liens[cle]

    def is_direct(self, base: Base, cible: Maille) -> bool:
        """Vrai si des IRIS mènent à un zonage sans passer par leurs communes."""
        return rattachements.to_zonage(self.referentiel, base.maille, base.cog, cible) is not None

    def univers(self, base: Base) -> pd.Index:
        """Codes de toutes les unités d'une base, triés : les positions s'y rapportent."""
        if base not in self._univers:
            explicite = self.explicites.get(base.rattachement)
            codes = (
                explicite.code_base
                if explicite is not None
                else self.referentiel.list_territoires(base.maille, base.cog).code
            )
            self._univers[base] = pd.Index(sorted(set(codes)))
        return self._univers[base]

    def _build(self, base: Base, cible: Maille) -> pd.DataFrame | None:
        r = self.referentiel
        if cible is base.maille and base.maille is not Maille.COMMUNE:
            return rattachements.identity(rattachements.list_inchanges(r, cible, base.cog))
        if base.maille in rattachements.NIVEAUX_LARGES:
            return rattachements.from_niveau_large(r, base.maille, cible)
        if cible is Maille.ARRONDISSEMENT_MUNICIPAL:
            return rattachements.to_arrondissements(r, base.maille, base.cog)
        if cible is Maille.COMMUNE:
            return self._to_communes(base)
        direct = rattachements.to_zonage(r, base.maille, base.cog, cible)
        if direct is not None or cible not in MAILLES_DEPUIS_COMMUNE:
            return direct
        return rattachements.compose(self._to_communes(base), self._from_communes(cible))

    def _to_communes(self, base: Base) -> pd.DataFrame:
        if base not in self._communes:
            self._communes[base] = rattachements.base_to_communes(
                self.referentiel, base.maille, base.cog, self.explicites.get(base.rattachement)
            )
        return self._communes[base]

    def _from_communes(self, cible: Maille) -> pd.DataFrame:
        if cible not in self._depuis_communes:
            self._depuis_communes[cible] = rattachements.communes_to(self.referentiel, cible)
        return self._depuis_communes[cible]
