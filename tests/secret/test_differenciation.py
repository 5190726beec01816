"""La règle publique : deux à deux, puis toutes ensemble ; les attaques connues sont refusées."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from observatoire.secret.attaque import bound_cases
from observatoire.secret.differenciation import (
    Diffuse,
    Seuils,
    find_recoupements,
    is_deductive,
    is_permise,
)
from observatoire.secret.systeme import Etat, Systeme

SANS_SEUIL = Seuils(1, 0.0)
"""Ne refuse que les cases masquées elles-mêmes : laisse voir ce que chaque contrôle attrape seul."""


def zone(unites, nombre):
    dedans = np.zeros(nombre, dtype=bool)
    dedans[[u - 1 for u in unites]] = True
    return dedans


def etat(nombre, *territoires, habitants=1000.0, masquees=None, voisins=(), caches=()):
    def lignes(listes):
        return sparse.csr_matrix(np.array([zone(t, nombre) for t in listes], dtype=float).reshape(-1, nombre))

    return Diffuse(
        np.broadcast_to(np.asarray(habitants, dtype=float), (nombre,)).copy(),
        np.ones(nombre, dtype=bool) if masquees is None else zone(masquees, nombre),
        lignes(territoires),
        lignes(voisins),
        lignes(caches),
    )


def bound(y, territoires):
    """Ce que l'attaquant déduit des unités, quand seules des sommes sont diffusées."""
    y = np.asarray(y, dtype=float)
    incidence = np.array([zone(t, len(y)) for t in territoires], dtype=float)
    sommes = incidence @ y
    n, t = len(y), len(sommes)
    masquees = np.arange(n + t) < n
    systeme = Systeme(
        valeurs=np.concatenate([y, sommes]),
        inf=np.zeros(n + t),
        sup=np.full(n + t, np.inf),
        relations=sparse.csr_matrix(np.hstack([incidence, -np.eye(t)])),
        etats=np.where(masquees, Etat.OCCULTE, Etat.PUBLIEE).astype(np.int8),
        couts=np.ones(n + t),
        plafond=np.full(n + t, np.nan),
        plancher=np.full(n + t, np.nan),
        entieres=np.ones(n + t, dtype=bool),
    )
    bas, haut = bound_cases(systeme, masquees)
    return list(zip(bas[:n].round(6), haut[:n].round(6), strict=True))


# --- Les trois attaques ----------------------------------------------------------------------------

EMBOITES = [(1, 2, 3, 4, 5), (1, 2, 3, 4), (1, 3, 4)]
TRIANGLE = [(1, 2), (2, 3), (1, 3)]
ENTRELACES = [(1, 2, 3), (2, 3, 4), (1, 4, 5), (5,)]
Y = (12, 3, 20, 8, 15)


def test_emboites_reveal_commune_2():
    assert bound(Y, EMBOITES)[1] == (3, 3)


def test_triangle_reveals_everything():
    assert bound(Y[:3], TRIANGLE) == [(12, 12), (3, 3), (20, 20)]


def test_entrelaces_reveal_1_4_5_and_leave_2_and_3_in_0_23():
    assert bound(Y, ENTRELACES) == [(12, 12), (0, 23), (0, 23), (8, 8), (15, 15)]


@pytest.mark.parametrize(("attaque", "nombre"), [(EMBOITES, 5), (TRIANGLE, 3), (ENTRELACES, 5)])
@pytest.mark.parametrize("seuils", [Seuils(2, 1000.0), SANS_SEUIL])
def test_attaque_is_refused_before_it_reveals(attaque, nombre, seuils):
    connu, accordees = etat(nombre), []
    for territoire in attaque:
        if is_permise(zone(territoire, nombre), connu, seuils):
            connu = connu.add(zone(territoire, nombre))
            accordees.append(territoire)
    assert 0 < len(accordees) < len(attaque)
    assert all(bas < haut for bas, haut in bound(Y[:nombre], accordees))


def test_triangle_passes_two_by_two_and_fails_all_together():
    # Chaque sommet vaut dix communes et dix mille habitants : aucun couple n'est trop proche.
    sommets = [tuple(range(10 * k + 1, 10 * k + 11)) for k in range(3)]
    connu = etat(30, sommets[0] + sommets[1], sommets[1] + sommets[2], caches=[sommets[0]])
    demandee = zone(sommets[0] + sommets[2], 30)
    assert not find_recoupements(demandee, connu, Seuils(2, 1000.0)).any()
    assert is_deductive(demandee, connu, Seuils(2, 1000.0))
    # Le territoire du premier sommet n'étant plus une case masquée, dix communes peuvent être connues.
    assert is_permise(demandee, etat(30, sommets[0] + sommets[1], sommets[1] + sommets[2]), Seuils(2, 1000.0))


# --- Deux à deux -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("demandee", "permise"),
    [
        ((1, 2, 3, 4), True),
        ((1, 2, 3, 4, 5, 6), True),  # deux communes et 1 000 habitants de plus
        ((1, 2, 3, 4, 5), False),  # une seule commune de plus
        ((1, 2, 3, 4, 7, 8), False),  # deux communes, mais 20 habitants
        ((1, 2, 3), False),  # une seule commune de moins
        ((5, 6), True),  # rien en commun : rien à soustraire
        ((9,), False),  # une commune seule
    ],
)
def test_difference_must_be_large_enough(demandee, permise):
    habitants = np.array([500.0] * 6 + [10.0, 10.0, 9000.0, 500.0])
    connu = etat(10, (1, 2, 3, 4), habitants=habitants)
    assert is_permise(zone(demandee, 10), connu, Seuils(2, 1000.0)) is permise


def test_communes_publiees_are_subtracted_first():
    # {1..4} est diffusé, 3 et 4 sont publiées : en demandant {1, 3}, on aurait la commune 1.
    connu = etat(6, (1, 2, 3, 4), masquees=(1, 2, 5, 6))
    assert not is_permise(zone((1, 3, 4), 6), connu, SANS_SEUIL)
    assert is_permise(zone((1, 2, 5, 6), 6), connu, SANS_SEUIL)
    # Deux villages de 200 habitants restent quand on a ôté le bourg : trop peu, bien qu'ils soient deux.
    habitants = np.array([200.0, 200.0, 8000.0, 8000.0, 9000.0, 9000.0])
    bourg = etat(6, (1, 2, 3, 4, 5, 6), habitants=habitants, masquees=(1, 2, 5, 6))
    assert not is_permise(zone((1, 2, 3, 4), 6), bourg, Seuils(2, 1000.0))


def test_zone_d_une_variable_liee_counts():
    seuils = Seuils(2, 1000.0)
    assert is_permise(zone((1, 2, 3), 8), etat(8), seuils)
    assert not is_permise(zone((1, 2, 3), 8), etat(8, voisins=[(1, 2, 3, 4)]), seuils)
    # Le territoire d'une autre variable n'excuse pas : la case n'était pas connue de celle-ci.
    connu = etat(4, (1, 2), voisins=[(2,)])
    assert is_deductive(zone((2,), 4), connu, SANS_SEUIL)


def test_meme_zone_twice_teaches_nothing():
    connu = etat(8, (1, 2, 3, 4))
    assert is_permise(zone((1, 2, 3, 4), 8), connu, Seuils(2, 1000.0))


def test_territoire_masque_is_refused_under_any_name():
    # Le canton {1, 2, 3} est masqué ; {1..6} et {4, 5, 6} le donneraient par différence.
    connu = etat(9, (1, 2, 3, 4, 5, 6), caches=[(1, 2, 3)])
    assert not is_permise(zone((1, 2, 3), 9), connu, Seuils(2, 1000.0))
    assert not is_permise(zone((4, 5, 6), 9), connu, Seuils(2, 1000.0))
    assert is_permise(zone((4, 5, 6), 9), etat(9, (1, 2, 3, 4, 5, 6)), Seuils(2, 1000.0))


# --- Toutes ensemble, contre une définition lente ------------------------------------------------------


def deduces(lignes, somme):
    """Vrai si une somme est une combinaison de lignes (rang en nombres réels)."""
    if not len(lignes):
        return not np.any(somme)
    return np.linalg.matrix_rank(np.vstack([lignes, somme])) == np.linalg.matrix_rank(lignes)


incidences = st.integers(3, 7).flatmap(
    lambda n: st.tuples(
        st.lists(st.lists(st.booleans(), min_size=n, max_size=n), max_size=5),
        st.lists(st.booleans(), min_size=n, max_size=n),
        st.lists(st.booleans(), min_size=n, max_size=n),
        st.lists(st.sampled_from([100.0, 400.0, 5000.0]), min_size=n, max_size=n),
        st.integers(1, 4),
    )
)


@settings(max_examples=300, deadline=None)
@given(incidences)
def test_deductive_is_what_the_slow_definition_says(tirage):
    lignes, demandee, masquees, habitants, unites = tirage
    nombre = len(demandee)
    lignes = np.array(lignes, dtype=float).reshape(-1, nombre)
    demandee, masquees, habitants = np.array(demandee), np.array(masquees), np.array(habitants)
    seuils = Seuils(unites, 1000.0)
    connu = Diffuse(habitants, masquees, sparse.csr_matrix(lignes), *[sparse.csr_matrix((0, nombre))] * 2)
    caches = np.flatnonzero(masquees)
    avant = lignes[:, caches]
    apres = np.vstack([avant, demandee[caches]])
    attendu = False
    for taille in (1, 2, 3):
        for groupe in combinations(range(len(caches)), taille):
            petit = taille == 1 or taille < unites or habitants[caches[list(groupe)]].sum() < 1000.0
            somme = np.zeros(len(caches))
            somme[list(groupe)] = 1.0
            attendu |= petit and deduces(apres, somme) and not deduces(avant, somme)
    obtenu = is_deductive(demandee, connu, seuils)
    # Une classe d'unités indiscernables peut en compter plus de trois : la règle y voit un peu plus loin.
    assert obtenu or not attendu
    if obtenu and not attendu:
        classes = np.unique(apres, axis=1)
        assert classes.shape[1] < len(caches)


@settings(max_examples=200, deadline=None)
@given(incidences)
def test_two_by_two_is_symmetric(tirage):
    lignes, premiere, masquees, habitants, unites = tirage
    nombre, seuils = len(premiere), Seuils(unites, 1000.0)
    if not lignes:
        return
    un, autre = np.array(premiere), np.array(lignes[0])
    vide = sparse.csr_matrix((0, nombre))

    def recoupe(a, b):
        connu = Diffuse(np.array(habitants), np.array(masquees), sparse.csr_matrix(a.astype(float)[None]), vide, vide)
        return bool(find_recoupements(b, connu, seuils)[0])

    assert recoupe(un, autre) == recoupe(autre, un)


def test_a_departement_is_judged_at_once():
    hasard = np.random.default_rng(7)
    nombre = 366
    groupes = [hasard.integers(0, g, nombre) for g in (15, 25)]
    niveaux = [(g == k).astype(float) for g in groupes for k in range(g.max() + 1)]
    zones = [hasard.permutation(nombre) < hasard.integers(5, 40) for _ in range(500)]
    connu = Diffuse(
        hasard.lognormal(6.5, 1.2, nombre),
        hasard.random(nombre) < 0.4,
        sparse.csr_matrix(np.array([*niveaux, *zones], dtype=float)),
        *[sparse.csr_matrix((0, nombre))] * 2,
    )
    demandee = hasard.permutation(nombre) < 20
    # Une décision tient en une fraction de seconde ; la marge couvre une machine chargée.
    import time

    debut = time.perf_counter()
    is_permise(demandee, connu, Seuils(2, 1000.0))
    assert time.perf_counter() - debut < 5.0
