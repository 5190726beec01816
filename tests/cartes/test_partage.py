"""Deux périodes d'une même mesure, une seule échelle : mêmes bornes, effectifs de chacune."""

from __future__ import annotations

import pytest

from observatoire.cartes.lecture import CLE_SYMBOLE, EtatCarte, read_carte
from observatoire.cartes.legende import ContexteLegende, build_legende, write_note
from observatoire.modeles.mailles import Maille
from tests.cartes.exemples import build_indicateur, build_valeurs

PART = build_indicateur()
EFFECTIF = build_indicateur(type_mesure="effectif", unite="ménages", decimales=0, denominateur=None)
AVANT = build_valeurs([10, 12, 14, 16, 18, 20, 22, 24, 26, 28])
APRES = build_valeurs([30, 32, 34, 36, 38, 40, 42, 44, 46, 48])
CODES = AVANT.code_territoire.tolist()
CONTEXTE = ContexteLegende(
    Maille.COMMUNE, "de l'Isère", "Insee, RP", "01/01/2026", (("Isère", 29.0),), periodes=("2016", "2023")
)


def test_both_maps_have_the_same_classes():
    avant, apres = read_carte(PART, AVANT, CODES, APRES), read_carte(PART, APRES, CODES, AVANT)
    assert avant.decoupage.bornes == apres.decoupage.bornes
    assert (avant.decoupage.minimum, avant.decoupage.maximum) == (10, 48)
    assert sum(avant.decoupage.effectifs) == sum(apres.decoupage.effectifs) == 10
    # Tout le bas de l'échelle est à la première période, tout le haut à la seconde.
    assert avant.decoupage.effectifs[0] == apres.decoupage.effectifs[-1] == 4
    assert avant.decoupage.effectifs[-1] == apres.decoupage.effectifs[0] == 0


def test_alone_each_would_have_its_own():
    assert read_carte(PART, AVANT, CODES).decoupage.bornes != read_carte(PART, APRES, CODES).decoupage.bornes


def test_range_of_the_sentence_stays_that_of_the_map():
    assert read_carte(PART, AVANT, CODES, APRES).etendue == (10, 28)


def test_symbols_share_their_scale():
    avant = read_carte(EFFECTIF, AVANT, CODES, APRES)
    assert avant.decoupage.maximum == 48
    assert avant.cle_of(CODES[0]) == CLE_SYMBOLE


def test_zero_is_judged_on_both_periods():
    """Si l'une des séries descend sous zéro, le zéro de l'autre n'est qu'un milieu."""
    zeros = build_valeurs([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    negatives = build_valeurs([-5, -4, -3, -2, -1, 0, 1, 2, 3, 4])
    assert read_carte(PART, zeros, CODES).effectif(EtatCarte.ZERO) == 1
    assert read_carte(PART, zeros, CODES, negatives).effectif(EtatCarte.ZERO) == 0
    assert sum(read_carte(PART, zeros, CODES, negatives).decoupage.effectifs) == 10


def test_other_period_without_value_changes_nothing():
    vide = build_valeurs([None] * 10, dict.fromkeys(range(10), "secret"))
    assert read_carte(PART, AVANT, CODES, vide).decoupage == read_carte(PART, AVANT, CODES).decoupage


@pytest.mark.parametrize(
    ("indicateur", "attendu"),
    [
        (PART, "Classes communes à 2016 et 2023, calculées sur les 10 communes de l'Isère\u00a0; la borne haute"),
        (EFFECTIF, "Surface des cercles proportionnelle à la valeur, même échelle pour 2016 et 2023, sur les 10"),
    ],
)
def test_note_says_the_classes_are_shared(indicateur, attendu):
    legende = build_legende(read_carte(indicateur, AVANT, CODES, APRES), CONTEXTE)
    assert write_note(legende).startswith(attendu)


def test_note_of_a_map_alone_does_not():
    seul = ContexteLegende(Maille.COMMUNE, "de l'Isère", "Insee, RP", "01/01/2026", periodes=("2023",))
    assert "communes à" not in write_note(build_legende(read_carte(PART, AVANT, CODES), seul))
