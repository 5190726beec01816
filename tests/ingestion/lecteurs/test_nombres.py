"""Nombres écrits en texte : chaque écriture d'organisme, et aucune devinée en silence."""

import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatoire.ingestion.lecteurs import parse_nombres


@pytest.mark.parametrize(
    ("texte", "valeur"),
    [
        ("0", 0.0),
        ("01004", 1004.0),
        ("12,5", 12.5),
        ("12.5", 12.5),
        ("8724.0", 8724.0),  # entier passé par un tableur
        (" 42 ", 42.0),
        ("2 256", 2256.0),
        ("2\u00a0256", 2256.0),  # espace insécable
        ("2\u202f256,4", 2256.4),  # espace fine insécable
        ("1'204", 1204.0),
        ("12 345 678", 12345678.0),
        ("7,83e-03", 0.00783),
        ("7.83E-03", 0.00783),
        ("-3,5", -3.5),
        ("\u22123,5", -3.5),  # signe moins typographique
        ("+4", 4.0),
        (",5", 0.5),
        ("12,5 %", 12.5),
        ("12,5\u00a0%", 12.5),
        ("1.234", 1.234),  # seul, un point est décimal
        ("1,234", 1.234),
        ("1.234,5", 1234.5),
        ("1.234.567", 1234567.0),
        ("1,234.5", 1234.5),
        ("1,234,567", 1234567.0),
    ],
)
def test_ecriture_is_read(texte, valeur):
    valeurs, illisibles = parse_nombres(pa.array([texte]))
    assert valeurs[0] == pytest.approx(valeur, rel=1e-15)
    assert not illisibles[0]


@pytest.mark.parametrize(
    "texte",
    ["nd", "s", "*", "-", "12 34", "1 2345", "01 234", "1,2,3", "1.2.3", "1.234,567,8", "12-", "(12)", "0x1F", "nan",
     "inf", "Infinity", "1e999", "1_000", "١٢", "²", "12%%", "--1", "1e", "2019-12"],
)  # fmt: skip
def test_ce_qui_n_est_pas_un_nombre_is_said(texte):
    valeurs, illisibles = parse_nombres(pa.array([texte]))
    assert math.isnan(valeurs[0])
    assert illisibles[0]


def test_vide_is_neither_number_nor_fault():
    valeurs, illisibles = parse_nombres(pa.chunked_array([["", None], ["  ", "\u00a0"]]))
    assert all(map(math.isnan, valeurs))
    assert not illisibles.any()
    assert parse_nombres(pa.nulls(2))[0].shape == (2,)


@given(st.floats(allow_nan=False, allow_infinity=False), st.booleans())
def test_nombre_ecrit_is_reread_exactly(valeur, virgule):
    texte = repr(valeur)
    valeurs, illisibles = parse_nombres(pa.array([texte.replace(".", ",") if virgule else texte]))
    assert valeurs[0] == valeur
    assert not illisibles[0]


@given(st.integers(1000, 10**14), st.sampled_from([" ", "\u00a0", "\u202f", "'"]))
def test_milliers_are_reread_exactly(entier, espace):
    assert parse_nombres(pa.array([f"{entier:,}".replace(",", espace)]))[0][0] == entier
