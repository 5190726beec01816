"""Couches géographiques et Parquet : attributs, système de coordonnées, emprise."""

import datetime as dt
import sqlite3
import warnings

import geopandas
import pandas as pd
import pytest
from shapely import Point

from observatoire.ingestion.lecteurs import find_forme, name_table, read_fichier
from observatoire.modeles.anomalies import Gravite
from tests.ingestion.lecteurs.fabrique import make_zip


@pytest.fixture
def couche():
    donnees = {"code": ["33063", "01004"], "nom": ["Bordeaux", "Ambérieu"], "n": [4, 5], "part": [1.5, 2.25]}
    points = [Point(417_000, 6_421_000), Point(882_000, 6_543_000)]
    return geopandas.GeoDataFrame(donnees, geometry=points, crs=2154)


def objets(table):
    return name_table(table, find_forme(table)).donnees.to_pylist()


@pytest.fixture
def shapefile(couche, tmp_path):
    dossier = tmp_path / "couche"
    dossier.mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        couche.to_file(dossier / "communes.shp", encoding="ISO-8859-1")
    (dossier / "communes.cpg").unlink()
    return dossier


def test_geopackage(couche, tmp_path):
    chemin = tmp_path / "f.gpkg"
    couche.to_file(chemin, layer="communes", driver="GPKG")
    lecture = read_fichier(chemin)
    (table,) = lecture.tables
    assert (lecture.format, table.nom, table.epsg) == ("gpkg", "communes", 2154)
    assert table.emprise == (417_000, 6_421_000, 882_000, 6_543_000)
    assert objets(table)[1] == {"fid": "2", "code": "01004", "nom": "Ambérieu", "n": "5", "part": "2.25"}


def test_shapefile_sans_cpg_is_read_in_latin1(shapefile):
    for chemin in (shapefile, shapefile / "communes.shp"):
        lecture = read_fichier(chemin)
        (table,) = lecture.tables
        assert (lecture.format, lecture.encodage, table.epsg) == ("shp", "latin-1", 2154)
        assert table.emprise == (417_000, 6_421_000, 882_000, 6_543_000)
        assert objets(table)[1]["nom"] == "Ambérieu"
        assert objets(table)[1]["code"] == "01004"


def test_shapefile_sans_prj_has_no_epsg_and_says_so(shapefile):
    (shapefile / "communes.prj").unlink()
    lecture = read_fichier(shapefile / "communes.shp")
    assert lecture.tables[0].epsg is None
    assert [(a.code, a.gravite) for a in lecture.anomalies] == [("projection_inconnue", Gravite.A_REGARDER)]


def test_cpg_is_obeyed(couche, tmp_path):
    couche.to_file(tmp_path / "c.shp", encoding="utf-8")
    lecture = read_fichier(tmp_path / "c.shp")
    assert (lecture.encodage, objets(lecture.tables[0])[1]["nom"]) == ("utf-8", "Ambérieu")


def test_shapefile_eclate_dans_une_archive(shapefile, tmp_path):
    membres = {f"donnees/{c.name.upper()}": c.read_bytes() for c in shapefile.iterdir()}
    chemin = tmp_path / "f.zip"
    chemin.write_bytes(make_zip(membres))
    (table,) = read_fichier(chemin).tables
    assert (table.nom, table.epsg, len(objets(table))) == ("donnees/COMMUNES.SHP", 2154, 2)


def test_shapefile_sans_attributs_is_refused(shapefile):
    (shapefile / "communes.dbf").unlink()
    assert [a.code for a in read_fichier(shapefile / "communes.shp").anomalies] == ["shapefile_incomplet"]


def test_dossier_sans_couche_is_refused(tmp_path):
    assert [a.code for a in read_fichier(tmp_path).anomalies] == ["dossier_sans_couche"]


def test_dbf_coupe_is_refused(shapefile):
    dbf = shapefile / "communes.dbf"
    dbf.write_bytes(dbf.read_bytes()[:-60])
    assert [a.code for a in read_fichier(shapefile / "communes.shp").anomalies] == ["shapefile_abime"]


def test_parquet(tmp_path):
    chemin = tmp_path / "f.parquet"
    pd.DataFrame(
        {"code": ["01004", None], "n": [4, 5], "x": [1.0, 2.5], "jour": [dt.date(2024, 1, 2)] * 2, "g": [b"x", b"y"]}
    ).to_parquet(chemin)
    lecture = read_fichier(chemin)
    (table,) = lecture.tables
    assert lecture.format == "parquet"
    assert table.entete_connue == ("code", "n", "x", "jour")  # sans la géométrie
    assert objets(table)[0] == {"code": "01004", "n": "4", "x": "1", "jour": "2024-01-02"}
    chemin.write_bytes(chemin.read_bytes()[:-30])
    assert [a.code for a in read_fichier(chemin).anomalies] == ["parquet_abime"]


def test_base_qui_n_est_pas_un_geopackage_is_refused(tmp_path):
    chemin = tmp_path / "f.gpkg"
    with sqlite3.connect(chemin) as base:
        base.execute("CREATE TABLE t (a)")
    base.close()
    assert [a.code for a in read_fichier(chemin).anomalies] == ["geopackage_abime"]


def test_geopackage_abime_is_refused(couche, tmp_path):
    chemin = tmp_path / "f.gpkg"
    couche.to_file(chemin, layer="communes", driver="GPKG")
    chemin.write_bytes(chemin.read_bytes()[:9000])
    assert [a.code for a in read_fichier(chemin).anomalies] == ["geopackage_abime"]
