"""Découpage en classes : oracles de mapclassify, cas limites, propriétés."""

from __future__ import annotations

import mapclassify
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatoire.cartes.classes import choose_classes, compute_bornes, find_classes, round_bornes
from observatoire.errors import CatalogueError
from observatoire.modeles.indicateurs import Classes, MethodeClasses

CALEMP = np.sort(mapclassify.load_example().to_numpy(dtype=float))
JENKS = Classes(methode=MethodeClasses.FISHER_JENKS)
QUANTILES = Classes(methode=MethodeClasses.QUANTILES)


def serie(*valeurs: float) -> np.ndarray:
    return np.array(valeurs, dtype=float)


def test_fisher_jenks_finds_oracle() -> None:
    bornes = compute_bornes(CALEMP, MethodeClasses.FISHER_JENKS, 5)
    assert bornes == (75.29, 192.05, 370.5, 722.85)
    assert choose_classes(CALEMP, JENKS).effectifs == (49, 3, 4, 1, 1)


def test_quantiles_find_oracle() -> None:
    bornes = compute_bornes(CALEMP, MethodeClasses.QUANTILES, 5)
    assert bornes == pytest.approx((1.464, 5.798, 13.278, 54.616))
    assert choose_classes(CALEMP, QUANTILES).effectifs == (12, 11, 12, 11, 12)


@pytest.mark.filterwarnings("ignore:Numba not installed")
@pytest.mark.parametrize("nombre", [2, 3, 4, 5])
@pytest.mark.parametrize("graine", [0, 1, 2])
def test_jenkspy_and_mapclassify_agree(nombre: int, graine: int) -> None:
    triees = np.sort(np.random.default_rng(graine).lognormal(size=60))
    attendues = mapclassify.FisherJenks(triees, nombre).bins[:-1]
    assert compute_bornes(triees, MethodeClasses.FISHER_JENKS, nombre) == pytest.approx(attendues)


def test_bornes_become_round_without_moving_anyone() -> None:
    decoupage = choose_classes(CALEMP, JENKS)
    assert decoupage.bornes == (100, 200, 500, 1000)
    assert choose_classes(serie(19.7, 24.2, 25.8, 30.4, 31.1, 46.8), QUANTILES).bornes == (25, 31)


def test_classe_is_closed_on_the_right() -> None:
    assert find_classes(serie(9.9, 10, 10.1, 20, 99), (10, 20)).tolist() == [0, 0, 1, 1, 2]
    assert find_classes(serie(np.nan), (10,)).tolist() == [-1]


def test_zero_vrai_is_set_apart() -> None:
    decoupage = choose_classes(serie(0, 0, 0, 1, 2, 3, 4, 5), QUANTILES)
    assert decoupage.zeros == 3
    assert sum(decoupage.effectifs) == 5
    assert decoupage.minimum == 1


def test_zero_is_a_value_among_negatives() -> None:
    decoupage = choose_classes(serie(-2, -1, 0, 1, 2), QUANTILES)
    assert decoupage.zeros == 0
    assert sum(decoupage.effectifs) == 5


def test_zero_arrondi_stays_in_classes() -> None:
    decoupage = choose_classes(serie(0, 0, 5, 10), QUANTILES, zeros_vrais=np.array([True, False, False, False]))
    assert decoupage.zeros == 1
    assert decoupage.minimum == 0


@pytest.mark.parametrize("classes", [JENKS, QUANTILES])
@pytest.mark.parametrize(
    ("valeurs", "effectifs", "motif"),
    [
        ((), (), "aucune valeur"),
        ((np.nan, np.nan), (), "aucune valeur"),
        ((7,), (1,), "égales"),
        ((7, 7, 7, 7), (4,), "égales"),
        ((1, 1, 1, 1, 1, 1, 1, 9), (7, 1), "2 valeurs distinctes"),
    ],
)
def test_series_limites(classes: Classes, valeurs: tuple[float, ...], effectifs: tuple[int, ...], motif: str) -> None:
    decoupage = choose_classes(serie(*valeurs), classes)
    assert decoupage.effectifs == effectifs
    assert motif in decoupage.motif


def test_egalites_merge_quantiles() -> None:
    decoupage = choose_classes(serie(*[1] * 20, 2, 3, 4, 5), QUANTILES)
    assert sum(decoupage.effectifs) == 24
    assert min(decoupage.effectifs) > 0
    assert decoupage.nombre < 5
    assert "égales" in decoupage.motif


def test_petit_nombre_of_territoires_limits_classes() -> None:
    decoupage = choose_classes(serie(1, 2, 3, 4), QUANTILES)
    assert decoupage.nombre == 2
    assert decoupage.motif == "4 valeurs seulement"


def test_bornes_fixes_are_kept_even_empty() -> None:
    fixes = Classes(methode=MethodeClasses.FIXES, bornes=(10, 20, 30))
    decoupage = choose_classes(serie(12, 13, 14), fixes)
    assert decoupage.bornes == (10, 20, 30)
    assert decoupage.effectifs == (0, 3, 0, 0)
    assert decoupage.bornes_de(0) == (10, 10)
    assert decoupage.bornes_de(3) == (30, 30)


def test_bornes_fixes_missing_fall_back() -> None:
    decoupage = choose_classes(CALEMP, Classes(methode=MethodeClasses.FIXES))
    assert decoupage.methode is MethodeClasses.QUANTILES
    assert "sans les donner" in decoupage.motif


@pytest.mark.parametrize("bornes", [(3, 2), (1, 1), (1, 2, 3, 4, 5)])
def test_bornes_fixes_fautives_are_refused(bornes: tuple[float, ...]) -> None:
    with pytest.raises(CatalogueError):
        choose_classes(CALEMP, Classes(methode=MethodeClasses.FIXES, bornes=bornes))


nombres = st.one_of(
    st.floats(min_value=-1e6, max_value=1e6, allow_subnormal=False),
    st.integers(-5, 60).map(float),
    st.just(float("nan")),
)


@given(
    st.lists(nombres, max_size=80),
    st.sampled_from([MethodeClasses.QUANTILES, MethodeClasses.FISHER_JENKS]),
    st.integers(2, 5),
)
def test_every_value_has_exactly_one_classe(valeurs: list[float], methode: MethodeClasses, nombre: int) -> None:
    donnees = serie(*valeurs)
    decoupage = choose_classes(donnees, Classes(methode=methode, nombre=nombre))
    connues = int(np.count_nonzero(np.isfinite(donnees)))
    assert sum(decoupage.effectifs) + decoupage.zeros == connues
    assert decoupage.nombre <= nombre
    assert all(effectif > 0 for effectif in decoupage.effectifs)
    assert list(decoupage.bornes) == sorted(set(decoupage.bornes))
    for valeur in donnees[np.isfinite(donnees)]:
        dans = [
            i
            for i in range(decoupage.nombre)
            if (i == 0 or valeur > decoupage.bornes[i - 1])
            and (i == len(decoupage.bornes) or valeur <= decoupage.bornes[i])
        ]
        if decoupage.nombre:
            assert dans == find_classes(serie(valeur), decoupage.bornes).tolist()


@given(
    st.lists(st.floats(min_value=1e-3, max_value=1e9), min_size=6, max_size=60, unique=True),
    st.integers(2, 4),
)
def test_round_bornes_keep_memberships(valeurs: list[float], nombre: int) -> None:
    triees = np.sort(serie(*valeurs))
    exactes = compute_bornes(triees, MethodeClasses.QUANTILES, nombre)
    rondes = round_bornes(triees, exactes)
    assert find_classes(triees, exactes).tolist() == find_classes(triees, rondes).tolist()
