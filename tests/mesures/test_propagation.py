"""Propagation de bornes dans des sommes : comparée, case par case, à un programme linéaire indépendant."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from observatoire.mesures.propagation import Bornes, Sommes, tighten_sommes


def build_sommes(relations, *, sures=()):
    """``[(total, [parties], égale)]`` en tableaux."""
    return Sommes(
        relation=np.repeat(np.arange(len(relations)), [len(parties) for _, parties, _ in relations]),
        enfant=np.array([p for _, parties, _ in relations for p in parties], dtype=np.intp),
        parent=np.array([total for total, _, _ in relations], dtype=np.intp),
        egale=np.array([egale for *_, egale in relations], dtype=bool),
        sure=np.isin(np.arange(len(relations)), sures),
    )


def solve(relations, inf, sup):
    """Bornes exactes par ``linprog``, sans rien du moteur ; ``None`` si rien n'est possible."""
    n, egalites, inegalites = len(inf), [], []
    for total, parties, egale in relations:
        ligne = np.zeros(n)
        ligne[parties] = 1
        ligne[total] -= 1
        (egalites if egale else inegalites).append(ligne)
    contraintes = {}
    if egalites:
        contraintes |= {"A_eq": np.array(egalites), "b_eq": np.zeros(len(egalites))}
    if inegalites:
        contraintes |= {"A_ub": np.array(inegalites), "b_ub": np.zeros(len(inegalites))}
    bornes = [(b, None if np.isinf(h) else h) for b, h in zip(inf, sup, strict=True)]
    rendues = np.zeros((2, n))
    for i in range(n):
        for rang, sens in enumerate((1.0, -1.0)):
            r = linprog(np.eye(n)[i] * sens, bounds=bornes, method="highs", **contraintes)
            if r.status == 2:
                return None
            rendues[rang, i] = sens * r.fun if r.status == 0 else np.inf
    return rendues


def tighten(relations, inf, sup, *, exactes=None):
    r = tighten_sommes(build_sommes(relations), Bornes(np.array(inf, float), np.array(sup, float)), exactes=exactes)
    return r.bornes.inf, r.bornes.sup, list(r.ecartees)


INFINI = float("inf")


def test_two_masked_parts_of_a_published_total():
    # 10 = 3 + a + b, a et b masqués de 1 à 4 : 3 ou 4 chacun.
    inf, sup, ecartees = tighten([(0, [1, 2, 3], True)], [10, 3, 1, 1], [10, 3, 4, 4])
    assert (inf.tolist(), sup.tolist(), ecartees) == ([10, 3, 3, 3], [10, 3, 4, 4], [])


def test_majorant_only_lowers():
    inf, sup, _ = tighten([(0, [1, 2], False)], [10, 3, 0], [10, 3, INFINI])
    assert (inf.tolist(), sup.tolist()) == ([10, 3, 0], [10, 3, 7])


def test_total_without_bound_is_bounded_by_its_parts():
    inf, sup, _ = tighten([(0, [1, 2], True)], [0, 3, 1], [INFINI, 3, 4])
    assert (inf[0], sup[0]) == (4, 7)


def test_contradictory_total_is_left_aside_and_the_others_still_serve():
    relations = [(0, [1, 2], True), (3, [4, 5], True)]
    inf, sup, ecartees = tighten(relations, [4, 3, 3, 9, 1, 1], [4, 4, 4, 9, 5, 5])
    assert ecartees == [0]
    assert (inf[1:3].tolist(), sup[1:3].tolist()) == ([3, 3], [4, 4]), "les bornes d'origine"
    assert (inf[4:].tolist(), sup[4:].tolist()) == ([4, 4], [5, 5])


def test_sure_relation_is_never_left_aside():
    relations = [(0, [1, 2], True), (3, [0], True)]
    sommes = build_sommes(relations, sures=[0])
    r = tighten_sommes(sommes, Bornes(np.array([0.0, 5, 5, 2]), np.array([np.inf, 5, 5, 2])))
    assert list(r.ecartees) == [1]
    assert r.bornes.sup[0] == 10


@st.composite
def arbres(draw):
    """Hiérarchie emboîtée, vérité tirée au hasard, et ce que chacun publie d'elle."""
    tailles = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    feuilles = [draw(st.integers(0, 12)) for _ in range(sum(tailles))]
    verite, relations, groupes, place = list(feuilles), [], [], 0
    for taille in tailles:
        parties = list(range(place, place + taille))
        place += taille
        jeu = 0 if draw(st.booleans()) else draw(st.integers(0, 5))
        verite.append(sum(feuilles[p] for p in parties) + jeu)
        groupes.append(len(verite) - 1)
        relations.append((len(verite) - 1, parties, jeu == 0 and draw(st.booleans())))
    verite.append(sum(verite[g] for g in groupes))
    relations.append((len(verite) - 1, groupes, draw(st.booleans())))
    inf, sup = zip(*(draw(publications(v)) for v in verite), strict=True)
    return np.array(verite, float), relations, np.array(inf, float), np.array(sup, float)


@st.composite
def publications(draw, v):
    """Exacte, arrondie à 5, masquée sous 5, ou cachée sans rien en dire."""
    r = 5 * ((v + 2) // 5)
    formes = [(v, v), (max(r - 2, 0), r + 2), (0, INFINI)] + ([(1, 4)] if 0 < v < 5 else [])
    return draw(st.sampled_from(formes))


@given(arbres())
@settings(deadline=None, max_examples=25)
def test_nested_hierarchy_is_exact(cas):
    verite, relations, inf, sup = cas
    bas, haut, ecartees = tighten(relations, inf, sup)
    attendu = solve(relations, inf, sup)
    assert ecartees == []
    np.testing.assert_allclose(bas, attendu[0], atol=1e-6)
    np.testing.assert_allclose(haut, attendu[1], atol=1e-6)
    assert ((bas <= verite + 1e-9) & (verite <= haut + 1e-9)).all()


@st.composite
def croisements(draw):
    """Deux découpages des mêmes cases, qui se coupent : EPCI et départements."""
    n, m = draw(st.integers(2, 3)), draw(st.integers(2, 3))
    cases = [draw(st.integers(0, 9)) for _ in range(n * m)]
    verite = [*cases]
    relations = []
    for rangs in [range(i * m, i * m + m) for i in range(n)] + [range(j, n * m, m) for j in range(m)]:
        verite.append(sum(cases[r] for r in rangs))
        relations.append((len(verite) - 1, list(rangs), draw(st.booleans())))
    inf, sup = zip(*(draw(publications(v)) for v in verite), strict=True)
    return np.array(verite, float), relations, np.array(inf, float), np.array(sup, float)


@given(croisements())
@settings(deadline=None, max_examples=25)
def test_crossing_hierarchies_are_finished_exactly(cas):
    verite, relations, inf, sup = cas
    seul_bas, seul_haut, _ = tighten(relations, inf, sup)
    bas, haut, ecartees = tighten(relations, inf, sup, exactes=np.ones(len(inf), dtype=bool))
    attendu = solve(relations, inf, sup)
    assert ecartees == []
    np.testing.assert_allclose(bas, attendu[0], atol=1e-5)
    np.testing.assert_allclose(haut, attendu[1], atol=1e-5)
    assert (bas >= seul_bas - 1e-9).all()
    assert (haut <= seul_haut + 1e-9).all()
    assert ((bas <= verite + 1e-6) & (verite <= haut + 1e-6)).all()


def test_attaquant_of_fischetti_et_salazar():
    """Fischetti et Salazar (O1) : quatre cases masquées qui se croisent."""
    tableau = np.array([[20, 50, 10], [8, 19, 22], [17, 32, 12]])
    marges = [*tableau.sum(axis=1), *tableau.sum(axis=0)]
    relations = [(9 + i, [3 * i, 3 * i + 1, 3 * i + 2], True) for i in range(3)]
    relations += [(12 + j, [j, 3 + j, 6 + j], True) for j in range(3)]
    inf = np.array([*tableau.ravel(), *marges], float)
    sup = inf.copy()
    for case in (3, 5, 6, 8):
        inf[case], sup[case] = 0, INFINI
    bas, haut, _ = tighten(relations, inf, sup, exactes=np.ones(15, dtype=bool))
    cases = [3, 5, 6, 8]
    assert bas[cases].tolist() == pytest.approx([0, 5, 0, 4])
    assert haut[cases].tolist() == pytest.approx([25, 30, 25, 29])


def test_triangle_is_only_found_by_the_exact_engine():
    """Trois zones qui se chevauchent deux à deux (O4) : la propagation reste large, le moteur exact dit tout."""
    relations = [(3, [0, 1], True), (4, [1, 2], True), (5, [0, 2], True)]
    inf, sup = [0, 0, 0, 15, 23, 32], [INFINI] * 3 + [15, 23, 32]
    large_bas, large_haut, _ = tighten(relations, inf, sup)
    assert (large_bas[0], large_haut[0]) == (9, 15)
    bas, haut, _ = tighten(relations, inf, sup, exactes=np.arange(6) < 3)
    assert bas[:3].tolist() == pytest.approx([12, 3, 20])
    assert haut[:3].tolist() == pytest.approx([12, 3, 20])
