"""Parcours d'un visiteur, dans un vrai navigateur, sur la vraie publication."""

import os
from pathlib import Path

import pytest

pytestmark = pytest.mark.navigateur

CAPTURES = Path(__file__).parent / "sorties"
# Les images du dépôt ne se refont que sur demande : « make captures ».
README = Path(os.environ.get("OBSERVATOIRE_CAPTURES", CAPTURES))
REUNION = "/carte?indicateur=part_menages_bas_revenus&departement=974&maille=commune"
MOBILE = {"largeur": 390, "hauteur": 844}


def capture(onglet, nom, dossier=CAPTURES):
    dossier.mkdir(parents=True, exist_ok=True)
    onglet.page.wait_for_timeout(400)
    onglet.page.screenshot(path=dossier / f"{nom}.png")


def test_accueil_draws(open_onglet):
    onglet = open_onglet()
    onglet.open("/")
    assert onglet.page.locator("h1").count() == 1
    assert onglet.page.locator(".obs-themes tbody tr").count() >= 5
    assert onglet.page.evaluate("document.documentElement.lang") == "fr"
    capture(onglet, "accueil-1280")
    onglet.check_clean()


def test_accueil_leads_to_the_map(open_onglet):
    onglet = open_onglet()
    onglet.open("/")
    onglet.page.get_by_role("link", name="Ouvrir la carte").click()
    onglet.page.wait_for_url("**/carte?**")
    onglet.wait_map("observatoire.nombreTerritoires() > 0")
    onglet.check_clean()


def test_reunion_draws_24_communes_capture(open_onglet):
    onglet = open_onglet()
    onglet.open(REUNION)
    onglet.wait_drawn(24)
    assert "ménages de La Réunion étaient à bas revenus" in onglet.page.locator(".obs-phrase").inner_text()
    assert onglet.page.locator(".obs-tableau tbody tr").count() == 24
    capture(onglet, "carte-1280")
    capture(onglet, "carte", README)
    onglet.check_clean()


def test_changing_the_indicator_repaints_without_reloading(open_onglet):
    onglet = open_onglet()
    onglet.open(REUNION)
    onglet.wait_drawn(24)
    onglet.read("(() => { window.temoin = 1; observatoire.carte.setView([-21.2, 55.6], 11, {animate: false}); })()")
    avant = onglet.read("[observatoire.peintures, observatoire.chargements, observatoire.vue()]")
    onglet.page.locator(".st-key-nature").get_by_text("Ressources").click()
    onglet.wait_map(f"observatoire.peintures > {avant[0]}")
    assert onglet.read("window.temoin") == 1, "la carte a été rechargée"
    assert onglet.read("observatoire.chargements") == avant[1], "la géométrie a été redemandée"
    assert onglet.read("observatoire.vue()") == avant[2], "la vue a bougé"
    assert "nature=ressource" in onglet.page.url
    onglet.check_clean()


def test_back_button_returns_to_the_previous_map(open_onglet):
    onglet = open_onglet()
    onglet.open(REUNION)
    onglet.wait_drawn(24)
    titre = onglet.page.locator("h1").inner_text()
    onglet.page.locator(".st-key-nature").get_by_text("Ressources").click()
    onglet.page.wait_for_function("(t) => document.querySelector('h1').innerText !== t", arg=titre)
    onglet.page.go_back()
    onglet.page.wait_for_function("(t) => document.querySelector('h1')?.innerText === t", arg=titre)
    onglet.check_clean()


def test_click_gives_the_card(open_onglet):
    onglet = open_onglet()
    onglet.open(REUNION)
    onglet.wait_drawn(24)
    onglet.click_territoire("97421")
    fiche = onglet.page.locator(".obs-fiche")
    fiche.wait_for()
    assert "Salazie" in fiche.inner_text()
    assert " sur " in fiche.inner_text()
    assert "territoire=97421" in onglet.page.url
    onglet.check_clean()


def test_isere_shows_its_communes_and_its_neighbours(open_onglet):
    onglet = open_onglet()
    onglet.open("/carte?indicateur=part_65_ans_plus&departement=38&maille=commune")
    onglet.wait_drawn(512)
    onglet.wait_map("observatoire.etat.voisins")
    assert "Lignes 1 à 20 sur 512" in onglet.page.locator(".st-key-pagination").inner_text()
    onglet.page.get_by_role("button", name="Suivantes").click()
    onglet.page.wait_for_function("() => document.querySelector('.st-key-pagination').innerText.includes('21 à 40')")
    capture(onglet, "isere-1280")
    onglet.check_clean()


def test_france_draws_epci_then_communes(open_onglet):
    onglet = open_onglet()
    onglet.open("/carte?indicateur=part_65_ans_plus&departement=FR&maille=epci")
    onglet.wait_map("observatoire.nombreTerritoires() > 1200 && observatoire.peintures > 0")
    capture(onglet, "france-epci-1280")
    onglet.choose("Niveau", "Communes")
    onglet.wait_map("observatoire.nombreTerritoires() > 34000", delai=60_000)
    onglet.read("observatoire.carte.setView([45.2, 5.7], 10)")
    onglet.wait_map("observatoire.departementsFins().includes('38')")
    capture(onglet, "france-communes-1280")
    onglet.check_clean()


@pytest.mark.parametrize("adresse_page", ["/", REUNION, "/carte?indicateur=part_65_ans_plus&departement=38"])
def test_phone_never_scrolls_sideways(open_onglet, adresse_page):
    onglet = open_onglet(**MOBILE)
    onglet.open(adresse_page)
    onglet.page.wait_for_timeout(1500)
    largeurs = onglet.page.evaluate("['html','.stMain'].map((s) => document.querySelector(s).scrollWidth)")
    assert max(largeurs) <= 390
    if adresse_page != "/":
        haut = onglet.page.locator('iframe[title="streamlit_folium.st_folium"]').bounding_box()["y"]
        assert haut < 844, "le haut de la carte doit se voir sans défiler"
    capture(onglet, "390-" + ("accueil" if adresse_page == "/" else adresse_page[-3:]))
    onglet.check_clean()


def test_wrong_link_is_explained(open_onglet):
    onglet = open_onglet()
    onglet.open("/carte?indicateur=part_menages_bas_revenu&departement=999")
    assert "n'existe pas" in onglet.page.locator(".obs-etat").first.inner_text()
    onglet.wait_map("observatoire.nombreTerritoires() > 0")
    onglet.check_clean()
