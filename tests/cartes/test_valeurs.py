"""Codage des valeurs : aller et retour, taille, classes, bornes."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatoire.cartes.couche import build_message
from observatoire.cartes.valeurs import (
    LETTRES,
    MIXTE,
    align_valeurs,
    classify,
    compute_rayons,
    decode_valeurs,
    dessin_aplats,
    dessin_typologie,
    encode_typologie,
    encode_valeurs,
    make_textes,
)
from observatoire.modeles.statuts import STATUTS_SANS_VALEUR, Statut

OCTETS_MAX = 20
FRANCE = 34_875

cases = st.tuples(
    st.sampled_from(list(Statut)), st.floats(-1e6, 1e6, allow_nan=False, allow_infinity=False), st.integers(0, 3)
)


@given(st.lists(cases, max_size=60), st.integers(0, 3))
def test_round_trip(lignes, decimales):
    statuts = [s.value for s, _, _ in lignes]
    valeurs = [v for _, v, _ in lignes]
    codees = encode_valeurs(valeurs, statuts, decimales=decimales)
    relues, lettres = decode_valeurs(codees)
    assert len(relues) == len(lettres) == len(lignes)
    for valeur, statut, relue, lettre in zip(valeurs, statuts, relues, lettres, strict=True):
        if statut in STATUTS_SANS_VALEUR:
            assert math.isnan(relue)
        else:
            assert abs(relue - valeur) <= 0.5 * 10**-decimales + 1e-6
        assert lettre == LETTRES[Statut(statut)] or (lettre == "z" and valeur == 0)


def test_status_without_value_never_sends_one():
    codees = encode_valeurs([12.5, 3.0], ["secret", "publie"], decimales=1, bornes_inf=[10, 3], bornes_sup=[14, 3])
    assert codees.valeurs == ",30"
    assert codees.bornes_rang == ""


def test_true_zero_is_published_zero_only():
    codees = encode_valeurs([0, 0, 0, 0.04], ["publie", "arrondi", "estime", "publie"], decimales=1)
    assert codees.statuts == "zaep"
    assert encode_valeurs([0], ["publie"], decimales=1, zeros_vrais=False).statuts == "p"


def test_statuts_are_run_length():
    assert encode_valeurs([1] * 5 + [None] * 2, ["publie"] * 5 + ["secret"] * 2, decimales=0).statuts == "p5s2"


def test_bornes_are_sparse():
    codees = encode_valeurs(
        [1, 2, 3, 4],
        ["publie", "estime", "publie", "estime"],
        decimales=0,
        bornes_inf=[1, 1, 3, 3],
        bornes_sup=[1, 3, 3, math.nan],
    )
    assert (codees.bornes_rang, codees.bornes_inf, codees.bornes_sup) == ("1,2", "1,3", "3,")


@given(st.lists(st.floats(0, 100), min_size=1, max_size=80), st.lists(st.floats(1, 99), min_size=1, max_size=4))
def test_class_survives_rounding(valeurs, bornes):
    bornes = sorted(round(b, 2) for b in bornes)
    codees = encode_valeurs(valeurs, ["publie"] * len(valeurs), decimales=1, bornes_classes=bornes)
    classes = classify(decode_valeurs(codees)[0], bornes)
    if codees.exceptions_rang:
        rangs = np.cumsum([int(e) for e in codees.exceptions_rang.split(",")])
        classes[rangs] = [int(c) for c in codees.exceptions_classe.split(",")]
    assert classes.tolist() == classify(valeurs, bornes).tolist()


@pytest.mark.parametrize(("incluse", "attendu"), [("superieure", [0, 0, 1, -1]), ("inferieure", [0, 1, 1, -1])])
def test_class_bound_belongs_to_one_side(incluse, attendu):
    assert classify([9, 10, 11, None], [10], incluse).tolist() == attendu


@pytest.mark.parametrize("part_estimee", [0.0, 0.1, 1.0])
def test_france_fits_in_twenty_bytes_each(part_estimee):
    hasard = np.random.default_rng(1)
    valeurs = hasard.uniform(0, 100, FRANCE)
    estime = hasard.random(FRANCE) < part_estimee
    statuts = np.where(estime, "estime", np.where(hasard.random(FRANCE) < 0.2, "secret", "publie")).tolist()
    codees = encode_valeurs(
        valeurs,
        statuts,
        decimales=1,
        bornes_classes=[20, 40, 60, 80],
        bornes_inf=np.where(estime, valeurs - 3, valeurs),
        bornes_sup=np.where(estime, valeurs + 3, valeurs),
    )
    message = build_message(
        {"url": "x"}, codees, dessin_aplats(["#fff"] * 5, [20, 40, 60, 80]), make_textes("t", "%", 1)
    )
    assert len(json.dumps(message)) / FRANCE <= OCTETS_MAX


def test_typologie_sends_ranks():
    codees = encode_typologie(["b", "a", None], ["publie", "publie", "non_disponible"], ["a", "b"])
    assert (codees.valeurs, codees.statuts) == ("1,0,", "p2d")


def test_mixte_is_one_more_class():
    codees = encode_typologie(["b", MIXTE], ["publie", "estime"], ["a", "b"])
    assert (codees.valeurs, codees.statuts) == ("1,2", "pe")
    dessin = dessin_typologie(["#111111", "#222222"], ["A", "B"], {1: "A 60 %, B 40 %"})
    assert dessin["libelles"][dessin["mixte"]] == "Mixte"
    assert len(dessin["couleurs"]) == 3
    assert dessin["parts"] == {"1": "A 60 %, B 40 %"}


def test_absent_territory_is_not_available():
    tableau = pd.DataFrame({"code_territoire": ["B"], "valeur": [2.0], "statut": ["publie"]})
    range_ = align_valeurs(tableau, ["A", "B"])
    assert range_["statut"].tolist() == ["non_disponible", "publie"]
    assert range_["borne_inf"].tolist()[1] == 2.0


def test_circle_area_follows_value():
    rayons = compute_rayons([100, 400, 0], 400, 30)
    assert rayons == [15, 30, 0]
    assert compute_rayons([1], 0, 30) == [0]


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="2 valeurs pour 1 statuts"):
        encode_valeurs([1, 2], ["publie"], decimales=0)
    with pytest.raises(ValueError, match="couleurs"):
        dessin_aplats(["#fff"], [1.0])
