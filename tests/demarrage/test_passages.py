"""Passages entre COG : listes exactes, masse conservée, scissions pondérées."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest

COGS = ["2019", "2021", "2022", "2023", "2024", "2025", "2026"]
PASSAGES = "referentiel/passages.parquet"
RETABLIES = {"15031", "15035", "15047", "15171", "60694", "85165", "85212", "14666"}


def get_codes(table, cog: str) -> set[str]:
    territoires = table("referentiel/territoires.parquet")
    communes = territoires[(territoires["cog"] == cog) & (territoires["maille"] == "commune")]
    return set(communes["code"])


def apply_passage(passages: pd.DataFrame, valeurs: pd.Series, de: str, vers: str) -> pd.Series:
    pas = passages[(passages["cog_de"] == de) & (passages["cog_vers"] == vers)]
    bougees = pas.assign(valeur=pas["code_de"].map(valeurs).astype(float) * pas["poids"])
    restes = valeurs[~valeurs.index.isin(pas["code_de"])]
    arrivees = bougees.set_index("code_vers")["valeur"]
    return pd.concat([restes, arrivees]).groupby(level=0).sum()


@pytest.mark.parametrize(("de", "vers"), list(pairwise(COGS)))
def test_passage_mene_a_la_liste_exacte(table, de, vers) -> None:
    passages = table(PASSAGES)
    pas = passages[(passages["cog_de"] == de) & (passages["cog_vers"] == vers)]
    obtenus = (get_codes(table, de) - set(pas["code_de"])) | set(pas["code_vers"])
    assert obtenus == get_codes(table, vers)


def test_poids_somment_a_un(table) -> None:
    sommes = table(PASSAGES).groupby(["cog_de", "code_de"])["poids"].sum()
    assert (sommes - 1).abs().max() < 1e-12


def test_masse_conservee_de_2019_a_2026(table) -> None:
    population = table("demarrage/insee_populations_legales/2016/communes.parquet")
    valeurs = population.set_index("code_commune")["population_municipale"].astype(float)
    depart = valeurs.sum()
    for de, vers in pairwise(COGS):
        valeurs = apply_passage(table(PASSAGES), valeurs, de, vers)
        assert set(valeurs.index) == get_codes(table, vers)
        assert valeurs.sum() == pytest.approx(depart, rel=1e-12)


def test_communes_retablies_sont_des_scissions(table) -> None:
    scissions = table(PASSAGES).query("nature == 'scission'")
    nouvelles = scissions[scissions["code_de"] != scissions["code_vers"]]
    assert set(nouvelles["code_vers"]) == RETABLIES
    assert set(scissions["code_de"]) == {"14712", "15141", "60054", "85084"}


def test_cas_piege_60054_pondere_par_la_population(table) -> None:
    cas = table(PASSAGES).query("code_de == '60054'").set_index("code_vers")["poids"]
    assert cas["60694"] == pytest.approx(547 / 884, abs=1e-9)


@pytest.mark.parametrize(("annee", "cog"), [("2021", "2024"), ("2022", "2024")])
def test_scission_suivie_de_la_population_reelle(table, annee, cog) -> None:
    population = table(f"demarrage/insee_populations_legales/{annee}/communes.parquet")
    assert set(population["code_commune"]) == get_codes(table, cog)
