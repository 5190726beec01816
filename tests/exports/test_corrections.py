"""Chiffres corrigés dans les fichiers : dits à côté du chiffre, et rien de changé quand il n'y en a pas."""

from __future__ import annotations

import csv
import io

import pandas as pd

from observatoire.cartes.demande import write_note_corrections
from observatoire.exports.csv_francais import MARQUE_UTF8, write_csv
from observatoire.exports.tableau import build_tableau
from observatoire.exports.tableau_imprime import render_tableau
from observatoire.modeles.mailles import Maille
from tests.cartes.exemples import build_demande, build_indicateur, build_valeurs

TEXTE = "corrigé le 12/03/2026, était 18,5 %"


def make_valeurs(*corrections: str) -> pd.DataFrame:
    valeurs = build_valeurs([20.0, 35.0]).assign(libelle=["Arandas", "Belley"])
    return valeurs.assign(correction=list(corrections)) if corrections else valeurs


def test_csv_has_the_column_only_when_needed() -> None:
    sans = write_csv(make_valeurs(), {"source": "x"})
    assert "correction" not in sans
    lignes = csv.DictReader(
        io.StringIO(write_csv(make_valeurs(TEXTE, ""), {"source": "x"}).removeprefix(MARQUE_UTF8)), delimiter=";"
    )
    lues = list(lignes)
    assert [ligne["correction"] for ligne in lues] == [TEXTE, ""]
    assert {ligne["source"] for ligne in lues} == {"x"}


def test_remark_of_a_line_says_it() -> None:
    tableau = build_tableau(build_indicateur(), make_valeurs("", TEXTE))
    assert tableau.lignes.remarque.tolist() == ["", f"Chiffre {TEXTE}."]
    assert tableau.corrections == {"00001": TEXTE}
    assert build_tableau(build_indicateur(), make_valeurs()).corrections == {}


def test_printed_table_marks_the_figure_and_explains_it() -> None:
    indicateur = build_indicateur()
    html = render_tableau(build_tableau(indicateur, make_valeurs("", TEXTE)), indicateur, Maille.COMMUNE, "Tableau")
    assert "35,0 r</td>" in html
    assert f"Belley\u00a0: {TEXTE}" in html
    assert " r</td>" not in render_tableau(
        build_tableau(indicateur, make_valeurs()), indicateur, Maille.COMMUNE, "Tableau"
    )


def test_drawn_map_counts_them() -> None:
    assert write_note_corrections(build_demande()) == ""
    une = build_demande(valeurs=make_valeurs(TEXTE, ""))
    assert write_note_corrections(une) == "1 chiffre corrigé depuis sa parution : le tableau dit lesquels."
    deux = build_demande(valeurs=make_valeurs(TEXTE, TEXTE))
    assert write_note_corrections(deux).startswith("2 chiffres corrigés")
