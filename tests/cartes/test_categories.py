"""Typologies : une classe seule, ou « mixte », jamais la plus peuplée sans le dire."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from observatoire.cartes.categories import reduce_categories
from observatoire.cartes.lecture import EtatCarte, LectureCarte, read_carte
from observatoire.cartes.legende import ContexteLegende, build_legende, write_note
from observatoire.cartes.palettes import TYPOLOGIE, Motif
from observatoire.cartes.statique import draw_carte
from observatoire.modeles.mailles import Maille
from tests.cartes.exemples import build_contours, build_demande, build_indicateur, build_valeurs

INDICATEUR = build_indicateur(
    type_mesure="typologie",
    unite="zone",
    modalites=(
        {"code": "a", "libelle": "A (la plus tendue)"},
        {"code": "b", "libelle": "B"},
        {"code": "c", "libelle": "C"},
    ),
)


def build_typologie(*lignes: tuple[int, str, float | None, str]) -> pd.DataFrame:
    valeurs = build_valeurs([part for _, _, part, _ in lignes])
    valeurs["code_territoire"] = [f"{rang:05d}" for rang, *_ in lignes]
    valeurs["modalite"] = [modalite for _, modalite, _, _ in lignes]
    valeurs["statut"] = [statut for *_, statut in lignes]
    return valeurs


VALEURS = build_typologie(
    (0, "a", 100.0, "publie"),
    (1, "b", 40.0, "publie"),
    (1, "a", 60.0, "estime"),
    (2, "c", 100 - 1e-9, "publie"),
    (3, "", None, "secret"),
    (4, "a", 0.0, "publie"),
    (4, "b", 100.0, "publie"),
    (5, "c", 99.7, "publie"),
    (5, "a", 0.3, "publie"),
    (6, "inconnue", 100.0, "publie"),
)


def read_exemple() -> LectureCarte:
    return read_carte(INDICATEUR, VALEURS, build_contours(8)["code"])


def test_a_class_alone_is_kept_and_a_mix_is_mixte() -> None:
    table = read_exemple().table
    assert table["classe"].tolist()[:6] == [0, 3, 2, -1, 1, 3]
    assert table["etat"].tolist() == [
        EtatCarte.CLASSE,
        EtatCarte.MIXTE,
        EtatCarte.CLASSE,
        EtatCarte.SECRET,
        EtatCarte.CLASSE,
        EtatCarte.MIXTE,
        # Une modalité inconnue n'a pas de couleur ; un territoire sans ligne n'a pas de donnée.
        EtatCarte.SANS_DONNEE,
        EtatCarte.SANS_DONNEE,
    ]


def test_parts_are_told_largest_first() -> None:
    assert read_exemple().parts_mixtes == {
        1: "A\u00a060\u00a0%, B\u00a040\u00a0%",
        5: "C\u00a0plus de 99\u00a0%, A\u00a0moins de 1\u00a0%",
    }


def test_strongest_statut_of_a_mix_wins() -> None:
    assert read_exemple().table["statut"].tolist()[1] == "estime"


@pytest.mark.parametrize("ecart", [1e-7, 0.0])
def test_tolerance_is_narrow(ecart: float) -> None:
    une = reduce_categories(INDICATEUR, build_typologie((0, "a", 100 - ecart, "publie")))
    autre = reduce_categories(INDICATEUR, build_typologie((0, "a", 100 - 1e-3, "publie")))
    assert (une["mixte"].tolist(), autre["mixte"].tolist()) == ([False], [True])


def test_legende_counts_mixtes_apart() -> None:
    contexte = ContexteLegende(Maille.EPCI, "de l'Isère", "DHUP", "01/01/2026")
    legende = build_legende(read_exemple(), contexte)
    assert [(e.libelle, e.effectif) for e in legende.entrees] == [
        ("A (la plus tendue)", 1),
        ("B", 1),
        ("C", 1),
        ("mixte (plusieurs catégories)", 2),
    ]
    assert legende.entrees[-1].dessin.motif is Motif.BANDES
    assert legende.entrees[-1].dessin.fond not in TYPOLOGIE
    assert [(e.libelle, e.effectif) for e in legende.etats] == [("secret", 1), ("sans donnée", 2)]
    assert write_note(legende) == "Catégories des 8 EPCI de l'Isère."


def test_no_mixte_no_entry() -> None:
    lecture = read_carte(INDICATEUR, VALEURS.iloc[:1], pd.Series(["00000"]))
    legende = build_legende(lecture, ContexteLegende(Maille.COMMUNE, "de l'Isère", "DHUP", "01/01/2026"))
    assert len(legende.entrees) == 3


def test_page_says_mixte_and_its_parts(tmp_path: Path) -> None:
    draw_carte(build_demande(indicateur=INDICATEUR, valeurs=VALEURS, contours=build_contours(8)), tmp_path / "c.html")
    page = (tmp_path / "c.html").read_text(encoding="utf-8")
    assert "mixte (plusieurs catégories) : Le territoire en réunit plusieurs : 2" in page
    assert "<td>mixte</td>" in page
    assert "A\u00a060\u00a0%, B\u00a040\u00a0% ; estimé" in page
    assert ">Effectif<" not in page
