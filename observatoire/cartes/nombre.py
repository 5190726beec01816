"""Nombre déduit d'un rapport : le numérateur publié, ses bornes et son statut, sans rien dire de plus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from observatoire.analyse.corrections import COLONNE, shorten_corrections
from observatoire.mesures.statuts import COUVERTURE_COMPLETE
from observatoire.modeles.statuts import STATUTS_SANS_VALEUR, Statut

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from observatoire.modeles.indicateurs import Indicateur

_ENTIER = 100.0


def count_numerateur(indicateur: Indicateur, valeurs: pd.DataFrame) -> pd.DataFrame:
    """Valeurs du numérateur, à la place de celles du rapport."""
    statuts = valeurs["statut"].to_numpy(dtype=object)
    nombres = valeurs["numerateur"].to_numpy(dtype=np.float64, na_value=np.nan)
    cachees = _is_in(statuts, {str(s) for s in STATUTS_SANS_VALEUR})
    nombres = np.where(cachees, np.nan, nombres)
    statuts = _restate(statuts, valeurs, nombres)
    partielles = statuts == str(Statut.PARTIEL)
    exactes = ~_has_reserve(statuts, valeurs)
    inf, sup = _bound(indicateur, valeurs)
    inf = np.where(exactes, nombres, np.maximum(inf, 0.0))
    sup = np.where(partielles, np.nan, np.where(exactes, nombres, sup))
    if COLONNE in valeurs:
        valeurs = valeurs.assign(**{COLONNE: shorten_corrections(valeurs[COLONNE].tolist())})
    return valeurs.assign(
        valeur=nombres,
        borne_inf=np.where(np.isnan(nombres), np.nan, inf),
        borne_sup=np.where(np.isnan(nombres), np.nan, sup),
        statut=statuts,
        numerateur=nombres,
        denominateur=np.nan,
        periode_denominateur="",
    )


def _restate(statuts: NDArray[np.object_], valeurs: pd.DataFrame, nombres: NDArray[np.float64]) -> NDArray[np.object_]:
    """Statut du compte : celui du rapport, moins « non significatif », et « partiel » dès qu'une unité manque."""
    rendus = statuts.copy()
    fragiles = statuts == str(Statut.NON_SIGNIFICATIF)
    if fragiles.any():
        marques = valeurs["marques"].to_numpy(dtype=object)[fragiles]
        rendus[fragiles] = [_strongest(str(m)) for m in marques.tolist()]
    montrees = ~np.isnan(nombres)
    incomplets = valeurs["couverture"].to_numpy(dtype=np.float64, na_value=0.0) < COUVERTURE_COMPLETE
    rendus[montrees & incomplets] = str(Statut.PARTIEL)
    # Un numérateur absent n'a rien à montrer, quoi que promette le statut du rapport.
    rendus[~montrees & ~_is_in(rendus, {str(s) for s in STATUTS_SANS_VALEUR})] = str(Statut.NON_DISPONIBLE)
    return rendus


def _strongest(marques: str) -> str:
    connues = [Statut(m) for m in marques.split(",") if m]
    return str(max(connues, key=lambda s: s.rang, default=Statut.PUBLIE))


def _has_reserve(statuts: NDArray[np.object_], valeurs: pd.DataFrame) -> NDArray[np.bool_]:
    """Vrai si le compte est arrondi ou estimé, même sous un statut plus fort."""
    incertains = _is_in(statuts, {str(Statut.ARRONDI), str(Statut.ESTIME)})
    marques = valeurs["marques"].astype("str")
    marquees = marques.str.contains("arrondi|estime", regex=True) if (marques != "").any() else None
    if marquees is not None:
        incertains |= marquees.to_numpy(dtype=np.bool_, na_value=False)
    return incertains


def _bound(indicateur: Indicateur, valeurs: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Intervalle qui contient à coup sûr le compte."""
    inf, sup, denominateur = (
        valeurs[nom].to_numpy(dtype=np.float64, na_value=np.nan) for nom in ("borne_inf", "borne_sup", "denominateur")
    )
    facteur = denominateur / indicateur.multiplicateur
    coupees = indicateur.est_part & (sup >= _ENTIER)
    return inf * facteur, np.where(coupees, np.nan, sup * facteur)


def _is_in(statuts: NDArray[np.object_], voulus: set[str]) -> NDArray[np.bool_]:
    return np.fromiter((s in voulus for s in statuts.tolist()), dtype=np.bool_, count=len(statuts))
