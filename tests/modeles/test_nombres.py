"""Nombres, dates et périodes à la française."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatoire.modeles.nombres import (
    format_date,
    format_ecart,
    format_nombre,
    format_part_sur,
    format_periode,
    format_unite,
    format_valeur,
)


@pytest.mark.parametrize(
    ("valeur", "decimales", "attendu"),
    [
        (871155, 0, "871\u202f155"),
        (31.5, 1, "31,5"),
        (-2.4, 1, "\u22122,4"),
        (0, 1, "0,0"),
        (-0.04, 1, "0,0"),
        (-0.0, 0, "0"),
        (2.675, 2, "2,68"),
        (0.5, 0, "1"),
        (1.5e-7, 2, "0,00"),
        (1234567.891, 2, "1\u202f234\u202f567,89"),
        (999.95, 1, "1\u202f000,0"),
        (1e21, 0, "1\u202f000\u202f000\u202f000\u202f000\u202f000\u202f000\u202f000"),
    ],
)
def test_nombre_is_written_in_french(valeur: float, decimales: int, attendu: str) -> None:
    assert format_nombre(valeur, decimales) == attendu


@pytest.mark.parametrize("valeur", [float("nan"), float("inf")])
def test_valeur_absente_is_refused(valeur: float) -> None:
    with pytest.raises(ValueError, match="statut"):
        format_nombre(valeur)


@given(st.floats(min_value=-1e12, max_value=1e12), st.integers(0, 3))
def test_nombre_reads_back_at_half_a_unit(valeur: float, decimales: int) -> None:
    ecrit = format_nombre(valeur, decimales)
    relu = float(ecrit.replace("\u202f", "").replace("\u2212", "-").replace(",", "."))
    assert abs(relu - valeur) <= 0.5 * 10**-decimales + 1e-9 + 1e-15 * abs(valeur)
    assert not (relu == 0 and ecrit.startswith("\u2212"))
    assert len(ecrit.partition(",")[2]) == decimales


@pytest.mark.parametrize(
    ("arguments", "attendu"),
    [
        ((31.54, "%", 1), "31,5\u00a0%"),
        ((1250, "M€", 0), "1\u202f250\u00a0M€"),
        ((3.14, "p. 10 000", 1), "3,1\u00a0p.\u00a010\u202f000"),
        ((3.14, "pour 10 000 habitants", 1), "3,1\u00a0p.\u00a010\u202f000 habitants"),
        ((12, "ménages", 0), "12\u00a0ménages"),
        ((12, "", 0), "12"),
    ],
)
def test_valeur_has_its_unite(arguments: tuple[float, str, int], attendu: str) -> None:
    assert format_valeur(*arguments) == attendu


def test_petit_denominateur_drops_decimales() -> None:
    assert format_valeur(31.54, "%", 1, denominateur=49) == "32\u00a0%"
    assert format_valeur(31.54, "%", 1, denominateur=50) == "31,5\u00a0%"


def test_unite_in_phrase() -> None:
    assert format_unite("p. 1 000", en_phrase=True) == "pour\u00a01\u202f000"


@pytest.mark.parametrize(
    ("ecart", "unite", "attendu"),
    [
        (-2.4, "%", "\u22122,4\u00a0points"),
        (1.2, "%", "+1,2\u00a0point"),
        (0.01, "%", "0,0\u00a0point"),
        (12, "€", "+12,0\u00a0€"),
    ],
)
def test_ecart_is_signed(ecart: float, unite: str, attendu: str) -> None:
    assert format_ecart(ecart, unite, 1) == attendu


def test_part_says_its_effectif() -> None:
    assert format_part_sur(1234, 5678, "ménages") == "1\u202f234 sur 5\u202f678 ménages"


def test_date_in_tableau_and_phrase() -> None:
    assert format_date(date(2026, 3, 12)) == "12/03/2026"
    assert format_date(date(2026, 3, 12), en_phrase=True) == "12 mars 2026"
    assert format_date(date(2026, 1, 1), en_phrase=True) == "1er janvier 2026"


@pytest.mark.parametrize(
    ("periode", "attendu"),
    [
        ("2021", "2021"),
        ("2024-12", "décembre 2024"),
        ("2024-T1", "1er trimestre 2024"),
        ("2024-T4", "4e trimestre 2024"),
        ("2024-S2", "2e semestre 2024"),
        ("2024-12-31", "31/12/2024"),
        ("2016-2023", "de 2016 à 2023"),
        ("2024-99", "2024-99"),
        ("tout", "tout"),
    ],
)
def test_periode_is_readable(periode: str, attendu: str) -> None:
    assert format_periode(periode) == attendu


@pytest.mark.parametrize(
    ("valeur", "unite", "ecrit"),
    [
        (1, "mairies", "1\u00a0mairie"),
        (0, "lieux", "0\u00a0lieu"),
        (2, "lieux", "2\u00a0lieux"),
        (1, "personnes par logement", "1\u00a0personne par logement"),
        (1, "pour 100 km²", "1\u00a0p.\u00a0100 km²"),
        (1, "hab./km²", "1\u00a0hab./km²"),
        (1, "%", "1\u00a0%"),
    ],
)
def test_units_agree_with_the_number(valeur, unite, ecrit):
    assert format_valeur(valeur, unite) == ecrit
