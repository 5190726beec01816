"""Réparation : compléter un masque qui trahit des promesses, puis en retirer le superflu.

Pour chaque promesse trahie, le programme linéaire cherche le tableau le moins coûteux à rendre possible :
les cases déjà masquées y varient sans coût, les autres se paient (heuristique de Kelly, Golden et Assad,
1992). Rien n'y est optimal ; l'écart au mieux se dit ailleurs.
"""

from __future__ import annotations

import time

import highspy
import numpy as np
from scipy import sparse

from observatoire.mesures.programmation_lineaire import Sens, Simplexe, open_highs
from observatoire.secret.attaque import Attaque
from observatoire.secret.exigences import Faute, Promesses, list_fautes
from observatoire.secret.systeme import Booleens, Etat, Systeme

INFIME = 1e-7
DELAI_S = 15.0


class Chemins:
    """Programme ``min Σ c·|δ|`` sous ``M·δ = 0`` : ce qu'il faut laisser varier pour qu'une case varie."""

    def __init__(self, systeme: Systeme, masquees: Booleens) -> None:
        """Charge le programme ; ses coûts suivront le masque."""
        self._systeme = systeme
        s = systeme
        mobiles = s.etats != Etat.PUBLIEE
        hausse = np.where(mobiles, s.sup - s.valeurs, 0.0)
        baisse = np.where(mobiles, s.valeurs - s.inf, 0.0)
        self._marges = np.concatenate([hausse, baisse])
        colonnes = sparse.csc_matrix(sparse.hstack([s.relations, -s.relations]))
        self._highs = open_highs(Simplexe.DUAL)
        modele = highspy.HighsLp()
        modele.num_row_, modele.num_col_ = colonnes.shape
        modele.col_cost_ = self._price(masquees)
        modele.col_lower_, modele.col_upper_ = np.zeros(2 * len(s)), self._marges
        modele.row_lower_ = modele.row_upper_ = np.zeros(colonnes.shape[0])
        modele.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        modele.a_matrix_.start_ = colonnes.indptr
        modele.a_matrix_.index_ = colonnes.indices
        modele.a_matrix_.value_ = colonnes.data
        self._highs.passModel(modele)

    def _price(self, masquees: Booleens) -> np.ndarray:
        couts = np.where(masquees, 0.0, self._systeme.couts + INFIME)
        return np.concatenate([couts, couts])

    def find(self, case: int, sens: Sens, besoin: float) -> np.ndarray:
        """Cases à laisser varier pour que ``case`` varie de ``besoin`` ; aucune si c'est impossible."""
        n = len(self._systeme)
        voulue, autre = (case, case + n) if sens is Sens.HAUT else (case + n, case)
        self._highs.changeColBounds(voulue, besoin, max(besoin, self._marges[voulue]))
        self._highs.changeColBounds(autre, 0.0, 0.0)
        self._highs.run()
        trouve = self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        variations = np.asarray(self._highs.getSolution().col_value) if trouve else np.zeros(2 * n)
        self._highs.changeColBounds(voulue, 0.0, self._marges[voulue])
        self._highs.changeColBounds(autre, 0.0, self._marges[autre])
        return np.flatnonzero((variations[:n] > INFIME) | (variations[n:] > INFIME))

    def free(self, cases: np.ndarray) -> None:
        """Ces cases sont désormais masquées : les faire varier ne coûte plus rien."""
        for case in cases:
            self._highs.changeColCost(int(case), 0.0)
            self._highs.changeColCost(int(case) + len(self._systeme), 0.0)


def repair(systeme: Systeme, masquees: Booleens, promesses: Promesses, *, delai_s: float = DELAI_S) -> Booleens:
    """Complète un masque jusqu'à ce que toutes ses promesses tiennent, puis retire l'inutile.

    Args:
        systeme: cases et relations.
        masquees: masque à compléter (n,).
        promesses: ce qu'il doit garantir.
        delai_s: temps au-delà duquel on masque sans chercher le moins cher, et l'on ne retire plus rien.

    Returns:
        Masque (n,) qui contient tout le secret primaire.
    """
    complet = masquees.copy()
    chemins = Chemins(systeme, complet)
    echeance = time.thread_time() + delai_s
    while fautes := _list_toutes(systeme, complet, promesses):
        avant = complet.copy()
        for faute in fautes:
            if time.thread_time() > echeance:
                complet |= _surround(systeme, complet, [f.case for f in fautes])
                break
            niveau = promesses.plafond if faute.sens is Sens.HAUT else promesses.plancher
            besoin = abs(float(niveau[faute.case] - systeme.valeurs[faute.case]))
            cases = chemins.find(faute.case, faute.sens, besoin)
            complet[cases] = True
            chemins.free(cases)
        if (complet == avant).all():
            # Nul chemin : la case masquée sans nécessité se publie.
            libres = [f.case for f in fautes if systeme.etats[f.case] == Etat.LIBRE]
            complet[libres] = False
            if not libres:
                break
    return prune(systeme, complet, promesses, complet & ~masquees, echeance)


def _surround(systeme: Systeme, masquees: Booleens, cases: list[int]) -> Booleens:
    """Toutes les cases que l'on peut masquer autour des composantes de ces cases."""
    attaque, autour = Attaque(systeme, masquees), np.zeros(len(systeme), dtype=bool)
    for case in cases:
        autour[attaque.find_composante(case)[0].list_voisines(masquees)] = True
    return np.asarray(autour & (systeme.etats == Etat.LIBRE))


def prune(
    systeme: Systeme, masquees: Booleens, promesses: Promesses, candidates: Booleens, echeance: float
) -> Booleens:
    """Publie, de la plus coûteuse à la moins coûteuse, les cases dont rien ne dépend, jusqu'à l'échéance."""
    mince = masquees.copy()
    choix = np.flatnonzero(candidates & (systeme.etats == Etat.LIBRE))
    for case in choix[np.argsort(-systeme.couts[choix], kind="stable")]:
        if time.thread_time() > echeance:
            break
        voisines = np.unique(systeme.relations[systeme.relations[:, [case]].nonzero()[0]].indices)
        mince[case] = False
        if _has_fautes_near(systeme, mince, promesses, voisines):
            mince[case] = True
    return mince


def _list_toutes(systeme: Systeme, masquees: Booleens, promesses: Promesses) -> list[Faute]:
    return [f for c in Attaque(systeme, masquees).list_composantes() for f in list_fautes(c, promesses)]


def _has_fautes_near(systeme: Systeme, masquees: Booleens, promesses: Promesses, voisines: np.ndarray) -> bool:
    """Vrai si une composante qui touche ces cases trahit une promesse."""
    proches = np.zeros(len(systeme), dtype=bool)
    proches[voisines] = True
    return any(
        list_fautes(composante, promesses)
        for composante in Attaque(systeme, masquees).list_composantes()
        if proches[composante.cases].any()
    )
