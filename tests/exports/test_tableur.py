"""Classeur XLSX relu par openpyxl."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pandas as pd
import pytest

from observatoire.exports.feuille import Colonne, write_lignes
from observatoire.exports.notice import Rubrique
from observatoire.exports.tableau import build_tableau
from observatoire.exports.tableur import write_classeur
from tests.cartes.exemples import build_indicateur, build_valeurs

JOUR = datetime(2026, 3, 12, 8, 30, tzinfo=UTC)
NOTICE = [Rubrique("Titre", "Ménages à bas revenus, 2021"), Rubrique("Signes", "Une case vide"), Rubrique("", "=2+2")]
NOMS = ["=1+1", "@SOMME(A1)", 'L\'Étang-Salé <&> "x"', "-cmd", " Bord "]


@pytest.fixture
def valeurs() -> pd.DataFrame:
    table = build_valeurs([20.0, 35.5, None, 0.0, 1234.56], {1: "estime", 2: "secret"})
    table.loc[1, ["borne_inf", "borne_sup"]] = [34.0, 37.0]
    return table.assign(libelle=NOMS)


def write(valeurs: pd.DataFrame, **champs: Any) -> bytes:
    fiche = build_indicateur(**champs)
    return write_classeur(build_tableau(fiche, valeurs), fiche, NOTICE, JOUR)


def load(contenu: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(contenu))


def rows_of(contenu: bytes) -> dict[str, tuple[Any, ...]]:
    return {ligne[0]: ligne for ligne in load(contenu)["Valeurs"].iter_rows(min_row=2, values_only=True)}


def test_values_are_typed_cells(valeurs: pd.DataFrame) -> None:
    lignes = rows_of(write(valeurs))
    assert lignes["00001"][2:7] == (35.5, 34, 37, 355, 1000)
    assert lignes["00000"][2:7] == (20, None, None, 200, 1000)
    assert lignes["00003"][2] == 0
    assert lignes["00002"][2:8] == (None, None, None, None, None, "Masqué pour protéger les personnes")


def test_codes_stay_texts_and_headers_carry_the_unit(valeurs: pd.DataFrame) -> None:
    feuille = load(write(valeurs))["Valeurs"]
    titres = [c.value for c in feuille[1]]
    assert titres[:5] == ["code", "territoire", "valeur (%)", "intervalle : de", "intervalle : à"]
    assert titres[5:] == ["nombre", "sur", "statut", "remarque"]
    assert {feuille.cell(r, 1).data_type for r in range(2, 7)} == {"s"}
    assert feuille.freeze_panes == "C2"
    assert feuille.auto_filter.ref == feuille.dimensions == "A1:I6"


def test_numbers_have_a_format_with_the_decimals_of_the_indicator(valeurs: pd.DataFrame) -> None:
    feuille = load(write(valeurs))["Valeurs"]
    formats = {feuille.cell(2, colonne).number_format for colonne in (6, 7)}
    assert feuille.cell(2, 3).number_format == "#,##0.0"
    assert formats == {"#,##0"}
    assert load(write(valeurs, decimales=0))["Valeurs"].cell(2, 3).number_format == "#,##0"


def test_formulas_are_texts(valeurs: pd.DataFrame) -> None:
    feuille = load(write(valeurs))["Valeurs"]
    par_nom = {ligne[1].value: ligne[1] for ligne in feuille.iter_rows(min_row=2)}
    assert set(par_nom) == set(NOMS)
    for nom in ("=1+1", "@SOMME(A1)", "-cmd"):
        assert (par_nom[nom].data_type, par_nom[nom].quotePrefix) == ("s", True)
    assert not par_nom['L\'Étang-Salé <&> "x"'].quotePrefix
    lecture = load(write(valeurs))["Lire"]
    assert (lecture["B3"].value, lecture["B3"].data_type) == ("=2+2", "s")
    # Aucune balise de formule dans tout le classeur.
    with zipfile.ZipFile(io.BytesIO(write(valeurs))) as paquet:
        assert not any(b"<f>" in paquet.read(nom) for nom in paquet.namelist())


def test_bytes_do_not_depend_on_the_hour(valeurs: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    premier = write(valeurs)
    maintenant = time.time()
    monkeypatch.setattr(time, "time", lambda: maintenant + 86_400)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(1_000_000_000))
    assert write(valeurs) == premier
    proprietes = load(premier).properties
    assert proprietes.modified == proprietes.created == JOUR.replace(tzinfo=None)
    assert proprietes.title == "Ménages à bas revenus, 2021"
    with zipfile.ZipFile(io.BytesIO(premier)) as paquet:
        assert {piece.date_time for piece in paquet.infolist()} == {(2026, 3, 12, 8, 30, 0)}


def test_notice_is_the_second_sheet(valeurs: pd.DataFrame) -> None:
    classeur = load(write(valeurs))
    assert classeur.sheetnames == ["Valeurs", "Lire"]
    assert classeur["Lire"]["A1"].value == "Titre"
    assert classeur["Lire"]["B1"].value == "Ménages à bas revenus, 2021"


def test_control_characters_do_not_break_the_file() -> None:
    brut = write_lignes([Colonne(["a\x00b\x0b<c>"], en_nombres=False)])
    assert brut == b'<row r="2"><c r="A2" t="inlineStr"><is><t xml:space="preserve">ab&lt;c&gt;</t></is></c></row>'
