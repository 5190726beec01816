"""Contours : communes de 2026, couverture valide telle que stockée, unions valides."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

COMMUNES = "referentiel/contours_communes.parquet"
MUNICIPAUX = "referentiel/contours_arrondissements_municipaux.parquet"
LLIVIA = shapely.Point(1.98, 42.465)


def select_zone(couche, zone: str):
    communes = couche(COMMUNES)
    if zone == "metro":
        return communes[communes["zone"] == "metro"]
    return communes[communes["code"].str.startswith(zone)]


def test_une_geometrie_par_commune(couche, table) -> None:
    communes = couche(COMMUNES)
    territoires = table("referentiel/territoires.parquet")
    actuelles = territoires[(territoires["cog"] == "2026") & (territoires["maille"] == "commune")]
    assert communes["code"].tolist() == sorted(actuelles["code"])
    assert communes.is_valid.all()
    assert not communes.is_empty.any()
    assert communes.crs.to_epsg() == 4326


@pytest.mark.parametrize("zone", ["metro", "971", "972", "973", "974", "976"])
def test_couverture_valide(couche, zone) -> None:
    geometries = select_zone(couche, zone).geometry.to_numpy()
    assert shapely.coverage_is_valid(geometries)


def test_llivia_est_le_seul_trou(couche) -> None:
    union = shapely.coverage_union_all(select_zone(couche, "metro").geometry.to_numpy())
    trous = [a for p in shapely.get_parts(union) for a in shapely.get_rings(p)[1:]]
    assert len(trous) == 1
    assert shapely.contains(shapely.polygons(trous[0]), LLIVIA)


def test_coordonnees_arrondies(couche) -> None:
    xy = shapely.get_coordinates(couche(COMMUNES).geometry.to_numpy())
    assert np.abs(xy - np.round(xy, 5)).max() == 0


def test_superficies(couche) -> None:
    communes = couche(COMMUNES)
    metro = communes[communes["zone"] == "metro"]
    assert metro["superficie_km2"].sum() == pytest.approx(548_349, abs=50)
    stockees = metro.to_crs(2154).area / 1e6
    ecarts = (stockees / metro["superficie_km2"] - 1).abs()
    assert ecarts.max() < 0.02
    assert communes.set_index("code")["superficie_km2"]["15141"] == pytest.approx(13.9, abs=0.1)


@pytest.mark.parametrize(("maille", "nombre"), [("departement", 101), ("epci", 1_255)])
def test_unions_valides(couche, table, maille, nombre) -> None:
    liens = table("referentiel/appartenances.parquet")
    liens = liens[(liens["cog"] == "2026") & (liens["maille_enfant"] == "commune") & (liens["maille_parent"] == maille)]
    geometries = couche(COMMUNES).set_index("code").geometry
    unions = [
        shapely.coverage_union_all(geometries[codes].to_numpy())
        for _, codes in liens.groupby("code_parent")["code_enfant"]
    ]
    assert len(unions) == nombre
    assert shapely.is_valid(unions).all()


def test_arrondissements_municipaux_forment_leur_commune(couche) -> None:
    municipaux, communes = couche(MUNICIPAUX), couche(COMMUNES).set_index("code").geometry
    assert len(municipaux) == 45
    for prefixe, commune in (("751", "75056"), ("6938", "69123"), ("132", "13055")):
        parts = municipaux[municipaux["code"].str.startswith(prefixe)].geometry.to_numpy()
        assert shapely.coverage_is_valid(parts)
        assert shapely.equals(shapely.coverage_union_all(parts), communes[commune])
