"""Lignes d'un tableau exporté : ordre, absences, remarques."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from observatoire.exports.tableau import MIXTE, build_tableau
from observatoire.modeles.indicateurs import Indicateur
from observatoire.modeles.statuts import Statut
from tests.cartes.exemples import build_indicateur, build_valeurs

NOMS = ["Les Avirons", "Étang-Salé", "Zermatt", "Bras-Panon", "Bras-Panon"]


@pytest.fixture
def valeurs() -> pd.DataFrame:
    table = build_valeurs([20.0, 35.5, None, 0.0, 12.0], {1: "estime", 2: "secret", 4: "partiel"})
    table.loc[1, ["borne_inf", "borne_sup"]] = [34.0, 37.0]
    table.loc[4, "couverture"] = 0.834
    return table.assign(libelle=NOMS)


def test_rows_are_alphabetical_without_accents_then_by_code(valeurs: pd.DataFrame) -> None:
    lignes = build_tableau(build_indicateur(), valeurs).lignes
    assert lignes["territoire"].tolist() == ["Bras-Panon", "Bras-Panon", "Étang-Salé", "Les Avirons", "Zermatt"]
    assert lignes["code"].tolist() == ["00003", "00004", "00001", "00000", "00002"]


def test_a_secret_is_an_empty_row_with_its_status(valeurs: pd.DataFrame) -> None:
    # Même si la source laissait passer un nombre, il ne sort pas.
    valeurs.loc[2, ["valeur", "numerateur", "denominateur", "borne_inf", "borne_sup"]] = [
        77.7,
        777.0,
        1000.0,
        70.0,
        80.0,
    ]
    ligne = build_tableau(build_indicateur(), valeurs).lignes.set_index("code").loc["00002"]
    assert all(math.isnan(ligne[nom]) for nom in ("valeur", "borne_inf", "borne_sup", "nombre", "sur"))
    assert ligne["statut"] == "Masqué pour protéger les personnes"
    assert ligne["remarque"] == "Secret statistique ; à ne lire ni comme un zéro, ni comme un petit nombre."


def test_a_true_zero_stays_a_zero(valeurs: pd.DataFrame) -> None:
    ligne = build_tableau(build_indicateur(), valeurs).lignes.set_index("code").loc["00003"]
    assert (ligne["valeur"], ligne["nombre"], ligne["statut"], ligne["remarque"]) == (0.0, 0.0, "publié", "")


def test_bounds_are_written_only_when_they_say_something(valeurs: pd.DataFrame) -> None:
    lignes = build_tableau(build_indicateur(), valeurs).lignes.set_index("code")
    assert lignes.loc["00001", ["borne_inf", "borne_sup"]].tolist() == [34.0, 37.0]
    assert math.isnan(lignes.loc["00000", "borne_inf"])


def test_partial_coverage_is_said(valeurs: pd.DataFrame) -> None:
    ligne = build_tableau(build_indicateur(), valeurs).lignes.set_index("code").loc["00004"]
    assert ligne["remarque"].endswith("La source couvre 83\u00a0% de ce territoire.")


def test_statuses_present_are_listed_by_strength(valeurs: pd.DataFrame) -> None:
    statuts = build_tableau(build_indicateur(), valeurs).statuts
    assert statuts == (Statut.PUBLIE, Statut.ESTIME, Statut.PARTIEL, Statut.SECRET)


def test_a_typology_names_categories_and_shares() -> None:
    fiche: Indicateur = build_indicateur(
        type_mesure="typologie", denominateur=None, unite="zone",
        modalites=[{"code": "A", "libelle": "A"}, {"code": "C", "libelle": "C (la moins tendue)"}],
    )  # fmt: skip
    lignes = [("1", "Un", "A", 100.0, "publie"), ("2", "Deux", "A", 60.0, "publie"), ("2", "Deux", "C", 40.0, "publie"),
              ("3", "Trois", "", math.nan, "non_disponible")]  # fmt: skip
    valeurs = pd.DataFrame(lignes, columns=["code_territoire", "libelle", "modalite", "valeur", "statut"])
    valeurs = valeurs.assign(couverture=1.0)
    tableau = build_tableau(fiche, valeurs)
    assert tableau.en_typologie
    assert tableau.lignes[["territoire", "categorie"]].to_numpy().tolist() == [
        ["Deux", MIXTE], ["Trois", ""], ["Un", "A"],
    ]  # fmt: skip
    assert tableau.lignes["remarque"].tolist()[0] == "A\u00a060\u00a0%, C\u00a040\u00a0%"
    assert tableau.lignes["statut"].tolist()[1] == "non disponible"
