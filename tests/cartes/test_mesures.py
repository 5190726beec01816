"""Part ou nombre : le nombre déduit d'un rapport ne dit jamais plus que ce qui est publié."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatoire.cartes.mesures import derive_nombre, has_nombre, name_mesure
from observatoire.mesures.intervalles import bounds_of_ratio
from observatoire.modeles.indicateurs import Representation
from observatoire.modeles.sources import VariableSource
from tests.cartes.exemples import build_indicateur

PART = build_indicateur(multiplicateur=100.0, min_denominateur=200.0)
MENAGES = VariableSource(libelle="Ménages à bas revenus", unite="ménages", colonne="x")
COLONNES = [
    "code_territoire", "libelle", "modalite", "valeur", "borne_inf", "borne_sup", "statut", "marques",
    "couverture", "numerateur", "denominateur", "periode_denominateur",
]  # fmt: skip


def publish(variable=MENAGES, poids="habitants"):
    unites = {"population": SimpleNamespace(unite=poids)}
    return SimpleNamespace(catalogue=SimpleNamespace(variable=lambda nom: unites.get(nom, variable)))


def row(**champs):
    base = dict.fromkeys(COLONNES, math.nan) | {
        "code_territoire": "1", "libelle": "Ville", "modalite": "", "marques": "", "statut": "publie",
        "couverture": 1.0, "periode_denominateur": "2010",
    }  # fmt: skip
    return base | champs


def exact(num, den, **champs):
    part = 100 * num / den
    return row(valeur=part, borne_inf=part, borne_sup=part, numerateur=num, denominateur=den, **champs)


def derive(*lignes, indicateur=PART, variable=MENAGES):
    fiche, valeurs = derive_nombre(publish(variable), indicateur, pd.DataFrame(lignes, columns=COLONNES))
    return fiche, valeurs.to_dict("records")


@pytest.mark.parametrize(
    ("champs", "attendu"),
    [
        ({"multiplicateur": 100.0}, "Part"),
        ({"multiplicateur": 10_000.0, "unite": "pour 10 000 hab."}, "Rapport"),
        ({"type_mesure": "densite", "unite": "hab./km²", "multiplicateur": 1.0}, "Densité"),
        (
            {"type_mesure": "moyenne", "libelle": "Part des habitants en zone tendue", "denominateur": None,
             "multiplicateur": 100.0},
            "Part",
        ),
    ],
)  # fmt: skip
def test_ratios_have_a_number(champs, attendu):
    indicateur = build_indicateur(**champs)
    assert has_nombre(indicateur)
    assert name_mesure(indicateur) == attendu


@pytest.mark.parametrize(
    "champs",
    [
        {"type_mesure": "effectif", "unite": "ménages", "denominateur": None},
        {"unite": "€ par personne", "multiplicateur": 1.0},
        {"type_mesure": "moyenne", "unite": "€ par an", "denominateur": None},
        {"type_mesure": "typologie", "unite": "zone", "denominateur": None},
        {"type_mesure": "evolution", "unite": "% par an", "denominateur": None},
    ],
)
def test_averages_and_others_have_none(champs):
    assert not has_nombre(build_indicateur(**champs))


def test_number_is_drawn_in_symbols_and_counts_what_the_source_counts():
    fiche, (ligne,) = derive(exact(31, 100))
    assert fiche.representation_retenue is Representation.SYMBOLES
    assert (fiche.unite, fiche.decimales, fiche.denominateur, fiche.min_denominateur) == ("ménages", 0, None, None)
    assert fiche.libelle == "Ménages à bas revenus, nombre"
    assert fiche.id == PART.id
    assert (ligne["valeur"], ligne["borne_inf"], ligne["borne_sup"], ligne["statut"]) == (31, 31, 31, "publie")
    assert math.isnan(ligne["denominateur"])


@pytest.mark.parametrize("statut", ["secret", "non_disponible", "hors_champ"])
def test_masked_stays_masked_even_if_a_number_came_by_mistake(statut):
    _, (ligne,) = derive(exact(3, 100, statut=statut))
    assert ligne["statut"] == statut
    for colonne in ("valeur", "borne_inf", "borne_sup", "numerateur", "denominateur"):
        assert math.isnan(ligne[colonne]), colonne


@pytest.mark.parametrize(
    ("marques", "attendu"), [("", "publie"), ("estime", "estime"), ("arrondi,estime", "estime"), ("arrondi", "arrondi")]
)
def test_small_denominator_does_not_shake_a_count(marques, attendu):
    """Ce que « non significatif » cachait (arrondi, estimé) reparaît."""
    _, (ligne,) = derive(exact(13, 30, statut="non_significatif", marques=marques))
    assert (ligne["valeur"], ligne["statut"]) == (13, attendu)


def test_true_zero_stays_a_zero():
    _, (ligne,) = derive(exact(0, 500))
    assert (ligne["valeur"], ligne["statut"], ligne["borne_sup"]) == (0, "publie", 0)


def test_count_is_partial_from_the_first_missing_commune():
    """Une part à 97 % de couverture est publiée ; son nombre, lui, ne peut que grandir."""
    _, (ligne,) = derive(exact(31, 100, couverture=0.97))
    assert (ligne["statut"], ligne["borne_inf"]) == ("partiel", 31)
    assert math.isnan(ligne["borne_sup"])


def test_promise_without_number_is_not_available():
    _, (ligne,) = derive(row(valeur=31.0, denominateur=100.0))
    assert ligne["statut"] == "non_disponible"
    assert math.isnan(ligne["valeur"])


def test_bounds_cut_at_hundred_percent_are_not_a_maximum():
    _, (ligne,) = derive(
        row(valeur=95.0, borne_inf=90.0, borne_sup=100.0, numerateur=95.0, denominateur=100.0, statut="estime")
    )
    assert ligne["borne_inf"] == pytest.approx(90)
    assert math.isnan(ligne["borne_sup"])


entiers = st.integers(1, 5000)


@settings(max_examples=60, deadline=None)
@given(st.tuples(entiers, entiers, entiers), st.tuples(entiers, entiers, entiers), st.booleans())
def test_interval_always_contains_the_true_one(numerateurs, denominateurs, part):
    """Bornes du rapport calculées par le moteur ; celles du nombre n'excluent aucun compte possible."""
    num_inf, num, num_sup = sorted(numerateurs)
    den_inf, den, den_sup = sorted(denominateurs)
    inf, sup = bounds_of_ratio(([num_inf], [num_sup]), ([den_inf], [den_sup]), part=part)
    champs = {"multiplicateur": 100.0} if part else {"multiplicateur": 1000.0, "unite": "pour 1 000"}
    indicateur = build_indicateur(**champs)
    facteur = indicateur.multiplicateur
    brut = num / den * facteur
    _, (ligne,) = derive(
        row(
            valeur=brut, borne_inf=inf[0] * facteur, borne_sup=sup[0] * facteur,
            numerateur=float(num), denominateur=float(den), statut="estime",
        ),
        indicateur=indicateur,
    )  # fmt: skip
    jeu = 1e-6 * num_sup
    # Un numérateur plus grand que le dénominateur n'est pas une part : la borne basse a pu être coupée aussi.
    assert ligne["borne_inf"] <= num_inf + jeu
    assert math.isnan(ligne["borne_sup"]) or ligne["borne_sup"] >= num_sup - jeu


@pytest.mark.parametrize(
    ("libelle", "unite", "attendu"),
    [
        ("Ménages à bas revenus", "ménages", "85 910 ménages à bas revenus"),
        ("Population de 75 ans ou plus", "habitants", "85 910 habitants de 75 ans ou plus"),
        ("Population municipale", "habitants", "85 910 habitants (population municipale)"),
        ("Votes blancs", "votes", "85 910 votes blancs"),
        ("Maisons", "logements", "85 910 maisons"),
    ],
)
def test_sentence_counts_in_french(libelle, unite, attendu):
    fiche, _ = derive(exact(1, 2), variable=VariableSource(libelle=libelle, unite=unite, colonne="x"))
    valeurs = {"periode": "2010", "a_territoire": "à La Réunion", "valeur": "85 910"}
    assert fiche.lecture.format(**valeurs) == f"En 2010, on comptait à La Réunion {attendu}."


def test_weighted_share_counts_what_weights_it():
    part = build_indicateur(
        type_mesure="moyenne", libelle="Part des habitants dont la mairie ouvre le samedi", multiplicateur=100.0,
        denominateur=None, poids="population",
    )  # fmt: skip
    fiche, _ = derive_nombre(publish(), part, pd.DataFrame([exact(1, 2)], columns=COLONNES))
    assert (fiche.libelle, fiche.unite) == ("Habitants dont la mairie ouvre le samedi, nombre", "habitants")


def test_rows_and_columns_are_kept():
    recues = pd.DataFrame([exact(1, 2, code_territoire=c) for c in "cab"], columns=COLONNES)
    _, rendues = derive_nombre(publish(), PART, recues)
    assert rendues.columns.tolist() == COLONNES
    assert rendues.code_territoire.tolist() == list("cab")
    assert np.isnan(recues.denominateur).sum() == 0
