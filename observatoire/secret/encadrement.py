"""Encadrement : ce que le lecteur d'une donnée déjà protégée peut légitimement savoir (méthodes §3.3).

Un effectif masqué de 1 à 4, un effectif arrondi à 5, un total publié au-dessus : chacun borne les autres.
Aucune valeur ne change ; seules des bornes se resserrent, et jamais jusqu'à nommer ce qui est masqué. Nos
propres sommes n'apprennent rien de leurs parties : seuls comptent les chiffres livrés par le producteur.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.mesures.intervalles import Vecteur, bounds_of_ratio
from observatoire.mesures.propagation import Bornes
from observatoire.mesures.statuts import COUVERTURE_COMPLETE
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.indicateurs import Agregation, Indicateur, TypeMesure
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import RegleSecret
from observatoire.modeles.statuts import Statut
from observatoire.secret.encadrement_livrees import Liens, is_sommable, list_liees
from observatoire.secret.encadrement_niveaux import Desaccords, Groupe, bound_variable

__all__ = ["Liens", "list_liees", "tighten_observations"]

_TYPES = frozenset({TypeMesure.EFFECTIF, TypeMesure.RATIO, TypeMesure.DENSITE})
_GAIN = 1e-9
_DECIMALES = 9
_EXEMPLES = 3


def tighten_observations(
    observations: pd.DataFrame, indicateur: Indicateur, regle: RegleSecret, liens: Liens
) -> tuple[pd.DataFrame, tuple[Anomalie, ...]]:
    """Resserre les bornes des observations d'un indicateur de mode P.

    Une ligne masquée reçoit les bornes qui se déduisent du publié, une ligne arrondie voit les siennes se
    resserrer autour de sa valeur ; aucune autre ligne, aucune valeur, aucun statut ne change.

    Args:
        observations: lignes d'un indicateur (``store.schema.OBSERVATIONS``), telles que le moteur les rend.
        indicateur: sa fiche.
        regle: sa règle de secret ; rien n'est fait en mode C.
        liens: liens entre les chiffres des producteurs.

    Returns:
        Les observations, et ce qui ne va pas dans les totaux publiés (jamais une exception).
    """
    if not _is_concerned(indicateur, regle, liens):
        return observations, ()
    secret = (observations.statut == str(Statut.SECRET)).to_numpy()
    complete = observations.couverture.to_numpy() >= COUVERTURE_COMPLETE
    arrondi = (observations.statut == str(Statut.ARRONDI)).to_numpy() & complete
    touchees = np.flatnonzero(secret | arrondi)
    if not len(touchees):
        return observations, ()
    lues = observations.iloc[touchees]
    inf, sup = lues.borne_inf.to_numpy(copy=True), lues.borne_sup.to_numpy(copy=True)
    desaccords: list[Desaccords] = []
    for etape, places in _list_etapes(lues, indicateur, regle, liens):
        secretes = secret[touchees[places]]
        mailles = lues.maille.iloc[places].astype("str").to_numpy()
        if not etape.can_learn(secret=bool(secretes.any())):
            continue
        voulues = frozenset(Maille(m) for m in set(mailles))
        for maille in sorted(voulues):
            ici = mailles == maille
            deduites, connues = etape.bound(maille, voulues, lues.code_territoire.iloc[places[ici]])
            lignes = places[ici]
            anciennes = Bornes(inf[lignes], sup[lignes])
            valeur = lues.valeur.to_numpy()[lignes]
            serrees = _narrow(anciennes, deduites, valeur, connues)
            masquees = _show(deduites, etape.plafond)
            inf[lignes] = np.where(secretes[ici], masquees.inf, serrees.inf)
            sup[lignes] = np.where(secretes[ici], masquees.sup, serrees.sup)
        desaccords += etape.list_desaccords(voulues)
    return _replace(observations, touchees, Bornes(inf, sup)), tuple(_report(indicateur, desaccords))


def _is_concerned(indicateur: Indicateur, regle: RegleSecret, liens: Liens) -> bool:
    if regle.mode != "P" or indicateur.type_mesure not in _TYPES or indicateur.poids:
        return False
    if indicateur.agregation_retenue is Agregation.INTERDITE:
        return False
    catalogue = liens.moteur.catalogue
    if not is_sommable(catalogue.variable(indicateur.numerateur)):
        return False
    if indicateur.denominateur is None:
        return indicateur.type_mesure is TypeMesure.EFFECTIF
    den = catalogue.variable(indicateur.denominateur)
    return den.additive and not den.categorie and not den.negatif


def _list_etapes(
    lues: pd.DataFrame, indicateur: Indicateur, regle: RegleSecret, liens: Liens
) -> Iterator[tuple[_Etape, NDArray[np.intp]]]:
    cles = lues[["periode", "periode_denominateur"]].astype("str")
    for cle, places in cles.groupby(["periode", "periode_denominateur"], sort=True).indices.items():
        if isinstance(cle, tuple):
            yield _Etape(indicateur, regle, liens, str(cle[0]), str(cle[1])), np.asarray(places, dtype=np.intp)


@dataclass(frozen=True)
class _Etape:
    """Un indicateur, à une période de son numérateur et de son dénominateur."""

    indicateur: Indicateur
    regle: RegleSecret
    liens: Liens
    periode: str
    periode_denominateur: str

    @property
    def plafond(self) -> float:
        """Valeur qu'un rapport ne peut dépasser ; infinie si rien ne le borne par nature."""
        return self.indicateur.multiplicateur if self.indicateur.est_part else np.inf

    @property
    def roles(self) -> tuple[tuple[str, str], ...]:
        """Variables employées, et leur période."""
        num = (self.indicateur.numerateur, self.periode)
        den = self.indicateur.denominateur
        return (num,) if den is None else (num, (den, self.periode_denominateur))

    def can_learn(self, *, secret: bool) -> bool:
        """Vrai si autre chose que l'arrondi de chaque unité peut borner une ligne."""
        return secret or any(
            len(self.liens.list_niveaux(variable, periode)) > 1 or self.liens.has_voisines(variable)
            for variable, periode in self.roles
        )

    def bound(self, maille: Maille, voulues: frozenset[Maille], codes: pd.Series) -> tuple[Bornes, NDArray[np.bool_]]:
        """Bornes déduites, en unités montrées (``nan`` : aucune), et lignes dont chaque unité est bornée."""
        officiel = all(
            maille in self.liens.list_niveaux(v, p) for v, p in self.roles
        ) and maille is not self._maille_of(self.indicateur.numerateur)
        groupes = [self._find_groupe(v, p, maille, voulues, officiel=officiel) for v, p in self.roles]
        pris = [_take(g, codes) for g in groupes]
        connues = np.logical_and.reduce([np.isfinite(depart.sup) for _, depart in pris])
        num = pris[0][0]
        facteur = self.indicateur.multiplicateur
        if len(pris) == 1:
            return Bornes(num.inf * facteur, num.sup * facteur), connues
        den = pris[1][0]
        inf, sup = bounds_of_ratio(num, den, part=self.indicateur.est_part)
        bas, haut = np.where(np.isnan(inf), 0.0, inf), np.where(np.isnan(sup), np.inf, sup)
        return Bornes(bas * facteur, haut * facteur), connues

    def list_desaccords(self, voulues: frozenset[Maille]) -> list[Desaccords]:
        """Ce que les totaux de chaque variable ont de contradictoire."""
        return [bound_variable(self.liens, v, p, voulues, self._regle_of(v)).desaccords for v, p in self.roles]

    def _find_groupe(
        self, variable: str, periode: str, maille: Maille, voulues: frozenset[Maille], *, officiel: bool
    ) -> Groupe | None:
        encadrees = bound_variable(self.liens, variable, periode, voulues, self._regle_of(variable))
        return encadrees.groupes.get((maille, officiel and maille is not self._maille_of(variable)))

    def _maille_of(self, variable: str) -> Maille:
        return self.liens.find_source(variable).maille

    def _regle_of(self, variable: str) -> RegleSecret | None:
        """La règle est celle du producteur du numérateur : elle ne dit rien d'une autre source."""
        return self.regle if self.liens.find_source(variable).id == self.indicateur.source else None


class _Pris(NamedTuple):
    bornes: Bornes
    depart: Bornes


def _take(groupe: Groupe | None, codes: pd.Series) -> _Pris:
    """Bornes des territoires voulus ; un territoire inconnu n'en a pas."""
    n = len(codes)
    libres = Bornes(np.zeros(n), np.full(n, np.inf))
    if groupe is None or not len(groupe.codes):
        return _Pris(libres, libres)
    places = groupe.codes.get_indexer(pd.Index(codes.astype("str")))
    connu = places >= 0

    def pick(bornes: Bornes) -> Bornes:
        return Bornes(np.where(connu, bornes.inf[places], 0.0), np.where(connu, bornes.sup[places], np.inf))

    return _Pris(pick(groupe.bornes), pick(groupe.depart))


def _narrow(anciennes: Bornes, deduites: Bornes, valeur: Vecteur, connues: NDArray[np.bool_]) -> Bornes:
    """Resserre des bornes connues, sans jamais laisser dehors la valeur montrée."""
    possible = connues & (deduites.inf <= deduites.sup)
    bas, haut = np.minimum(deduites.inf, valeur), np.maximum(deduites.sup, valeur)
    monte = possible & (bas > anciennes.inf + _GAIN * (1.0 + np.abs(bas)))
    baisse = possible & (haut < anciennes.sup - _GAIN * (1.0 + np.abs(haut)))
    return Bornes(
        np.where(monte, np.round(bas, _DECIMALES), anciennes.inf),
        np.where(baisse, np.round(haut, _DECIMALES), anciennes.sup),
    )


def _show(deduites: Bornes, plafond: float) -> Bornes:
    """Bornes d'une ligne masquée ; aucune quand on n'a rien appris."""
    muette = (deduites.inf <= 0.0) & (deduites.sup >= plafond)
    sans_haut = muette | np.isinf(deduites.sup)
    return Bornes(
        np.where(muette, np.nan, np.round(deduites.inf, _DECIMALES)),
        np.where(sans_haut, np.nan, np.round(np.where(sans_haut, 0.0, deduites.sup), _DECIMALES)),
    )


def _replace(observations: pd.DataFrame, places: NDArray[np.intp], bornes: Bornes) -> pd.DataFrame:
    inf, sup = observations.borne_inf.to_numpy(copy=True), observations.borne_sup.to_numpy(copy=True)
    memes = np.array_equal(inf[places], bornes.inf, equal_nan=True)
    if memes and np.array_equal(sup[places], bornes.sup, equal_nan=True):
        return observations
    inf[places], sup[places] = bornes.inf, bornes.sup
    return observations.assign(borne_inf=inf, borne_sup=sup)


def _report(indicateur: Indicateur, desaccords: list[Desaccords]) -> Iterator[Anomalie]:
    """Ce qu'un producteur doit savoir de ses totaux ; jamais une case masquée ni sa valeur."""
    fiche = f"_sources/{indicateur.source}.yaml"
    totaux = list(dict.fromkeys(t for d in desaccords for t in d.totaux))
    if totaux:
        noms = ", ".join(f"{m.libelle} {code}" for m, code in totaux[:_EXEMPLES]) + (
            "…" if len(totaux) > _EXEMPLES else ""
        )
        yield Anomalie(
            "totaux_incompatibles",
            Gravite.A_REGARDER,
            fiche,
            f"« {indicateur.id} » : {len(totaux)} total(aux) publié(s) contredisent leurs parties ({noms}) ; "
            "les intervalles n'en tiennent pas compte.",
            suggestion="Vérifiez que les niveaux viennent de la même livraison et comptent la même chose.",
        )
    if unites := sum(d.unites for d in desaccords):
        yield Anomalie(
            "sommes_incompatibles",
            Gravite.A_REGARDER,
            fiche,
            f"« {indicateur.id} » : dans {unites} territoire(s), des variables contredisent leur total déclaré ; "
            "les intervalles n'en tiennent pas compte.",
            suggestion="Vérifiez « total_de », « partitions », « au_plus » et l'arrondi déclaré.",
        )
    if any(d.majorants for d in desaccords):
        yield Anomalie(
            "totaux_non_repartis",
            Gravite.INFORMATION,
            fiche,
            f"« {indicateur.id} » : des totaux publiés dépassent la somme de leurs parties ; "
            "ils ne servent que de plafond.",
        )
    if deductibles := sum(d.deductibles for d in desaccords):
        yield Anomalie(
            "secret_deductible",
            Gravite.A_REGARDER,
            fiche,
            f"« {indicateur.id} » : {deductibles} valeur(s) masquée(s) se retrouveraient par soustraction des totaux "
            "publiés ; leur intervalle n'est pas resserré.",
            suggestion="Signalez-le au producteur : son secret secondaire est incomplet.",
        )
