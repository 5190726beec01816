import math
import re

import pandas as pd
import pytest

from observatoire.analyse.consultation import open_consultation
from observatoire.analyse.liees import read_liee
from observatoire.app.composants.tableau import (
    LIGNES_D_UN_SEUL_TENANT,
    LIGNES_PAR_PAGE,
    ContexteTableau,
    OrdreNoms,
    Tri,
    build_ordre_noms,
    cut_page,
    filter_lignes,
    order_lignes,
    render_tableau,
)
from observatoire.app.composants.tableau_ordre import turn_tri
from observatoire.cartes.lecture import read_carte
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
    assert '<abbr title="Masqué pour protéger les personnes">s</abbr>' in page.html
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


LIENS = ContexteTableau(
    lien_de=lambda code: f"carte?territoire={code}&page=1", lien_tri=lambda tri: f"carte?tri={tri}", vue="essai|commune"
)


def render(lu, tri=Tri.NOM, contexte=LIENS, **options):
    indicateur, valeurs, noms = lu
    ordre = order_lignes(valeurs, noms, tri)
    return render_tableau(
        valeurs, ordre, indicateur, maille=Maille.COMMUNE, legende="Bas revenus", contexte=contexte, **options
    ).html


def replaced(contexte, **champs):
    return ContexteTableau(**(vars(contexte) | champs))


def test_names_are_links_to_their_territoire(lu):
    html = render(lu)
    assert '<a href="carte?territoire=97404&amp;page=1" data-discret data-cle="ligne-97404">Le Port</a>' in html
    assert re.findall(r'<tr data-code="(\d+)"', html) == ["97402", "97403", "97404", "97401"]
    assert 'data-vue="essai|commune"' in html


def test_chosen_row_is_marked_and_alone(lu):
    html = render(lu, selection="97404")
    assert html.count("aria-current=true") == 1
    assert re.search(r'data-code="97404"[^>]* aria-current=true', html)


@pytest.mark.parametrize(
    ("colonne", "present", "attendu"),
    [
        ("valeur", Tri.NOM, Tri.DECROISSANT),
        ("valeur", Tri.DECROISSANT, Tri.CROISSANT),
        ("valeur", Tri.CROISSANT, Tri.DECROISSANT),
        ("numerateur", Tri.DECROISSANT, Tri.NOMBRE_DECROISSANT),
        ("denominateur", Tri.SUR_DECROISSANT, Tri.SUR_CROISSANT),
        ("nom", Tri.DECROISSANT, Tri.NOM),
        ("nom", Tri.NOM, Tri.NOM_INVERSE),
    ],
)
def test_first_click_on_a_number_puts_the_largest_first(colonne, present, attendu):
    assert turn_tri(colonne, present) is attendu


def test_headers_are_links_and_say_the_present_order(lu):
    html = render(lu, Tri.DECROISSANT, replaced(LIENS, tri=Tri.DECROISSANT))
    entetes = re.findall(r"<th scope=col([^>]*)>(?:<a href=\"([^\"]*)\")?", html)
    assert entetes[0] == ("", "carte?tri=nom")
    assert entetes[1] == (' aria-sort="descending"', "carte?tri=valeur-croissante")
    assert html.count("aria-sort") == 1


def test_every_order_reads_back_from_the_address():
    assert [Tri(str(t)) for t in Tri] == list(Tri)
    assert all(re.fullmatch("[a-z-]+", t) for t in Tri)
    assert len({t.libelle for t in Tri}) == len(Tri)


def test_order_is_numeric_not_alphabetic(lu):
    _, valeurs, noms = lu
    nombres = valeurs.assign(valeur=[9.0, 10.0, 100.0, 2.5], numerateur=[9.0, 10.0, 100.0, 2.0], statut="publie")
    for tri in (Tri.CROISSANT, Tri.NOMBRE_CROISSANT):
        assert nombres.valeur.iloc[order_lignes(nombres, noms, tri)].tolist() == [2.5, 9.0, 10.0, 100.0]
    assert order_lignes(nombres, noms, Tri.NOM_INVERSE).tolist() == order_lignes(nombres, noms, Tri.NOM)[::-1].tolist()


@pytest.mark.parametrize("tri", [Tri.CROISSANT, Tri.DECROISSANT])
def test_non_significant_values_come_after_the_others(lu, tri):
    _, valeurs, noms = lu
    melees = valeurs.assign(
        valeur=[99.0, 30.0, 40.0, math.nan], statut=["non_significatif", "publie", "publie", "secret"]
    )
    assert melees.statut.iloc[order_lignes(melees, noms, tri)].tolist() == [
        "publie", "publie", "non_significatif", "secret",
    ]  # fmt: skip


def test_non_significant_value_is_shown_apart_and_explained(lu):
    indicateur, valeurs, noms = lu
    fragiles = valeurs.assign(statut="non_significatif", valeur=43.3, numerateur=13.0, denominateur=30.0)
    html = render((indicateur, fragiles, noms), contexte=replaced(LIENS, tri=Tri.DECROISSANT))
    # Sous 50, aucune décimale ; les effectifs restent, car ils sont vrais.
    assert html.count('<td class="ns">43\u00a0<abbr title="non significatif">n.s.</abbr></td>') == 4
    assert html.count("<td>13</td><td>30</td>") == 4
    assert html.count("<td class=r>non significatif</td>") == 4
    assert "Trop peu de cas pour conclure" in html
    assert "rangées après les autres" in html


def test_rows_carry_the_class_of_the_map(lu):
    indicateur, valeurs, _ = lu
    lecture = read_carte(indicateur, valeurs, [*valeurs.code_territoire[:3]])
    html = render(lu, contexte=replaced(LIENS, cle_de=lecture.cle_of))
    classes = dict(re.findall(r'data-code="(\d+)"(?: data-classe="(\w+)")?', html))
    # Le Port n'a pas de contour ici : sa ligne reste, sans classe.
    assert classes == {"97401": "0", "97402": "0", "97403": "s", "97404": ""}


def test_need_shows_its_first_linked_resource(lu, espace_essai):
    indicateur, valeurs, noms = lu
    consultation = open_consultation(espace_essai)
    ordre = order_lignes(valeurs, noms, Tri.NOM)
    codes = valeurs.code_territoire.iloc[cut_page(ordre).positions].tolist()
    liee = read_liee(consultation, indicateur, Maille.COMMUNE, codes)
    assert (liee.indicateur.id, liee.periode) == ("nb_lieux", "2026")
    html = render(lu, contexte=replaced(LIENS, liee=liee))
    assert "Lieux d&#x27;accueil (2026)</th>" in html
    lignes = dict(re.findall(r'data-code="(\d+)".*?<td class="liee">(.*?)</td>', html))
    assert lignes == {
        "97401": "3",
        "97404": "0",
        "97402": '<abbr title="non disponible">nd</abbr>',
        "97403": '<abbr title="non disponible">nd</abbr>',
    }


def test_resource_has_no_linked_column(espace_essai):
    consultation = open_consultation(espace_essai)
    assert read_liee(consultation, consultation.find_indicateur("nb_lieux"), Maille.COMMUNE, ["97401"]) is None


def test_partial_count_says_at_least(lu):
    indicateur, valeurs, noms = lu
    comptes = indicateur.model_copy(
        update={"type_mesure": "effectif", "unite": "ménages", "decimales": 0, "denominateur": None}
    )
    partiels = valeurs.assign(statut="partiel", valeur=120.0, borne_inf=120.0, borne_sup=math.nan)
    assert "<td class=i>au moins 120</td>" in render((comptes, partiels, noms))


def test_category_column_sorts_by_name(espace_essai):
    consultation = open_consultation(espace_essai)
    zone = consultation.find_indicateur("zone")
    valeurs = consultation.read_valeurs(zone, Maille.COMMUNE, "2024", "974")
    noms = build_ordre_noms(consultation, Maille.COMMUNE, "974")
    assert valeurs.modalite.iloc[order_lignes(valeurs, noms, Tri.DECROISSANT)].tolist() == ["B", "B", "A", "A"]
