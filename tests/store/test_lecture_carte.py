"""Lire une carte par ses seuls groupes utiles : les mêmes lignes qu'un filtre ordinaire, partout."""

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from observatoire.store import diffusion
from observatoire.store.lecture import COLONNES_CARTE
from observatoire.store.lecture_carte import read_suite
from observatoire.store.schema import OBSERVATIONS, to_arrow

MAILLES = ("commune", "departement", "epci", "france")
PERIODES = ("2016", "2019", "2022")
GROUPE = 7
"""Petits groupes de lignes : les suites commencent et finissent au milieu de l'un d'eux."""


def make_observations(graine):
    """Un nombre quelconque de territoires par niveau et par période, des statuts et des nuls au hasard."""
    hasard = np.random.default_rng(graine)
    lignes = [
        (maille, f"{rang:05d}", periode)
        for maille in MAILLES
        for periode in PERIODES
        for rang in range(int(hasard.integers(0, 25)))
    ]
    table = pd.DataFrame(lignes, columns=["maille", "code_territoire", "periode"])
    nombre = len(table)
    table = table.assign(indicateur="i", cog="2026", modalite="", marques="")
    for nom in ("valeur", "borne_inf", "borne_sup", "numerateur", "denominateur", "couverture"):
        table[nom] = np.where(hasard.random(nombre) < 0.2, np.nan, hasard.random(nombre))
    table["statut"] = hasard.choice(["publie", "estime", "secret"], nombre, p=[0.8, 0.1, 0.1])
    table["periode_denominateur"] = np.where(hasard.random(nombre) < 0.1, None, table.periode)
    return table


@pytest.fixture
def ecrit(tmp_path, monkeypatch):
    monkeypatch.setattr(diffusion, "LIGNES_PAR_GROUPE", GROUPE)

    def ecrire(table):
        cles = ["maille", "periode", "code_territoire", "modalite"]
        triee = table.sort_values(cles, ignore_index=True)
        chemin = tmp_path / "i.parquet"
        diffusion.write_copie(to_arrow(triee, OBSERVATIONS), chemin)
        return chemin

    return ecrire


def filtre(chemin, maille, periode):
    """Oracle : tout lire, puis garder."""
    toutes = pd.read_parquet(chemin)
    gardees = toutes[(toutes.maille == maille) & (toutes.periode == periode)]
    return gardees[COLONNES_CARTE].reset_index(drop=True)


@pytest.mark.parametrize("graine", range(12))
def test_same_rows_as_an_ordinary_filter(ecrit, graine):
    chemin = ecrit(make_observations(graine))
    assert pq.read_metadata(chemin).num_row_groups > 5
    for maille in (*MAILLES, "region"):
        for periode in (*PERIODES, "2018"):
            lues = read_suite(chemin, maille, periode, COLONNES_CARTE)
            pd.testing.assert_frame_equal(lues, filtre(chemin, maille, periode), check_exact=True)


def test_typology_keeps_its_rows_in_order(ecrit):
    table = make_observations(1)
    deux = pd.concat([table.assign(modalite="A"), table.assign(modalite="B")])
    chemin = ecrit(deux)
    lues = read_suite(chemin, "epci", "2019", COLONNES_CARTE)
    pd.testing.assert_frame_equal(lues, filtre(chemin, "epci", "2019"), check_exact=True)
    assert lues.modalite.tolist() == ["A", "B"] * (len(lues) // 2)
    assert len(lues) > 2


def test_constant_columns_are_not_read(ecrit, monkeypatch):
    chemin = ecrit(make_observations(3))
    demandees = []
    lire = pq.ParquetFile.read_row_groups

    def espionne(fichier, groupes, columns=None, **options):
        demandees.extend(columns)
        return lire(fichier, groupes, columns=columns, **options)

    monkeypatch.setattr(pq.ParquetFile, "read_row_groups", espionne)
    lues = read_suite(chemin, "commune", "2016", COLONNES_CARTE)
    assert len(lues)
    assert not {"modalite", "marques"} & set(demandees)
    assert {"valeur", "code_territoire"} <= set(demandees)


def test_a_column_with_nulls_is_never_taken_for_constant(ecrit):
    table = make_observations(5).assign(marques="estime")
    table.loc[table.index % 3 == 0, "marques"] = None
    chemin = ecrit(table)
    marques = pd.concat([read_suite(chemin, m, p, COLONNES_CARTE).marques for m in MAILLES for p in PERIODES])
    assert marques.isna().sum() == len(table.index[::3])
    assert (marques.dropna() == "estime").all()


def test_file_without_statistics_is_still_read(ecrit, tmp_path):
    table = pq.read_table(ecrit(make_observations(2)))
    sans = tmp_path / "sans.parquet"
    pq.write_table(table, sans, row_group_size=GROUPE, write_statistics=False)
    lues = read_suite(sans, "commune", "2019", COLONNES_CARTE)
    pd.testing.assert_frame_equal(lues, filtre(sans, "commune", "2019"), check_exact=True)
