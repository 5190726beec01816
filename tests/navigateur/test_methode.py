"""Méthode, mentions, accessibilité et accueil dans un vrai navigateur : au clavier, au doigt, à deux largeurs."""

import pytest

from observatoire.app.composants.methode_generale import SECTIONS
from tests.navigateur.accessibilite import find_violations
from tests.navigateur.conftest import ECRAN, SORTIES, TELEPHONE
from tests.navigateur.textes import find_anglais, read_textes

pytestmark = pytest.mark.navigateur

FICHE = "/methode?indicateur=part_menages_bas_revenus"
PAGES = {
    "accueil": "/",
    "methode": "/methode",
    "fiche": FICHE,
    "mentions": "/mentions",
    "accessibilite": "/accessibilite",
}
NOMS_PROPRES = ("Open Licence", "Service-public.fr")
BULLE = "#obs-definition"
HAUT = "(s) => document.querySelector(s)?.getBoundingClientRect().top"
# Ouvre et ferme chaque terme de la page, en haut puis en bas de l'écran ; rend ceux qui en sortent.
DEBORDENT = """() => [...document.querySelectorAll('.obs-terme')].flatMap((terme, rang) => {
  terme.scrollIntoView({block: rang % 2 ? 'end' : 'start'});
  terme.click();
  const b = document.getElementById('obs-definition').getBoundingClientRect();
  terme.click();
  return b.left < 0 || b.top < 0 || b.right > innerWidth || b.bottom > innerHeight ? [terme.dataset.terme] : [];
})"""


@pytest.mark.parametrize("ecran", [ECRAN, TELEPHONE], ids=["1280", "390"])
@pytest.mark.parametrize("page", PAGES)
def test_page_draws_without_fault(open_onglet, page, ecran):
    onglet = open_onglet(**ecran)
    onglet.open(PAGES[page])
    assert onglet.page.locator("h1").count() == 1
    assert onglet.width() <= ecran["largeur"]
    assert find_violations(onglet.page) == []
    assert find_anglais(read_textes(onglet.page), NOMS_PROPRES) == {}
    SORTIES.mkdir(parents=True, exist_ok=True)
    onglet.page.screenshot(path=SORTIES / f"{page}-{ecran['largeur']}.png")
    onglet.check_clean()


def test_first_screen_of_accueil_holds_the_sentence_the_search_and_the_doors(open_onglet):
    onglet = open_onglet(**ECRAN)
    onglet.open("/")
    onglet.page.wait_for_selector(".obs-portail-recherche input")
    for selecteur in (".obs-portail h1", ".obs-portail-recherche input", ".obs-portes > div:last-child a:last-child"):
        bas = onglet.page.evaluate("(s) => document.querySelector(s).getBoundingClientRect().bottom", selecteur)
        assert bas <= ECRAN["hauteur"], selecteur
    onglet.check_clean()


def test_each_door_leads_somewhere(open_onglet):
    onglet = open_onglet(**ECRAN)
    onglet.open("/")
    liens = onglet.page.locator(".obs-portes a").evaluate_all("(a) => a.map((l) => l.getAttribute('href'))")
    assert len(liens) == 6
    for lien in liens:
        onglet.open(f"/{lien}" if lien.startswith("#") else f"/{lien.lstrip('/')}")
        assert onglet.page.locator("h1").count() == 1, lien
        if lien.startswith("#"):
            assert onglet.page.locator(lien).count() == 1
    onglet.check_clean()


@pytest.mark.parametrize("ecran", [ECRAN, TELEPHONE], ids=["1280", "390"])
def test_terme_opens_stays_on_screen_and_closes(open_onglet, ecran):
    onglet = open_onglet(**ecran)
    onglet.open(FICHE)
    terme = onglet.page.locator(".obs-methode-fiche .obs-terme").first
    terme.tap() if ecran.get("tactile") else terme.click()
    assert onglet.page.locator(BULLE).inner_text().startswith(terme.get_attribute("data-titre"))
    assert terme.get_attribute("aria-expanded") == "true"
    onglet.page.keyboard.press("Escape")
    assert onglet.page.locator(BULLE).count() == 0
    assert terme.get_attribute("aria-expanded") == "false"
    assert onglet.page.evaluate(DEBORDENT) == []
    onglet.check_clean()


def test_terme_works_at_the_keyboard(open_onglet):
    onglet = open_onglet(**ECRAN)
    onglet.open(FICHE)
    clavier = onglet.page.keyboard
    foyer = "document.activeElement.textContent"
    onglet.page.locator(".obs-methode-fiche .obs-terme").first.focus()
    clavier.press("Enter")
    assert onglet.page.locator(BULLE).is_visible()
    clavier.press("Tab")
    assert onglet.page.evaluate(foyer) == "Glossaire"
    clavier.press("Tab")
    assert onglet.page.evaluate(foyer) == "Fermer"
    clavier.press("Enter")
    assert onglet.page.locator(BULLE).count() == 0
    # Le foyer revient au mot, d'où l'on reprend sa lecture.
    assert onglet.page.evaluate("document.activeElement.className") == "obs-terme"
    clavier.press("Space")
    clavier.press("Tab")
    clavier.press("Tab")
    clavier.press("Tab")
    assert onglet.page.locator(BULLE).count() == 0, "quitter la définition la referme"
    onglet.check_clean()


def test_target_of_a_terme_is_wide_enough_for_a_finger(open_onglet):
    onglet = open_onglet(**TELEPHONE)
    onglet.open(FICHE)
    cible = "getComputedStyle(document.querySelector('.obs-terme-i'), '::after')"
    if not onglet.page.evaluate("matchMedia('(pointer: coarse)').matches"):
        pytest.skip("ce navigateur ne simule pas le doigt")
    assert onglet.page.evaluate(f"[{cible}.width, {cible}.height]") == ["44px", "44px"]


def test_definition_leads_to_the_glossaire(open_onglet):
    onglet = open_onglet(**ECRAN)
    onglet.open(FICHE)
    onglet.page.locator(".obs-methode-fiche .obs-terme").first.click()
    onglet.page.locator(f"{BULLE} a").click()
    onglet.wait("location.hash.startsWith('#terme-')")
    ancre = onglet.page.evaluate("location.hash")
    onglet.wait(f"({HAUT})('{ancre}') >= 0 && ({HAUT})('{ancre}') < innerHeight")
    assert onglet.page.locator(BULLE).count() == 0
    onglet.check_clean()


@pytest.mark.parametrize("ancre", SECTIONS)
def test_rule_opens_at_its_anchor(open_onglet, ancre):
    onglet = open_onglet(**ECRAN)
    onglet.open(f"/methode#{ancre}")
    onglet.wait(f"({HAUT})('#{ancre}') >= 0 && ({HAUT})('#{ancre}') < innerHeight / 2")


def test_filters_then_fiche_then_back(open_onglet):
    onglet = open_onglet(**ECRAN)
    onglet.open("/methode")
    onglet.choose("nature", "ressource")
    onglet.wait("document.querySelector('.obs-methode-compte').innerText.startsWith('13')")
    onglet.page.locator('input[data-param="cherche"]').fill("mairie")
    onglet.wait_param("cherche", "mairie")
    onglet.wait("!document.querySelector('.obs-methode-compte').innerText.startsWith('13')")
    # Le champ garde le foyer : on peut continuer d'écrire.
    assert onglet.page.evaluate("document.activeElement.dataset.param") == "cherche"
    onglet.page.locator(".obs-methode-liste a").first.click()
    onglet.page.wait_for_selector("#fiche")
    onglet.wait("document.activeElement.id === 'fiche-titre'")
    assert "nature=ressource" in onglet.page.url
    onglet.page.go_back()
    onglet.wait("!document.querySelector('#fiche')")
    onglet.check_clean()


def test_summary_closes_the_fiche_and_keeps_its_place(open_onglet):
    onglet = open_onglet(**ECRAN)
    onglet.open(FICHE)
    onglet.page.locator(".obs-methode-sommaire a", has_text="Mobilité").click()
    onglet.wait("!document.querySelector('#fiche')")
    onglet.wait(f"({HAUT})('#indicateurs') >= 0 && ({HAUT})('#indicateurs') < innerHeight / 2")
    onglet.check_clean()
