"""Couverture : la part d'un territoire que la source couvre vraiment (méthodes §3.4)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np

from observatoire.calculs.liens import Base, Rattacheur
from observatoire.calculs.unites import Booleens, Unites
from observatoire.mesures.intervalles import Vecteur
from observatoire.modeles.mailles import MAILLES_DEPUIS_COMMUNE, Maille

FINES = (Maille.COMMUNE, Maille.IRIS, Maille.RECTANGLE)


@dataclass(frozen=True)
class Couvertures:
    """Part couverte des territoires : dans la commune selon ses unités, au-delà selon la population.

    Attributes:
        rattacheur: rattachements.
        population: population de référence des communes du COG cible, dans l'ordre de leur univers.
        exactes: couples (variable, période) reçus par convention, en effectifs exacts. Ils ne pèsent rien : une
            couverture se publie, et le poids d'une unité s'y lirait.
    """

    rattacheur: Rattacheur
    population: Vecteur
    exactes: frozenset[tuple[str, str]] = frozenset()
    _memoire: dict[tuple[Base, Maille, bytes], Vecteur] = field(default_factory=dict)

    def compute(self, unites: Unites, cible: Maille, employees: Collection[tuple[str, str]] = ()) -> Vecteur:
        """Part couverte (0 à 1) des territoires du niveau cible, dans l'ordre de leur lien.

        Une unité pèse son dénominateur si tous sont connus et publics, sinon autant que les autres.

        Args:
            unites: unités de l'indicateur.
            cible: niveau voulu.
            employees: couples (variable, période) dont les unités sont faites.
        """
        masse = _masse(unites) if self.exactes.isdisjoint(employees) else self._masse_publique(unites)
        # Bien des indicateurs ont les mêmes unités connues : leur couverture est la même.
        cle = (unites.base, cible, unites.connu.tobytes() + (b"" if unites.connu.all() else masse.tobytes()))
        if cle not in self._memoire:
            self._memoire[cle] = self._compute(unites, masse, cible)
        return self._memoire[cle]

    def _masse_publique(self, unites: Unites) -> Vecteur:
        """Poids publics : la population des communes du COG cible, l'unité ailleurs ; zéro sans ligne."""
        if unites.base == Base(Maille.COMMUNE, self.rattacheur.referentiel.cog):
            return np.where(unites.present, self.population, 0.0)
        return unites.present.astype(float)

    def _realign(self, couverture: Vecteur, depuis: Base, base: Base, cible: Maille) -> Vecteur:
        """Range dans l'ordre du lien de ``base`` une couverture calculée depuis une autre base."""
        source, voulu = self.rattacheur.find(depuis, cible), self.rattacheur.find(base, cible)
        if source is None or voulu is None:
            return np.zeros(0)
        return couverture[source.codes_cible.get_indexer(voulu.codes_cible)]

    def _compute(self, unites: Unites, masse: Vecteur, cible: Maille) -> Vecteur:
        base = unites.base
        connu = unites.connu.astype(float)
        sans_communes = cible is base.maille or self.rattacheur.is_direct(base, cible)
        if sans_communes or cible not in {Maille.COMMUNE, *MAILLES_DEPUIS_COMMUNE}:
            return self._average(connu, masse, unites.present, base, cible)
        if base.maille not in FINES:
            return self._average(connu, self._population_of(base), unites.present, base, cible)
        communes = Base(Maille.COMMUNE, self.rattacheur.referentiel.cog)
        dans_commune = self._to_univers(
            self._average(connu, masse, unites.present, base, Maille.COMMUNE), base, communes
        )
        if cible is Maille.COMMUNE:
            return self._average(connu, masse, unites.present, base, Maille.COMMUNE)
        toutes = np.ones(len(self.population), dtype=bool)
        large = self._average(dans_commune, self.population, toutes, communes, cible)
        return self._realign(large, communes, base, cible)

    def _to_univers(self, couverture: Vecteur, base: Base, communes: Base) -> Vecteur:
        lien = self.rattacheur.find(base, Maille.COMMUNE)
        univers = self.rattacheur.univers(communes)
        complete = np.zeros(len(univers))
        if lien is not None:
            complete[univers.get_indexer(lien.codes_cible)] = couverture
        return complete

    def _population_of(self, base: Base) -> Vecteur:
        """Population des unités d'une base plus large que la commune."""
        univers = self.rattacheur.univers(base)
        lien = self.rattacheur.find(Base(Maille.COMMUNE, self.rattacheur.referentiel.cog), base.maille)
        population = np.zeros(len(univers))
        if lien is not None:
            population[univers.get_indexer(lien.codes_cible)] = lien.sum(self.population[lien.base])
        return population

    def _average(self, part: Vecteur, masse: Vecteur, present: Booleens, base: Base, cible: Maille) -> Vecteur:
        """Moyenne pondérée des couvertures ; simple là où toutes les masses sont nulles."""
        lien = self.rattacheur.find(base, cible)
        if lien is None:
            return np.zeros(0)
        poids = masse[lien.base] * lien.poids
        couvert, total = lien.sum(part[lien.base] * poids), lien.sum(poids)
        nombre = lien.sum(present[lien.base])
        simple = np.divide(lien.sum(part[lien.base]), nombre, out=np.zeros(len(total)), where=nombre > 0)
        return np.divide(couvert, total, out=simple, where=total > 0)


def _masse(unites: Unites) -> Vecteur:
    """Poids des unités : leur dénominateur s'il est partout connu, l'unité sinon ; zéro sans ligne."""
    if unites.den is not None:
        connus = unites.den.connu
        if connus[unites.present].all() and (unites.den.valeur[connus] > 0).any():
            return np.nan_to_num(unites.den.valeur)
    return unites.present.astype(float)
