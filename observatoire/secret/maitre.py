"""Maître : le masque le moins coûteux qui vérifie les coupes connues.

Les coupes ne lient que les cases d'un même voisinage : le problème se résout voisinage par voisinage, et
seuls ceux qu'une nouvelle coupe touche sont repris. L'optimum de l'ensemble est la réunion des optimums.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import highspy
import numpy as np
from scipy import sparse

from observatoire.mesures.intervalles import Vecteur
from observatoire.mesures.programmation_lineaire import find_composantes, open_highs
from observatoire.secret.attaque import Coupe, Indices
from observatoire.secret.relaxation import MOITIE, Inegalite, Relaxation
from observatoire.secret.systeme import Booleens, Etat, Systeme


@dataclass
class _Voisinage:
    """Solution d'un groupe de cases liées par des coupes."""

    coupes: tuple[int, ...]
    masquees: Indices
    borne: float
    tolerance: float
    """Écart relatif admis, et atteint, entre la solution et sa borne (``inf`` : non prouvé)."""


@dataclass
class Maitre:
    """Problème maître : coupes accumulées, et la solution qui les vérifie toutes.

    Attributes:
        systeme: cases et coûts.
        echeance: temps de calcul (``time.thread_time``) où s'arrêter.
    """

    systeme: Systeme
    echeance: float
    _coupes: list[Inegalite] = field(default_factory=list)
    _voisinages: dict[tuple[int, ...], _Voisinage] = field(default_factory=dict)
    _relache: Relaxation = field(init=False)

    def __post_init__(self) -> None:
        """Ouvre la relaxation, qui grandit avec les coupes."""
        self._relache = Relaxation(self.systeme.couts)

    def add(self, coupes: list[Coupe]) -> int:
        """Ajoute des coupes, leurs cases réduites à celles qu'on peut encore choisir.

        Returns:
            Nombre de coupes que la dernière solution relâchée ne vérifiait pas.
        """
        neuves = [c for c in (self._reduce(c) for c in coupes) if c.besoin > 0]
        self._coupes += neuves
        return self._relache.add(neuves)

    def relax(self) -> tuple[Vecteur, float]:
        """Solution de la relaxation continue, et sa borne : rapide, et presque juste.

        Returns:
            Part masquée de chaque case (n,) et borne basse du coût.
        """
        parts, borne = self._relache.solve()
        return np.where(self.systeme.toujours_cachees, 1.0, parts), borne

    @property
    def nombre(self) -> int:
        """Nombre de coupes."""
        return len(self._coupes)

    def _reduce(self, coupe: Coupe) -> Inegalite:
        etats = self.systeme.etats[coupe.cases]
        toujours = (etats == Etat.SENSIBLE) | (etats == Etat.OCCULTE)
        libres = (etats == Etat.LIBRE) & (coupe.cases != coupe.case)
        besoin = coupe.besoin - float(coupe.coefficients[toujours].sum())
        propre = coupe.cases == coupe.case
        conditionnelle = self.systeme.etats[coupe.case] == Etat.LIBRE
        if conditionnelle:
            # Besoin conditionnel : Σ c·x ≥ besoin · x_case ; elle-même y contribue si elle est masquée.
            besoin -= float(coupe.coefficients[propre].sum())
        coefficients = np.minimum(coupe.coefficients[libres], max(besoin, 0.0))
        return Inegalite(coupe.cases[libres], coefficients, besoin, coupe.case if conditionnelle else -1)

    def solve(self, tolerance: float = 0.0) -> tuple[Booleens, float, bool]:
        """Masque le moins coûteux pour les coupes connues, à un écart relatif près.

        Returns:
            Masque (n,), borne basse de son coût (libres seulement), et si cet écart est prouvé.
        """
        masquees = self.systeme.toujours_cachees.copy()
        borne, prouve = 0.0, True
        neufs: dict[tuple[int, ...], _Voisinage] = {}
        for numeros in self._group():
            voisinage = self._voisinages.get(numeros)
            if voisinage is None or voisinage.tolerance > tolerance:
                voisinage = self._solve_voisinage(numeros, tolerance)
            neufs[numeros] = voisinage
            masquees[voisinage.masquees] = True
            borne += voisinage.borne
            prouve &= voisinage.tolerance <= tolerance
        self._voisinages = neufs
        return masquees, borne, prouve

    def _group(self) -> list[tuple[int, ...]]:
        """Coupes réunies quand elles partagent une case."""
        if not self._coupes:
            return []
        lignes, colonnes = [], []
        for numero, coupe in enumerate(self._coupes):
            cases = coupe.cases if coupe.condition < 0 else np.append(coupe.cases, coupe.condition)
            colonnes.append(cases)
            lignes.append(np.full(len(cases), numero))
        place, colonne = np.concatenate(lignes), np.concatenate(colonnes)
        incidence = sparse.csr_matrix(
            (np.ones(len(place)), (colonne, place)), shape=(len(self.systeme), len(self._coupes))
        )
        etiquettes = find_composantes(incidence)
        ordre = np.argsort(etiquettes, kind="stable")
        coupures = np.flatnonzero(np.diff(etiquettes[ordre])) + 1
        return [tuple(int(i) for i in groupe) for groupe in np.split(ordre, coupures)]

    def _solve_voisinage(self, numeros: tuple[int, ...], tolerance: float) -> _Voisinage:
        coupes = [self._coupes[i] for i in numeros]
        cases = np.unique(
            np.concatenate([np.append(c.cases, c.condition) if c.condition >= 0 else c.cases for c in coupes])
        )
        couts = self.systeme.couts[cases]
        if (simple := _solve_simple(coupes, cases, couts)) is not None:
            return _Voisinage(numeros, simple, float(self.systeme.couts[simple].sum()), 0.0)
        return self._solve_milp(numeros, coupes, cases, tolerance)

    def _solve_milp(
        self, numeros: tuple[int, ...], coupes: list[Inegalite], cases: Indices, tolerance: float
    ) -> _Voisinage:
        matrice, besoins = _build_matrice(coupes, cases)
        highs = open_highs()
        highs.setOptionValue("mip_rel_gap", tolerance)
        highs.setOptionValue("mip_abs_gap", 1e-6)
        highs.setOptionValue("time_limit", max(1.0, self.echeance - time.thread_time()))
        modele = highspy.HighsLp()
        modele.num_row_, modele.num_col_ = matrice.shape
        modele.col_cost_ = self.systeme.couts[cases]
        modele.col_lower_, modele.col_upper_ = np.zeros(len(cases)), np.ones(len(cases))
        modele.row_lower_, modele.row_upper_ = besoins, np.full(len(besoins), highspy.kHighsInf)
        modele.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        modele.a_matrix_.start_ = matrice.indptr
        modele.a_matrix_.index_ = matrice.indices
        modele.a_matrix_.value_ = matrice.data
        modele.integrality_ = [highspy.HighsVarType.kInteger] * len(cases)
        highs.passModel(modele)
        highs.run()
        info = highs.getInfo()
        solution = np.asarray(highs.getSolution().col_value)
        prouve = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        if len(solution) != len(cases) or not np.isfinite(info.objective_function_value):
            # Pas même un masque dans le temps donné : tout masquer ici est toujours permis.
            return _Voisinage(numeros, cases, 0.0, np.inf)
        borne = max(0.0, info.mip_dual_bound)
        choisies = cases[solution > MOITIE]
        return _Voisinage(numeros, choisies, float(borne), tolerance if prouve else np.inf)


def _solve_simple(coupes: list[Inegalite], cases: Indices, couts: np.ndarray) -> Indices | None:
    """Voisinage d'une seule coupe dont chaque case suffit : la moins coûteuse."""
    if len(coupes) > 1 or coupes[0].condition >= 0:
        return None
    coupe = coupes[0]
    if not len(coupe.cases) or (coupe.coefficients < coupe.besoin).any():
        return None
    return cases[[int(np.argmin(couts))]]


def _build_matrice(coupes: list[Inegalite], cases: Indices) -> tuple[sparse.csr_matrix, np.ndarray]:
    lignes, colonnes, valeurs, besoins = [], [], [], []
    for numero, coupe in enumerate(coupes):
        propres, coefficients, besoin = coupe.cases, coupe.coefficients, coupe.besoin
        if coupe.condition >= 0:
            propres = np.append(propres, coupe.condition)
            coefficients, besoin = np.append(coefficients, -coupe.besoin), 0.0
        lignes.append(np.full(len(propres), numero))
        colonnes.append(np.searchsorted(cases, propres))
        valeurs.append(coefficients)
        besoins.append(besoin)
    forme = (len(coupes), len(cases))
    triplets = (np.concatenate(valeurs), (np.concatenate(lignes), np.concatenate(colonnes)))
    return sparse.csr_matrix(triplets, shape=forme), np.array(besoins)
