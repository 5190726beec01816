"""Propagation de bornes dans des sommes emboîtées : ce que des totaux publiés disent de leurs parties.

Une passe resserre à la fois tous les totaux et toutes leurs parties ; on passe jusqu'à ce que rien ne
bouge. Sur une hiérarchie emboîtée le résultat est exact ; ailleurs il est juste mais large, et le moteur
de programmation linéaire finit les petits systèmes (méthodes §3.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from observatoire.mesures.intervalles import Vecteur
from observatoire.mesures.programmation_lineaire import (
    BornesImpossiblesError,
    CalculInacheveError,
    find_composantes,
    tighten_bounds,
)

Booleens = NDArray[np.bool_]
Places = NDArray[np.intp]
PASSES_MAX = 40
ESSAIS_MAX = 12
COMPOSANTE_MAX = 250
"""Nombre de cases au-delà duquel un système n'est pas fini par le moteur exact."""
EXACTES_MAX = 120
"""Nombre de cases finies par le moteur exact, en tout."""
JEU = 1e-6
_DECIMALES = 6


class Bornes(NamedTuple):
    """Bornes de cases positives : ``inf`` vaut au moins 0, ``sup`` est infinie si rien ne borne."""

    inf: Vecteur
    sup: Vecteur


class Resserrees(NamedTuple):
    """Bornes resserrées, et relations écartées parce qu'elles se contredisent."""

    bornes: Bornes
    ecartees: Places


@dataclass(frozen=True)
class Sommes:
    """Relations « la somme des enfants vaut le parent », ou « ne le dépasse pas ».

    Attributes:
        relation: relation de chaque enfant (e,).
        enfant: case de chaque enfant (e,).
        parent: case du total de chaque relation (r,).
        egale: la somme vaut le total (r,) ; sinon elle ne fait que ne pas le dépasser.
        sure: relation vraie par définition (r,), que rien ne fait écarter.
    """

    relation: Places
    enfant: Places
    parent: Places
    egale: Booleens
    sure: Booleens

    def keep(self, gardees: Booleens) -> Sommes:
        """Ne garde que ces relations."""
        places = np.cumsum(gardees) - 1
        ici = gardees[self.relation]
        return Sommes(
            places[self.relation[ici]],
            self.enfant[ici],
            self.parent[gardees],
            self.egale[gardees],
            self.sure[gardees],
        )

    def touch(self, cases: Booleens) -> Booleens:
        """Relations dont une case au moins est désignée."""
        par_enfant = np.bincount(self.relation, weights=cases[self.enfant], minlength=len(self.parent)) > 0
        return np.asarray(par_enfant | cases[self.parent], dtype=np.bool_)

    def to_matrice(self, cases: int) -> sparse.csr_matrix:
        """Matrice creuse (r, cases) : 1 pour un enfant, -1 pour le total."""
        r = len(self.parent)
        lignes = np.concatenate([self.relation, np.arange(r)])
        colonnes = np.concatenate([self.enfant, self.parent])
        signes = np.concatenate([np.ones(len(self.enfant)), -np.ones(r)])
        return sparse.csr_matrix((signes, (lignes, colonnes)), shape=(r, cases))


def tighten_sommes(sommes: Sommes, depart: Bornes, *, exactes: Booleens | None = None) -> Resserrees:
    """Resserre des bornes sachant des sommes ; jamais d'exception : ce qui se contredit est écarté.

    Une relation qui rend une case impossible est écartée avec toutes celles qui touchent cette case ; les
    cases gardent alors leurs bornes d'origine, ou ce que les autres relations en disent.

    Args:
        sommes: relations.
        depart: bornes de départ.
        exactes: cases à finir par le moteur exact, dans les petits systèmes à boucles ; aucune par défaut.
    """
    gardees = np.ones(len(sommes.parent), dtype=bool)
    for _essai in range(ESSAIS_MAX):
        bornes = _propagate(sommes.keep(gardees), depart)
        impossibles = _find_impossibles(bornes)
        if not impossibles.any():
            break
        coupables = sommes.touch(impossibles) & ~sommes.sure & gardees
        if not coupables.any():
            return Resserrees(depart, np.flatnonzero(~sommes.sure))
        gardees &= ~coupables
    else:
        return Resserrees(depart, np.flatnonzero(~sommes.sure))
    if exactes is not None and exactes.any():
        bornes = _finish(sommes.keep(gardees), depart, bornes, exactes)
    return Resserrees(bornes, np.flatnonzero(~gardees))


def _find_impossibles(bornes: Bornes) -> Booleens:
    with np.errstate(invalid="ignore"):
        return np.asarray(bornes.inf > bornes.sup + JEU * (1.0 + np.abs(bornes.inf)), dtype=np.bool_)


def _propagate(sommes: Sommes, depart: Bornes) -> Bornes:
    """Passes jusqu'au point fixe ; s'arrête dès qu'une case devient impossible."""
    bornes = Bornes(depart.inf.copy(), depart.sup.copy())
    if not len(sommes.parent):
        return bornes
    for _passe in range(PASSES_MAX):
        avant = Bornes(bornes.inf.copy(), bornes.sup.copy())
        _pass_once(sommes, avant, bornes)
        if _find_impossibles(bornes).any():
            break
        with np.errstate(invalid="ignore"):
            bouge = (bornes.inf > avant.inf + JEU) | (bornes.sup < avant.sup - JEU)
        if not bouge.any():
            break
    return bornes


def _pass_once(sommes: Sommes, avant: Bornes, apres: Bornes) -> None:
    """Une passe : le total d'après ses parties, chaque partie d'après le total et les autres."""
    r, e, p = sommes.relation, sommes.enfant, sommes.parent
    nombre = len(p)
    infinie = np.isinf(avant.sup[e])
    finie = np.where(infinie, 0.0, avant.sup[e])
    somme_inf = np.bincount(r, weights=avant.inf[e], minlength=nombre)
    somme_sup = np.bincount(r, weights=finie, minlength=nombre)
    infinies = np.bincount(r, weights=infinie, minlength=nombre)
    np.maximum.at(apres.inf, p, somme_inf)
    np.minimum.at(apres.sup, e, avant.sup[p][r] - (somme_inf[r] - avant.inf[e]))
    fermees = sommes.egale & (infinies == 0)
    np.minimum.at(apres.sup, p[fermees], somme_sup[fermees])
    # La seule partie sans borne haute d'un total peut encore recevoir une borne basse.
    seules = sommes.egale[r] & (infinies[r] == infinie)
    reste = avant.inf[p][r] - (somme_sup[r] - finie)
    np.maximum.at(apres.inf, e[seules], reste[seules])


def _finish(sommes: Sommes, depart: Bornes, bornes: Bornes, exactes: Booleens) -> Bornes:
    """Finit par le moteur exact les petits systèmes où des relations se croisent."""
    n = len(bornes.inf)
    fixes = bornes.sup - bornes.inf <= JEU
    haut = np.where(fixes, bornes.inf, bornes.sup)
    matrice = sommes.to_matrice(n)
    composantes = find_composantes(matrice[:, np.flatnonzero(~fixes)])
    libres = np.flatnonzero(~fixes)
    choisies = _select(sommes, exactes, fixes, libres, composantes)
    if not len(choisies):
        return Bornes(bornes.inf, haut)
    inf, sup = bornes.inf.copy(), haut.copy()
    par_case = np.full(n, -1, dtype=np.intp)
    par_case[libres] = composantes
    for composante in np.unique(par_case[choisies]):
        ici = par_case == composante
        relations = sommes.keep(sommes.touch(ici))
        voulues = choisies[par_case[choisies] == composante]
        resultat = _solve(relations, inf, haut, voulues)
        if resultat is None:
            inf[ici], sup[ici] = depart.inf[ici], depart.sup[ici]
            continue
        inf[voulues] = np.maximum(inf[voulues], np.round(resultat.inf, _DECIMALES))
        sup[voulues] = np.minimum(sup[voulues], np.round(resultat.sup, _DECIMALES))
    return Bornes(inf, sup)


def _select(sommes: Sommes, exactes: Booleens, fixes: Booleens, libres: Places, composantes: Places) -> Places:
    """Cases à finir : dans un système assez petit, et que ses croisements rendent inexact."""
    if not len(libres):
        return libres
    par_case = np.full(len(fixes), -1, dtype=np.intp)
    par_case[libres] = composantes
    nombre = int(composantes.max()) + 1
    cases = np.bincount(composantes, minlength=nombre)
    r = len(sommes.parent)
    couples = np.unique(
        np.concatenate([sommes.relation * len(fixes) + sommes.enfant, np.arange(r) * len(fixes) + sommes.parent])
    )
    du_couple = par_case[couples % len(fixes)]
    liens = np.bincount(du_couple[du_couple >= 0], minlength=nombre)
    # Une composante de n cases, r relations et n + r - 1 liens est un arbre : la propagation y est exacte.
    de_la_relation = np.full(r, -1, dtype=np.intp)
    places = couples // len(fixes)
    de_la_relation[places[du_couple >= 0]] = du_couple[du_couple >= 0]
    relations = np.bincount(de_la_relation[de_la_relation >= 0], minlength=nombre)
    a_finir = (cases <= COMPOSANTE_MAX) & (liens > cases + relations - 1)
    voulues = np.flatnonzero(exactes & ~fixes)
    return np.asarray(voulues[a_finir[par_case[voulues]]][:EXACTES_MAX], dtype=np.intp)


def _solve(relations: Sommes, inf: Vecteur, sup: Vecteur, voulues: Places) -> Bornes | None:
    """Bornes exactes des cases voulues ; ``None`` si les relations se contredisent."""
    cases = np.unique(np.concatenate([relations.enfant, relations.parent]))
    matrice = relations.to_matrice(len(inf))[:, cases]
    inegales = np.flatnonzero(~relations.egale)
    jeux = sparse.csr_matrix(
        (np.ones(len(inegales)), (inegales, np.arange(len(inegales)))), shape=(len(relations.parent), len(inegales))
    )
    places = np.searchsorted(cases, voulues)
    zeros, sans = np.zeros(len(inegales)), np.full(len(inegales), np.nan)
    haut = np.where(np.isinf(sup[cases]), np.nan, sup[cases])
    try:
        bas, haut = tighten_bounds(
            sparse.hstack([matrice, jeux], format="csr"),
            np.zeros(len(relations.parent)),
            np.concatenate([inf[cases], zeros]),
            np.concatenate([haut, sans]),
            indices=places,
        )
    except BornesImpossiblesError:
        return None
    except CalculInacheveError:
        return Bornes(inf[voulues], sup[voulues])
    bas, haut = bas[places], haut[places]
    return Bornes(np.where(np.isnan(bas), 0.0, bas), np.where(np.isnan(haut), np.inf, haut))
