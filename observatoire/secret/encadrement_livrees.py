"""Ce qu'un producteur a livré : bornes de ses unités, et sommes qu'il déclare d'une variable à l'autre."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.calculs.liens import Base, Lien
from observatoire.calculs.moteur import Moteur
from observatoire.ingestion.colonnes import find_millesime
from observatoire.ingestion.controles.contexte import is_effectif
from observatoire.mesures.intervalles import bounds_of_masque
from observatoire.mesures.propagation import JEU, Booleens, Bornes, Sommes, tighten_sommes
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import Agregat, RegleSecret, Source, VariableSource
from observatoire.modeles.statuts import Statut

T = TypeVar("T")
_SANS_SOMME = frozenset({Agregat.MAXIMUM, Agregat.PRESENCE})
CALCULS_GARDES = 250
"""Calculs gardés d'un indicateur à l'autre : un demi-million de nombres chacun, au plus."""
SEUIL_UTILE = 2
"""Sous ce seuil, une règle ne masque aucun effectif."""


_Relation = tuple[str, tuple[str, ...], bool]
"""Total, parties, et si leur somme vaut le total (sinon elle ne fait que ne pas le dépasser)."""


class Livrees(NamedTuple):
    """Unités d'une variable, rangées sur l'univers de leur base.

    Attributes:
        base: unités, telles que livrées.
        depart: bornes que chaque unité tient d'elle-même (arrondi, masque du producteur).
        bornes: resserrées par les sommes que la source déclare entre ses variables.
        secret: unités masquées par le producteur.
        comptees: vrai si l'on peut raisonner sur des sommes : des effectifs entiers, jamais négatifs.
        discordes: unités où ces sommes se contredisent.
    """

    base: Base
    depart: Bornes
    bornes: Bornes
    secret: Booleens
    comptees: bool
    discordes: int


class _Cases(NamedTuple):
    """Cases d'une variable lues du socle, rangées sur l'univers de leur base.

    ``entiere`` : ses valeurs sûres sont des nombres entiers.
    """

    depart: Bornes
    secret: Booleens
    entiere: bool


class _Voisines(NamedTuple):
    """Bornes de variables que des sommes relient, et nombre d'unités en désaccord."""

    bornes: dict[str, Bornes]
    discordes: int


@dataclass
class Liens:
    """Liens entre les chiffres d'un producteur : niveaux qu'il livre, territoires et variables qu'il totalise.

    Attributes:
        moteur: moteur qui calcule les indicateurs ; ses variables sont lues, jamais changées.
        exacts: variables et périodes d'effectifs exacts : rien n'en est lu, car rien n'en est publié tel quel.
        memoire: ce qui a déjà été calculé, car bien des indicateurs partagent leurs variables.
    """

    moteur: Moteur
    exacts: frozenset[tuple[str, str]] = frozenset()
    memoire: dict[tuple[object, ...], object] = field(default_factory=dict, repr=False)

    def recall(self, cle: tuple[object, ...], compute: Callable[[], T]) -> T:
        """Rend ce qui a été calculé sous cette clé, ou le calcule ; le plus ancien s'oublie."""
        if cle not in self.memoire:
            calcule = compute()
            while len(self.memoire) >= CALCULS_GARDES:
                del self.memoire[next(iter(self.memoire))]
            self.memoire[cle] = calcule
        return cast("T", self.memoire[cle])

    def clear(self) -> None:
        """Oublie tous les calculs."""
        self.memoire.clear()

    def list_niveaux(self, variable: str, periode: str) -> frozenset[Maille]:
        """Niveaux auxquels le producteur a livré une variable, pour une période."""
        return frozenset(Maille(m) for p, m in self._index(variable) if p == periode)

    def find_source(self, variable: str) -> Source:
        """Source qui déclare une variable."""
        return self.moteur.catalogue.source_of(variable)

    def find_lien(self, base: Base, maille: Maille) -> Lien | None:
        """Rattachement d'unités à un niveau."""
        return self.moteur.rattacheur.find(base, maille)

    def has_voisines(self, variable: str) -> bool:
        """Vrai si la source déclare une somme ou un plafond où paraît cette variable."""
        return bool(_list_relations(self.find_source(variable), variable))

    def permits_egalite(self, variable: str, periode: str) -> bool:
        """Vrai si la source ne déclare aucune ligne laissée de côté : la somme des parties peut être le total.

        Des personnes que le producteur n'a pas su situer sont dans son total, jamais dans ses communes.
        """
        source = self.find_source(variable)
        ecartees = bool(source.codes_ignores or source.filtres or source.exclure_si_rempli)
        ecartees |= bool(find_millesime(source, periode).codes_ignores)
        return not (ecartees or any(n.codes_ignores for n in source.niveaux))

    def read(self, variable: str, periode: str, maille: Maille, regle: RegleSecret | None) -> Livrees | None:
        """Unités livrées d'une variable à un niveau ; ``None`` si rien n'y est livré.

        Args:
            variable: variable.
            periode: période.
            maille: niveau de la livraison.
            regle: règle du producteur de cette variable ; ``None`` si ce n'est pas la sienne.
        """
        base = self._find_base(variable, periode, maille)
        propre = self._read_cases(variable, periode, base, regle) if base is not None else None
        if base is None or propre is None:
            return None
        source = self.find_source(variable)
        comptees = propre.entiere and is_sommable(source.variables[variable])
        relations = _list_relations(source, variable) if comptees else []
        noms = sorted({n for total, parties, _ in relations for n in (total, *parties)})
        if not noms:
            return Livrees(base, propre.depart, propre.depart, propre.secret, comptees, 0)
        cle = ("voisines", tuple(noms), periode, base, regle.id if regle else "")
        voisines = self.recall(cle, lambda: self._tighten_voisines(noms, relations, periode, base, regle))
        bornes = voisines.bornes.get(variable, propre.depart)
        return Livrees(base, propre.depart, bornes, propre.secret, comptees, voisines.discordes)

    def _tighten_voisines(
        self, noms: list[str], relations: list[_Relation], periode: str, base: Base, regle: RegleSecret | None
    ) -> _Voisines:
        source = self.find_source(noms[0])
        cases = {n: self._read_cases(n, periode, base, regle) for n in noms}
        lues = [c for c in cases.values() if c is not None]
        if not all(is_sommable(source.variables[n]) for n in noms) or not all(c.entiere for c in lues):
            return _Voisines({}, 0)
        nombre = len(lues[0].secret)
        vides = Bornes(np.zeros(nombre), np.full(nombre, np.inf))
        return _tighten_sommes(noms, relations, [vides if c is None else c.depart for c in cases.values()])

    def _read_cases(self, variable: str, periode: str, base: Base, regle: RegleSecret | None) -> _Cases | None:
        cle = ("cases", variable, periode, base, regle.id if regle else "")
        return self.recall(cle, lambda: self._load_cases(variable, periode, base, regle))

    def _load_cases(self, variable: str, periode: str, base: Base, regle: RegleSecret | None) -> _Cases | None:
        places = self._index(variable).get((periode, str(base.maille)))
        if places is None or (variable, periode) in self.exacts:
            return None
        t = self.moteur.variables
        if str(t.cog.iloc[places[0]]) != base.cog:
            return None
        rangs = self._rank_codes(base)[t.code_territoire.cat.codes.to_numpy()[places]]
        connus, rangs = rangs >= 0, rangs[rangs >= 0]
        nombre = len(self.moteur.rattacheur.univers(base))
        if len(rangs) and int(np.bincount(rangs).max()) > 1:
            return None
        lignes = t[["valeur", "borne_inf", "borne_sup", "statut"]].iloc[places[connus]]
        valeur, statut = lignes.valeur.to_numpy(), lignes.statut
        connue = ~np.isnan(valeur)
        secretes = (statut == str(Statut.SECRET)).to_numpy() & ~connue
        sures = valeur[connue & (statut != str(Statut.ESTIME)).to_numpy()]
        inf, sup, secret = np.zeros(nombre), np.full(nombre, np.inf), np.zeros(nombre, dtype=bool)
        bas, haut = lignes.borne_inf.to_numpy(), lignes.borne_sup.to_numpy()
        inf[rangs] = np.where(connue & ~np.isnan(bas), np.maximum(bas, 0.0), 0.0)
        sup[rangs] = np.where(connue & ~np.isnan(haut), haut, np.inf)
        secret[rangs] = secretes
        masque = find_masque(regle, self.find_source(variable).variables[variable])
        if masque is not None:
            inf[secret], sup[secret] = masque
        return _Cases(Bornes(inf, sup), secret, bool((np.abs(sures - np.round(sures)) <= JEU).all()))

    def _rank_codes(self, base: Base) -> NDArray[np.intp]:
        """Place, dans l'univers d'une base, de chaque code rangé en catégorie."""
        categories = self.moteur.variables.code_territoire.cat.categories
        univers = self.moteur.rattacheur.univers(base)
        return self.recall(("codes", base), lambda: univers.get_indexer(pd.Index(categories)))

    def _find_base(self, variable: str, periode: str, maille: Maille) -> Base | None:
        places = self._index(variable).get((periode, str(maille)))
        if places is None:
            return None
        source = self.find_source(variable)
        rattachement = source.id if source.rattachement and maille is source.maille else ""
        return Base(maille, str(self.moteur.variables.cog.iloc[places[0]]), rattachement)

    def _index(self, variable: str) -> dict[tuple[str, str], NDArray[np.intp]]:
        """Places des lignes d'une variable, par période et niveau."""
        return self.recall(("places", variable), lambda: _group_places(self.moteur.variables, variable))


def _group_places(variables: pd.DataFrame, variable: str) -> dict[tuple[str, str], NDArray[np.intp]]:
    siennes = np.flatnonzero((variables.variable == variable).to_numpy())
    cles = variables[["periode", "maille"]].iloc[siennes]
    groupes = cles.groupby(["periode", "maille"], observed=True, sort=False).indices
    return {
        (str(cle[0]), str(cle[1])): siennes[np.asarray(places)]
        for cle, places in groupes.items()
        if isinstance(cle, tuple)
    }


def is_sommable(variable: VariableSource) -> bool:
    """Vrai si la somme d'une variable a un sens et ne compte que des quantités positives, telles que lues."""
    return (
        variable.additive
        and not variable.categorie
        and not variable.negatif
        and variable.facteur == 1.0
        and variable.agregat not in _SANS_SOMME
    )


def find_masque(regle: RegleSecret | None, variable: VariableSource) -> tuple[float, float] | None:
    """Bornes d'un effectif que la règle dit masqué parce qu'il est petit ; ``None`` si elle ne le dit pas."""
    if regle is None or not regle.masque_sous_seuil or regle.seuil < SEUIL_UTILE:
        return None
    if not (is_effectif(variable) and is_sommable(variable)):
        return None
    return bounds_of_masque(regle.seuil, zeros_publies=regle.zeros_publies)


def list_liees(catalogue: Catalogue, variables: Iterable[str]) -> frozenset[str]:
    """Variables que des sommes et plafonds déclarés relient à celles-ci : sans elles, des bornes plus larges."""
    relations = (r for v in variables for r in _list_relations(catalogue.source_of(v), v))
    return frozenset(n for total, parties, _ in relations for n in (total, *parties))


def _list_relations(source: Source, variable: str) -> list[_Relation]:
    """Sommes et plafonds déclarés que des variables communes rattachent à une variable."""
    toutes = list(_declared(source))
    jointes, liees = {variable}, list[_Relation]()
    while True:
        neuves = [r for r in toutes if r not in liees and jointes & {r[0], *r[1]}]
        if not neuves:
            return liees
        liees += neuves
        jointes |= {n for total, parties, _ in neuves for n in (total, *parties)}


def _declared(source: Source) -> Iterator[_Relation]:
    for nom, variable in source.variables.items():
        for parties in variable.decoupages:
            if all(p in source.variables for p in parties):
                yield nom, parties, True
        if variable.au_plus in source.variables and variable.au_plus is not None:
            yield variable.au_plus, (nom,), False


def _tighten_sommes(noms: list[str], relations: list[_Relation], departs: list[Bornes]) -> _Voisines:
    """Resserre des variables l'une par l'autre, unité par unité ; et compte les unités en désaccord."""
    inf, sup = np.array([d.inf for d in departs]), np.array([d.sup for d in departs])
    lues = np.isfinite(sup).any(axis=0) | (inf > 0).any(axis=0)
    utiles = np.flatnonzero((sup > inf).any(axis=0) & lues)
    m, rang = len(utiles), {n: i for i, n in enumerate(noms)}
    if not m:
        return _Voisines(dict(zip(noms, departs, strict=True)), 0)
    unites = np.arange(m)
    couples = [(j, rang[p]) for j, (_, parties, _) in enumerate(relations) for p in parties]
    sommes = Sommes(
        relation=np.concatenate([j * m + unites for j, _ in couples]),
        enfant=np.concatenate([i * m + unites for _, i in couples]),
        parent=np.concatenate([rang[total] * m + unites for total, _, _ in relations]),
        egale=np.repeat([egale for _, _, egale in relations], m),
        sure=np.zeros(len(relations) * m, dtype=bool),
    )
    resserrees = tighten_sommes(sommes, Bornes(inf[:, utiles].ravel(), sup[:, utiles].ravel()))
    inf[:, utiles] = resserrees.bornes.inf.reshape(len(noms), m)
    sup[:, utiles] = resserrees.bornes.sup.reshape(len(noms), m)
    bornes = {n: Bornes(inf[i], sup[i]) for n, i in rang.items()}
    return _Voisines(bornes, len(np.unique(resserrees.ecartees % m)))
