"""Fonds de carte : ordre, contenu, noms hachés, géométries écrasées."""

import gzip
import json

import numpy as np
import pytest
import shapely

from observatoire.cartes.couvertures import dissolve, extract_interieures
from observatoire.cartes.fond import load_index, write_fonds
from observatoire.cartes.geojson import find_points, round_coordonnees
from observatoire.errors import ConfigurationError
from tests.cartes.synthese import MINUSCULE, make_communes, make_tables, write_synthese


@pytest.fixture(scope="module")
def ecrits(tmp_path_factory):
    dossier = tmp_path_factory.mktemp("fonds")
    return dossier, write_synthese(dossier)


def read(dossier, fond):
    return json.loads((dossier / fond.fichier).read_bytes())


def test_order_is_that_of_codes(ecrits):
    dossier, fonds = ecrits
    for fond in fonds.values():
        assert list(fond.codes) == sorted(fond.codes)
        if fond.codes:
            assert [f["id"] for f in read(dossier, fond)["features"]] == list(fond.codes)


def test_each_departement_has_its_layers(ecrits):
    _, fonds = ecrits
    assert {"commune-32", "epci-32", "voisins-32", "limites-32", "commune-974", "epci-974"} <= set(fonds)
    assert {"commune-FR", "epci-FR", "departement-FR", "region-FR", "limites-FR", "fins-FR"} <= set(fonds)
    assert "voisins-974" not in fonds


def test_epci_is_whole_in_each_departement_it_touches(ecrits):
    dossier, fonds = ecrits
    assert "E1" in fonds["epci-32"].codes
    assert "E1" in fonds["epci-31"].codes
    entiers = [
        shapely.from_geojson(json.dumps(f["geometry"]))
        for d in ("31", "32")
        for f in read(dossier, fonds[f"epci-{d}"])["features"]
        if f["id"] == "E1"
    ]
    assert entiers[0].equals(entiers[1])


def test_voisins_are_of_another_departement(ecrits):
    dossier, fonds = ecrits
    assert set(fonds["voisins-32"].codes) == {"31001", "31002", "31003", "31004"}
    assert {f["properties"]["d"] for f in read(dossier, fonds["voisins-32"])["features"]} == {"31"}


def test_properties_name_and_anchor_inside(ecrits):
    dossier, fonds = ecrits
    for entite in read(dossier, fonds["commune-32"])["features"]:
        assert entite["properties"]["n"] == f"Commune {entite['id']}"
        lat, lon = entite["properties"]["p"]
        contour = shapely.from_geojson(json.dumps(entite["geometry"]))
        assert contour.distance(shapely.Point(lon, lat)) < 1e-4


def test_tiny_commune_keeps_its_rank_and_an_area(ecrits):
    dossier, fonds = ecrits
    for cle in ("commune-32", "commune-FR"):
        entite = next(f for f in read(dossier, fonds[cle])["features"] if f["id"] == MINUSCULE)
        assert entite["geometry"]["coordinates"]


def test_file_is_compressed_and_its_name_follows_its_content(ecrits, tmp_path):
    dossier, fonds = ecrits
    fond = fonds["commune-32"]
    contenu = (dossier / fond.fichier).read_bytes()
    assert gzip.decompress((dossier / f"{fond.fichier}.gz").read_bytes()) == contenu
    assert fond.octets == len(contenu)
    assert {k: f.fichier for k, f in write_synthese(tmp_path).items()} == {k: f.fichier for k, f in fonds.items()}


def test_index_round_trip(ecrits):
    dossier, fonds = ecrits
    assert load_index(dossier) == fonds


def test_fins_names_every_departement(ecrits):
    dossier, fonds = ecrits
    fins = read(dossier, fonds["fins-FR"])
    assert set(fins) == {"31", "32", "974"}
    assert fins["974"]["fichier"] == fonds["commune-974"].fichier


def test_no_index_says_what_to_do(tmp_path):
    with pytest.raises(ConfigurationError, match="observatoire construire"):
        load_index(tmp_path)


def test_no_contour_is_refused(tmp_path):
    communes = make_communes()
    with pytest.raises(ConfigurationError, match="Aucun contour"):
        write_fonds(communes.iloc[:0], *make_tables(communes), tmp_path)


def test_commune_without_contour_is_left_out(tmp_path):
    communes = make_communes()
    communes.loc[0, "geometry"] = None
    fonds = write_fonds(communes, *make_tables(communes), tmp_path)
    assert "32001" not in fonds["commune-32"].codes


def test_rounding_never_empties_a_contour():
    geometries = np.array(
        [
            shapely.box(0, 0, 1, 1),
            shapely.box(2, 2, 2 + 1e-5, 2 + 1e-5),
            shapely.MultiPolygon([shapely.box(4, 4, 5, 5), shapely.box(6, 6, 6 + 1e-5, 6 + 1e-5)]),
            shapely.Polygon([(8, 8), (8, 8), (8, 8)]),
            shapely.Polygon(shapely.box(9, 9, 10, 10).exterior, [shapely.box(9.5, 9.5, 9.50001, 9.50001).exterior]),
        ],
        dtype=object,
    )
    arrondies = round_coordonnees(geometries, 3)
    assert not shapely.is_empty(arrondies).any()
    assert (shapely.area(arrondies) > 0).tolist() == [True, True, True, False, True]
    assert len(find_points(arrondies)) == len(geometries)


def test_interior_limits_are_shared_segments_only():
    carres = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], dtype=object)
    assert extract_interieures(carres).equals(shapely.LineString([(1, 0), (1, 1)]))


def test_islands_do_not_hide_the_interior_limits():
    avec_ile = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(-3, 0, -2, 1)])
    voisins = np.array([avec_ile, shapely.box(1, 0, 2, 1)], dtype=object)
    assert extract_interieures(voisins).equals(shapely.LineString([(1, 0), (1, 1)]))


def test_dissolve_ignores_orphans():
    carres = np.array([shapely.box(i, 0, i + 1, 1) for i in range(3)], dtype=object)
    codes, reunis = dissolve(np.array(["B", "", "B"]), carres)
    assert codes.tolist() == ["B"]
    assert reunis[0].area == 2
