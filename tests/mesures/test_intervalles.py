import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatoire.mesures.intervalles import (
    bounds_of_arrondi,
    bounds_of_masque,
    bounds_of_ratio,
    spread_of_somme_arrondie,
)


@pytest.mark.parametrize(("lu", "inf", "sup"), [(0, 0, 2), (5, 3, 7), (10, 8, 12)])
def test_arrondi_a_cinq_encadre_l_effectif(lu, inf, sup):
    assert bounds_of_arrondi(lu, 5) == (inf, sup)


@settings(derandomize=True, deadline=None)
@given(st.integers(min_value=0, max_value=100_000))
def test_arrondi_keeps_the_true_effectif_inside_its_bounds(effectif):
    arrondi = 5 * ((effectif + 2) // 5)
    inf, sup = bounds_of_arrondi(arrondi, 5)
    assert inf <= effectif <= sup


def test_arrondi_inconnu_has_no_bounds():
    inf, sup = bounds_of_arrondi([np.nan], 5)
    assert np.isnan(inf[0])
    assert np.isnan(sup[0])


@pytest.mark.parametrize(("zeros", "attendu"), [(True, (1.0, 10.0)), (False, (0.0, 10.0))])
def test_effectif_masque_sous_onze(zeros, attendu):
    assert bounds_of_masque(11, zeros_publies=zeros) == attendu


def test_somme_de_vingt_arrondis():
    probable, pire = spread_of_somme_arrondie(20)
    assert probable == pytest.approx(12.4, abs=0.05)
    assert pire == 40


def test_somme_de_trente_arrondis_matches_a_simulation():
    effectifs = np.random.default_rng(974).integers(50, 5000, size=(40_000, 30))
    erreurs = (5 * ((effectifs + 2) // 5) - effectifs).sum(axis=1)
    ecart_type = spread_of_somme_arrondie(30, z=1.0)[0]
    assert ecart_type == pytest.approx(np.sqrt(60))
    assert erreurs.std() == pytest.approx(7.76, abs=0.1)
    assert np.abs(erreurs).max() <= spread_of_somme_arrondie(30)[1]


RATIOS = [
    # num, den, part, bornes attendues
    ((3, 7), (10, 20), False, (3 / 20, 7 / 10)),
    ((8, 12), (8, 12), False, (8 / 12, 12 / 8)),
    ((8, 12), (8, 12), True, (8 / 12, 1.0)),
    ((0, 2), (0, 2), True, (0.0, 1.0)),
    ((0, 2), (0, 2), False, (0.0, np.nan)),
    ((0, 0), (0, 0), True, (np.nan, np.nan)),
    ((np.nan, np.nan), (10, 10), True, (np.nan, np.nan)),
]


@pytest.mark.parametrize(("num", "den", "part", "attendu"), RATIOS)
def test_bornes_d_un_ratio(num, den, part, attendu):
    assert bounds_of_ratio(num, den, part=part) == pytest.approx(attendu, nan_ok=True)


EFFECTIFS = st.integers(min_value=0, max_value=1000)


@settings(derandomize=True, deadline=None)
@given(EFFECTIFS, EFFECTIFS, EFFECTIFS, EFFECTIFS)
def test_bornes_d_un_ratio_hold_the_true_ratio(num, den, marge_num, marge_den):
    num, den = min(num, den + 1), den + 1
    encadre_num = (max(num - marge_num, 0), num + marge_num)
    inf, sup = bounds_of_ratio(encadre_num, (max(den - marge_den, 0), den + marge_den), part=True)
    assert inf - 1e-12 <= num / den <= sup + 1e-12
