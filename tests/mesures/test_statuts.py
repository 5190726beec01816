import numpy as np
import pandas as pd
import pytest

from observatoire.mesures.statuts import combine_statuts, decode_statuts, degrade_for_couverture, encode_statuts
from observatoire.modeles.statuts import STATUTS_SANS_VALEUR, Statut

ORDRE = ["publie", "arrondi", "estime", "partiel", "non_significatif", "non_disponible", "hors_champ", "secret"]


def degrade(couverture, *, effectif):
    rangs = degrade_for_couverture(np.zeros(1, dtype=np.int8), np.array([couverture]), effectif=effectif)
    return decode_statuts(rangs)[0]


def test_statuts_from_the_weakest_to_the_strongest():
    assert [str(s) for s in sorted(Statut, key=lambda s: s.rang)] == ORDRE


def test_statuts_sans_valeur_are_the_three_strongest():
    assert {str(s) for s in STATUTS_SANS_VALEUR} == set(ORDRE[-3:])


def test_statuts_survive_coding():
    assert decode_statuts(encode_statuts(pd.Series(ORDRE))).tolist() == ORDRE


def test_plus_fort_statut_wins():
    a = encode_statuts(pd.Series(["publie", "estime", "secret"]))
    b = encode_statuts(pd.Series(["arrondi", "arrondi", "hors_champ"]))
    assert decode_statuts(combine_statuts(a, b)).tolist() == ["arrondi", "estime", "secret"]


COUVERTURES = [
    # couverture, statut d'un rapport, statut d'un effectif
    (1.0, "publie", "publie"),
    (0.99, "publie", "partiel"),
    (0.95, "publie", "partiel"),
    (0.9499, "partiel", "partiel"),
    (0.80, "partiel", "partiel"),
    (0.7999, "non_disponible", "non_disponible"),
    (0.0, "non_disponible", "non_disponible"),
]


@pytest.mark.parametrize(("couverture", "rapport", "effectif"), COUVERTURES)
def test_couverture_decides_what_is_shown(couverture, rapport, effectif):
    assert degrade(couverture, effectif=False) == rapport
    assert degrade(couverture, effectif=True) == effectif


def test_couverture_never_weakens_a_statut():
    rangs = encode_statuts(pd.Series(["secret", "estime"]))
    assert decode_statuts(degrade_for_couverture(rangs, np.ones(2), effectif=True)).tolist() == ["secret", "estime"]
