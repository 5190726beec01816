"""Territoires et appartenances : nombres officiels, liens complets et cohérents."""

from __future__ import annotations

import pandas as pd
import pytest

TERRITOIRES = "referentiel/territoires.parquet"
APPARTENANCES = "referentiel/appartenances.parquet"
COMMUNES = {
    "2019": 34_970,
    "2021": 34_965,
    "2022": 34_955,
    "2023": 34_945,
    "2024": 34_935,
    "2025": 34_875,
    "2026": 34_875,
}


@pytest.fixture(scope="module")
def nombres(table) -> pd.DataFrame:
    territoires = table(TERRITOIRES)
    return pd.crosstab(territoires["cog"], territoires["maille"])


def test_communes_de_chaque_cog(nombres) -> None:
    assert nombres["commune"].to_dict() == COMMUNES


def test_communes_2026_are_34875(nombres) -> None:
    assert nombres.loc["2026", "commune"] == 34_875


def test_mailles_superieures(nombres) -> None:
    assert set(nombres["departement"]) == {101}
    assert set(nombres["region"]) == {18}
    assert set(nombres["france"]) == {1}
    assert set(nombres["arrondissement_municipal"]) == {45}
    assert nombres.loc["2026", ["ept", "epci"]].tolist() == [11, 1_255]


def test_outre_mer_hors_communes(nombres) -> None:
    assert nombres.loc["2026", ["commune_com", "collectivite_outremer"]].tolist() == [94, 8]


def test_iris_au_cog_2023(nombres) -> None:
    assert nombres["iris"].to_dict()["2023"] == 49_280
    assert nombres["iris"].sum() == 49_280


def test_cle_unique_et_libelles(table) -> None:
    territoires = table(TERRITOIRES)
    assert not territoires.duplicated(["cog", "maille", "code"]).any()
    assert territoires["libelle"].str.len().gt(0).all()


def test_liens_menent_a_des_territoires(table) -> None:
    cles = pd.MultiIndex.from_frame(table(TERRITOIRES)[["cog", "maille", "code"]])
    liens = table(APPARTENANCES)
    for bout in ("enfant", "parent"):
        bouts = pd.MultiIndex.from_frame(liens[["cog", f"maille_{bout}", f"code_{bout}"]])
        assert bouts.isin(cles).all()
    assert not liens.duplicated().any()


@pytest.mark.parametrize("maille", ["departement", "region", "france"])
def test_chaque_commune_a_un_seul_parent(table, maille) -> None:
    liens = table(APPARTENANCES)
    liens = liens[(liens["maille_enfant"] == "commune") & (liens["maille_parent"] == maille)]
    assert liens.groupby("cog").size().to_dict() == COMMUNES
    assert not liens.duplicated(["cog", "code_enfant"]).any()


def test_departement_et_region_concordent(table) -> None:
    liens = table(APPARTENANCES)
    vers = {
        (enfant, parent): liens[(liens["maille_enfant"] == enfant) & (liens["maille_parent"] == parent)].set_index(
            ["cog", "code_enfant"]
        )["code_parent"]
        for enfant, parent in (
            ("commune", "departement"),
            ("commune", "region"),
            ("departement", "region"),
        )
    }
    departements = vers["commune", "departement"].reset_index()
    cles = pd.MultiIndex.from_frame(departements[["cog", "code_parent"]])
    attendues = vers["departement", "region"].reindex(cles).to_numpy()
    assert (
        vers["commune", "region"].sort_index().to_numpy()
        == pd.Series(attendues, index=vers["commune", "departement"].index).sort_index().to_numpy()
    ).all()


def test_communes_sans_epci(table) -> None:
    liens = table(APPARTENANCES)
    liens = liens[liens["maille_enfant"] == "commune"]
    epci = liens[(liens["cog"] == "2026") & (liens["maille_parent"] == "epci")]
    communes = liens[(liens["cog"] == "2026") & (liens["maille_parent"] == "france")]
    seules = set(communes["code_enfant"]) - set(epci["code_enfant"])
    assert seules == {"22016", "29083", "29155", "85113"}
    assert not epci["code_enfant"].duplicated().any()


def test_iris_de_paris_ont_deux_parents(table) -> None:
    liens = table(APPARTENANCES)
    iris = liens[liens["maille_enfant"] == "iris"]
    assert iris["code_enfant"].nunique() == 49_280
    municipal = iris[iris["maille_parent"] == "arrondissement_municipal"]
    assert len(municipal) == 1_570
    commune = iris[iris["maille_parent"] == "commune"].set_index("code_enfant")
    parents = commune.loc[municipal["code_enfant"], "code_parent"]
    assert set(parents) == {"75056", "69123", "13055"}


def test_cantons_ou_villes(table, nombres) -> None:
    liens = table(APPARTENANCES)
    cantons = liens[liens["maille_parent"] == "canton_ville"]
    assert not cantons["code_enfant"].duplicated().any()
    assert cantons["code_parent"].nunique() == nombres.loc["2026", "canton_ville"]
    assert len(cantons) == 34_760


def test_codes_postaux_menent_a_des_communes(table) -> None:
    territoires = table(TERRITOIRES)
    actuels = territoires[(territoires["cog"] == "2026") & territoires["maille"].isin(["commune", "commune_com"])]
    postaux = table("referentiel/codes_postaux.parquet")
    assert postaux["code_commune"].isin(actuels["code"]).all()
    assert postaux["code_postal"].str.fullmatch(r"\d{5}").all()
    assert not postaux.duplicated().any()
    communes = actuels[actuels["maille"] == "commune"]["code"]
    assert communes.isin(postaux["code_commune"]).all()


@pytest.mark.parametrize(
    ("nom", "commune"),
    [("Villotran", "60694"), ("Conques", "12218"), ("Les Hauts-Talican", "60694")],
)
def test_anciennes_communes_par_nom(table, nom, commune) -> None:
    anciennes = table("referentiel/anciennes_communes.parquet")
    assert anciennes.set_index("libelle_ancien").loc[nom, "code_commune"] == commune


def test_anciennes_communes_existent(table) -> None:
    anciennes = table("referentiel/anciennes_communes.parquet")
    territoires = table(TERRITOIRES)
    actuels = territoires[(territoires["cog"] == "2026") & (territoires["maille"] == "commune")]
    assert anciennes["code_commune"].isin(actuels["code"]).all()
    assert set(anciennes["nature"]) == {"deleguee", "associee", "ancien_code", "disparue"}
