from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import observatoire.app

PAGES = Path(observatoire.app.__file__).parent / "pages"


def run(page, **params):
    essai = AppTest.from_file(str(PAGES / page), default_timeout=30)
    for nom, valeur in params.items():
        essai.query_params[nom] = valeur
    return essai.run()


def text_of(essai):
    texte = " ".join(str(e.proto.body) for e in essai.get("html"))
    return texte.replace("\u00a0", " ").replace("\u202f", " ").replace("&#x27;", "'")


def test_accueil_says_what_it_holds_and_what_it_refuses(espace_servi):
    essai = run("accueil.py")
    assert not essai.exception
    texte = text_of(essai)
    for attendu in (
        "Observatoire d'essai",
        "Aucun dossier individuel",
        "Insertion",
        "1 besoin",
        "1 ressource",
        "Source d'essai",
    ):
        assert attendu in texte, attendu
    assert "carte?problematique=insertion&amp;nature=besoin&amp;departement=974" in texte


def test_carte_opens_on_the_departement(espace_servi):
    essai = run("carte.py")
    assert not essai.exception
    texte = text_of(essai)
    assert "Part des ménages à bas revenus" in texte
    assert (
        "En 2010, 31,5 % des ménages de La Réunion étaient à bas revenus ; selon les communes, de 20,0 % à 35,5 %."
        in texte
    )
    assert "donnée de 2010" in texte
    adresse = texte.split('data-adresse="')[1].split('"')[0]
    assert "departement=974" in adresse
    assert "periode=2010" in adresse


def test_changing_nature_changes_the_indicator_without_a_reproach(espace_servi):
    texte = text_of(run("carte.py", problematique="insertion", nature="ressource", periode="2010", entraine="1"))
    assert '<option value="nb_lieux" selected>' in texte
    assert "indicateur=nb_lieux" in texte.split('data-adresse="')[1].split('"')[0]
    assert "Adresse corrigée" not in texte


def test_a_second_map_stands_beside_the_first(espace_servi):
    texte = text_of(run("carte.py", indicateur="part_bas_revenus", departement="974", comparer="indicateur:nb_lieux"))
    assert texte.count("obs-titre-carte") == 2
    assert "Adresse corrigée" not in texte


def test_an_impossible_second_map_is_said(espace_servi):
    texte = text_of(run("carte.py", indicateur="part_bas_revenus", departement="974", comparer="indicateur:inconnu"))
    assert "une seule carte est montrée" in texte
    assert "obs-titre-carte" not in texte


def test_link_to_a_territory_shows_its_card(espace_servi):
    texte = text_of(
        run("carte.py", indicateur="part_bas_revenus", departement="974", maille="commune", territoire="97402")
    )
    assert "355 sur 1 000 ménages" in texte
    assert "entre 34,0 % et 37,0 %" in texte
    assert "des ménages de Bras-Panon" in texte


def test_secret_territory_shows_no_number(espace_servi):
    texte = text_of(
        run("carte.py", indicateur="part_bas_revenus", departement="974", maille="commune", territoire="97403")
    )
    fiche = texte.split('<section class="obs-fiche"')[1].split("</section>")[0]
    assert "Masqué pour protéger les personnes" in fiche
    assert "ni comme un zéro, ni comme un petit nombre" in fiche
    assert "sur 1 000" not in fiche


@pytest.mark.parametrize("params", [{"indicateur": "nimporte_quoi"}, {"departement": "xx"}, {"periode": "<b>"}])
def test_wrong_links_are_explained_not_crashed(espace_servi, params):
    essai = run("carte.py", **params)
    assert not essai.exception
    assert "Adresse corrigée" in text_of(essai)
    assert "<b>" not in text_of(essai).split("Adresse corrigée")[1].split("</div>")[0].replace("</strong>", "")


@pytest.mark.parametrize("indicateur", ["nb_lieux", "zone"])
def test_symbols_and_categories_have_their_page(espace_servi, indicateur):
    essai = run("carte.py", indicateur=indicateur, departement="974")
    assert not essai.exception
    attendu = 'class="cercle"' if indicateur == "nb_lieux" else 'class="categories"'
    assert attendu in text_of(essai)


def test_table_can_be_searched(espace_servi):
    essai = run("carte.py", cherche="etang")
    tableau = next(
        str(h.proto.body)
        for h in essai.get("html")
        if "obs-tableau" in str(h.proto.body) and "<table" in str(h.proto.body)
    )
    assert tableau.count("<th scope=row>") == 1
    assert "Étang-Salé" in tableau
