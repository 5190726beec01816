"""Zones exactes face à un attaquant : un déluge de demandes, la simulabilité, les deux zonages de l'Insee."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from observatoire.registres.diffusions import Verdict, list_diffusions
from observatoire.secret import zones
from observatoire.secret.attaque import bound_cases
from observatoire.secret.zones_audit import find_fautes
from observatoire.secret.zones_systeme import Fondations
from tests.secret.monde_zones import SEUIL, MondeZones, build_cases, build_tables, code_of, draw_departement

# --- L'attaquant : son propre code ------------------------------------------------------------------


def attack(valeurs, niveaux, cachees, diffusees):
    """Encadre chaque commune masquée d'après tout ce qui est public ; il sait qu'elle vaut au moins 1."""
    nombre = len(valeurs)
    masquees = [("commune", code_of(u + 1)) in cachees for u in range(nombre)]
    bornes = [(1, None) if masquees[u] else (valeurs[u], valeurs[u]) for u in range(nombre)]
    egales = [(g == k, valeurs[g == k].sum()) for m, g in niveaux.items() for k in set(g) if (m, k) not in cachees]
    au_plus, seconds = [], []
    for codes, arrondie in diffusees:
        ligne = np.zeros(nombre)
        ligne[[int(c) - 1 for c in codes]] = 1.0
        au_plus += [ligne, -ligne]
        seconds += [arrondie + 2, 2 - arrondie]
    options = {"A_eq": np.array([g for g, _s in egales], float), "b_eq": [s for _g, s in egales], "bounds": bornes}
    if au_plus:
        options |= {"A_ub": np.array(au_plus), "b_ub": seconds}
    trouvees = {}
    for u in np.flatnonzero(masquees):
        cout = np.zeros(nombre)
        cout[u] = 1.0
        trouvees[u] = linprog(cout, **options).fun, -linprog(-cout, **options).fun
    return trouvees


def list_recovered(valeurs, trouvees):
    """Petits effectifs que l'attaquant cerne plus près que promis."""
    return [
        u
        for u, (bas, haut) in trouvees.items()
        if 0 < valeurs[u] < SEUIL and (haut < SEUIL - 1e-6 or bas > max(1.0, valeurs[u] - 1) + 1e-6)
    ]


def flood(monde, nombre, graine=0, communes=60):
    """Des usagers demandent des zones au hasard, et des voisines à une, deux ou trois communes près."""
    hasard = np.random.default_rng(graine)
    vues = []
    for _ in range(nombre):
        if vues and hasard.random() < 0.5:
            zone = vues[hasard.integers(len(vues))] ^ set(hasard.integers(1, communes + 1, hasard.integers(1, 4)))
        else:
            zone = set(hasard.choice(communes, hasard.integers(3, communes // 2), replace=False) + 1)
        if zone:
            vues.append(zone)
            monde.demander(zone, auteur=f"obs-{hasard.integers(5)}")
    accordees = list_diffusions(monde.registres, verdict=Verdict.ACCORDEE)
    return [(d.unites, d.valeurs["foyers_rsa"]) for d in accordees]


@pytest.fixture
def departement(tmp_path):
    valeurs, habitants, niveaux, cachees = draw_departement(4)
    monde = MondeZones(tmp_path, habitants, build_tables(build_cases(valeurs, niveaux, cachees)))
    return monde, (valeurs, niveaux, cachees)


def test_flood_of_500_zones_by_several_users_leaks_nothing(departement):
    monde, public = departement
    valeurs = public[0]
    assert not list_recovered(valeurs, attack(*public, []))
    accordees = flood(monde, 500)
    assert len(accordees) > 20
    assert len(list_diffusions(monde.registres)) == 500
    assert not list_recovered(valeurs, attack(*public, accordees))


def test_without_the_rules_the_same_flood_recovers_small_counts(departement, monkeypatch):
    monde, public = departement
    monkeypatch.setattr(zones, "is_permise", lambda *_a: True)
    monkeypatch.setattr(zones, "keeps_promesses", lambda *_a: True)
    accordees = flood(monde, 60)
    assert len(accordees) == 60
    assert len(list_recovered(public[0], attack(*public, accordees))) > 3


@pytest.mark.parametrize("seul", ["is_permise", "keeps_promesses"])
def test_each_control_alone_holds(departement, monkeypatch, seul):
    monde, public = departement
    autre = {"is_permise": "keeps_promesses", "keeps_promesses": "is_permise"}[seul]
    monkeypatch.setattr(zones, autre, lambda *_a: True)
    assert not list_recovered(public[0], attack(*public, flood(monde, 60)))


# --- Simulabilité ---------------------------------------------------------------------------------------------


@settings(max_examples=8, deadline=None)
@given(
    echanges=st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13)), min_size=1, max_size=6),
    graine=st.integers(0, 50),
)
def test_public_decision_ignores_masked_values(tmp_path_factory, echanges, graine):
    valeurs, habitants, niveaux, cachees = draw_departement(4)
    masquees = np.array([int(c) - 1 for m, c in sorted(cachees) if m == "commune"])
    autres = valeurs.copy()
    # Les mêmes sommes par EPCI, d'autres valeurs masquées : rien de public ne change.
    for un, deux in echanges:
        un, deux = masquees[un % len(masquees)], masquees[deux % len(masquees)]  # noqa: PLW2901 -- rangs des communes
        if niveaux["epci"][un] == niveaux["epci"][deux]:
            autres[[un, deux]] = autres[[deux, un]]
    decisions = []
    for versees in (valeurs, autres):
        with pytest.MonkeyPatch.context() as patch:
            tables = build_tables(build_cases(versees, niveaux, cachees))
            monde = MondeZones(tmp_path_factory.mktemp("simulable"), habitants, tables)
            patch.setattr(zones, "keeps_promesses", lambda *_a: True)
            flood(monde, 10, graine)
            decisions.append([(d.unites, d.verdict) for d in list_diffusions(monde.registres)])
    assert decisions[0] == decisions[1]


# --- Différenciation entre deux zonages (Insee, diffman) ---------------------------------------------------------

EXEMPLE_1 = {("M1", "c1"): 10.0, ("M2", "c1"): 2.0}
EXEMPLE_2 = {("M1", "c1"): 12.0, ("M2", "c1"): 12.0}
EXEMPLE_6 = {
    ("M1", "c1"): 17.0, ("M1", "c2"): 15.0, ("M2", "c2"): 8.0, ("M2", "c3"): 2.9, ("M3", "c1"): 20.0,
    ("M3", "c3"): 17.0,
}  # fmt: skip
SEUIL_FISCAL = 11


def list_zones_a_risque(croisement):
    """Unions de zones M dont la frontière, d'un côté ou de l'autre, porte moins que le seuil (définition d'origine)."""
    noms = sorted({m for m, _c in croisement})
    trouvees = []
    for taille in range(1, len(noms) + 1):
        for union in combinations(noms, taille):
            dedans = {c for m, c in croisement if m in union}
            dehors = {c for m, c in croisement if m not in union}
            internes = sum(v for (m, c), v in croisement.items() if m in union and c in dehors)
            externes = sum(v for (m, c), v in croisement.items() if m not in union and c in dedans)
            if 0 < internes < SEUIL_FISCAL or 0 < externes < SEUIL_FISCAL:
                trouvees.append("-".join(union))
    return trouvees


def build_croisement(croisement):
    """Système des deux zonages, tous publiés ; les intersections ne le sont pas."""
    valeurs = np.array(list(croisement.values()))
    niveaux = {"epci": np.array([c for _m, c in croisement]), "canton_ville": np.array([m for m, _c in croisement])}
    cachees = {("commune", code_of(u + 1)) for u in range(len(valeurs))}
    tables = build_tables(build_cases(valeurs, niveaux, cachees, seuil=SEUIL_FISCAL, zeros_publies=False))
    return Fondations(tables["cases"], tables["relations"]).build_montage([])


@pytest.mark.parametrize(
    ("croisement", "zones_a_risque", "fautes"),
    [
        (EXEMPLE_1, ["M1", "M2"], {("M1", "c1"): 10.0, ("M2", "c1"): 2.0}),
        (EXEMPLE_2, [], {}),
        (EXEMPLE_6, ["M2", "M1-M3"], {("M2", "c2"): 10.9, ("M2", "c3"): 10.9}),
    ],
)
def test_two_zonings_of_diffman(croisement, zones_a_risque, fautes):
    assert list_zones_a_risque(croisement) == zones_a_risque
    systeme, masquees, _demandees = build_croisement(croisement)
    cases = np.arange(len(croisement))
    haut = bound_cases(systeme, masquees, cases)[1]
    trouvees = find_fautes(systeme, masquees, cases)
    noms = list(croisement)
    assert {noms[case]: round(float(haut[case]), 9) for case in trouvees} == fautes
