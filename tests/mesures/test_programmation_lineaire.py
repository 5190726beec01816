"""Resserrer des bornes par les totaux publiés ; oracle de Fischetti et Salazar (méthodes §1.8, O1)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatoire.mesures.programmation_lineaire import BornesImpossiblesError, tighten_bounds

TABLEAU = np.array([[20, 50, 10], [8, 19, 22], [17, 32, 12]], dtype=float)
MASQUEES = [(1, 0), (1, 2), (2, 0), (2, 2)]  # 8, 22, 17, 12
ATTAQUANT = {22: (5, 30), 8: (0, 25), 17: (0, 25), 12: (4, 29)}


def build_marges(forme):
    """Une relation par ligne, puis une par colonne."""
    lignes, colonnes = forme
    par_ligne = np.kron(np.eye(lignes), np.ones(colonnes))
    par_colonne = np.kron(np.ones(lignes), np.eye(colonnes))
    return np.vstack([par_ligne, par_colonne])


def test_attaquant_de_fischetti_et_salazar():
    inf, sup = TABLEAU.copy(), TABLEAU.copy()
    for case in MASQUEES:
        inf[case], sup[case] = 0, np.nan
    relations = build_marges(TABLEAU.shape)
    bas, haut = tighten_bounds(relations, relations @ TABLEAU.ravel(), inf.ravel(), sup.ravel())
    for i, j in MASQUEES:
        rang = i * 3 + j
        assert (bas[rang], haut[rang]) == pytest.approx(ATTAQUANT[int(TABLEAU[i, j])])


def test_total_publie_tightens_its_parts():
    # Deux communes masquées entre 1 et 4, total publié 8 : elles valent 4 toutes les deux.
    assert tighten_bounds([[1, 1]], [8], [1, 1], [4, 4]) == (pytest.approx([4, 4]), pytest.approx([4, 4]))


def test_case_sans_relation_keeps_its_bounds():
    bas, haut = tighten_bounds([[1, 0]], [3], [0, 1], [10, np.nan])
    assert bas == pytest.approx([3, 1])
    assert haut[0] == pytest.approx(3)
    assert np.isnan(haut[1])


@pytest.mark.parametrize("bornes", [([1, 1], [2, 2]), ([2, 2], [2, 2])], ids=["encadrées", "fixées"])
def test_totaux_contradictoires_are_refused(bornes):
    with pytest.raises(BornesImpossiblesError, match="contredisent"):
        tighten_bounds([[1, 1]], [9], *bornes)


@settings(derandomize=True, deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 50), min_size=4, max_size=4), st.sets(st.integers(0, 3), min_size=1))
def test_bornes_always_hold_the_truth_and_only_tighten(vrai, masquees):
    y = np.array(vrai, dtype=float)
    inf, sup = y.copy(), y.copy()
    for k in masquees:
        inf[k], sup[k] = 0, 100
    relations = build_marges((2, 2))
    bas, haut = tighten_bounds(relations, relations @ y, inf, sup)
    assert (inf - 1e-6 <= bas).all()
    assert (bas <= y + 1e-6).all()
    assert (y <= haut + 1e-6).all()
    assert (haut <= sup + 1e-6).all()
