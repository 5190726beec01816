"""Lecture par flot : mêmes lignes et mêmes numéros que la lecture d'un bloc."""

import random

import pyarrow as pa
import pytest

from observatoire.ingestion.lecteurs import find_forme, flot, iter_lots_csv, name_table, read_apercu, read_fichier
from observatoire.ingestion.lecteurs.flot import LIGNE


def collect(chemin, **options):
    lots = list(iter_lots_csv(chemin, **options))
    return pa.Table.from_batches(lots) if lots else None


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("bloc", [1 << 10, 8 << 20])
def test_flot_agrees_with_the_whole_reading(tmp_path, monkeypatch, encodage, bloc):
    monkeypatch.setattr(flot, "_BLOC", bloc)
    hasard = random.Random(4)
    lignes = ["Titre du fichier", "code;libellé;n"]
    for rang in range(800):
        libelle = hasard.choice(["Bègles", '"deux\nlignes"', "", "x" * 30])
        lignes.append(f"33{rang:03d};{libelle};{rang}")
        if hasard.random() < 0.05:
            lignes.append(hasard.choice(["", "33999", "33998;a;1;;", ";;"]))
    chemin = tmp_path / "f.csv"
    chemin.write_bytes("\n".join(lignes).encode(encodage))
    apercu = read_apercu(chemin, octets=4000)
    forme = find_forme(apercu.tables[0])
    noms = name_table(apercu.tables[0], forme).donnees.column_names
    anomalies = []
    lu = collect(
        chemin, noms=noms, encodage=apercu.encodage, separateur=apercu.separateur, premiere_ligne=forme.premiere_ligne,
        anomalies=anomalies,
    )  # fmt: skip
    entiere = read_fichier(chemin).tables[0]
    attendue = name_table(entiere, find_forme(entiere))
    assert not anomalies
    assert lu.column(LIGNE).to_pylist() == attendue.lignes.tolist()
    assert lu.select(noms).to_pylist() == attendue.donnees.select(noms).to_pylist()


def test_colonnes_are_chosen_and_lignes_trop_longues_told(tmp_path):
    chemin = tmp_path / "f.csv"
    chemin.write_text("a;b;c\n1;2;3\n4;5;6;7\n", "utf-8")
    anomalies = []
    lu = collect(chemin, noms=["a", "b", "c"], colonnes=["c"], anomalies=anomalies)
    assert lu.to_pydict() == {LIGNE: [2, 3], "c": ["3", "6"]}
    assert [a.code for a in anomalies] == ["ligne_trop_longue"]


def test_octets_faux_stop_the_flow_with_an_anomalie(tmp_path):
    chemin = tmp_path / "f.csv"
    chemin.write_bytes(b"a;b\n1;\xe9\n")
    anomalies = []
    assert collect(chemin, noms=["a", "b"], anomalies=anomalies) is None
    assert [a.code for a in anomalies] == ["lecture_interrompue"]


def test_apercu_of_a_short_file_is_the_whole(tmp_path):
    chemin = tmp_path / "f.csv"
    chemin.write_text("a;b\n1;2\n", "utf-8")
    assert read_apercu(chemin).tables[0].cellules.num_rows == 2
    assert read_apercu(tmp_path / "absent.csv").anomalies[0].code == "fichier_inaccessible"
