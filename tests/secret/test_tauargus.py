"""Un autre moteur, ``pytauargus`` (Tau-Argus sur HiGHS), reçoit les mêmes cases et les mêmes exigences.

OPT et l'audit lisent toute relation linéaire, avec les bornes publiques et les niveaux de protection de
chaque case : ils se comparent au nôtre au chiffre près. MOD pose ses propres bornes (0 pour toute case,
même si les zéros sont publiés) : il se compare à notre optimum sous ces bornes-là.
"""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from observatoire.secret.attaque import bound_cases
from observatoire.secret.audit import audit
from observatoire.secret.exigences import read_promesses
from observatoire.secret.masque import solve_masque
from observatoire.secret.systeme import Etat
from tests.secret.tables import Axe, Niveau, Regle, axe, make_tableau

pytest.importorskip("pytauargus", reason="pytauargus n'est pas installé : oracle d'essai seulement")

from bench import pair_secret

HAUT = 500.0
"""Borne publique de toute case : le format du pair en veut une."""


def bounded(systeme):
    """Même système, aux bornes finies et aux coûts entiers : ce que le pair sait lire sans arrondir."""
    couts = np.maximum(1.0, systeme.valeurs)
    return replace(systeme, couts=couts, sup=np.maximum(HAUT, 2 * systeme.valeurs))


def answer(reponse):
    """Réponse du pair ; s'il ne tourne pas ici, l'essai est sauté et dit pourquoi."""
    if reponse.motif:
        pytest.skip(f"pytauargus ne répond pas ici ({reponse.motif}) ; ses nombres publiés : test_oracles.py")
    return reponse.resultat


def compute_cout(systeme, masquees):
    return systeme.couts[masquees & (systeme.etats == Etat.LIBRE)].sum()


def test_o1_same_mask_cost_and_intervals():
    tableau = make_tableau(np.array([[20, 50, 10], [8, 19, 22], [17, 32, 12]]), regle=Regle(zeros_publies=False))
    etats = np.full((4, 4), Etat.PUBLIEE)
    etats[:3, :3] = Etat.LIBRE
    etats[1, 2] = Etat.SENSIBLE
    rien = np.full(16, np.nan)
    rien[tableau.case(1, 2)] = 0.0
    systeme = bounded(tableau.systeme)
    systeme = replace(systeme, etats=etats.ravel().astype(np.int8), plancher=rien + 17, plafond=rien + 27)
    masquees = answer(pair_secret.solve_opt(systeme))
    assert set(systeme.valeurs[masquees]) == {8, 22, 17, 12}
    assert (masquees == solve_masque(systeme).masquees).all()
    intervalles = answer(pair_secret.bound(systeme, masquees))
    assert {systeme.valeurs[c]: bornes for c, bornes in intervalles.items()} == {
        22: (5, 30), 8: (0, 25), 17: (0, 25), 12: (4, 29),
    }  # fmt: skip


def draw_plan(hasard):
    """Deux dimensions ; deux niveaux de territoires qui se coupent."""
    niveaux = (hasard.permutation([0, 0, 0, 1, 1, 2]), hasard.permutation([0, 0, 1, 1, 2, -1]))
    return make_tableau(hasard.poisson(hasard.choice([2, 5, 12], (6, 4))), (axe(6, *niveaux), axe(4)))


def draw_cube(hasard):
    """Trois dimensions, dont des territoires emboîtés : communes, EPCI, département."""
    territoires = Axe(4, (Niveau(np.array([0, 0, 1, 1])), Niveau(np.array([0, 0]), de=1)))
    return make_tableau(hasard.poisson(hasard.choice([3, 6, 12], (4, 3, 2))), (territoires, axe(3), axe(2)))


@pytest.mark.parametrize("graine", range(4))
@pytest.mark.parametrize("draw", [draw_plan, draw_cube])
def test_opt_agrees_on_random_tables(draw, graine):
    """Même coût optimal ; le masque du pair passe notre audit, et son audit donne nos intervalles."""
    systeme = bounded(draw(np.random.default_rng(graine)).systeme)
    masque = solve_masque(systeme)
    tenues = replace(systeme, plancher=masque.promesses.plancher, plafond=masque.promesses.plafond)
    pair = answer(pair_secret.solve_opt(tenues))
    assert masque.optimal
    assert compute_cout(systeme, pair) == pytest.approx(masque.cout)
    assert not len(audit(systeme, pair, masque.promesses).trahies)
    bas, haut = bound_cases(systeme, masque.masquees)
    intervalles = answer(pair_secret.bound(tenues, masque.masquees))
    assert set(intervalles) == set(np.flatnonzero(masque.masquees))
    for case, bornes in intervalles.items():
        assert bornes == pytest.approx((bas[case], haut[case]), abs=1e-4)


def test_modular_never_beats_us_under_its_own_bounds():
    hasard = np.random.default_rng(5)
    epci = np.repeat(np.arange(4), 6)
    territoires = Axe(24, (Niveau(epci), Niveau(np.zeros(4, int), de=1)))
    tableau = make_tableau(hasard.poisson(hasard.choice([2, 6, 15, 40], (24, 3))), (territoires, axe(3)))
    noms = [*(f"C{i:02d}" for i in range(24)), *(f"E{i}" for i in range(4)), "Total"]
    codes = [(t, m) for t in noms for m in ("M1", "M2", "M3", "Total")]
    hierarchie = "".join(f"E{g}\n" + "".join(f"@C{i:02d}\n" for i in np.flatnonzero(epci == g)) for g in range(4))
    systeme = bounded(tableau.systeme)
    pair = answer(pair_secret.solve_mod(systeme, codes, hierarchie))
    siennes = replace(systeme, inf=np.zeros(len(systeme)))
    assert not (systeme.toujours_cachees & ~pair).any()
    assert not (pair & (systeme.etats == Etat.PUBLIEE)).any()
    assert not len(audit(siennes, pair, read_promesses(siennes)).trahies)
    assert solve_masque(siennes).cout <= compute_cout(systeme, pair)
    # Aux bornes que chacun connaît (une case masquée vaut au moins 1), son masque ne tient plus.
    assert len(audit(systeme, pair, read_promesses(systeme)).trahies)


_DOMINANCE = """
import json, pandas as pd
from pytauargus import protect
lignes = [("N", "R", v) for v in (100, 5, 5)] + [("N", "S", 10)] * 3 + [("S", "R", 20)] * 3 + [("S", "S", 30)] * 3
micro = pd.DataFrame(lignes, columns=["Region", "Sector", "Turnover"]).astype({"Turnover": float})
r = protect(micro, ["Region", "Sector"], response="Turnover", safety_rules="NK(2,75)", suppress="OPT(1)", workdir="o6")
caches = sorted(l["Turnover"] for l in r.tables[0].rows if l["status"] in "UM")
print(json.dumps([caches, [(a["value"], a["min"], a["max"]) for a in r.engine.audit(0)]]))
"""


def test_o6_is_what_its_own_example_gives(tmp_path):
    """De bout en bout, depuis des microdonnées : nos nombres d'O6 (test_oracles) sont bien les siens."""
    fini = subprocess.run(
        [sys.executable, "-c", _DOMINANCE], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    if fini.returncode:
        pytest.skip(f"pytauargus ne répond pas ici (code {fini.returncode})")
    caches, intervalles = json.loads(fini.stdout.splitlines()[-1])
    assert caches == [60, 110, 140, 150]
    assert [110, 30, 140] in intervalles
