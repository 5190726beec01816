"""L'attaquant contre le moteur : tables liées par milliers, publications jointes, masques rognés ou absents."""

import ast
import os
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from observatoire.secret.attaque import bound_cases
from observatoire.secret.preuve import prove
from observatoire.secret.systeme import Etat, Systeme
from tests.secret.attaquant import mondes
from tests.secret.attaquant.bornes import INFINI, ContradictionError, Savoir, encadrer, enumerer
from tests.secret.attaquant.verdict import attaquer, savoir_du_monde, tout_masquer, viser_monde

LONGS = os.environ.get("OBSERVATOIRE_ESSAIS_LONGS") == "1"
SYSTEMES = 2_000 if LONGS else 12
"""Systèmes tirés ; chacun est publié, puis republié."""
ROGNES = 200 if LONGS else 6
DELAI_S = 20.0 if LONGS else 2.0
PRESSE_S, RARE = 0.5, 10
"""Un masque trouvé trop vite doit tenir aussi bien : le temps n'est donné qu'à un système sur ``RARE``."""
PAQUET = Path(__file__).parent / "attaquant"


# --- L'attaquant lui-même --------------------------------------------------------------------------------


def test_l_attaquant_shares_no_code_with_the_engine():
    for chemin in PAQUET.glob("*.py"):
        for noeud in ast.walk(ast.parse(chemin.read_text("utf-8"))):
            modules = [noeud.module or ""] if isinstance(noeud, ast.ImportFrom) else []
            modules += [a.name for a in noeud.names] if isinstance(noeud, ast.Import) else []
            modules += [f"{m}.{a.name}" for m in modules for a in getattr(noeud, "names", [])]
            assert not [m for m in modules if m.startswith(("observatoire.secret", "observatoire.mesures"))], chemin


def make_savoir(hasard):
    """Quelques inconnues de 0 à 6, des sommes publiées, des sommes dont on ne sait que le minimum."""
    vraies = hasard.integers(0, 6, size=int(hasard.integers(2, 6))).astype(float)
    sommes = (hasard.random((int(hasard.integers(1, 5)), len(vraies))) < 0.6).astype(float)
    sommes[0] = 1.0
    dites = hasard.random(len(sommes)) < 0.7
    totaux = sommes @ vraies
    mini = np.where(dites, totaux, np.minimum(totaux, 1.0))
    maxi = np.where(dites, totaux, INFINI)
    n = len(vraies)
    return Savoir(np.zeros(n), np.full(n, 6.0), sparse.csr_matrix(sommes), mini, maxi), vraies


@pytest.mark.parametrize("graine", range(60 if LONGS else 25))
def test_programmes_agree_with_enumeration(graine):
    hasard = np.random.default_rng(graine)
    savoir, vraies = make_savoir(hasard)
    cibles = sparse.csr_matrix(np.vstack([np.eye(len(vraies)), hasard.integers(-1, 2, (2, len(vraies)))]).astype(float))
    bas, haut = enumerer(savoir, cibles)
    vu = encadrer(savoir, cibles)
    assert vu.bas_entier == pytest.approx(bas)
    assert vu.haut_entier == pytest.approx(haut)
    assert (vu.bas <= bas + 1e-6).all()
    assert (vu.haut >= haut - 1e-6).all()


def build_territoires(vraies, ensembles):
    n = len(vraies)
    sommes = sparse.csr_matrix([[float(c in e) for c in range(n)] for e in ensembles])
    totaux = sommes @ np.array(vraies, dtype=float)
    return Savoir(np.zeros(n), np.full(n, INFINI), sommes, totaux, totaux)


def test_oracle_o4_of_overlapping_territories():
    vraies = (12, 3, 20, 8, 15)
    trois = encadrer(build_territoires(vraies, [{0, 1, 2, 3, 4}, {0, 1, 2, 3}, {0, 2, 3}]), sparse.eye(5).tocsr())
    assert (trois.bas_entier[1], trois.haut_entier[1]) == (3, 3)
    triangle = encadrer(build_territoires(vraies[:3], [{0, 1}, {1, 2}, {0, 2}]), sparse.eye(3).tocsr())
    assert triangle.bas_entier.tolist() == triangle.haut_entier.tolist() == [12, 3, 20]
    quatre = encadrer(build_territoires(vraies, [{0, 1, 2}, {1, 2, 3}, {0, 3, 4}, {4}]), sparse.eye(5).tocsr())
    assert quatre.bas_entier.tolist() == [12, 0, 0, 8, 15]
    assert quatre.haut_entier.tolist() == [12, 23, 23, 8, 15]


def test_a_contradiction_is_said():
    savoir, _ = make_savoir(np.random.default_rng(1))
    savoir.mini[0] = savoir.maxi[0] = 1_000.0
    with pytest.raises(ContradictionError):
        encadrer(savoir, sparse.eye(len(savoir.bas)).tocsr())


# --- Le moteur, sur des systèmes tirés au hasard -----------------------------------------------------------


def build_systeme(monde):
    """Met un monde à la forme du moteur : mêmes règles que pour une livraison."""
    valeurs, n = monde.valeurs, len(monde.valeurs)
    lignes = [(r, c, s) for r, (t, ps) in enumerate(monde.totaux) for c, s in [(t, -1.0), *((p, 1.0) for p in ps)]]
    rangs, colonnes, signes = zip(*lignes, strict=True) if lignes else ((), (), ())
    relations = sparse.csr_matrix((signes, (rangs, colonnes)), shape=(len(monde.totaux), n))
    etats = np.full(n, Etat.LIBRE, dtype=np.int8)
    etats[monde.sensibles] = Etat.SENSIBLE
    etats[~monde.affichees | monde.passees] = Etat.OCCULTE
    etats[(monde.affichees & monde.zeros & (valeurs == 0)) | monde.dites] = Etat.PUBLIEE
    inf = np.where(monde.affichees & (etats != Etat.PUBLIEE) & monde.zeros, 1.0, 0.0)
    promises = ~monde.dites & (monde.sensibles | monde.affichees)
    return Systeme(
        valeurs=valeurs,
        inf=inf,
        sup=np.full(n, np.inf),
        relations=relations,
        etats=etats,
        couts=np.log1p(valeurs) + 0.1,
        plafond=np.where(monde.sensibles, float(monde.seuil), np.nan),
        plancher=np.where(promises & (valeurs > 0), np.maximum(inf, valeurs - 1), np.nan),
        entieres=np.ones(n, dtype=bool),
    )


def attaquer_monde(monde, masquees):
    """Verdict de l'attaquant sur un monde dont ces cases sont masquées."""
    cachees = masquees & monde.affichees
    aveugle = savoir_du_monde(monde, tout_masquer(monde) | monde.passees)
    return attaquer(savoir_du_monde(monde, cachees), aveugle, viser_monde(monde, cachees))


@pytest.mark.parametrize("graine", range(SYSTEMES))
def test_nothing_hidden_is_recovered(graine):
    monde, delai_s = mondes.tirer(graine), PRESSE_S if graine % RARE else DELAI_S
    masquees = prove(build_systeme(monde), delai_s=delai_s).masque.masquees
    assert attaquer_monde(monde, masquees).fautes == ()
    suite = mondes.republier(monde, masquees & monde.affichees, graine + 1_000_000)
    reprises = prove(build_systeme(suite), delai_s=delai_s).masque.masquees
    assert attaquer_monde(suite, reprises).fautes == ()


@pytest.mark.parametrize("graine", range(0, 10 * ROGNES, 10))
def test_a_minimal_mask_loses_everything_with_one_secondary(graine):
    monde = mondes.tirer(graine)
    systeme = build_systeme(monde)
    preuve = prove(systeme, delai_s=DELAI_S)
    masquees = preuve.masque.masquees
    secondaires = np.flatnonzero(masquees & (systeme.etats == Etat.LIBRE))
    if not preuve.masque.optimal or not len(secondaires):
        pytest.skip("pas de masque minimal à rogner")
    for case in secondaires.tolist():
        rogne = masquees.copy()
        rogne[case] = False
        fautes = attaquer_monde(monde, rogne).fautes
        assert any("non tenu" in f or "exactement" in f for f in fautes), monde.etiquettes[case]
    # Sans aucune, un moteur saboté est pris de même.
    assert attaquer_monde(monde, systeme.toujours_cachees).fautes


@pytest.mark.parametrize("graine", range(400 if LONGS else 8))
def test_bounds_of_the_engine_are_those_of_the_attacker(graine):
    """Deux codes sans rien de commun encadrent de même, en nombres réels."""
    monde = mondes.tirer(graine)
    systeme = build_systeme(monde)
    masquees = systeme.toujours_cachees & monde.affichees
    rangs = np.flatnonzero(masquees)
    bas, haut = bound_cases(systeme, systeme.toujours_cachees, rangs)
    vu = encadrer(savoir_du_monde(monde, masquees), monde.cases[rangs], entier=False)
    assert bas[rangs] == pytest.approx(vu.bas, abs=1e-4)
    assert np.minimum(haut[rangs], INFINI) == pytest.approx(np.minimum(vu.haut, INFINI), abs=1e-4)
