"""CSV, noms de fichiers, neutralisation des formules."""

from __future__ import annotations

import csv
import io

import pytest

from observatoire.exports.csv_francais import MARQUE_UTF8, write_csv
from observatoire.exports.formules import neutralise
from observatoire.exports.noms_fichiers import LONGUEUR_MAX, name_fichier, simplify_nom
from tests.cartes.exemples import build_valeurs


def read(texte: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(texte.removeprefix(MARQUE_UTF8)), delimiter=";"))


def test_csv_reads_back_in_french() -> None:
    valeurs = build_valeurs([20.0, 35.25, None, 0.0], {2: "secret"}).assign(libelle=["A", "Étang;Salé", "=1+1", 'D"d'])
    texte = write_csv(valeurs, {"source": "+Insee"})
    assert texte.startswith(MARQUE_UTF8)
    lignes = read(texte)
    assert [ligne["valeur"] for ligne in lignes] == ["20", "35,25", "", "0"]
    assert [ligne["territoire"] for ligne in lignes] == ["A", "Étang;Salé", "'=1+1", 'D"d']
    assert {ligne["source"] for ligne in lignes} == {"'+Insee"}
    assert "\r\n" in texte


def test_csv_never_writes_a_secret_number() -> None:
    valeurs = build_valeurs([77.7], {0: "secret"}).assign(libelle=["A"])
    ligne = read(write_csv(valeurs, {}))[0]
    assert {ligne[nom] for nom in ("valeur", "borne_inf", "borne_sup", "numerateur", "denominateur")} == {""}
    assert "77" not in write_csv(valeurs, {}).split("\r\n")[1]


def test_csv_keeps_a_negative_number_a_number() -> None:
    valeurs = build_valeurs([-2.5]).assign(libelle=["A"])
    assert read(write_csv(valeurs, {}))[0]["valeur"] == "-2,5"


@pytest.mark.parametrize("texte", ["=1", "+1", "-1", "@A", "\t=1", "\r=1"])
def test_formulas_get_an_apostrophe(texte: str) -> None:
    assert neutralise(texte) == f"'{texte}"


def test_ordinary_texts_are_untouched() -> None:
    assert [neutralise(t) for t in ("", "L'Étang", "1=1", "(-1)")] == ["", "L'Étang", "1=1", "(-1)"]


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("L'Étang-Salé", "l-etang-sale"),
        ("Œuf & Bœuf", "oeuf-boeuf"),
        ("../../etc/passwd", "etc-passwd"),
        ('a"; rm -rf', "a-rm-rf"),
        ("", ""),
    ],
)
def test_names_are_plain_letters(nom: str, attendu: str) -> None:
    assert simplify_nom(nom) == attendu


def test_file_name_says_what_it_shows() -> None:
    nom = name_fichier(["Bas revenus", "", "communes", "La Réunion", "2010"], "png")
    assert nom == "bas-revenus_communes_la-reunion_2010.png"
    assert len(name_fichier(["x" * 500], "csv")) == LONGUEUR_MAX + 4
