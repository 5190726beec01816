"""Moteur de programmation linéaire : ce que des totaux publiés disent de chaque case.

Le même calcul encadre une estimation (vue de l'usager) et prouve une protection (vue de
l'attaquant) : méthodes, principe 1. HiGHS (Huangfu et Hall, 2018) résout ; chaque question part de la
solution de la précédente, car seul l'objectif change.
"""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import NamedTuple

import highspy
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse import csgraph

from observatoire.errors import ObservatoireError
from observatoire.mesures.intervalles import Vecteur

CONTRADICTION = "Les totaux publiés contredisent les bornes : vérifiez les relations entre niveaux."


class BornesImpossiblesError(ObservatoireError):
    """Les totaux et les bornes se contredisent : aucun tableau ne les vérifie."""


class CalculInacheveError(ObservatoireError):
    """Le solveur n'a pas conclu : rien n'est prouvé."""


class Sens(Enum):
    """Extrémité cherchée."""

    BAS = 1.0
    HAUT = -1.0


class Extreme(NamedTuple):
    """Extrémité d'une case, et ce qui la prouve.

    Attributes:
        valeur: plus petite ou plus grande valeur possible ; infinie si rien ne la borne.
        point: un tableau possible qui l'atteint ; ``None`` si elle est infinie.
        duaux: multiplicateurs des relations ; ``None`` si elle est infinie ou entière.
    """

    valeur: float
    point: Vecteur | None
    duaux: Vecteur | None


class Polyedre:
    """Tableaux possibles : ``relations · y = second_membre`` et ``inf ≤ y ≤ sup``.

    Un seul modèle HiGHS sert à toutes les questions posées au même polyèdre.
    """

    def __init__(
        self,
        relations: sparse.csr_matrix,
        second_membre: Vecteur,
        inf: Vecteur,
        sup: Vecteur,
        *,
        entieres: NDArray[np.bool_] | None = None,
    ) -> None:
        """Charge le modèle.

        Args:
            relations: matrice creuse (m, n).
            second_membre: vecteur (m,).
            inf: bornes basses (n,), ``-inf`` permis.
            sup: bornes hautes (n,), ``inf`` permis.
            entieres: cases entières (n,) ; aucune par défaut.
        """
        self._entier = entieres is not None and bool(entieres.any())
        self._highs = open_highs(None if self._entier else Simplexe.PRIMAL)
        self._bornes = np.asarray(inf, dtype=float), np.asarray(sup, dtype=float)
        colonnes = sparse.csc_matrix(relations)
        modele = highspy.HighsLp()
        modele.num_row_, modele.num_col_ = colonnes.shape
        modele.col_cost_ = np.zeros(colonnes.shape[1])
        modele.col_lower_, modele.col_upper_ = np.asarray(inf, dtype=float), np.asarray(sup, dtype=float)
        modele.row_lower_ = modele.row_upper_ = np.asarray(second_membre, dtype=float)
        modele.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        modele.a_matrix_.start_ = colonnes.indptr
        modele.a_matrix_.index_ = colonnes.indices
        modele.a_matrix_.value_ = colonnes.data
        if self._entier and entieres is not None:
            genres = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            modele.integrality_ = [genres[int(e)] for e in entieres]
        self._highs.passModel(modele)
        self._objectif: int | None = None

    def find_extreme(self, case: int, sens: Sens) -> Extreme:
        """Plus petite (``BAS``) ou plus grande (``HAUT``) valeur d'une case.

        Raises:
            BornesImpossiblesError: aucun tableau n'est possible.
            CalculInacheveError: le solveur n'a pas conclu.
        """
        if self._objectif is not None and self._objectif != case:
            self._highs.changeColCost(self._objectif, 0.0)
        self._highs.changeColCost(case, sens.value)
        self._objectif = case
        statut = self._solve()
        if statut == highspy.HighsModelStatus.kInfeasible:
            raise BornesImpossiblesError(CONTRADICTION)
        if statut in {highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
            return Extreme(-sens.value * np.inf, None, None)
        if statut != highspy.HighsModelStatus.kOptimal:
            msg = f"Le solveur s'est arrêté sans conclure ({statut}) : la protection n'est pas prouvée."
            raise CalculInacheveError(msg)
        solution = self._highs.getSolution()
        point = np.asarray(solution.col_value)
        duaux = None if self._entier else np.asarray(solution.row_dual)
        return Extreme(float(point[case]), point, duaux)

    def find_temoin(self, cases: NDArray[np.intp], niveaux: Vecteur, sens: Sens) -> Vecteur | None:
        """Un tableau possible où ces cases approchent ensemble leurs niveaux ; ``None`` si le solveur n'en rend pas.

        Args:
            cases: cases visées.
            niveaux: niveau visé de chacune : la dépasser n'apporterait rien.
            sens: vers le haut ou vers le bas.
        """
        if self._objectif is not None:
            self._highs.changeColCost(self._objectif, 0.0)
            self._objectif = None
        nombre, rangs = len(cases), cases.astype(np.int32)
        bas, haut = self._bornes[0][cases], self._bornes[1][cases]
        vise_bas, vise_haut = (
            (bas, np.minimum(haut, niveaux)) if sens is Sens.HAUT else (np.maximum(bas, niveaux), haut)
        )
        self._highs.changeColsBounds(nombre, rangs, vise_bas, vise_haut)
        self._highs.changeColsCost(nombre, rangs, np.full(nombre, sens.value))
        self._highs.run()
        trouve = self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        point = np.asarray(self._highs.getSolution().col_value) if trouve else None
        self._highs.changeColsBounds(nombre, rangs, bas, haut)
        self._highs.changeColsCost(nombre, rangs, np.zeros(nombre))
        return point

    def _solve(self) -> highspy.HighsModelStatus:
        self._highs.run()
        statut = self._highs.getModelStatus()
        douteux = {
            highspy.HighsModelStatus.kOptimal,
            highspy.HighsModelStatus.kInfeasible,
            highspy.HighsModelStatus.kUnbounded,
        }
        if statut in douteux:
            return statut
        # Une base mal conditionnée héritée de la question précédente : on repart de rien.
        self._highs.clearSolver()
        self._highs.run()
        return self._highs.getModelStatus()


class Simplexe(IntEnum):
    """Variante du simplexe, selon ce qui change d'une question à la suivante."""

    DUAL = 1
    """Une contrainte de plus laisse la solution duale admissible."""
    PRIMAL = 4
    """Un autre objectif laisse la solution admissible."""


def open_highs(simplexe: Simplexe | None = None) -> highspy.Highs:
    """Ouvre un solveur muet, sur un seul fil : pour un programme entier, ou linéaire repris à chaud."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    if simplexe is None:
        highs.setOptionValue("mip_rel_gap", 0.0)
    else:
        highs.setOptionValue("presolve", "off")
        highs.setOptionValue("solver", "simplex")
        highs.setOptionValue("simplex_strategy", int(simplexe))
    return highs


def find_composantes(relations: sparse.csr_matrix) -> NDArray[np.intp]:
    """Numéro de composante de chaque case : deux cases d'une même relation sont dans la même."""
    lignes, colonnes = relations.shape
    termes = sparse.coo_matrix(relations)
    taille = lignes + colonnes
    graphe = sparse.csr_matrix((np.ones(termes.nnz), (termes.row, termes.col + lignes)), shape=(taille, taille))
    _nombre, etiquettes = csgraph.connected_components(graphe, directed=False)
    return np.asarray(etiquettes[lignes : lignes + colonnes], dtype=np.intp)


def tighten_bounds(
    relations: ArrayLike | sparse.csr_matrix,
    second_membre: ArrayLike,
    inf: ArrayLike,
    sup: ArrayLike,
    *,
    indices: NDArray[np.intp] | None = None,
) -> tuple[Vecteur, Vecteur]:
    """Resserre ``inf ≤ y ≤ sup`` sachant ``relations · y = second_membre``.

    Args:
        relations: matrice (r, n) des relations linéaires (Σ enfants - total, par exemple), creuse ou non.
        second_membre: vecteur (r,).
        inf: bornes basses (n,) ; ``nan`` : aucune.
        sup: bornes hautes (n,) ; ``nan`` : aucune.
        indices: cases à resserrer ; toutes par défaut.

    Returns:
        Bornes resserrées (n,), ``nan`` là où rien ne borne.

    Raises:
        BornesImpossiblesError: le système n'a pas de solution.
        CalculInacheveError: le solveur n'a pas conclu.
    """
    matrice = _to_creuse(relations)
    droite = np.asarray(second_membre, dtype=float)
    bas, haut = np.array(inf, dtype=float), np.array(sup, dtype=float)
    fixes = bas == haut
    _check_fixes(matrice, droite, bas, fixes)
    voulues = np.arange(bas.size) if indices is None else np.asarray(indices)
    liees = np.diff(sparse.csc_matrix(matrice).indptr) > 0
    libres = np.flatnonzero(liees & ~fixes)
    sous = matrice[:, libres]
    reste = droite - matrice[:, np.flatnonzero(fixes)] @ bas[fixes]
    etiquettes = find_composantes(sous)
    a_faire = np.isin(libres, voulues)
    for etiquette in np.unique(etiquettes[a_faire]):
        ici = np.flatnonzero(etiquettes == etiquette)
        lignes = np.flatnonzero(np.diff(sous[:, ici].indptr) > 0)
        cases = libres[ici]
        polyedre = Polyedre(
            sous[lignes][:, ici],
            reste[lignes],
            np.nan_to_num(bas[cases], nan=-np.inf),
            np.nan_to_num(haut[cases], nan=np.inf),
        )
        for place in np.flatnonzero(a_faire[ici]):
            for sens, bornes in ((Sens.BAS, bas), (Sens.HAUT, haut)):
                extreme = polyedre.find_extreme(int(place), sens).valeur
                bornes[cases[place]] = extreme if np.isfinite(extreme) else np.nan
    return bas, haut


def _to_creuse(relations: ArrayLike | sparse.csr_matrix) -> sparse.csr_matrix:
    if isinstance(relations, sparse.csr_matrix):
        return relations
    return sparse.csr_matrix(np.atleast_2d(np.asarray(relations, dtype=float)))


def _check_fixes(matrice: sparse.csr_matrix, droite: Vecteur, bas: Vecteur, fixes: NDArray[np.bool_]) -> None:
    """Une relation dont toutes les cases sont connues doit être vérifiée."""
    inconnues = np.diff(matrice[:, np.flatnonzero(~fixes)].indptr)
    entieres = inconnues == 0
    if not entieres.any():
        return
    gauche = (matrice[:, np.flatnonzero(fixes)] @ bas[fixes])[entieres]
    if not np.allclose(gauche, droite[entieres]):
        raise BornesImpossiblesError(CONTRADICTION)
