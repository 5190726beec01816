"""Ce que toute protection vérifie, quel que soit le tableau."""

import os
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as tableaux

from observatoire.secret.attaque import bound_cases
from observatoire.secret.exigences import read_promesses
from observatoire.secret.masque import attack
from observatoire.secret.preuve import STABILITE, prove
from observatoire.secret.reparation import prune, repair
from observatoire.secret.systeme import Etat
from tests.secret.tables import axe, make_tableau

EXEMPLES = 300 if os.environ.get("OBSERVATOIRE_ESSAIS_LONGS") == "1" else 12
DELAI_S = 5.0
reglage = settings(max_examples=EXEMPLES, deadline=None, derandomize=True)


@st.composite
def tirer_tableaux(tirer, mini=0):
    """Unités réunies de deux façons qui se coupent, croisées de deux ou trois modalités."""
    unites, modalites = tirer(st.integers(4, 7)), tirer(st.integers(2, 3))
    table = tirer(tableaux.arrays(int, (unites, modalites), elements=st.integers(mini, 14)))
    secteurs = np.arange(unites) // 2
    bassins = (np.arange(unites) + 1) // 3
    return make_tableau(table, (axe(unites, secteurs, bassins), axe(modalites))).systeme


@reglage
@given(tirer_tableaux(mini=5))
def test_without_a_small_count_nothing_is_hidden(systeme):
    preuve = prove(systeme, delai_s=DELAI_S)
    assert not preuve.masque.masquees.any()
    assert preuve.masque.optimal


@reglage
@given(tirer_tableaux(), st.randoms(use_true_random=False))
def test_one_more_published_row_only_tightens(systeme, hasard):
    masquees = prove(systeme, delai_s=DELAI_S).masque.masquees
    if not masquees.any():
        return
    bas, haut = bound_cases(systeme, masquees)
    montree = hasard.choice(np.flatnonzero(masquees).tolist())
    serrees = masquees.copy()
    serrees[montree] = False
    bas2, haut2 = bound_cases(systeme, serrees)
    restent = np.flatnonzero(serrees)
    assert (bas2[restent] >= bas[restent] - 1e-6).all()
    assert (haut2[restent] <= haut[restent] + 1e-6).all()
    # Et la vérité n'en sort jamais.
    assert (bas2[restent] <= systeme.valeurs[restent] + 1e-6).all()
    assert (haut2[restent] >= systeme.valeurs[restent] - 1e-6).all()


@reglage
@given(tirer_tableaux())
def test_protected_twice_is_the_same_mask(systeme):
    premier, second = (prove(systeme, delai_s=DELAI_S).masque.masquees for _ in range(2))
    assert (premier == second).all()
    repris = prove(systeme, delai_s=DELAI_S, avant=premier)
    assert (repris.masque.masquees == premier).all()
    assert repris.renoncees == 0


@reglage
@given(tirer_tableaux(), st.randoms(use_true_random=False))
def test_hidden_before_stays_hidden_unless_it_costs_too_much(systeme, hasard):
    libres = np.flatnonzero(systeme.etats == Etat.LIBRE)
    if not len(libres):
        return
    avant = np.zeros(len(systeme), dtype=bool)
    avant[hasard.sample(libres.tolist(), k=min(3, len(libres)))] = True
    seul = prove(systeme, delai_s=DELAI_S)
    suite = prove(systeme, delai_s=DELAI_S, avant=avant)
    perdues = np.flatnonzero(avant & ~suite.masque.masquees & (systeme.etats == Etat.LIBRE))
    limite = STABILITE * float(systeme.couts[seul.masque.masquees].sum())
    depense = float(systeme.couts[avant & suite.masque.masquees & ~seul.masque.masquees].sum())
    # Une case rendue aurait fait dépasser la limite, ou se retrouvait : la masquer n'aurait servi à rien.
    for case in perdues.tolist():
        avec = suite.masque.masquees.copy()
        avec[case] = True
        bas, haut = (b[case] for b in bound_cases(systeme, avec, np.array([case]), entier=True))
        assert depense + systeme.couts[case] > limite or haut - bas < 1


@reglage
@given(tirer_tableaux())
def test_repair_and_prune_keep_every_promise(systeme):
    """La construction rapide tient les mêmes promesses que la recherche exacte."""
    promesses = read_promesses(systeme)
    masquees = repair(systeme, systeme.toujours_cachees, promesses, delai_s=DELAI_S)
    minces = prune(systeme, masquees, promesses, delai_s=DELAI_S)
    assert (minces <= masquees).all()
    assert (minces >= systeme.toujours_cachees).all()
    assert attack(systeme, minces, promesses, set()) == []


@reglage
@given(tirer_tableaux())
def test_hardly_any_time_still_proves_a_mask(systeme):
    """Presque sans temps, le masque coûte plus, son écart est dit, et il tient."""
    presse, pose = prove(systeme, delai_s=1e-6), prove(systeme, delai_s=DELAI_S)
    assert presse.audit.tient
    assert pose.masque.cout <= presse.masque.cout + 1e-6
    assert presse.masque.borne <= pose.masque.cout + 1e-6


def test_a_promise_nothing_can_keep_is_lowered_once_and_for_all():
    """Une case que le public borne déjà : la réparation s'arrête, et dit ce qui reste promis."""
    systeme = make_tableau(np.array([[3, 20], [30, 40]])).systeme
    connues = systeme.etats.copy()
    connues[[1, 2]] = Etat.PUBLIEE
    borne = replace(systeme, etats=connues)
    promesses = read_promesses(borne)
    masquees = repair(borne, borne.toujours_cachees, promesses)
    assert np.isnan(promesses.plafond[0])
    assert attack(borne, masquees, promesses, set()) == []
    assert promesses.list_reduites(read_promesses(borne)).tolist() == [0]
