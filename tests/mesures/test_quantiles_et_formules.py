import numpy as np
import pytest

from observatoire.mesures.formules import Encadre, compute_evolution, compute_moyenne, compute_ratio
from observatoire.mesures.quantiles import bounds_of_mediane, bounds_of_quantile

PETITE = (9000, 12000, 14000, 16000, 18000, 20000, 22500, 25500, 31000)
GRANDE = (11000, 15000, 18500, 21500, 24000, 26500, 29500, 34000, 42000)


def exact(*valeurs):
    v = np.array(valeurs, dtype=float)
    return Encadre(v, v, v)


def test_mediane_d_une_reunion_is_bounded_by_the_deciles():
    assert bounds_of_quantile([100, 300], [PETITE, GRANDE]) == (21_500, 24_000)


def test_mediane_d_une_reunion_is_between_the_medianes():
    assert bounds_of_mediane([18_000, 24_000]) == (18_000, 24_000)
    inf, sup = bounds_of_quantile([100, 300], [PETITE, GRANDE])
    assert min(18_000, 24_000) <= inf <= sup <= max(18_000, 24_000)


def test_mediane_d_une_seule_partie_is_within_its_deciles():
    assert bounds_of_quantile([100], [PETITE]) == (16_000, 18_000)


def test_quantile_extreme_has_no_low_bound():
    inf, sup = bounds_of_quantile([100, 300], [PETITE, GRANDE], q=0.1)
    assert np.isnan(inf)
    assert sup == 11_000
    inf, sup = bounds_of_quantile([100], [PETITE], q=0.95)
    assert inf == 31_000
    assert np.isnan(sup)


def test_ratio_is_hors_sujet_without_denominateur():
    r = compute_ratio(exact(0, 10), exact(0, 40), 100, part=True)
    assert np.isnan([r.valeur[0], r.inf[0], r.sup[0]]).all()
    assert (r.valeur[1], r.inf[1], r.sup[1]) == (25, 25, 25)


def test_part_never_exceeds_cent():
    num = Encadre(np.array([9.0]), np.array([8.0]), np.array([12.0]))
    part = compute_ratio(num, exact(10), 100, part=True)
    rapport = compute_ratio(num, exact(10), 100, part=False)
    assert (part.valeur, part.inf, part.sup) == (90, 80, 100)
    assert rapport.sup == 120


def test_moyenne_ponderee():
    sommes, poids = exact(10 * 1 + 20 * 3), exact(1 + 3)
    assert compute_moyenne(sommes, poids, 1.0).valeur == 17.5


def test_evolution_is_an_annual_rate():
    # 1000 habitants qui deviennent 1210 en deux ans : +10 % par an.
    e = compute_evolution(exact(1000), exact(1210), np.array([2.0]))
    assert e.valeur == pytest.approx([10.0])
    assert e.inf == e.valeur == e.sup


def test_evolution_bounds_cross_start_and_end():
    debut = Encadre(np.array([1000.0]), np.array([900.0]), np.array([1100.0]))
    fin = Encadre(np.array([1000.0]), np.array([990.0]), np.array([1080.0]))
    e = compute_evolution(debut, fin, np.array([1.0]))
    assert (e.inf[0], e.valeur[0], e.sup[0]) == pytest.approx((-10, 0, 20))


def test_evolution_is_unknown_from_nothing_or_without_duree():
    e = compute_evolution(exact(0, 10), exact(5, 10), np.array([1.0, 0.0]))
    assert np.isnan(e.valeur).all()
