"""Recensement, zonage ABC, taxe d'habitation, présidentielle : contrôles."""

from __future__ import annotations

import pytest

IRIS = "demarrage/insee_rp_iris/2021/iris.parquet"
ANNEES_TH = {
    "2017": ("2019", 550),
    "2018": ("2019", 420),
    "2019": ("2019", 261),
    "2020": ("2019", 3),
    "2021": ("2019", 3),
    "2022": ("2022", 7),
}


def get_communes(table, cog: str) -> set[str]:
    territoires = table("referentiel/territoires.parquet")
    communes = territoires[(territoires["cog"] == cog) & (territoires["maille"] == "commune")]
    return set(communes["code"])


def test_iris_effectif_et_population(table) -> None:
    iris = table(IRIS)
    assert len(iris) == 49_280
    assert iris["population"].sum() == 67_408_104
    reunion = iris[iris["code_iris"].str.startswith("974")]
    assert (len(reunion), reunion["population"].sum()) == (344, 871_155)


@pytest.mark.parametrize(
    ("total", "parts"),
    [
        ("population", ["population_0_19", "population_20_64", "population_65_plus"]),
        ("logements", ["residences_principales", "residences_secondaires", "logements_vacants"]),
    ],
)
def test_iris_sommes_a_l_arrondi_pres(table, total, parts) -> None:
    iris = table(IRIS)
    assert (iris[parts].sum(axis=1) - iris[total]).abs().max() <= 1


def test_iris_sans_mayotte(table) -> None:
    assert not table(IRIS)["code_iris"].str.startswith("976").any()


def test_zonage_abc_couvre_le_cog_2024(table) -> None:
    zonage = table("demarrage/dhup_zonage_abc/2024/communes.parquet")
    assert set(zonage["code_commune"]) == get_communes(table, "2024")
    assert set(zonage["zone"]) == {"A bis", "A", "B1", "B2", "C"}


@pytest.mark.parametrize("annee", ANNEES_TH)
def test_taxe_habitation(table, manifestes, annee) -> None:
    th = table(f"demarrage/dgfip_taxe_habitation/{annee}/communes.parquet")
    cog, inconnus = ANNEES_TH[annee]
    manifeste = next(m for f, m in manifestes.items() if f"taxe_habitation/{annee}" in f.as_posix())
    assert manifeste["millesime_geographique"] == cog
    assert th["code_commune"].is_unique
    etrangers = sorted(set(th["code_commune"]) - get_communes(table, cog))
    mal_formes = 2
    assert len(etrangers) == inconnus - mal_formes
    assert all(any(code in note for note in manifeste["notes"]) for code in etrangers)
    valeurs = th["valeur_locative_moyenne"].dropna()
    assert valeurs.between(1, 13_000).all()


def test_presidentielle_2022(table) -> None:
    resultats = table("demarrage/interieur_presidentielle/2022/departements.parquet")
    assert resultats["champ"].value_counts().to_dict() == {"departement": 101, "com": 5, "etranger": 1}
    assert resultats["inscrits"].sum() == 48_747_858
    assert (resultats["inscrits"] == resultats["abstentions"] + resultats["votants"]).all()
    comptes = resultats[["blancs", "nuls", "exprimes"]].sum(axis=1)
    assert (comptes == resultats["votants"]).all()
    departements = resultats[resultats["champ"] == "departement"]["code_departement"]
    territoires = table("referentiel/territoires.parquet")
    officiels = territoires[(territoires["cog"] == "2022") & (territoires["maille"] == "departement")]
    assert set(departements) == set(officiels["code"])
