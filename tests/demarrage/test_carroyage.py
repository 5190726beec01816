"""Carroyage de La Réunion : masses conservées, bas revenus contrôlés."""

from __future__ import annotations

import numpy as np
import pytest

CARREAUX = "demarrage/insee_carroyage/2010/carreaux.parquet"
RECTANGLES = "demarrage/insee_carroyage/2010/rectangles.parquet"


@pytest.fixture(scope="module")
def reparti(table):
    """Ménages et bas revenus de chaque carreau, répartis selon la population."""
    joints = table(CARREAUX)[["id_rectangle", "code_commune", "part_rectangle"]].merge(
        table(RECTANGLES), on="id_rectangle", validate="m:1"
    )
    variables = ["population", "menages", "menages_bas_revenus"]
    joints[variables] = joints[variables].mul(joints["part_rectangle"], axis=0)
    return joints.groupby("code_commune")[variables].sum()


def test_effectifs_et_cles(table) -> None:
    carreaux, rectangles = table(CARREAUX), table(RECTANGLES)
    assert (len(carreaux), len(rectangles)) == (14_076, 7_342)
    assert carreaux["id_carreau"].is_unique
    assert rectangles["id_rectangle"].is_unique
    assert set(carreaux["id_rectangle"]) == set(rectangles["id_rectangle"])


def test_parts_somment_a_un(table) -> None:
    parts = table(CARREAUX).groupby("id_rectangle")["part_rectangle"].sum()
    assert (parts - 1).abs().max() < 1e-9


def test_population_du_rectangle_est_celle_de_ses_carreaux(table) -> None:
    carreaux = table(CARREAUX).groupby("id_rectangle")["population"].sum()
    rectangles = table(RECTANGLES).set_index("id_rectangle")["population"]
    assert np.allclose(carreaux.sort_index(), rectangles.sort_index(), atol=1e-9)


def test_totaux_de_la_reunion(reparti) -> None:
    assert reparti["population"].sum() == pytest.approx(801_755, abs=1e-6)
    assert reparti["menages"].sum() == pytest.approx(272_641, abs=1e-6)
    assert reparti["menages_bas_revenus"].sum() == pytest.approx(85_910, abs=1e-6)


def test_part_des_bas_revenus_par_commune(reparti) -> None:
    part = 100 * reparti["menages_bas_revenus"] / reparti["menages"]
    assert len(part) == 24
    assert (part.idxmin(), part.idxmax()) == ("97408", "97421")
    assert part.min() == pytest.approx(19.7, abs=0.1)
    assert part.max() == pytest.approx(46.8, abs=0.1)


def test_rattachement_au_littoral(table) -> None:
    carreaux = table(CARREAUX)
    assert (carreaux["rattachement"] == "plus_proche").sum() < 100
    assert carreaux["code_commune"].str.startswith("974").all()
    coin = carreaux["id_carreau"].str.extract(r"N(\d+)E(\d+)$").astype(int)
    assert (coin[0] == carreaux["y"]).all()
    assert (coin[1] == carreaux["x"]).all()
