"""Chaque page, à l'écran et au téléphone : elle se dessine, en français, accessible, sans déborder."""

import re

import pytest

from tests.navigateur.accessibilite import find_violations
from tests.navigateur.conftest import ECRAN, TELEPHONE
from tests.navigateur.pages import AVEC_CARTE, PAGES, open_page, unfold
from tests.navigateur.textes import find_anglais, read_textes

pytestmark = pytest.mark.navigateur

# Nom de licence, tel que son auteur l'écrit.
NOMS_PROPRES = ["Licence Ouverte / Open Licence"]
# L'historique et les onglets se distinguent par le titre.
TITRES = {
    "carte": "Carte · ", "deux-cartes": "Carte · ", "territoire": "Territoire · ", "territoire-choix": "Territoire · ",
    "methode": "Méthode · ", "methode-fiche": "Méthode · ", "mentions": "Mentions légales · ",
    "accessibilite": "Accessibilité · ",
}  # fmt: skip
TAILLES = {"1280": ECRAN, "390": TELEPHONE}


# Navigateur anglais : le plus exigeant pour la langue.
@pytest.mark.parametrize("taille", TAILLES)
@pytest.mark.parametrize("nom", PAGES)
def test_page(open_onglet, capture, nom, taille):
    onglet = open_onglet(**TAILLES[taille], langue="en-US")
    open_page(onglet, nom)
    page = onglet.page
    assert page.locator("h1:visible").count() == 1
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert page.title() == TITRES.get(nom, "") + "Observatoire social territorial"
    assert onglet.width() <= TAILLES[taille]["largeur"]
    capture(onglet, f"{nom}-{taille}")
    if nom in AVEC_CARTE:
        assert find_violations(page) == []
    unfold(page)
    assert onglet.width() <= TAILLES[taille]["largeur"]
    assert find_anglais(read_textes(page), NOMS_PROPRES) == {}
    assert find_violations(page) == []


def test_menus_are_french_and_accessible(open_onglet, capture):
    onglet = open_onglet(**TELEPHONE, langue="en-US")
    open_page(onglet, "carte")
    page = onglet.page
    page.get_by_role("button", name="Menu", exact=True).tap()
    page.locator("#obs-pages").get_by_role("link", name="Méthode").wait_for()
    assert find_violations(page) == []
    capture(onglet, "menu-390")
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name=re.compile("Chercher un territoire")).fill("saint denis")
    page.get_by_role("option").first.wait_for()
    assert find_anglais(read_textes(page), NOMS_PROPRES) == {}
    assert find_violations(page) == []
    capture(onglet, "recherche-390")


def test_unknown_page_is_said_in_french(open_onglet):
    onglet = open_onglet(langue="en-US", tolere=True)
    onglet.open("/nimporte")
    page = onglet.page
    page.get_by_role("dialog").wait_for()
    assert find_anglais(read_textes(page), NOMS_PROPRES) == {}
    assert page.get_by_text(re.compile("n’existe pas")).count() > 0, "l'adresse inconnue n'est pas expliquée"


def test_printed_sheet_is_french_and_accessible(open_onglet, capture):
    onglet = open_onglet(langue="en-US")
    page = onglet.page
    page.goto(f"{onglet.base}/imprimer/carte?indicateur=part_menages_bas_revenus&departement=974&maille=commune")
    page.locator("h1").wait_for()
    assert "Insee" in page.locator("body").inner_text()
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert find_anglais(read_textes(page), NOMS_PROPRES) == {}
    assert find_violations(page) == []
    capture(onglet, "feuille-1280")
