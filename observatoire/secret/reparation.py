"""Réparation : compléter un masque qui trahit des promesses, ou en retirer le superflu.

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
from observatoire.secret.exigences import Faute, Promesses, cap_intenables, iterate_fautes, list_fautes
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
    """Complète un masque jusqu'à ce que toutes ses promesses tiennent.

    Une promesse que même le plus grand masque ne tiendrait pas est ramenée à ce qu'il donne.

    Args:
        systeme: cases et relations.
        masquees: masque à compléter (n,).
        promesses: ce qu'il doit garantir ; modifié au passage.
        delai_s: temps au-delà duquel on masque sans chercher le moins cher.

    Returns:
        Masque (n,) qui contient tout le secret primaire.
    """
    complet = masquees.copy()
    chemins: Chemins | None = None
    echeance = time.thread_time() + delai_s
    while fautes := _list_toutes(systeme, complet, promesses):
        chemins = chemins or Chemins(systeme, complet)
        avant = complet.copy()
        sans_issue = _widen(systeme, complet, promesses, fautes, chemins, echeance)
        if (complet != avant).any():
            continue
        # Nul chemin, même en masquant tout : le public borne déjà cette case.
        tenues = promesses.copy()
        cap_intenables(systeme, promesses, sans_issue)
        if not len(promesses.list_reduites(tenues)):
            break
    return complet


def _widen(
    systeme: Systeme, complet: Booleens, promesses: Promesses, fautes: list[Faute], chemins: Chemins, echeance: float
) -> list[Faute]:
    """Masque en place ce que chaque faute demande ; rend celles qu'aucun masque ne répare."""
    sans_issue = []
    for faute in fautes:
        if time.thread_time() > echeance:
            complet |= _surround(systeme, complet, [f.case for f in fautes])
            break
        niveau = promesses.plafond if faute.sens is Sens.HAUT else promesses.plancher
        besoin = abs(float(niveau[faute.case] - systeme.valeurs[faute.case]))
        cases = chemins.find(faute.case, faute.sens, besoin)
        if not len(cases):
            sans_issue.append(faute)
        complet[cases] = True
        chemins.free(cases)
    return sans_issue


def _surround(systeme: Systeme, masquees: Booleens, cases: list[int]) -> Booleens:
    """Toutes les cases que l'on peut masquer autour des composantes de ces cases."""
    attaque, autour = Attaque(systeme, masquees), np.zeros(len(systeme), dtype=bool)
    for case in cases:
        autour[attaque.find_composante(case)[0].list_voisines(masquees)] = True
    return np.asarray(autour & (systeme.etats == Etat.LIBRE))


def prune(systeme: Systeme, masquees: Booleens, promesses: Promesses, *, delai_s: float = DELAI_S) -> Booleens:
    """Publie, de la plus coûteuse à la moins coûteuse, les cases dont rien ne dépend, dans le temps donné."""
    mince = masquees.copy()
    echeance = time.thread_time() + delai_s
    colonnes = sparse.csc_matrix(systeme.relations)
    choix = np.flatnonzero(masquees & (systeme.etats == Etat.LIBRE))
    for case in choix[np.argsort(-systeme.couts[choix], kind="stable")]:
        if time.thread_time() > echeance:
            break
        lignes = colonnes.indices[colonnes.indptr[case] : colonnes.indptr[case + 1]]
        voisines = np.unique(systeme.relations[lignes].indices)
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
    touchees = (c for c in Attaque(systeme, masquees).list_composantes() if proches[c.cases].any())
    return any(next(iterate_fautes(c, promesses, proches), None) is not None for c in touchees)
