import math

import pandas as pd
import pytest

from observatoire.analyse.consultation import open_consultation
from observatoire.app.composants.tableau import (
    LIGNES_D_UN_SEUL_TENANT,
    LIGNES_PAR_PAGE,
    OrdreNoms,
    Tri,
    build_ordre_noms,
    filter_lignes,
    order_lignes,
    render_tableau,
)
from observatoire.modeles.mailles import Maille


@pytest.fixture
def lu(espace_essai):
    consultation = open_consultation(espace_essai)
    indicateur = consultation.find_indicateur("part_bas_revenus")
    valeurs = consultation.read_valeurs(indicateur, Maille.COMMUNE, "2010", "974")
    return indicateur, valeurs, build_ordre_noms(consultation, Maille.COMMUNE, "974")


def names(valeurs, ordre):
    return valeurs.libelle.iloc[ordre].tolist()


def test_alphabetical_order_ignores_accents(lu):
    _, valeurs, noms = lu
    assert names(valeurs, order_lignes(valeurs, noms, Tri.NOM)) == [
        "Bras-Panon",
        "L'Étang-Salé",
        "Le Port",
        "Les Avirons",
    ]


def test_numeric_order_puts_missing_values_last_both_ways(lu):
    _, valeurs, noms = lu
    croissant = names(valeurs, order_lignes(valeurs, noms, Tri.CROISSANT))
    decroissant = names(valeurs, order_lignes(valeurs, noms, Tri.DECROISSANT))
    assert croissant[:2] == ["Les Avirons", "Bras-Panon"]
    assert decroissant[:2] == ["Bras-Panon", "Les Avirons"]
    assert croissant[2:] == decroissant[2:] == ["L'Étang-Salé", "Le Port"]


def test_search_ignores_accents_and_reads_codes(lu):
    _, valeurs, noms = lu
    ordre = order_lignes(valeurs, noms, Tri.NOM)
    assert names(valeurs, filter_lignes(valeurs, ordre, noms, "etang")) == ["L'Étang-Salé"]
    assert names(valeurs, filter_lignes(valeurs, ordre, noms, "97404")) == ["Le Port"]
    assert len(filter_lignes(valeurs, ordre, noms, "")) == 4


def test_table_is_semantic_and_says_why_a_cell_has_no_number(lu):
    indicateur, valeurs, noms = lu
    page = render_tableau(
        valeurs, order_lignes(valeurs, noms, Tri.NOM), indicateur,
        maille=Maille.COMMUNE, legende="Bas revenus", unite_denominateur="ménages",
    )  # fmt: skip
    assert "<caption>Bas revenus</caption>" in page.html
    assert page.html.count("<th scope=row>") == 4
    assert '<abbr title="secret statistique">s</abbr>' in page.html
    assert '<abbr title="non disponible">nd</abbr>' in page.html
    assert "Masqué pour protéger les personnes." in page.html
    assert "entre 34,0\u00a0% et 37,0\u00a0%" in page.html
    assert "Sur (ménages)" in page.html


def test_pages_are_full_and_stay_in_range(lu):
    indicateur, valeurs, _ = lu
    longues = pd.concat([valeurs.iloc[[0]]] * 120, ignore_index=True)
    longues["code_territoire"] = [f"{k:05d}" for k in range(120)]
    noms = OrdreNoms(pd.Series(range(120), index=longues.code_territoire), {})
    ordre = order_lignes(longues, noms, Tri.NOM)

    def page_of(numero):
        return render_tableau(longues, ordre, indicateur, maille=Maille.COMMUNE, legende="x", page=numero)

    assert (page_of(1).premiere, page_of(1).derniere) == (1, LIGNES_PAR_PAGE)
    assert (page_of(99).premiere, page_of(99).derniere, page_of(99).pages) == (101, 120, 6)


def test_departement_fits_one_page(lu):
    indicateur, valeurs, _ = lu
    longues = pd.concat([valeurs.iloc[[0]]] * LIGNES_D_UN_SEUL_TENANT, ignore_index=True)
    longues["code_territoire"] = [f"{k:05d}" for k in range(len(longues))]
    noms = OrdreNoms(pd.Series(range(len(longues)), index=longues.code_territoire), {})
    ordre = order_lignes(longues, noms, Tri.NOM)
    page = render_tableau(longues, ordre, indicateur, maille=Maille.COMMUNE, legende="x")
    assert (page.pages, page.derniere) == (1, LIGNES_D_UN_SEUL_TENANT)


def test_names_are_escaped(lu):
    indicateur, valeurs, noms = lu
    piegees = valeurs.assign(libelle="<script>alert(1)</script>", valeur=math.nan, statut="secret")
    page = render_tableau(piegees, order_lignes(piegees, noms, Tri.NOM), indicateur, maille=Maille.COMMUNE, legende="x")
    assert "<script>" not in page.html
