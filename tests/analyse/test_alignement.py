"""Alignement : une ligne par territoire, dans l'ordre, sans rien perdre ni inventer."""

import numpy as np
import pandas as pd
import pytest

from observatoire.analyse.alignement import align_valeurs

CODES = [f"{n:05d}" for n in range(40)]
TERRITOIRES = pd.DataFrame({"code": CODES, "libelle": [f"Ville {c}" for c in CODES]})


def make_lues(codes, graine=0):
    hasard = np.random.default_rng(graine)
    nombre = len(codes)
    lues = pd.DataFrame({"code_territoire": pd.Series(codes, dtype="str")})
    for nom in ("modalite", "statut", "marques", "periode_denominateur"):
        lues[nom] = pd.Series(hasard.choice(["", "x", "y"], nombre), dtype="str")
    for nom in ("valeur", "couverture"):
        lues[nom] = hasard.random(nombre)
    return lues


def joined(lues):
    """Oracle : un rapprochement ordinaire, puis le remplissage colonne par colonne."""
    jointes = TERRITOIRES.merge(lues, left_on="code", right_on="code_territoire", how="left")
    jointes["code_territoire"] = jointes.pop("code")
    jointes["statut"] = jointes.statut.fillna("non_disponible")
    for nom in ("modalite", "marques", "periode_denominateur"):
        jointes[nom] = jointes[nom].fillna("")
    jointes["couverture"] = jointes.couverture.fillna(0.0)
    return jointes


CAS = {
    "carte complète": CODES,
    "quelques absents": CODES[3:20] + CODES[25:],
    "typologie": sorted(CODES[::2] * 2 + CODES[::3]),
    "un seul": ["00007"],
    "rien": [],
    "territoires inconnus": ["00001", "99998", "99999"],
}


@pytest.mark.parametrize("codes", CAS.values(), ids=CAS)
def test_same_rows_as_an_ordinary_join(codes):
    lues = make_lues(codes)
    alignees = align_valeurs(TERRITOIRES, lues)
    pd.testing.assert_frame_equal(alignees, joined(lues)[alignees.columns], check_exact=True)
    assert set(alignees.columns) == {*lues.columns, "libelle"}
    assert alignees.code_territoire.is_monotonic_increasing
    assert set(alignees.code_territoire) == set(CODES)


def test_what_was_read_is_left_untouched():
    lues = make_lues(CODES[:10])
    avant = lues.copy()
    for territoires in (TERRITOIRES, TERRITOIRES.iloc[:10]):
        alignees = align_valeurs(territoires, lues)
        alignees.loc[:, "valeur"] = -1.0
        alignees.loc[0, "libelle"] = "autre"
    pd.testing.assert_frame_equal(lues, avant)
    assert TERRITOIRES.libelle[0] == "Ville 00000"


def test_null_that_was_published_becomes_empty_too():
    lues = make_lues(CODES)
    lues.loc[4, "periode_denominateur"] = None
    assert align_valeurs(TERRITOIRES, lues).periode_denominateur.notna().all()
