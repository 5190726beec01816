"""Moteur : calcule un indicateur à toutes ses mailles et périodes, depuis les variables du socle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.calculs.agregation import aggregate
from observatoire.calculs.blocs import Bloc, build_bloc, common_base, project_bloc, to_category
from observatoire.calculs.couverture import Couvertures
from observatoire.calculs.liens import Base, Lien, Rattacheur
from observatoire.calculs.mise_en_forme import join_observations, to_observations
from observatoire.calculs.unites import Mesure, Unites, spread, unite_roles
from observatoire.errors import AppelError
from observatoire.mesures.intervalles import Vecteur
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Agregation, Indicateur, TypeMesure
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import VARIABLE_POPULATION
from observatoire.store.schema import OBSERVATIONS
from observatoire.territoires.referentiel import Referentiel

POPULATION = VARIABLE_POPULATION
"""Variable de référence qui pèse les communes (couverture, réunion de communes fusionnées)."""


_COLONNES_D_UN_BLOC = [
    "code_territoire", "cog", "periode_mesuree", "modalite", "valeur", "borne_inf", "borne_sup", "statut",
]  # fmt: skip
Cle = tuple[str, str, str]
"""Variable, période, niveau : une source peut livrer elle-même ses chiffres à plusieurs niveaux."""


@dataclass(frozen=True)
class Decomposition:
    """Chiffres d'un indicateur à une période et un niveau, et les unités dont ils sont la somme.

    Attributes:
        periode: période affichée.
        periode_denominateur: période du dénominateur, vide s'il n'y en a pas.
        maille: niveau.
        unites: numérateur et dénominateur, unité par unité.
        lien: de quelles unités chaque territoire est fait.
        couverture: part couverte de chaque territoire (0 à 1), dans l'ordre du lien.
        officiel: le producteur livre lui-même ce niveau ; rien n'y est sommé.
    """

    periode: str
    periode_denominateur: str
    maille: Maille
    unites: Unites
    lien: Lien
    couverture: NDArray[np.float64]
    officiel: bool


@dataclass
class Moteur:
    """Calcule les indicateurs d'un catalogue.

    Attributes:
        catalogue: catalogue contrôlé.
        referentiel: référentiel territorial.
        variables: variables du socle.
        explicites: rattachements livrés avec une source.
        exactes: couples (variable, période) reçus par convention, en effectifs exacts ; aucun poids publié n'en vient.
    """

    catalogue: Catalogue
    referentiel: Referentiel
    variables: pd.DataFrame
    explicites: dict[str, pd.DataFrame]
    exactes: frozenset[tuple[str, str]] = frozenset()
    rattacheur: Rattacheur = field(init=False)
    _groupes: dict[Cle, NDArray[np.intp]] = field(init=False, default_factory=dict)
    _blocs: dict[Cle, Bloc] = field(init=False, default_factory=dict)
    _mesures: dict[tuple[str, str, Base], dict[str, Mesure]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Prépare les rattachements et range les variables par nom et période."""
        self.rattacheur = Rattacheur(self.referentiel, self.explicites)
        self.variables = self.variables.assign(code_territoire=to_category(self.variables.code_territoire))
        # Les positions seulement : recopier chaque groupe doublerait la mémoire du socle.
        groupes = self.variables.groupby(["variable", "periode", "maille"], sort=False, observed=True).indices
        self._groupes = {cle: np.asarray(lignes) for cle, lignes in groupes.items() if isinstance(cle, tuple)}
        self._couvertures = Couvertures(self.rattacheur, self._population_cible(), self.exactes)

    def list_periodes(self, variable: str) -> list[str]:
        """Périodes où une variable existe, triées."""
        return sorted({p for v, p, _maille in self._groupes if v == variable})

    def clear(self) -> None:
        """Oublie les variables et ce qui en a été tiré : la mémoire sert ensuite à écrire."""
        self.variables = self.variables.iloc[:0]
        self._groupes = {}
        self._blocs.clear()
        self._mesures.clear()

    def compute(self, indicateur: Indicateur) -> pd.DataFrame:
        """Calcule un indicateur : observations aux colonnes de ``store.schema.OBSERVATIONS``.

        Les territoires dont rien n'est connu n'ont pas de ligne : leur absence se lit
        « non disponible ».
        """
        periodes = indicateur.periodes or tuple(self.list_periodes(indicateur.numerateur))
        morceaux = [self._compute_periode(indicateur, periode) for periode in periodes]
        utiles = [m for m in morceaux if not m.empty]
        if not utiles:
            return OBSERVATIONS.empty_table().to_pandas()
        return join_observations(utiles)[OBSERVATIONS.names]

    def _compute_periode(self, indicateur: Indicateur, periode: str) -> pd.DataFrame:
        officiels = {m: self._load_officiel(indicateur, periode, m) for m in self._list_officiels(indicateur, periode)}
        morceaux = [
            self._compute_mailles(indicateur, periode, unites, periode_den, [maille])
            for maille, (unites, periode_den) in officiels.items()
        ]
        if self._has_base(indicateur, periode):
            unites, periode_den = self._load_unites(indicateur, periode)
            mailles = [m for m in self._mailles(indicateur, unites.base) if m not in officiels]
            morceaux.append(self._compute_mailles(indicateur, periode, unites, periode_den, mailles))
        return join_observations(morceaux)

    def decompose(self, indicateur: Indicateur) -> Iterator[Decomposition]:
        """De quelles unités chaque chiffre d'un indicateur est fait, période par période et niveau par niveau.

        Ce sont les sommes mêmes que ``compute`` publie ; la porte du secret les éprouve.
        """
        interdite = indicateur.agregation_retenue is Agregation.INTERDITE
        for periode in indicateur.periodes or tuple(self.list_periodes(indicateur.numerateur)):
            officiels = self._list_officiels(indicateur, periode)
            for maille in officiels:
                unites, periode_den = self._load_officiel(indicateur, periode, maille)
                if (lien := self.rattacheur.find(unites.base, maille)) is not None:
                    couverture = self._couvertures.compute(
                        unites, maille, _list_couples(indicateur, periode, periode_den)
                    )
                    yield Decomposition(periode, periode_den, maille, unites, lien, couverture, officiel=True)
            if not self._has_base(indicateur, periode):
                continue
            unites, periode_den = self._load_unites(indicateur, periode)
            for maille in self._mailles(indicateur, unites.base):
                lien = None if maille in officiels else self.rattacheur.find(unites.base, maille)
                if lien is not None:
                    choisi = lien.keep_seules() if interdite else lien
                    couverture = self._couvertures.compute(
                        unites, maille, _list_couples(indicateur, periode, periode_den)
                    )
                    yield Decomposition(periode, periode_den, maille, unites, choisi, couverture, officiel=False)

    def read_bloc(self, variable: str, periode: str, maille: Maille | None = None) -> Bloc:
        """Une variable à une période, sur ses unités d'origine, ou au niveau que le producteur livre lui-même."""
        return self._bloc(variable, periode, maille)

    def _list_officiels(self, indicateur: Indicateur, periode: str) -> list[Maille]:
        """Niveaux dont le producteur livre lui-même la valeur : elle prime sur toute somme."""
        if indicateur.poids or indicateur.type_mesure is TypeMesure.EVOLUTION:
            return []
        base = self._maille_base(indicateur.numerateur)
        livres = [m for m in indicateur.mailles if m is not base and self._has(indicateur.numerateur, periode, m)]
        if indicateur.denominateur is None:
            return livres
        den = indicateur.denominateur
        return [m for m in livres if self._has(den, self._nearest(den, periode), m)]

    def _load_officiel(self, indicateur: Indicateur, periode: str, maille: Maille) -> tuple[Unites, str]:
        num = self._bloc(indicateur.numerateur, periode, maille)
        if indicateur.denominateur is None:
            return unite_roles(num.base, self._spread(num), None), ""
        den = self._bloc(indicateur.denominateur, self._nearest(indicateur.denominateur, periode), maille)
        return unite_roles(num.base, self._spread(num), self._spread(den, num.base)[""]), den.periode

    def _maille_base(self, variable: str) -> Maille:
        return self.catalogue.source_of(variable).maille

    def _has(self, variable: str, periode: str, maille: Maille) -> bool:
        return (variable, periode, str(maille)) in self._groupes

    def _has_base(self, indicateur: Indicateur, periode: str) -> bool:
        """Faux si, pour cette période, le producteur n'a livré que des niveaux plus larges."""
        evolution = indicateur.type_mesure is TypeMesure.EVOLUTION
        premiere = periode.split("-", maxsplit=1)[0] if evolution else periode
        if self._has(indicateur.numerateur, premiere, self._maille_base(indicateur.numerateur)):
            return True
        return not self._list_officiels(indicateur, periode)

    def _compute_mailles(
        self, indicateur: Indicateur, periode: str, unites: Unites, periode_den: str, mailles: list[Maille]
    ) -> pd.DataFrame:
        morceaux = []
        for maille in mailles:
            lien = self.rattacheur.find(unites.base, maille)
            if lien is None:
                continue
            # Une médiane ne s'agrège pas : des communes réunies ou scindées n'en ont plus.
            interdite = indicateur.agregation_retenue is Agregation.INTERDITE
            sommes = aggregate(unites, lien.keep_seules() if interdite else lien)
            couverture = self._couvertures.compute(unites, maille, _list_couples(indicateur, periode, periode_den))
            sommes["couverture"] = couverture[lien.codes_cible.get_indexer(pd.Index(sommes.code))]
            # Sans unité connue ni ligne dans la source, l'absence se lit à l'absence de ligne.
            touches = (sommes.connus > 0) | sommes.secret | sommes.hors_champ | (sommes.couverture > 0)
            morceaux.append(
                to_observations(
                    indicateur,
                    sommes[touches],
                    maille=maille,
                    periode=periode,
                    periode_denominateur=periode_den,
                    cog=self.referentiel.cog,
                )
            )
        return join_observations(morceaux)

    def _mailles(self, indicateur: Indicateur, base: Base) -> list[Maille]:
        """Mailles voulues ; la seule maille de base quand agréger est interdit."""
        if indicateur.agregation_retenue is Agregation.INTERDITE:
            return [m for m in indicateur.mailles if m is base.maille]
        return list(indicateur.mailles)

    def _load_unites(self, indicateur: Indicateur, periode: str) -> tuple[Unites, str]:
        """Unités de base d'un indicateur, et période de son dénominateur."""
        match indicateur.type_mesure:
            case TypeMesure.EVOLUTION:
                debut, fin = periode.split("-")
                return self._load_evolution(indicateur.numerateur, debut, fin), debut
            case TypeMesure.MOYENNE | TypeMesure.ACCESSIBILITE | TypeMesure.TYPOLOGIE | TypeMesure.INDICE:
                # Les parts d'une typologie sont, sauf avis contraire, des parts de population.
                poids = indicateur.poids or (POPULATION if indicateur.modalites else None)
                if poids:
                    return self._load_moyenne(indicateur.numerateur, poids, periode)
        num = self._bloc(indicateur.numerateur, periode)
        if indicateur.denominateur is None:
            return unite_roles(num.base, self._spread(num), None), ""
        den = self._bloc(indicateur.denominateur, self._nearest(indicateur.denominateur, periode))
        base = common_base([num.base, den.base], self.referentiel.cog)
        unites = unite_roles(base, self._spread(num, base), self._spread(den, base)[""])
        return unites, den.periode

    def _load_evolution(self, variable: str, debut: str, fin: str) -> Unites:
        """Départ et arrivée d'une évolution.

        Une mesure reprise d'une autre année n'a pas la même durée : elle n'est pas comparable.
        """
        base = Base(Maille.COMMUNE, self.referentiel.cog)
        arrivee, depart = (self._bloc(variable, p) for p in (fin, debut))
        if arrivee.base == depart.base:
            base = arrivee.base
        mesures = []
        for bloc, periode in ((arrivee, fin), (depart, debut)):
            reprises = bloc.unites.mesuree != periode
            propre = replace(bloc, unites=bloc.unites.assign(valeur=bloc.unites.valeur.mask(reprises)))
            mesures.append(spread(self._project(propre, base), self.rattacheur.univers(base))[""])
        return unite_roles(base, {"": mesures[0]}, mesures[1])

    def _load_moyenne(self, variable: str, poids: str, periode: str) -> tuple[Unites, str]:
        """Mesure pondérée et poids ; une masse estimée pèse autrement, mais ne change pas les bornes."""
        x = self._bloc(variable, periode)
        w = self._bloc(poids, self._nearest(poids, periode))
        base = common_base([x.base, w.base], self.referentiel.cog)
        masse = self._spread(w, base)[""]
        sans_bornes = Mesure(masse.valeur, masse.valeur, masse.valeur, masse.marques, masse.present)
        mesures = {m: mesure.scaled(masse.valeur) for m, mesure in self._spread(x, base).items()}
        return unite_roles(base, mesures, sans_bornes), w.periode

    def _spread(self, bloc: Bloc, base: Base | None = None) -> dict[str, Mesure]:
        """Bloc porté sur une base et rangé sur son univers ; gardé, car bien des indicateurs le partagent."""
        visee = base or bloc.base
        cle = (bloc.variable, bloc.periode, visee)
        if cle not in self._mesures:
            self._mesures[cle] = spread(self._project(bloc, visee), self.rattacheur.univers(visee))
        return self._mesures[cle]

    def _project(self, bloc: Bloc, base: Base) -> Bloc:
        masses = None if bloc.additive else self._masses(bloc.base)
        return project_bloc(bloc, base, self.rattacheur, masses)

    def _bloc(self, variable: str, periode: str, maille: Maille | None = None) -> Bloc:
        voulue = maille or self._maille_base(variable)
        cle = (variable, periode, str(voulue))
        if cle not in self._blocs:
            if cle not in self._groupes:
                connues = ", ".join(self.list_periodes(variable)) or "aucune"
                msg = f"La variable « {variable} » n'existe pas en {periode}. Périodes connues : {connues}."
                raise AppelError(msg)
            lignes = self.variables[_COLONNES_D_UN_BLOC].iloc[self._groupes[cle]]
            source = self.catalogue.source_of(variable)
            rattachement = source.id if source.rattachement and voulue is source.maille else ""
            base = Base(voulue, str(lignes.cog.iloc[0]), rattachement)
            additive = source.variables[variable].additive and not source.variables[variable].categorie
            self._blocs[cle] = build_bloc(lignes, variable=variable, periode=periode, base=base, additive=additive)
        return self._blocs[cle]

    def _nearest(self, variable: str, periode: str) -> str:
        """Période de la variable la plus proche, la plus ancienne à égalité."""
        periodes = self.list_periodes(variable)
        if not periodes:
            msg = f"La variable « {variable} » n'a aucune livraison."
            raise AppelError(msg)
        annee = int(periode[:4])
        return min(periodes, key=lambda p: (abs(int(p[:4]) - annee), p))

    def _masses(self, base: Base) -> pd.Series | None:
        """Population des communes d'un COG, pour moyenner une variable intensive entre communes fusionnées."""
        if base.maille is not Maille.COMMUNE:
            return None
        populations = [self._bloc(POPULATION, p) for p in self.list_periodes(POPULATION)]
        proche = min(populations, key=lambda b: (abs(int(b.base.cog) - int(base.cog)), b.base.cog))
        return proche.unites.set_index(proche.unites.code.astype("str")).valeur.fillna(0.0)

    def _population_cible(self) -> Vecteur:
        base = Base(Maille.COMMUNE, self.referentiel.cog)
        univers = self.rattacheur.univers(base)
        periodes = self.list_periodes(POPULATION)
        if not periodes:
            return np.ones(len(univers))
        return np.nan_to_num(self._spread(self._bloc(POPULATION, periodes[-1]), base)[""].valeur)


def _list_couples(indicateur: Indicateur, periode: str, periode_den: str) -> list[tuple[str, str]]:
    """Couples (variable, période) dont sont faites les unités d'un indicateur."""
    evolution = indicateur.type_mesure is TypeMesure.EVOLUTION
    couples = [(indicateur.numerateur, p) for p in (periode.split("-") if evolution else [periode])]
    return couples + [(v, periode_den) for v in (indicateur.denominateur, indicateur.poids) if v]
