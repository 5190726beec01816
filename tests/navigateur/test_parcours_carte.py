"""La carte, comme une personne s'en sert : choisir, revenir, comparer, agrandir."""

import pytest

from tests.navigateur.pages import REUNION

pytestmark = pytest.mark.navigateur

POPULATION = "/carte?indicateur=population_municipale&departement=974&maille=commune"
PREMIER_TITRE = "() => document.querySelector('h1').innerText"


@pytest.fixture
def onglet(open_onglet):
    return open_onglet()


def test_accueil_leads_to_the_map(onglet):
    onglet.open("/")
    onglet.page.get_by_role("link", name="Ouvrir la carte").click()
    onglet.page.wait_for_url("**/carte?**")
    onglet.wait_map("observatoire.nombreTerritoires() > 0")


def test_a_change_repaints_without_reloading(onglet):
    onglet.open(REUNION)
    onglet.wait_drawn(24)
    onglet.read("(() => { window.temoin = 1; observatoire.carte.setView([-21.2, 55.6], 11, {animate: false}); })()")
    avant = onglet.read("[observatoire.peintures, observatoire.chargements, observatoire.vue()]")
    onglet.press("nature", "ressource")
    onglet.wait_map(f"observatoire.peintures > {avant[0]}")
    assert onglet.read("window.temoin") == 1, "la carte a été rechargée"
    assert onglet.read("observatoire.chargements") == avant[1], "la géométrie a été redemandée"
    assert onglet.read("observatoire.vue()") == avant[2], "la vue a bougé"


def test_back_and_forward_restore_the_map(onglet):
    onglet.open(REUNION)
    onglet.wait_drawn(24)
    couleurs = "['97411', '97421', '97410'].map((c) => observatoire.couleurDe(c))"
    titre, avant = onglet.page.evaluate(PREMIER_TITRE), onglet.read(couleurs)
    onglet.press("nature", "ressource")
    onglet.wait("(t) => ![undefined, t].includes(document.querySelector('h1')?.innerText)", titre)
    ressource = onglet.page.evaluate(PREMIER_TITRE)
    onglet.page.go_back()
    onglet.wait("(t) => document.querySelector('h1')?.innerText === t", titre)
    onglet.wait_map(f"JSON.stringify({couleurs}) === '{onglet.page.evaluate('JSON.stringify', avant)}'")
    onglet.page.go_forward()
    onglet.wait("(t) => document.querySelector('h1')?.innerText === t", ressource)


def test_click_gives_the_card_and_its_references(onglet, capture):
    onglet.open(REUNION)
    onglet.wait_drawn(24)
    onglet.click_territoire("97421")
    fiche = onglet.page.locator(".obs-fiche")
    fiche.wait_for()
    onglet.wait_param("territoire", "97421")
    texte = fiche.inner_text()
    assert all(t in texte for t in ("Salazie", " sur ", "CIREST", "La Réunion"))
    assert onglet.page.locator(".obs-tableau tr[aria-current]").inner_text().startswith("Salazie")
    capture(onglet, "salazie-1280")


def test_part_and_nombre(onglet, capture):
    onglet.open(REUNION)
    onglet.wait_drawn(24)
    peintures = onglet.read("observatoire.peintures")
    onglet.press("mesure", "nombre")
    onglet.wait_map(f"observatoire.peintures > {peintures}")
    onglet.wait("() => /[Nn]ombre/.test(document.querySelector('.obs-titre')?.innerText)")
    capture(onglet, "nombre-1280")
    onglet.press("mesure", "part")
    onglet.wait("() => /%/.test(document.querySelector('.obs-titre')?.innerText)")


def test_department_changes_on_screen(onglet, capture):
    onglet.open(REUNION)
    onglet.wait_drawn(24)
    onglet.choose("departement", "38")
    onglet.wait_drawn(512)
    assert "Isère" in onglet.page.locator(".obs-phrase").inner_text()
    onglet.wait_map("observatoire.etat.voisins")
    capture(onglet, "isere-1280")
    suite = onglet.page.get_by_role("link", name="Suivantes")
    assert "1 à 20 sur 512" in onglet.page.locator(".obs-pagination").inner_text()
    suite.click()
    onglet.wait("() => document.querySelector('.obs-pagination')?.innerText.includes('21 à 40')")


def test_france_draws_epci_then_communes(onglet, capture):
    onglet.open("/carte?indicateur=part_65_ans_plus&departement=FR&maille=epci")
    onglet.wait_map("observatoire.nombreTerritoires() > 1200 && observatoire.peintures > 0")
    capture(onglet, "france-epci-1280")
    onglet.choose("maille", "commune")
    onglet.wait_map("observatoire.nombreTerritoires() > 34000", delai=60_000)
    onglet.read("observatoire.carte.setView([45.2, 5.7], 10)")
    onglet.wait_map("observatoire.departementsFins().includes('38')")
    capture(onglet, "france-communes-1280")


def test_time_slider(onglet, capture):
    onglet.open(POPULATION)
    onglet.wait_drawn(24)
    curseur = onglet.page.locator('input[type=range][data-param="periode"]')
    titre = onglet.page.evaluate(PREMIER_TITRE)
    curseur.focus()
    onglet.page.keyboard.press("Home")
    onglet.wait_param("periode", "2016")
    onglet.wait("(t) => ![undefined, t].includes(document.querySelector('h1')?.innerText)", titre)
    assert "2016" in onglet.page.evaluate(PREMIER_TITRE)
    onglet.page.keyboard.press("ArrowRight")
    onglet.wait("() => new URLSearchParams(location.search).get('periode') > '2016'")
    capture(onglet, "curseur-1280")


def test_two_maps_move_together(onglet, capture):
    onglet.open(REUNION)
    onglet.wait_drawn(24)
    onglet.choose("comparer", "indicateur:mairies_10000_hab")
    for rang in (0, 1):
        onglet.wait_map("observatoire.etat.groupe && observatoire.nombreTerritoires() === 24", rang=rang)
    onglet.read("observatoire.carte.setView([-21.0, 55.3], 12, {animate: false})")
    suivie = "Math.abs(observatoire.carte.getCenter().lat + 21) < 0.001 && observatoire.carte.getZoom() === 12"
    onglet.wait_map(suivie, rang=1)
    assert onglet.width() <= 1280
    capture(onglet, "deux-cartes-bougees-1280")
    onglet.choose("comparer", "")
    onglet.wait("() => document.querySelectorAll('iframe[src*=\"streamlit_folium\"]').length === 1")
    onglet.wait_drawn(24)


def test_full_screen_keeps_the_legend(onglet, capture):
    onglet.open(REUNION)
    onglet.wait_drawn(24)
    onglet.frame().get_by_role("button", name="Plein écran").click()
    onglet.wait_map("observatoire.enPleinEcran()")
    onglet.wait_map("observatoire.carte.getSize().x >= 1200")
    capture(onglet, "plein-ecran-1280")
    onglet.frame().get_by_role("button", name="Quitter le plein écran").click()
    onglet.wait_map("!observatoire.enPleinEcran() && observatoire.carte.getSize().x < 1000")


def test_places_of_resource(onglet, capture):
    onglet.open(REUNION)
    onglet.wait_drawn(24)
    onglet.page.locator('input[data-param="lieux"][value="mairie"]').check()
    onglet.wait_map("observatoire.etat.lieuxVisibles > 20")
    onglet.wait_param("lieux", "mairie")
    capture(onglet, "lieux-1280")


def test_table_sorts_as_numbers(onglet):
    onglet.open(POPULATION)
    onglet.wait_drawn(24)
    noms = "[...document.querySelectorAll('.obs-tableau tbody th')].map((e) => e.innerText.trim())"
    alphabetique = onglet.page.evaluate(noms)
    assert alphabetique[0] == "Bras-Panon"
    onglet.page.locator(".obs-tableau thead a, .obs-tableau thead button").filter(has_text="Population").first.click()
    onglet.wait(f"(a) => JSON.stringify({noms}) !== JSON.stringify(a)", alphabetique)
    lire = "[...document.querySelectorAll('.obs-tableau tbody td:nth-child(2)')].map((c) => c.innerText)"
    valeurs = [int("".join(filter(str.isdigit, texte))) for texte in onglet.page.evaluate(lire)]
    assert valeurs in (sorted(valeurs), sorted(valeurs, reverse=True))
    assert len(set(valeurs)) > 20


def test_wrong_link_is_explained(onglet):
    onglet.open("/carte?indicateur=part_menages_bas_revenu&departement=999")
    assert "n'existe pas" in onglet.page.locator(".obs-etat").first.inner_text().replace("’", "'")
    onglet.wait_map("observatoire.nombreTerritoires() > 0")
