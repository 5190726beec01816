"""JSON : réponse de l'API Melodi, listes d'objets, GeoJSON ; les nombres gardent leur écriture."""

import json

import pytest

from observatoire.ingestion.lecteurs import Limites, find_forme, name_table, read_fichier
from observatoire.modeles.anomalies import Gravite


def read(tmp_path, document, nom="f.json", **options):
    chemin = tmp_path / nom
    texte = document if isinstance(document, str | bytes) else json.dumps(document)
    chemin.write_bytes(texte if isinstance(texte, bytes) else texte.encode())
    return read_fichier(chemin, **options)


def objets(table):
    lue = name_table(table, find_forme(table))
    return lue.donnees.to_pylist()


def observation(valeur):
    return {
        "dimensions": {"GEO": "2025-COM-33318", "TIME_PERIOD": "2023"},
        "measures": {"OBS_VALUE_NIVEAU": valeur},
        "attributes": {"OBS_STATUS": "O"},
    }


def test_observations_melodi(tmp_path):
    lecture = read(tmp_path, {"observations": [observation({"value": 327734.0}), observation({})]})
    assert (lecture.format, lecture.anomalies) == ("json", ())
    (table,) = lecture.tables
    assert table.entete_connue == ("GEO", "TIME_PERIOD", "OBS_VALUE_NIVEAU", "OBS_STATUS")
    # Une mesure présente mais vide (« {} ») reste vide : c'est un secret, pas un zéro.
    assert table.cellules.column("c2").to_pylist() == ["327734.0", None]
    assert objets(table)[0]["GEO"] == "2025-COM-33318"


def test_aucune_observation_is_an_information(tmp_path):
    lecture = read(tmp_path, {"identifier": "DS", "observations": []})
    assert [(a.code, a.gravite) for a in lecture.anomalies] == [("aucune_observation", Gravite.INFORMATION)]
    assert lecture.tables[0].cellules.num_rows == 0
    assert find_forme(lecture.tables[0]) is None


def test_nombres_keep_their_writing(tmp_path):
    (table,) = read(tmp_path, '[{"code": "01004", "n": 0.10, "grand": 12345678901234567890, "vrai": true}]').tables
    assert objets(table) == [{"code": "01004", "n": "0.10", "grand": "12345678901234567890", "vrai": "VRAI"}]


def test_objet_imbrique_is_flattened(tmp_path):
    document = {"lieux": [{"id": "1", "adresse": [{"commune": "33063"}, {"commune": "33281"}], "tags": ["a", "b"]}]}
    (table,) = read(tmp_path, document).tables
    assert table.nom == "lieux"
    assert objets(table) == [{"id": "1", "adresse.commune": "33063", "adresse[2].commune": "33281", "tags": "a, b"}]


def test_longue_liste_becomes_its_own_table(tmp_path):
    document = {"range": [{"concept": "GEO", "values": [{"code": f"{n:02d}"} for n in range(30)]}]}
    tables = read(tmp_path, document).tables
    assert [(t.nom, t.cellules.num_rows) for t in tables] == [("range", 1), ("range.values", 30)]


def test_tableau_de_tableaux_and_objet_de_colonnes(tmp_path):
    (grille,) = read(tmp_path, [["code", "n"], ["33063", 4]]).tables
    assert grille.cellules.to_pydict() == {"c0": ["code", "33063"], "c1": ["n", "4"]}
    (colonnes,) = read(tmp_path, {"code": ["33063", "33281"], "n": [4, 5]}).tables
    assert objets(colonnes) == [{"code": "33063", "n": "4"}, {"code": "33281", "n": "5"}]


@pytest.mark.parametrize(
    ("texte", "code"),
    [
        ('[{"a": 1}', "json_abime"),
        ('[{"a": NaN}]', "json_abime"),
        ('[{"a": 1, "a": 2}]', "json_abime"),  # une des deux valeurs serait perdue
        ("[" * 100_000, "json_abime"),
        ('{"titre": "rien"}', "json_sans_table"),
        ("12", "json_sans_table"),
    ],
)
def test_json_sans_table_is_refused(tmp_path, texte, code):
    lecture = read(tmp_path, texte)
    assert [a.code for a in lecture.anomalies] == [code]
    assert lecture.anomalies[0].gravite is Gravite.BLOQUANT
    assert lecture.tables == ()


def test_trop_de_colonnes_is_refused(tmp_path):
    document = [{f"k{n}": n} for n in range(200)]
    assert read(tmp_path, document, limites=Limites(cellules=1000)).anomalies[0].code == "table_demesuree"


def test_geojson_gives_epsg_and_emprise(tmp_path):
    carre = {"type": "Polygon", "coordinates": [[[-0.5, 44.5], [0.25, 44.5], [0.25, 45.0], [-0.5, 44.5]]]}
    document = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {"code": "QP033001", "n": 4}, "geometry": carre}],
    }
    lecture = read(tmp_path, document, "f.geojson")
    (table,) = lecture.tables
    assert (lecture.format, table.epsg, table.emprise) == ("geojson", 4326, (-0.5, 44.5, 0.25, 45.0))
    assert objets(table) == [{"code": "QP033001", "n": "4"}]
    document["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    document["features"][0]["geometry"] = None
    (table,) = read(tmp_path, document, "f.json").tables
    assert (table.epsg, table.emprise) == (2154, None)
