"""Ce que chacun sait d'une variable avant qu'une zone soit demandée : ni valeur, ni borne, ni promesse.

Est connu ce qui a été publié une fois, dans quelque publication que ce soit, et toute zone accordée, à
quiconque.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.mailles import Maille
from observatoire.registres.diffusions import Diffusion
from observatoire.secret.differenciation import Diffuse
from observatoire.secret.systeme import Booleens

_RANGEE = ["maille", "code_territoire", "variante"]
"""Ce qui désigne un chiffre montré d'une variable ; la variante dit de quelles unités il est fait."""


class Protegees(NamedTuple):
    """Ce que le socle garde d'une publication, réduit à une période et à des variables.

    Attributes:
        cases: cases gardées ; ``zones_public`` n'en lit ni valeur, ni borne, ni promesse.
        compositions: unités de chaque chiffre montré.
    """

    cases: pd.DataFrame
    compositions: pd.DataFrame


def find_famille(catalogue: Catalogue, variables: Collection[str]) -> frozenset[str]:
    """Variables liées, de proche en proche : parties, totaux, « au plus », de la même source."""
    liees: set[str] = set()
    a_voir = set(variables)
    while a_voir:
        liees |= a_voir
        groupes = [g for v in a_voir for g in _list_groupes(catalogue, v)]
        a_voir = set().union(*groupes) - liees
    return frozenset(liees)


def _list_groupes(catalogue: Catalogue, variable: str) -> Iterable[set[str]]:
    """Ensembles de variables liées par une relation où celle-ci figure."""
    for nom, declaree in catalogue.source_of(variable).variables.items():
        groupes = [{nom, *parties} for parties in declaree.decoupages]
        groupes += [{nom, declaree.au_plus}] if declaree.au_plus else []
        yield from (g for g in groupes if variable in g)


def build_diffuse(publications: Sequence[Protegees], habitants: pd.Series, variable: str) -> tuple[pd.Index, Diffuse]:
    """Unités d'une variable, et son état public avant toute zone.

    Args:
        publications: ce que le socle garde de chacune.
        habitants: habitants par commune.
        variable: variable exacte.
    """
    vues = pd.concat([_list_montrees(p.cases, variable) for p in publications], ignore_index=True)
    # Une case publiée une fois reste connue, même masquée ensuite.
    rangees = vues.groupby(_RANGEE).masquee.all().reset_index()
    compositions = pd.concat([p.compositions for p in publications]).drop_duplicates(_RANGEE)
    membres = _list_membres(rangees, compositions)
    base = rangees.maille.to_numpy() == str(Maille.COMMUNE)
    cachees = rangees.masquee.to_numpy(dtype=bool)
    unites = pd.Index(sorted({*membres.commune, *rangees.code_territoire[base]}))
    lignes, colonnes = membres.rangee.to_numpy(dtype=np.intp), unites.get_indexer(pd.Index(membres.commune))
    incidence = sparse.csr_matrix((np.ones(len(lignes)), (lignes, colonnes)), shape=(len(rangees), len(unites)))
    return unites, Diffuse(
        habitants=habitants.reindex(unites).fillna(0.0).to_numpy(dtype=float),
        masquees=~np.asarray(unites.isin(rangees.code_territoire[base & ~cachees])),
        territoires=incidence[np.flatnonzero(~base & ~cachees)],
        voisins=sparse.csr_matrix((0, len(unites))),
        caches=incidence[np.flatnonzero(~base & cachees)],
    )


def _list_montrees(cases: pd.DataFrame, variable: str) -> pd.DataFrame:
    """Chiffres montrés d'une variable, toutes modalités réunies : où, de quoi faits, masqués ou non."""
    if cases.empty:
        return pd.DataFrame(columns=[*_RANGEE, "masquee"])
    siennes = (cases.variable == variable) & (cases.modalite == "") & cases.maille.isin([str(m) for m in Maille])
    return cases.loc[siennes, [*_RANGEE, "masquee"]].astype({**dict.fromkeys(_RANGEE, "str"), "masquee": bool})


def _list_membres(rangees: pd.DataFrame, compositions: pd.DataFrame) -> pd.DataFrame:
    """Communes dont chaque rangée est faite : ``rangee`` (son rang) et ``commune``.

    Une unité qu'aucune commune montrée ne contient compte pour elle-même : elle reste inconnue.
    """
    faites = rangees[_RANGEE].assign(rangee=np.arange(len(rangees)))
    unites = faites.merge(compositions, on=_RANGEE).explode("unites", ignore_index=True)
    de_commune = unites[unites.maille == str(Maille.COMMUNE)].drop_duplicates("unites")
    communes = de_commune.set_index("unites").code_territoire
    unites["commune"] = unites.unites.map(communes).fillna(unites.unites)
    return unites.drop_duplicates(["rangee", "commune"])[["rangee", "commune"]]


def add_zones(diffuse: Diffuse, communes: pd.Index, variable: str, accordees: Iterable[Diffusion]) -> Diffuse:
    """État public une fois connues les zones accordées de la variable et de celles qui lui sont liées."""
    propres, liees = list[Booleens](), list[Booleens]()
    for zone in accordees:
        (propres if variable in zone.variables else liees).append(np.asarray(communes.isin(zone.unites)))
    territoires = sparse.vstack([diffuse.territoires, _stack(propres, len(communes))], format="csr")
    return replace(diffuse, territoires=territoires, voisins=_stack(liees, len(communes)))


def _stack(zones: Sequence[Booleens], nombre: int) -> sparse.csr_matrix:
    return sparse.csr_matrix(np.array(zones, dtype=float).reshape(-1, nombre))
