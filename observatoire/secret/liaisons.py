"""Liaisons : sommes et majorants déclarés entre variables, totaux livrés par le producteur lui-même."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.calculs.blocs import Bloc
from observatoire.calculs.moteur import Moteur
from observatoire.mesures.intervalles import Vecteur
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import Source
from observatoire.secret.assemblage import Assemblage, Rangs
from observatoire.secret.chantier import Chantier, table_occultes
from observatoire.secret.primaire import promise_occultes
from observatoire.secret.rangees import read_valeurs

JUSTE = 1e-9
"""Écart sous lequel une somme d'effectifs est juste."""
Textes = NDArray[np.object_]


@dataclass
class Registre:
    """Case de chaque unité de chaque variable : celle qui existe, sinon une case jamais montrée."""

    chantier: Chantier
    assemblage: Assemblage
    atomes: Rangs
    periode: str
    seuil: int
    _cases: dict[str, pd.Series] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Range les cases déjà là par variable, unité et valeur."""
        a = self.assemblage.atomes
        cles = pd.MultiIndex.from_arrays([a.unite.astype(str), a.valeur])
        for variable, rangs in a[a.modalite == ""].groupby("variable", sort=False).indices.items():
            ici = np.flatnonzero((a.modalite == "").to_numpy())[np.asarray(rangs)]
            self._cases[str(variable)] = pd.Series(self.atomes[ici], index=cles[ici])

    def has(self, variable: str, unites: Textes, valeurs: Vecteur) -> NDArray[np.bool_]:
        """Unités dont la valeur a déjà une case."""
        if variable not in self._cases:
            return np.zeros(len(unites), dtype=bool)
        cles = pd.MultiIndex.from_arrays([unites.astype(str), valeurs])
        return np.asarray(cles.isin(self._cases[variable].index))

    def is_courante(self, variable: str, unites: Textes, valeurs: Vecteur) -> NDArray[np.bool_]:
        """Unités dont la valeur est celle d'aujourd'hui."""
        a = self.assemblage.atomes
        ici = a[(a.variable == variable) & (a.modalite == "") & a.courante]
        cles = pd.MultiIndex.from_arrays([unites.astype(str), valeurs])
        return np.asarray(cles.isin(pd.MultiIndex.from_arrays([ici.unite.astype(str), ici.valeur])))

    @property
    def variables(self) -> set[str]:
        """Variables dont quelque chose est montré, ou déjà ajouté."""
        return set(self._cases)

    def find(self, variable: str, unites: Textes, valeurs: Vecteur, *, publique: bool = False) -> Rangs:
        """Case de chaque unité ; ajoute celles qui manquent, protégées elles aussi, sauf ``publique``."""
        cles = pd.MultiIndex.from_arrays([unites.astype(str), valeurs])
        connues = self._cases.get(variable, pd.Series(dtype=np.intp, index=cles[:0]))
        places = connues.index.get_indexer(cles)
        cases = np.where(places >= 0, connues.to_numpy()[places] if len(connues) else 0, -1).astype(np.intp)
        absentes = cases < 0
        if absentes.any():
            nouvelles = pd.DataFrame(
                {"variable": variable, "modalite": "", "unite": unites[absentes], "valeur": valeurs[absentes]}
            )
            plafond, plancher = promise_occultes(valeurs[absentes], 0 if publique else self.seuil)
            occultes = table_occultes(nouvelles, self.periode).assign(plafond=plafond, plancher=plancher)
            cases[absentes] = self.chantier.add(occultes)
            ajout = pd.Series(cases[absentes], index=cles[absentes])
            self._cases[variable] = pd.concat([connues, ajout]) if len(connues) else ajout
        return cases


def relate_variables(registre: Registre, moteur: Moteur, source: Source) -> None:
    """Lie les variables d'une source par ce qu'elle déclare : ``total_de``, ``partitions``, ``au_plus``."""
    montrees = registre.variables
    for nom, declaree in source.variables.items():
        for parties in declaree.decoupages:
            if montrees & {nom, *parties}:
                _relate(registre, moteur, (nom, *parties), reste=False)
        if declaree.au_plus and montrees & {nom, declaree.au_plus}:
            _relate(registre, moteur, (declaree.au_plus, nom), reste=True)


def _relate(registre: Registre, moteur: Moteur, membres: tuple[str, ...], *, reste: bool) -> None:
    """``total = Σ parties`` (plus un reste jamais montré), sur les unités où tout est connu."""
    if any(registre.periode not in moteur.list_periodes(m) for m in membres):
        return
    blocs = [moteur.read_bloc(m, registre.periode) for m in membres]
    if len({b.base for b in blocs}) > 1:
        return
    unites, valeurs = _read_membres(moteur, blocs)
    ecarts = valeurs[0] - valeurs[1:].sum(axis=0)
    with np.errstate(invalid="ignore"):
        justes = ecarts >= -JUSTE if reste else np.abs(ecarts) < JUSTE
    choix = np.flatnonzero(justes)
    if not len(choix):
        return
    cases = [registre.find(m, unites[choix], v[choix]) for m, v in zip(membres, valeurs, strict=True)]
    if reste:
        cases.append(registre.find(f"{membres[0]} - {membres[1]}", unites[choix], ecarts[choix]))
    groupes = np.tile(np.arange(len(choix)), len(cases) - 1)
    registre.chantier.relations.add_sommes(cases[0], np.concatenate(cases[1:]), groupes)


def relate_versions(registre: Registre, source: Source, versions: Sequence[pd.DataFrame]) -> None:
    """Lie entre elles les valeurs qu'une autre publication tenait : ses découpages valaient aussi pour elles."""
    for version in versions:
        seules = version[version.modalite == ""].drop_duplicates(["variable", "unite"])
        valeurs = seules.set_index(["unite", "variable"]).valeur.unstack("variable")  # noqa: PD010 -- rien à réduire
        for nom, declaree in source.variables.items():
            for parties in declaree.decoupages:
                membres = [nom, *parties]
                if set(membres) <= set(valeurs.columns):
                    _relate_version(registre, membres, valeurs[membres].dropna())


def _relate_version(registre: Registre, membres: list[str], valeurs: pd.DataFrame) -> None:
    """Le même découpage, là où une valeur au moins n'est plus celle d'aujourd'hui."""
    ecarts = valeurs[membres[0]] - valeurs[membres[1:]].sum(axis=1)
    justes = valeurs[ecarts.abs() < JUSTE]
    unites = justes.index.to_numpy(dtype=object)
    connues = np.array([registre.has(m, unites, justes[m].to_numpy()) for m in membres])
    actuelles = np.array([registre.is_courante(m, unites, justes[m].to_numpy()) for m in membres]).all(axis=0)
    choix = np.flatnonzero(connues.any(axis=0) & ~actuelles)
    if not len(choix):
        return
    cases = [registre.find(m, unites[choix], justes[m].to_numpy()[choix]) for m in membres]
    groupes = np.tile(np.arange(len(choix)), len(cases) - 1)
    registre.chantier.relations.add_sommes(cases[0], np.concatenate(cases[1:]), groupes)


def _read_membres(moteur: Moteur, blocs: list[Bloc]) -> tuple[Textes, NDArray[np.float64]]:
    lues = [read_valeurs(moteur, bloc, "") for bloc in blocs]
    niveau = blocs[0].base.maille
    return np.array([f"{niveau}:{code}" for code in lues[0][0]], dtype=object), np.array([v for _u, v in lues])


def relate_officiels(registre: Registre, moteur: Moteur) -> None:
    """Un total livré vaut la somme de ses unités, plus ce que le producteur n'a pas localisé.

    Sans reste, l'égalité est ce qu'un lecteur supposerait : l'attaquant la connaît. Entre deux niveaux
    livrés, de même.
    """
    a = registre.assemblage
    niveaux = a.atomes.unite.str.partition(":")[0]
    for variable, groupe in a.atomes[a.atomes.modalite == ""].groupby("variable", sort=False):
        nom = str(variable)
        if " × " in nom or registre.periode not in moteur.list_periodes(nom):
            continue
        bloc = moteur.read_bloc(nom, registre.periode)
        livres = [Maille(n) for n in niveaux[groupe.index].unique() if n != str(bloc.base.maille)]
        for maille in livres:
            _relate_officiel(registre, moteur, nom, bloc, maille)


def _relate_officiel(registre: Registre, moteur: Moteur, variable: str, bloc: Bloc, maille: Maille) -> None:
    lien = moteur.rattacheur.find(bloc.base, maille)
    officiel = moteur.read_bloc(variable, registre.periode, maille)
    if lien is None:
        return
    univers, totaux = read_valeurs(moteur, officiel, "")
    _codes, valeurs = read_valeurs(moteur, bloc, "")
    communs = univers.get_indexer(lien.codes_cible)
    sommes = lien.sum(np.nan_to_num(valeurs)[lien.base])
    entiers = ~lien.any(~lien.entier | np.isnan(valeurs[lien.base]))
    attendus = np.where(communs >= 0, totaux[communs], np.nan)
    with np.errstate(invalid="ignore"):
        choix = np.flatnonzero(entiers & (attendus - sommes >= -JUSTE))
    if not len(choix):
        return
    noms = np.array([f"{maille}:{code}" for code in lien.codes_cible[choix]], dtype=object)
    cases_totaux = registre.find(variable, noms, attendus[choix])
    garde = np.isin(lien.cible, choix)
    unites = np.array([f"{bloc.base.maille}:{c}" for c in moteur.rattacheur.univers(bloc.base)], dtype=object)
    enfants = registre.find(variable, unites[lien.base[garde]], valeurs[lien.base[garde]])
    groupes = np.searchsorted(choix, lien.cible[garde])
    restes = attendus[choix] - sommes[choix]
    avec_reste = np.flatnonzero(restes > JUSTE)
    inconnus = registre.find(f"{variable} : non localisés", noms[avec_reste], restes[avec_reste], publique=True)
    registre.chantier.relations.add_sommes(
        cases_totaux, np.concatenate([enfants, inconnus]), np.concatenate([groupes, avec_reste])
    )
