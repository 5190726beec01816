"""Contiguïtés livrées : des faits de carte, la symétrie, et un second calcul par shapely."""

import random

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import box

from data.recette.contiguites import build_contiguites, find_contacts
from observatoire.config import RACINE_DEPOT
from observatoire.territoires.referentiel import Referentiel

DOSSIER = RACINE_DEPOT / "data" / "referentiel"
ILES = [
    "17004", "22016", "29082", "29083", "29084", "29155", "56069", "56085", "56086", "56087", "56088", "85113",
    "97110", "97130", "97131",
]  # fmt: skip
GRAINE, ECHANTILLON = 20261122, 400


@pytest.fixture(scope="module")
def paires():
    return Referentiel(DOSSIER).contiguites


@pytest.fixture(scope="module")
def contours():
    return Referentiel(DOSSIER).load_contours()


@pytest.fixture(scope="module")
def voisins(paires):
    """Communes voisines de chaque commune."""
    communes = paires[(paires.maille_a == "commune") & (paires.maille_b == "commune")]
    deux_sens = pd.concat([communes, communes.rename(columns={"code_a": "code_b", "code_b": "code_a"})])
    return deux_sens.groupby("code_a").code_b.agg(set)


def carres(*boites):
    codes = [f"C{rang}" for rang in range(len(boites))]
    return gpd.GeoDataFrame({"code": codes}, geometry=[box(*b) for b in boites], crs=4326)


# --- La règle, sur des carrés --------------------------------------------------------------------


def test_a_shared_side_is_a_contact_and_a_shared_corner_is_not():
    # C0 │ C1 se touchent par un côté ; C2 ne touche C0 que par un coin.
    contacts = find_contacts(carres((0, 0, 1, 1), (1, 0, 2, 1), (1, 1, 2, 2)))
    assert contacts[["code_a", "code_b"]].to_numpy().tolist() == [["C0", "C1"], ["C1", "C2"]]
    # Un degré de méridien près de l'équateur, puis un degré de parallèle à 1° de latitude.
    assert contacts.longueur_km.tolist() == [110.57, 111.30]


def test_every_part_of_an_archipelago_counts():
    archipel = shapely.MultiPolygon([box(10, 0, 11, 1), box(2, 0, 3, 1)])
    contacts = find_contacts(
        gpd.GeoDataFrame({"code": ["A", "B"]}, geometry=[archipel, box(3, 0, 4, 1)], crs=4326),
    )
    assert contacts[["code_a", "code_b"]].to_numpy().tolist() == [["A", "B"]]


def test_a_contact_under_five_metres_is_a_point():
    pres = gpd.GeoDataFrame(
        {"code": ["A", "B", "C"]},
        geometry=[
            shapely.Polygon([(0, 0), (1, 0), (1, 0.5), (1, 0.50004), (0, 1)]),
            shapely.Polygon([(1, 0.5), (2, 0.5), (2, 0.50004), (1, 0.50004)]),
            shapely.Polygon([(1, 0), (2, 0), (2, 0.5), (1, 0.5)]),
        ],
        crs=4326,
    )
    contacts = find_contacts(pres)
    assert contacts[["code_a", "code_b"]].to_numpy().tolist() == [["A", "C"], ["B", "C"]]


def test_a_segment_seen_three_times_is_refused():
    with pytest.raises(ValueError, match="trois contours"):
        find_contacts(carres((0, 0, 1, 1), (1, 0, 2, 1), (1, 0, 2, 1)))


# --- Le fichier livré ----------------------------------------------------------------------------


def test_file_is_what_the_recipe_makes_of_the_contours(paires, contours):
    refaites = build_contiguites(contours, Referentiel(DOSSIER).load_contours_arrondissements_municipaux())
    attendues = refaites.sort_values(["code_a", "code_b"], ignore_index=True)
    pd.testing.assert_frame_equal(attendues, paires, check_dtype=False, check_exact=True)


def test_pairs_are_sorted_once_and_never_with_oneself(paires):
    assert (paires.code_a < paires.code_b).all()
    assert not paires.duplicated(["code_a", "code_b"]).any()
    assert paires.equals(paires.sort_values(["code_a", "code_b"], ignore_index=True))
    assert paires.longueur_km.min() >= 0.01
    assert (DOSSIER / "contiguites.parquet").stat().st_size < 1_000_000


def test_codes_are_those_of_the_referentiel(paires, contours):
    municipaux = set(Referentiel(DOSSIER).load_contours_arrondissements_municipaux().code)
    for bout in ("a", "b"):
        sont_communes = paires[f"maille_{bout}"] == "commune"
        assert set(paires[f"code_{bout}"][sont_communes]) <= set(contours.code)
        assert set(paires[f"code_{bout}"][~sont_communes]) <= municipaux
    assert set(paires.code_a) | set(paires.code_b) >= municipaux


def test_islands_are_alone(voisins, contours):
    assert sorted(set(contours.code) - set(voisins.index)) == ILES


@pytest.mark.parametrize(
    ("code", "attendus"),
    [
        # Saint-Denis de La Réunion : La Possession, Sainte-Marie et, par les hauts, Salazie.
        ("97411", {"97408", "97418", "97421"}),
        # Salazie : Bras-Panon, La Possession, Saint-André, Saint-Benoît, Saint-Denis, Sainte-Marie,
        # Sainte-Suzanne, Cilaos.
        ("97421", {"97402", "97408", "97409", "97410", "97411", "97418", "97420", "97424"}),
        # Le Port est pris entre La Possession et Saint-Paul.
        ("97407", {"97408", "97415"}),
    ],
)
def test_neighbours_known_on_the_map(voisins, code, attendus):
    assert voisins[code] == attendus
    assert all(code in voisins[v] for v in voisins[code])


def test_paris_touches_its_inner_ring_only(voisins):
    assert {v[:2] for v in voisins["75056"]} == {"92", "93", "94"}
    # Neuilly, Saint-Denis, Montreuil, Vincennes (par le bois), Ivry ; mais ni Versailles ni Bobigny.
    assert {"92051", "93066", "93048", "94080", "94041"} <= voisins["75056"]
    assert "93008" not in voisins["75056"]


def test_arrondissements_municipaux_touch_each_other_and_the_communes_around(paires, voisins):
    def autour(code):
        return set(paires.code_b[paires.code_a == code]) | set(paires.code_a[paires.code_b == code])

    assert autour("75101") == {f"751{n:02d}" for n in (2, 3, 4, 6, 7, 8, 9)}
    assert {"75109", "75110", "75117", "75119", "93066", "93070", "93001"} == autour("75118")
    # Par ses arrondissements, Paris touche exactement les communes qu'elle touche comme commune.
    dehors = set().union(*(autour(f"751{n:02d}") for n in range(1, 21)))
    assert {c for c in dehors if not c.startswith("751")} == voisins["75056"]


def test_no_contact_crosses_the_sea(paires):
    communes = paires[paires.code_a.str.startswith("97") | paires.code_b.str.startswith("97")]
    assert (communes.code_a.str[:3] == communes.code_b.str[:3]).all()


def test_shapely_agrees_on_a_sample(voisins, contours):
    """Second calcul, sans clés ni segments : ``touches``, puis la longueur de l'intersection des bords."""
    tirees = random.Random(GRAINE).sample(range(len(contours)), ECHANTILLON)
    geometries, codes = contours.geometry.to_numpy(), contours.code.to_numpy()
    ici, la = shapely.STRtree(geometries).query(geometries[tirees], predicate="touches")
    communs = shapely.length(shapely.intersection(geometries[np.array(tirees)[ici]], geometries[la]))
    trouves = {codes[t]: set() for t in tirees}
    for rang, autre, degres in zip(ici, la, communs, strict=True):
        # Cinq mètres font 4,5e-5 degré de latitude, et jusqu'à 7e-5 degré de longitude à 51° nord.
        if degres > 7e-5:
            trouves[codes[tirees[rang]]].add(codes[autre])
    ecarts = {c: v ^ voisins.get(c, set()) for c, v in trouves.items() if v != voisins.get(c, set())}
    assert not ecarts
    assert sum(map(len, trouves.values())) > 2_000
