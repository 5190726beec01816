"""Oracles publiés du secret secondaire, au chiffre près, et optimum retrouvé par énumération."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from observatoire.secret.attaque import bound_cases
from observatoire.secret.audit import audit
from observatoire.secret.masque import solve_masque
from observatoire.secret.systeme import Etat
from tests.secret.tables import Regle, axe, make_tableau

FISCHETTI = np.array([[20, 50, 10], [8, 19, 22], [17, 32, 12]])
TRIPLETS = [262, 78, 340, 110, 59, 169, 52, 16, 68, 54, 16, 70, 97, 17, 114, 90, 37, 127, 1, 3, 4, 0, 0, 0]


def precise(systeme, etats, promesses, couts=None):
    """Même système, avec ces états et ces promesses ``{case: (plancher, plafond)}`` ; coût d'une case : sa valeur."""
    plancher, plafond = (np.full(len(systeme), np.nan) for _ in range(2))
    for case, (bas, haut) in promesses.items():
        plancher[case], plafond[case] = bas, haut
    couts = systeme.valeurs if couts is None else couts
    return replace(systeme, etats=np.asarray(etats, np.int8), plancher=plancher, plafond=plafond, couts=couts)


def fischetti(sensible, plancher, plafond):
    """O1 : tableau 3 × 3 de Fischetti et Salazar, marges publiées, une case sensible."""
    tableau = make_tableau(FISCHETTI, regle=Regle(zeros_publies=False))
    etats = np.full(tableau.valeurs.shape, Etat.PUBLIEE)
    etats[:3, :3] = Etat.LIBRE
    etats[sensible] = Etat.SENSIBLE
    return tableau, precise(tableau.systeme, etats.ravel(), {tableau.case(*sensible): (plancher, plafond)})


@pytest.mark.parametrize(("sensible", "plancher", "plafond"), [((1, 2), 17, 27), ((1, 0), 7, 9)])
def test_o1_fischetti_salazar(sensible, plancher, plafond):
    tableau, systeme = fischetti(sensible, plancher, plafond)
    masque = solve_masque(systeme)
    attendues = {tableau.case(1, 0): (0, 25), tableau.case(1, 2): (5, 30), tableau.case(2, 0): (0, 25)}
    attendues[tableau.case(2, 2)] = (4, 29)
    assert set(np.flatnonzero(masque.masquees)) == set(attendues)
    assert systeme.couts[masque.masquees].sum() == 59
    assert masque.optimal
    bas, haut = bound_cases(systeme, masque.masquees)
    assert {c: (round(bas[c], 6), round(haut[c], 6)) for c in attendues} == attendues
    assert np.isnan(bas[tableau.case(0, 0)])
    assert audit(systeme, masque.masquees, masque.promesses).tient


def test_o2_twenty_seven_cells():
    tableau = make_tableau(np.array(TRIPLETS).reshape(8, 3)[:, :2], regle=Regle(inf=0.0))
    assert tableau.valeurs.ravel()[:24].tolist() == TRIPLETS
    assert tableau.valeurs[8].tolist() == [666, 226, 892]
    systeme = replace(tableau.systeme, couts=tableau.systeme.valeurs)
    masque = solve_masque(systeme)
    assert np.flatnonzero(masque.masquees).tolist() == [6, 7, 8, 18, 19, 20]
    assert systeme.couts[masque.masquees].sum() == 144
    assert masque.optimal
    assert audit(systeme, masque.masquees, masque.promesses).tient


@pytest.mark.parametrize(
    ("plancher", "plafond", "tenus"),
    [(2, 4, (2, 4)), (2, 5, (2, 4)), (0, 2, (0, 2)), (-1, 2, (0, 2))],
    ids=["hausse de 2", "hausse de 3", "baisse de 2", "baisse de 3"],
)
def test_o3_what_cannot_be_promised(plancher, plafond, tenus):
    """Deux cases, 2 et 4, dont le total 6 est public, et aucune ne dépasse le double de sa valeur."""
    tableau = make_tableau(np.array([2, 4]), regle=Regle(zeros_publies=False))
    etats = [Etat.SENSIBLE, Etat.LIBRE, Etat.PUBLIEE]
    systeme = replace(precise(tableau.systeme, etats, {0: (plancher, plafond)}), sup=np.array([4.0, 8.0, 12.0]))
    masque = solve_masque(systeme)
    assert masque.masquees.tolist() == [True, True, False]
    bas, haut = bound_cases(systeme, masque.masquees)
    assert (bas[0], haut[0]) == pytest.approx((0, 4))
    infaisable = (plancher, plafond) != tenus
    assert masque.reduites.tolist() == ([0] if infaisable else [])
    if infaisable:
        assert (masque.promesses.plancher[0], masque.promesses.plafond[0]) == pytest.approx(
            tuple(np.nan if tenu == 2 else tenu for tenu in tenus), nan_ok=True
        )


def test_o6_dominance():
    """NK(2,75) : l'exemple de dominance de pytauargus, à ses bornes publiques (30 à 290)."""
    tableau = make_tableau(np.array([[110, 30], [60, 90]]), regle=Regle(inf=30.0, sup=290.0))
    nord, nord_detail = tableau.case(0, 2), tableau.case(0, 0)
    etats = np.full(9, Etat.LIBRE)
    etats[[nord, nord_detail]] = Etat.SENSIBLE
    promesses = {nord_detail: (80, 140), nord: (140 - 20 / 3, 140 + 20 / 3)}
    systeme = precise(tableau.systeme, etats, promesses)
    masque = solve_masque(systeme)
    visible = np.where(masque.masquees, -1, systeme.valeurs).reshape(3, 3)
    assert visible.tolist() == [[-1, 30, -1], [-1, 90, -1], [170, 120, 290]]
    bas, haut = bound_cases(systeme, masque.masquees)
    assert (bas[nord_detail], haut[nord_detail]) == pytest.approx((30, 140))
    assert (bas[nord], haut[nord]) == pytest.approx((60, 170))


def test_a_mask_less_one_cell_is_a_fault():
    tableau, systeme = fischetti((1, 2), 17, 27)
    masque = solve_masque(systeme)
    for case in np.flatnonzero(masque.masquees & (systeme.etats == Etat.LIBRE)):
        moins = masque.masquees.copy()
        moins[case] = False
        assert audit(systeme, moins, masque.promesses).trahies.tolist() == [tableau.case(1, 2)]


def test_nothing_small_nothing_hidden():
    masque = solve_masque(make_tableau(np.array([[20, 30], [0, 50]])).systeme)
    assert not masque.masquees.any()
    assert masque.optimal


@pytest.mark.parametrize("graine", range(6))
def test_no_cheaper_mask_holds(graine):
    """Énumération de tous les masques moins coûteux, jugés par un autre solveur."""
    hasard = np.random.default_rng(graine)
    groupes = hasard.permutation([0, 0, 1])
    tableau = make_tableau(hasard.choice([0, 1, 2, 4, 7, 9, 12], (3, 2)), (axe(3, groupes), axe(2)))
    systeme = tableau.systeme
    masque = solve_masque(systeme)
    assert masque.optimal
    assert _holds(systeme, masque.masquees, masque.promesses)
    assert audit(systeme, masque.masquees, masque.promesses).tient
    for masquees in _list_cheaper(systeme, masque.cout):
        assert not _holds(systeme, masquees, masque.promesses)


def _list_cheaper(systeme, cout):
    """Masques moins coûteux que ``cout`` et que rien ne peut agrandir : s'ils ne tiennent pas, aucun ne tient."""
    libres = np.flatnonzero(systeme.etats == Etat.LIBRE)
    couts = systeme.couts[libres]
    choix = (np.arange(2 ** len(libres))[:, None] >> np.arange(len(libres))) & 1 == 1
    sommes = choix @ couts
    prochaine = np.where(choix, np.inf, couts).min(axis=1, initial=np.inf)
    for choisies in choix[(sommes < cout - 1e-6) & (sommes + prochaine >= cout - 1e-6)]:
        masquees = systeme.toujours_cachees.copy()
        masquees[libres[choisies]] = True
        yield masquees


def _holds(systeme, masquees, promesses):
    inf, sup = (np.where(masquees, b, systeme.valeurs) for b in (systeme.inf, systeme.sup))
    droite = np.zeros(systeme.relations.shape[0])
    bornes = [(b, h if np.isfinite(h) else None) for b, h in zip(inf, sup, strict=True)]
    for sens, niveaux in ((-1.0, promesses.plafond), (1.0, promesses.plancher)):
        for case in np.flatnonzero(~np.isnan(niveaux) & masquees):
            objectif = np.zeros(len(systeme))
            objectif[case] = sens
            lp = linprog(objectif, A_eq=systeme.relations, b_eq=droite, bounds=bornes)
            if lp.status != 3 and lp.fun > sens * niveaux[case] + 1e-6:  # 3 : rien ne le borne
                return False
    return True
