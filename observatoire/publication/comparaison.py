"""Comparer deux jeux d'observations d'un même indicateur, territoire par territoire."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import union_categoricals

from observatoire.modeles.statuts import Statut

CLE = ("maille", "periode", "modalite", "code_territoire")
COLONNES = [
    "indicateur", *CLE, "avant", "apres", "statut_avant", "statut_apres", "ecart", "ampleur", "changement",
]  # fmt: skip
"""``ecart`` = après - avant ; ``ampleur`` = |écart| rapporté à la plus grande des deux valeurs (0 à 1, et
jusqu'à 2 si le signe change) ; elle range ensemble des indicateurs d'unités différentes."""
COLONNES_LUES = ["maille", "periode", "modalite", "code_territoire", "valeur", "borne_inf", "borne_sup", "statut"]
_PRECISION = 1e-12
_ABSENT = str(Statut.NON_DISPONIBLE)


class Changement(StrEnum):
    """Ce qui arrive à la valeur d'un territoire."""

    GAGNE = "gagne"
    """Une valeur paraît là où il n'y en avait pas."""
    PERDU = "perdu"
    """Une valeur disparaît."""
    REVISE = "revise"
    """La valeur change."""
    RUPTURE = "rupture"
    """Le statut change, la valeur non (publiée devenue estimée, secret devenu absence…)."""
    INTERVALLE = "intervalle"
    """Seul l'intervalle change."""

    @property
    def libelle(self) -> str:
        """Mot montré à l'usager."""
        return _LIBELLES[self]


_LIBELLES = {
    Changement.GAGNE: "gagné",
    Changement.PERDU: "perdu",
    Changement.REVISE: "révisé",
    Changement.RUPTURE: "statut changé",
    Changement.INTERVALLE: "intervalle changé",
}


_RANGS_CHANGEMENT = [str(c) for c in Changement]


def compare_observations(avant: pd.DataFrame, apres: pd.DataFrame, indicateur: str) -> pd.DataFrame:
    """Lignes qui changent d'un jeu à l'autre ; aucune s'ils disent la même chose.

    Une ligne absente et une ligne « non disponible » disent la même chose : on n'a pas de valeur.

    Args:
        avant: observations en ligne (au moins ``COLONNES_LUES``).
        apres: observations à venir.
        indicateur: identifiant recopié dans le résultat.

    Returns:
        Colonnes ``COLONNES``, les textes en catégories, les plus fortes révisions d'abord.
    """
    cles = {nom: _encode_ensemble(avant[nom], apres[nom]) for nom in CLE}
    gauche, droite = _align(cles, len(avant), len(apres))
    statuts = _encode_statuts(avant.statut, apres.statut)
    absent = statuts.rank_of(_ABSENT)
    statut_avant, statut_apres = _take(statuts.avant, gauche, absent), _take(statuts.apres, droite, absent)
    ancienne, nouvelle = _take(_to_float(avant.valeur), gauche), _take(_to_float(apres.valeur), droite)
    connue, connue_apres = ~np.isnan(ancienne), ~np.isnan(nouvelle)
    revise = connue & connue_apres & ~_same(ancienne, nouvelle)
    rupture = (statut_avant != statut_apres) & (connue == connue_apres) & ~revise
    bornes = np.zeros(len(gauche), dtype=bool)
    for nom in ("borne_inf", "borne_sup"):
        bornes |= ~_same(_take(_to_float(avant[nom]), gauche), _take(_to_float(apres[nom]), droite))
    changement = np.select(
        [~connue & connue_apres, connue & ~connue_apres, revise, rupture, connue & connue_apres & bornes],
        list(range(len(_RANGS_CHANGEMENT))),
        default=-1,
    )
    garde = np.flatnonzero(changement >= 0)
    ecart = nouvelle[garde] - ancienne[garde]
    plus_grande = np.fmax(np.abs(ancienne[garde]), np.abs(nouvelle[garde]))
    with np.errstate(invalid="ignore", divide="ignore"):
        ampleur = np.nan_to_num(np.where(plus_grande > 0, np.abs(ecart) / plus_grande, 0.0))
    choisis = {
        nom: np.where(droite >= 0, _take(c.apres, droite, -1), _take(c.avant, gauche, -1))[garde]
        for nom, c in cles.items()
    }
    textes = {nom: cles[nom].build(codes) for nom, codes in choisis.items()}
    resultat = pd.DataFrame(
        {
            "indicateur": pd.Categorical.from_codes(np.zeros(len(garde), np.int8), categories=pd.Index([indicateur])),
            **textes,
            "avant": ancienne[garde],
            "apres": nouvelle[garde],
            "statut_avant": statuts.build(statut_avant[garde]),
            "statut_apres": statuts.build(statut_apres[garde]),
            "ecart": ecart,
            "ampleur": ampleur,
            "changement": pd.Categorical.from_codes(changement[garde], categories=pd.Index(_RANGS_CHANGEMENT)),
        },
        columns=COLONNES,
        copy=False,
    )
    return sort_by_ampleur(resultat)


def sort_by_ampleur(lignes: pd.DataFrame) -> pd.DataFrame:
    """Range les lignes, les plus fortes révisions d'abord ; rien ne bouge s'il n'y en a pas."""
    ampleur = lignes.ampleur.to_numpy()
    if not ampleur.any():
        return lignes
    return lignes.iloc[np.argsort(-ampleur, kind="stable")].reset_index(drop=True)


def join_lignes(morceaux: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Réunit les lignes de plusieurs indicateurs, les plus fortes révisions d'abord."""
    pleins = [m for m in morceaux if not m.empty]
    if not pleins:
        return pd.DataFrame(columns=COLONNES)
    return sort_by_ampleur(join_categories(pleins))


def join_categories(tableaux: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Met bout à bout des tableaux de mêmes colonnes sans redéplier leurs textes rangés en catégories."""
    colonnes = {}
    for nom in tableaux[0].columns:
        parties = [t[nom] for t in tableaux]
        rangees = all(isinstance(p.dtype, pd.CategoricalDtype) for p in parties)
        colonnes[nom] = union_categoricals(parties) if rangees else pd.concat(parties, ignore_index=True)
    return pd.DataFrame(colonnes, copy=False)


class _Ensemble(NamedTuple):
    """Une colonne de textes des deux jeux, par le rang des textes dans une liste commune."""

    avant: NDArray[np.intp]
    apres: NDArray[np.intp]
    textes: pd.CategoricalDtype[Any]

    def rank_of(self, texte: str) -> int:
        return int(self.textes.categories.get_indexer(pd.Index([texte]))[0])

    def build(self, rangs: NDArray[Any]) -> pd.Categorical[str]:
        return pd.Categorical.from_codes(rangs, dtype=self.textes, validate=False)


def _encode_ensemble(avant: pd.Series, apres: pd.Series) -> _Ensemble:
    rangs_avant, textes_avant = _encode(avant)
    rangs_apres, textes_apres = _encode(apres)
    # Des milliers de codes, les mêmes d'un indicateur à l'autre : ne pas les ranger à nouveau.
    if textes_avant is textes_apres or textes_avant.categories.equals(textes_apres.categories):
        return _Ensemble(rangs_avant, rangs_apres, textes_avant)
    anciens, nouveaux = (pd.Index(t.categories, dtype=object) for t in (textes_avant, textes_apres))
    textes = anciens.append(nouveaux[anciens.get_indexer(nouveaux) < 0])
    passage = textes.get_indexer(nouveaux)
    return _Ensemble(rangs_avant, passage[rangs_apres] if len(passage) else rangs_apres, pd.CategoricalDtype(textes))


def _encode_statuts(avant: pd.Series, apres: pd.Series) -> _Ensemble:
    """Comme ``_encode_ensemble``, « non disponible » toujours compris : c'est le statut d'une ligne absente."""
    ensemble = _encode_ensemble(avant, apres)
    if ensemble.rank_of(_ABSENT) >= 0:
        return ensemble
    return ensemble._replace(textes=pd.CategoricalDtype([*ensemble.textes.categories, _ABSENT]))


def _encode(serie: pd.Series) -> tuple[NDArray[np.intp], pd.CategoricalDtype[Any]]:
    if isinstance(serie.dtype, pd.CategoricalDtype):
        return np.asarray(serie.cat.codes, dtype=np.intp), serie.dtype
    rangs, textes = pd.factorize(serie.to_numpy(dtype=object))
    return np.array(rangs, dtype=np.intp), pd.CategoricalDtype(pd.Index(textes, dtype=object))


def _align(
    cles: dict[str, _Ensemble], taille_avant: int, taille_apres: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rang de chaque territoire dans les deux jeux (-1 : il n'y est pas), après d'abord."""
    cle_avant, cle_apres = np.zeros(taille_avant, dtype=np.int64), np.zeros(taille_apres, dtype=np.int64)
    for ensemble in cles.values():
        cle_avant = cle_avant * len(ensemble.textes.categories) + ensemble.avant
        cle_apres = cle_apres * len(ensemble.textes.categories) + ensemble.apres
    if not taille_avant:
        return np.full(taille_apres, -1), np.arange(taille_apres)
    gauche = pd.Index(cle_avant).get_indexer(pd.Index(cle_apres))
    perdus = np.ones(taille_avant, dtype=bool)
    perdus[gauche[gauche >= 0]] = False
    seuls = np.flatnonzero(perdus)
    return np.concatenate([gauche, seuls]), np.concatenate([np.arange(taille_apres), np.full(len(seuls), -1)])


def _to_float(serie: pd.Series) -> NDArray[np.float64]:
    return serie.to_numpy(dtype=float, na_value=np.nan)


def _take(valeurs: NDArray[Any], rangs: NDArray[np.intp], absente: float = np.nan) -> NDArray[Any]:
    """Valeurs à ces rangs ; ``absente`` là où le rang vaut -1."""
    return np.append(valeurs, valeurs.dtype.type(absente))[rangs]


def _same(gauche: NDArray[np.float64], droite: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Égales à la précision du calcul, ou absentes toutes deux."""
    with np.errstate(invalid="ignore"):
        proches = np.abs(gauche - droite) <= _PRECISION * np.fmax(np.abs(gauche), np.abs(droite))
    return proches | (gauche == droite) | (np.isnan(gauche) & np.isnan(droite))
