"""Populations légales : repères publiés, communes complètes, Mayotte en 2017."""

from __future__ import annotations

import pytest

ANNEES = {
    "2016": ("2019", 515_695, 147_920, 66_361_658),
    "2019": ("2021", 522_969, 153_810, 66_988_403),
    "2020": ("2022", 522_228, 153_001, 67_162_154),
    "2021": ("2024", 522_250, 154_765, 67_408_052),
    "2022": ("2024", 520_774, 156_149, 67_760_573),
    "2023": ("2026", 519_127, 155_634, 68_094_280),
}
MAYOTTE = 256_518


def read(table, annee):
    chemin = f"demarrage/insee_populations_legales/{annee}/communes.parquet"
    return table(chemin).set_index("code_commune")


@pytest.mark.parametrize("annee", ANNEES)
def test_reperes_lyon_et_saint_denis(table, annee) -> None:
    population = read(table, annee)["population_municipale"]
    _, lyon, saint_denis, _ = ANNEES[annee]
    assert population["69123"] == lyon
    assert population["97411"] == saint_denis


@pytest.mark.parametrize("annee", ANNEES)
def test_total_hors_mayotte(table, annee) -> None:
    population = read(table, annee)["population_municipale"]
    mayotte = population.index.str.startswith("976")
    assert population[~mayotte].sum() == ANNEES[annee][3]
    assert population[mayotte].sum() == MAYOTTE


@pytest.mark.parametrize("annee", ANNEES)
def test_toutes_les_communes_sans_manque(table, annee) -> None:
    population = read(table, annee)
    territoires = table("referentiel/territoires.parquet")
    cog = ANNEES[annee][0]
    communes = territoires[(territoires["cog"] == cog) & (territoires["maille"] == "commune")]
    assert set(population.index) == set(communes["code"])
    assert population["population_municipale"].notna().all()


@pytest.mark.parametrize("annee", ANNEES)
def test_mayotte_est_mesuree_en_2017(table, annee) -> None:
    population = read(table, annee)
    mayotte = population.index.str.startswith("976")
    assert set(population.loc[mayotte, "periode_mesuree"]) == {"2017"}
    assert set(population.loc[~mayotte, "periode_mesuree"]) == {annee}


def test_population_2021_suit_le_recensement(table) -> None:
    """À périmètre constant, la somme des IRIS (arrondis) donne la population légale."""
    iris = table("demarrage/insee_rp_iris/2021/iris.parquet")
    recensement = iris.groupby("code_commune")["population"].sum()
    population = read(table, "2021")["population_municipale"]
    passages = table("referentiel/passages.parquet")
    touchees = passages[passages["cog_de"] == "2023"]["code_vers"]
    stables = population.index.intersection(recensement.index).difference(touchees)
    assert len(stables) > 34_850
    assert (population[stables] - recensement[stables]).abs().max() <= 5
