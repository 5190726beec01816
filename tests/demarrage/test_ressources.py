"""Mairies, lycées, lieux de médiation numérique : rattachements et champs."""

from __future__ import annotations

import json

import pytest

MAIRIES = "demarrage/dila_mairies/2026/mairies.parquet"
LYCEES = "demarrage/education_lycees/2026/lycees.parquet"
LIEUX = "demarrage/hinaura_mediation_numerique/2022/lieux.parquet"
JOURS = {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"}


@pytest.fixture(scope="module")
def actuelles(table) -> set[str]:
    territoires = table("referentiel/territoires.parquet")
    mailles = territoires["maille"].isin(["commune", "commune_com"])
    return set(territoires[(territoires["cog"] == "2026") & mailles]["code"])


@pytest.mark.parametrize("chemin", [MAIRIES, LYCEES, LIEUX])
def test_communes_existent(table, actuelles, chemin) -> None:
    assert set(table(chemin)["code_commune"].dropna()) <= actuelles


def test_mairies_uniques(table) -> None:
    mairies = table(MAIRIES)
    assert len(mairies) == 34_827
    assert mairies["id"].is_unique
    assert (mairies["id"] == "mairie-" + mairies["code_commune"]).all()


def test_mairies_positions_douteuses(table) -> None:
    mairies = table(MAIRIES)
    loin = (mairies["distance_commune_m"] > 2_000).fillna(value=False)
    assert (loin == mairies["position_douteuse"]).all()
    assert 1_000 < loin.sum() < 1_200
    assert (mairies["distance_commune_m"] == 0).mean() > 0.94
    assert mairies["longitude"].isna().sum() == 2


def test_mairies_horaires_lisibles(table) -> None:
    horaires = table(MAIRIES)["horaires"]
    plages = [plage for texte in horaires[horaires != ""] for plage in json.loads(texte)]
    assert len(plages) > 85_000
    assert {plage[0] for plage in plages} <= JOURS
    assert {plage[1] for plage in plages} <= JOURS | {""}
    assert {len(plage[2]) for plage in plages} == {1, 2}


def test_mairies_sans_colonne_personnelle(table) -> None:
    assert not {"courriel", "email", "accessibilite"} & set(table(MAIRIES).columns)


def test_lycees(table) -> None:
    lycees = table(LYCEES)
    assert len(lycees) == 5_140
    assert lycees["uai"].is_unique
    assert lycees["uai"].str.fullmatch(r"\d{7}[A-Z]").all()
    assert lycees["code_commune"].isna().sum() == 10
    assert lycees["code_commune"].str.startswith("974").sum() >= 72
    sans = lycees["code_commune"].isna()
    assert (lycees["methode_rattachement"].eq("") == sans).all()


def test_lycees_dans_le_departement_du_code_postal(table) -> None:
    lycees = table(LYCEES).dropna(subset=["code_commune"])
    commune, postal = lycees["code_commune"].str[:2], lycees["code_postal"].str[:2]
    commune = commune.replace({"2A": "20", "2B": "20"})
    assert (commune != postal).mean() < 0.001


def test_mediation_numerique(table) -> None:
    lieux = table(LIEUX)
    assert len(lieux) == 687
    assert lieux["code_commune"].notna().all()
    doublons = lieux["doublon_de"].dropna()
    assert len(doublons) == 9
    assert set(doublons) <= set(lieux["id"])
    assert not {"courriel", "telephone"} & set(lieux.columns)
