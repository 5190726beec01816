"""Au téléphone : chercher du doigt, lire, faire défiler la page sans bouger la carte."""

import json

import pytest

from tests.navigateur.conftest import TELEPHONE
from tests.navigateur.pages import REUNION

pytestmark = pytest.mark.navigateur

CADRE = 'iframe[src*="streamlit_folium"]'
# Promesse tenue quand la page ne défile plus (l'élan du doigt est passé).
POSE = """new Promise((fini) => {
  const lire = () => document.querySelector('.stMain').scrollTop;
  let avant = lire(), calmes = 0;
  const regarder = () => {
    calmes = lire() === avant ? calmes + 1 : 0;
    avant = lire();
    if (calmes > 8) fini(); else requestAnimationFrame(regarder);
  };
  regarder();
})"""
# Cibles de moins de 44 px ; la légende et les ⓘ, au fil du texte, ont la taille des lettres.
PETITS = """[...document.querySelectorAll('.stMain :is(button, select), .obs-entete :is(button, input), .obs-bouton')]
  .filter((e) => e.checkVisibility() && !e.closest('.obs-legende, .obs-definition') && !e.matches('.obs-terme'))
  .filter((e) => e.getBoundingClientRect().height < 43.5)
  .map((e) => e.outerHTML.slice(0, 120) + ' ' + e.getBoundingClientRect().height)"""
DEFILEMENT = "document.querySelector('.stMain').scrollTop"


@pytest.fixture
def onglet(open_onglet):
    return open_onglet(**TELEPHONE)


class Doigts:
    """Un ou deux doigts sur l'écran, par le protocole du navigateur."""

    def __init__(self, page):
        self.cdp = page.context.new_cdp_session(page)

    def glisse(self, departs, arrivees, pas=12):
        self._touch("touchStart", departs)
        for k in range(1, pas + 1):
            points = [
                (x0 + (x1 - x0) * k / pas, y0 + (y1 - y0) * k / pas)
                for (x0, y0), (x1, y1) in zip(departs, arrivees, strict=True)
            ]
            self._touch("touchMove", points)
        self._touch("touchEnd", [])

    def _touch(self, genre, points):
        doigts = [{"x": x, "y": y, "id": rang} for rang, (x, y) in enumerate(points)]
        self.cdp.send("Input.dispatchTouchEvent", {"type": genre, "touchPoints": doigts})


def centre(onglet):
    cadre = onglet.page.locator(CADRE)
    cadre.scroll_into_view_if_needed()
    boite = cadre.bounding_box()
    return boite["x"] + boite["width"] / 2, boite["y"] + boite["height"] / 2


def test_find_my_commune_with_a_finger(onglet, capture):
    onglet.open("/")
    page = onglet.page
    page.locator(".obs-entete").get_by_role("combobox").tap()
    page.keyboard.type("97460")
    page.locator(".obs-entete [role=option]").filter(has_text="Saint-Paul").first.tap()
    onglet.wait_title("Saint-Paul")
    assert onglet.width() <= 390
    capture(onglet, "saint-paul-390")
    page.get_by_role("link", name="Voir sur la carte").first.tap()
    page.wait_for_url("**/carte?**")
    onglet.wait_drawn(24)
    assert "Saint-Paul" in page.locator(".obs-fiche").inner_text()


def test_menu_leads_to_every_page(onglet):
    onglet.open("/")
    page = onglet.page
    for nom in ("Carte", "Territoire", "Méthode"):
        page.get_by_role("button", name="Menu", exact=True).tap()
        page.locator("#obs-pages").get_by_role("link", name=nom).tap()
        onglet.wait("(n) => document.title.startsWith(n)", nom)
        assert page.get_by_role("button", name="Menu", exact=True).get_attribute("aria-expanded") == "false"


def test_the_top_of_the_map_is_seen_without_scrolling(onglet):
    onglet.open(REUNION)
    onglet.wait_drawn(24)
    assert onglet.page.locator(CADRE).bounding_box()["y"] < 844
    assert onglet.page.evaluate(DEFILEMENT) == 0


def test_one_finger_scrolls_the_page_two_move_the_map(onglet):
    onglet.open(REUNION)
    onglet.wait_drawn(24)
    doigts = Doigts(onglet.page)
    x, y = centre(onglet)
    vue, haut = onglet.read("observatoire.vue()"), onglet.page.evaluate(DEFILEMENT)
    doigts.glisse([(x, y + 100)], [(x, y - 100)])
    onglet.wait(f"(h) => {DEFILEMENT} > h + 50", haut)
    assert onglet.read("observatoire.vue()") == vue, "un doigt a déplacé la carte"
    x, y = centre(onglet)
    onglet.page.evaluate(POSE)
    haut = onglet.page.evaluate(DEFILEMENT)
    doigts.glisse([(x - 40, y), (x + 40, y)], [(x - 100, y - 60), (x + 100, y - 60)])
    onglet.wait_map(f"JSON.stringify(observatoire.vue()) !== '{json.dumps(vue, separators=(',', ':'))}'")
    assert abs(onglet.page.evaluate(DEFILEMENT) - haut) <= 2, "deux doigts ont fait défiler la page"


def test_a_tap_reads_the_value(onglet, capture):
    onglet.open(REUNION)
    onglet.wait_drawn(24)
    onglet.page.touchscreen.tap(*onglet.point("97421"))
    onglet.wait_param("territoire", "97421")
    onglet.page.locator(".obs-fiche h2").wait_for()
    fiche, carte = (onglet.page.locator(s).bounding_box() for s in (".obs-fiche", CADRE))
    assert fiche["y"] > carte["y"], "la valeur se lit sous la carte"
    capture(onglet, "salazie-390")


def test_targets_are_wide_enough(onglet):
    """Boutons, listes et liens des réglages : 44 px au moins."""
    onglet.open(REUNION)
    onglet.wait_drawn(24)
    petits = onglet.page.evaluate(PETITS)
    assert petits == []
