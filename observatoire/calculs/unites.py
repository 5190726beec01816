"""Unités : numérateur et dénominateur réunis, en vecteurs rangés sur l'univers de leur base."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.calculs.blocs import Bloc
from observatoire.calculs.liens import Base
from observatoire.mesures.intervalles import Vecteur

Booleens = NDArray[np.bool_]
MARQUES = ("arrondi", "estime", "secret", "hors_champ")


@dataclass(frozen=True)
class Mesure:
    """Valeurs d'une modalité, une par unité de l'univers ; ``nan`` : inconnue.

    ``marques`` : un vecteur de booléens par marque. ``present`` : l'unité a une ligne dans la source.
    """

    valeur: Vecteur
    inf: Vecteur
    sup: Vecteur
    marques: dict[str, Booleens]
    present: Booleens

    @property
    def connu(self) -> Booleens:
        """Unités dont la valeur est connue."""
        return ~np.isnan(self.valeur)

    def scaled(self, facteur: Vecteur) -> Mesure:
        """Mesure multipliée, unité par unité."""
        return Mesure(self.valeur * facteur, self.inf * facteur, self.sup * facteur, self.marques, self.present)

    def kept(self, gardees: Booleens) -> Mesure:
        """Mesure dont les autres unités deviennent inconnues."""
        valeur, inf, sup = (np.where(gardees, x, np.nan) for x in (self.valeur, self.inf, self.sup))
        return Mesure(valeur, inf, sup, self.marques, self.present)


@dataclass(frozen=True)
class Unites:
    """Unités d'un indicateur sur une base.

    Attributes:
        base: unités de base.
        num: une mesure par modalité (``""`` s'il n'y en a qu'une).
        den: dénominateur ou poids ; ``None`` pour un effectif.
        connu: numérateur (toutes modalités réunies) et dénominateur connus.
        present: au moins une ligne dans une source.
    """

    base: Base
    num: dict[str, Mesure]
    den: Mesure | None
    connu: Booleens
    present: Booleens


def spread(bloc: Bloc, univers: pd.Index) -> dict[str, Mesure]:
    """Range un bloc sur son univers, modalité par modalité."""
    mesures = {}
    for modalite, lignes in bloc.unites.groupby("modalite", sort=True):
        mesures[str(modalite)] = _spread_modalite(lignes, univers)
    return mesures


def _spread_modalite(lignes: pd.DataFrame, univers: pd.Index) -> Mesure:
    places = univers.get_indexer(pd.Index(lignes.code))
    connues = places >= 0

    def vector(colonne: str) -> Vecteur:
        vecteur = np.full(len(univers), np.nan)
        vecteur[places[connues]] = lignes[colonne].to_numpy(dtype=float)[connues]
        return vecteur

    present = np.zeros(len(univers), dtype=bool)
    present[places[connues]] = True
    marques = {m: vector(m) == 1.0 for m in MARQUES}
    return Mesure(vector("valeur"), vector("inf"), vector("sup"), marques, present)


def unite_roles(base: Base, num: dict[str, Mesure], den: Mesure | None) -> Unites:
    """Réunit numérateur et dénominateur : une unité est connue si les deux le sont."""
    connu = np.logical_or.reduce([m.connu for m in num.values()])
    present = np.logical_or.reduce([m.present for m in num.values()])
    if den is not None:
        connu, present = connu & den.connu, present | den.present
    return Unites(base, num, den, connu, present)
