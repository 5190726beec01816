"""Mondes d'essai : tables liées tirées au hasard, niveaux emboîtés ou non, marges, zones, re-publications.

Un monde ne connaît que des feuilles (une commune × une modalité fine) et des cases, qui en sont des sommes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Iterator

SEUILS = (3, 5, 11)
CASES_MAX = 160
TOUT = -1
"""Marge d'une dimension : toutes ses modalités."""


@dataclass(frozen=True)
class Monde:
    """Tables liées d'une publication, ou de plusieurs qui se suivent.

    Attributes:
        graine: ce qui le refait à l'identique.
        seuil: une case de 1 à ``seuil`` - 1 ne se diffuse pas.
        zeros: un zéro vrai est diffusé.
        feuilles: valeur vraie des inconnues fines.
        cases: feuilles que somme chaque case (une ligne par case).
        affichees: cases que les sorties montrent, par leur nombre ou par leur marque.
        dites: cases déjà publiées auparavant : nul ne peut les reprendre.
        totaux: relations ``(total, parts)`` entre cases.
        passees: cases masquées autrefois et que rien ne montrera plus.
        etiquettes: « territoire / modalités », pour lire un échec.
    """

    graine: int
    seuil: int
    zeros: bool
    feuilles: np.ndarray
    cases: sparse.csr_matrix
    affichees: np.ndarray
    dites: np.ndarray
    totaux: tuple[tuple[int, tuple[int, ...]], ...]
    etiquettes: tuple[str, ...] = field(repr=False, default=())
    passees: np.ndarray = field(repr=False, default_factory=lambda: np.zeros(0, dtype=bool))

    @property
    def valeurs(self) -> np.ndarray:
        """Valeur vraie de chaque case."""
        return np.asarray(self.cases @ self.feuilles)

    @property
    def sensibles(self) -> np.ndarray:
        """Cases du secret primaire, affichées ou non, que personne n'a encore publiées."""
        fines = np.diff(self.cases.indptr) == 1
        petites = (self.valeurs < self.seuil) & ((self.valeurs > 0) | (self.affichees & (not self.zeros)))
        return petites & (self.affichees | fines) & ~self.dites


def tirer(graine: int) -> Monde:
    """Monde d'une seule publication : deux à quatre dimensions, périodes comprises."""
    hasard = np.random.default_rng(graine)
    while True:
        communes, periodes = int(hasard.integers(3, 10)), int(hasard.integers(1, 3))
        dimensions = [int(n) for n in hasard.integers(2, 4, size=hasard.integers(0, 3))]
        territoires = {f"c{i}": frozenset([i]) for i in range(communes)} | _tirer_niveaux(hasard, communes)
        if periodes * len(territoires) * int(np.prod([n + 1 for n in dimensions])) <= CASES_MAX:
            break
    monde = _composer(hasard, graine, territoires, communes, dimensions, periodes)
    return replace(monde, affichees=_choisir_affichees(hasard, monde))


def _tirer_niveaux(hasard: np.random.Generator, communes: int) -> dict[str, frozenset[int]]:
    """EPCI, cantons qui les coupent, départements que des EPCI enjambent, zones libres, et le tout."""
    niveaux: dict[str, frozenset[int]] = {}
    for nom, chance in (("e", 1.0), ("k", 0.6), ("d", 0.6)):
        if hasard.random() > chance:
            continue
        parts = hasard.integers(0, max(2, communes // 3 + 1), size=communes)
        niveaux |= {f"{nom}{p}": frozenset(np.flatnonzero(parts == p).tolist()) for p in np.unique(parts).tolist()}
    for rang in range(int(hasard.integers(0, 3))):
        choisies = hasard.choice(communes, size=int(hasard.integers(2, communes + 1)), replace=False)
        niveaux[f"z{rang}"] = frozenset(choisies.tolist())
    if hasard.random() < 0.8:
        niveaux["tout"] = frozenset(range(communes))
    return niveaux


def tirer_effectifs(hasard: np.random.Generator, nombre: int) -> np.ndarray:
    """Effectifs comme on en reçoit : des zéros, beaucoup de petits, quelques grands."""
    genres = hasard.choice(4, size=nombre, p=hasard.dirichlet([2.0, 3.0, 2.0, 1.5]))
    tirages = (
        np.zeros(nombre), hasard.integers(1, 5, nombre), hasard.integers(5, 40, nombre),
        hasard.integers(40, 3000, nombre),
    )  # fmt: skip
    return np.choose(genres, tirages).astype(float)


def _composer(
    hasard: np.random.Generator,
    graine: int,
    territoires: dict[str, frozenset[int]],
    communes: int,
    dimensions: list[int],
    periodes: int,
) -> Monde:
    fines = list(product(*(range(n) for n in dimensions)))
    rang_fin = {combinaison: rang for rang, combinaison in enumerate(fines)}
    marges = list(product(*([TOUT, *range(n)] for n in dimensions)))
    feuilles = tirer_effectifs(hasard, periodes * communes * len(fines))

    def rang_feuille(periode: int, commune: int, fine: tuple[int, ...]) -> int:
        return (periode * communes + commune) * len(fines) + rang_fin[fine]

    cles = [(p, t, m) for p in range(periodes) for t in territoires for m in marges]
    rang = {cle: i for i, cle in enumerate(cles)}
    lignes, colonnes = [], []
    for cle, ligne in rang.items():
        periode, territoire, marge = cle
        siennes = [f for f in fines if all(m in (TOUT, x) for m, x in zip(marge, f, strict=True))]
        for commune, fine in product(territoires[territoire], siennes):
            lignes.append(ligne)
            colonnes.append(rang_feuille(periode, commune, fine))
    cases = sparse.csr_matrix((np.ones(len(lignes)), (lignes, colonnes)), shape=(len(cles), len(feuilles)))
    return Monde(
        graine=graine,
        seuil=int(hasard.choice(SEUILS)),
        zeros=bool(hasard.random() < 0.8),
        feuilles=feuilles,
        cases=cases,
        affichees=np.ones(len(cles), dtype=bool),
        dites=np.zeros(len(cles), dtype=bool),
        totaux=tuple(_lister_totaux(cles, rang, territoires, dimensions)),
        etiquettes=tuple(f"{p}/{t}/{m}" for p, t, m in cles),
        passees=np.zeros(len(cles), dtype=bool),
    )


def _lister_totaux(
    cles: list, rang: dict, territoires: dict[str, frozenset[int]], dimensions: list[int]
) -> Iterator[tuple[int, tuple[int, ...]]]:
    for periode, territoire, marge in cles:
        total = rang[periode, territoire, marge]
        if not (territoire[0] == "c" and territoire[1:].isdigit()):
            yield total, tuple(rang[periode, f"c{c}", marge] for c in sorted(territoires[territoire]))
        for dimension, nombre in enumerate(dimensions):
            if marge[dimension] == TOUT:
                parts = [(*marge[:dimension], m, *marge[dimension + 1 :]) for m in range(nombre)]
                yield total, tuple(rang[periode, territoire, p] for p in parts)


def _choisir_affichees(hasard: np.random.Generator, monde: Monde) -> np.ndarray:
    """Des niveaux, des marges entières ne sont pas diffusés : l'attaquant ignore même leurs zéros."""
    noms = [e.split("/") for e in monde.etiquettes]
    tus_niveaux = [n for n in ("c", "k") if hasard.random() < 0.15]
    marges = sorted({n[2] for n in noms})
    tues = {m for m in marges if hasard.random() < 0.15 and m != marges[0]}
    return np.array([n[1][0] not in tus_niveaux and n[2] not in tues for n in noms])


def republier(monde: Monde, masquees: np.ndarray, graine: int) -> Monde:
    """Publication suivante : des feuilles corrigées, de nouvelles zones ; l'ancienne reste connue de tous.

    Args:
        monde: première publication.
        masquees: ce qu'elle a masqué.
        graine: hasard de la suite.
    """
    hasard = np.random.default_rng(graine)
    n = len(monde.feuilles)
    corrigees = np.flatnonzero(hasard.random(n) < hasard.choice([0.0, 0.1, 0.4]))
    nouvelles = tirer_effectifs(hasard, len(corrigees))
    # Une feuille corrigée devient une autre inconnue ; les autres restent la même.
    place = np.arange(n)
    place[corrigees] = n + np.arange(len(corrigees))
    feuilles = np.r_[monde.feuilles, nouvelles]
    report = sparse.csr_matrix((np.ones(n), (np.arange(n), place)), shape=(n, len(feuilles)))
    avant = sparse.hstack([monde.cases, sparse.csr_matrix((monde.cases.shape[0], len(corrigees)))]).tocsr()
    apres = (monde.cases @ report).tocsr()
    rang: dict[tuple[int, ...], int] = {_signer(avant, i): i for i in range(avant.shape[0])}
    retenues = list(range(avant.shape[0]))
    cases = [avant]
    suivantes = []
    for ligne in range(apres.shape[0]):
        signe = _signer(apres, ligne)
        if signe not in rang:
            rang[signe] = len(retenues)
            retenues.append(ligne)
            cases.append(apres[ligne])
        suivantes.append(rang[signe])
    totaux = {*monde.totaux, *((suivantes[t], tuple(suivantes[p] for p in parts)) for t, parts in monde.totaux)}
    etiquettes = [*monde.etiquettes, *(f"2/{monde.etiquettes[i]}" for i in retenues[avant.shape[0] :])]
    montrees = {suivantes[i] for i in np.flatnonzero(monde.affichees).tolist()}
    for nom, parts in _tirer_zones(hasard, monde.etiquettes):
        siennes = tuple(suivantes[p] for p in parts)
        etiquettes.append(nom)
        montrees.add(len(retenues))
        totaux.add((len(retenues), siennes))
        retenues.append(-1)
        cases.append(sparse.csr_matrix(apres[list(parts)].sum(axis=0)))
    toutes = sparse.vstack(cases).tocsr()
    affichees, dites = np.zeros(toutes.shape[0], dtype=bool), np.zeros(toutes.shape[0], dtype=bool)
    # La première publication a montré ses cases ; la seconde montre les siennes, peut-être les mêmes.
    affichees[: avant.shape[0]] = monde.affichees
    affichees[sorted(montrees)] = True
    dites[: avant.shape[0]] = monde.affichees & ~masquees
    perdues = affichees.copy()
    perdues[sorted(montrees)] = False
    return Monde(
        graine, monde.seuil, monde.zeros, feuilles, toutes, affichees, dites, tuple(sorted(totaux)), tuple(etiquettes),
        passees=perdues & ~dites,
    )  # fmt: skip


def _tirer_zones(hasard: np.random.Generator, etiquettes: tuple[str, ...]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Zones nouvelles, à chaque période et pour chaque modalité : leur nom et les cases de leurs communes."""
    par_marge: dict[tuple[str, str], list[int]] = {}
    for rang, etiquette in enumerate(etiquettes):
        periode, territoire, marge = etiquette.split("/")
        if territoire[0] == "c":
            par_marge.setdefault((periode, marge), []).append(rang)
    communes = max(len(rangs) for rangs in par_marge.values())
    for numero in range(int(hasard.integers(0, 3))):
        choisies = hasard.choice(communes, size=int(hasard.integers(2, communes + 1)), replace=False)
        for (periode, marge), rangs in par_marge.items():
            yield f"{periode}/n{numero}/{marge}", tuple(rangs[c] for c in sorted(choisies.tolist()))


def _signer(cases: sparse.csr_matrix, ligne: int) -> tuple[int, ...]:
    return tuple(sorted(cases.indices[cases.indptr[ligne] : cases.indptr[ligne + 1]].tolist()))
