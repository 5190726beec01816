"""Tout se fait au clavier : Tab atteint chaque lien, bouton et champ, et le curseur se voit."""

import pytest

from tests.navigateur.pages import open_page

pytestmark = pytest.mark.navigateur

# Ce que Tab doit atteindre : visible, actif, non retiré de l'ordre ; chacun reçoit un numéro.
NUMEROTER = """() => {
  const choix = "a[href],button,input,select,textarea,summary,iframe,[tabindex='0']";
  const voulus = [...document.querySelectorAll(choix)].filter((e) =>
    !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }) &&
    (!e.closest("details:not([open])") || e.tagName === "SUMMARY") && !e.closest("[inert],[hidden]"));
  voulus.forEach((e, rang) => (e.dataset.essaiRang = rang));
  return voulus.map((e) => (e.outerHTML.match(/^<[^>]*>/)[0] + (e.innerText || "")).slice(0, 160));
}"""
# Où est le curseur, et s'il se voit : contour d'au moins 2 px, sur l'élément ou le cadre qui le porte.
REGARDER = """() => {
  const e = document.activeElement;
  const cerne = (x) => {
    const s = x && getComputedStyle(x);
    return s && s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2;
  };
  const boite = e.getBoundingClientRect();
  return { rang: e.dataset?.essaiRang, cadre: e.tagName === "IFRAME", vu: cerne(e) || cerne(e.parentElement),
    place: boite.width > 0 && boite.bottom > 0 && boite.top < innerHeight };
}"""


@pytest.mark.parametrize("nom", ["accueil", "carte", "territoire", "methode-fiche", "mentions"])
def test_tab_reaches_everything_and_is_seen(open_onglet, nom):
    onglet = open_onglet()
    open_page(onglet, nom)
    page = onglet.page
    elements = page.evaluate(NUMEROTER)
    assert len(elements) > 8
    atteints, caches = set(), []
    page.evaluate("document.body.tabIndex = -1; document.body.focus()")
    for _ in range(3 * len(elements) + 40):
        page.keyboard.press("Tab")
        ou = page.evaluate(REGARDER)
        if ou["rang"] is None:
            if atteints:
                break
            continue
        atteints.add(int(ou["rang"]))
        if not ou["cadre"] and not (ou["vu"] and ou["place"]):
            caches.append(elements[int(ou["rang"])])
    manquants = [elements[rang] for rang in range(len(elements)) if rang not in atteints]
    assert manquants == []
    assert list(dict.fromkeys(caches)) == []


def test_skip_link_goes_to_the_content(open_onglet):
    onglet = open_onglet()
    open_page(onglet, "carte")
    page = onglet.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    assert page.locator(".obs-evitement").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H1"


def test_the_map_is_driven_from_the_keyboard(open_onglet):
    """Entrer dans la carte, la déplacer, choisir ce qui est sous la visée : la page le dit."""
    onglet = open_onglet()
    open_page(onglet, "carte")
    onglet.page.locator('iframe[src*="streamlit_folium"]').scroll_into_view_if_needed()
    onglet.frame().locator("#map_div").focus()
    onglet.page.keyboard.press("ArrowRight")
    onglet.page.keyboard.press("ArrowLeft")
    onglet.page.keyboard.press("Enter")
    onglet.page.locator(".obs-fiche h2").wait_for()
    code = onglet.read("observatoire.choix()")
    onglet.wait_param("territoire", code)


def test_menu_export_closes_with_escape_and_gives_focus_back(open_onglet):
    onglet = open_onglet()
    open_page(onglet, "carte")
    page = onglet.page
    bouton = page.locator(".obs-tete summary")
    bouton.focus()
    page.keyboard.press("Enter")
    page.locator(".obs-tete details[open]").wait_for()
    page.keyboard.press("Tab")
    assert "PNG" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Escape")
    page.locator(".obs-tete details:not([open])").wait_for()
    assert page.evaluate("document.activeElement.textContent.trim()") == "Exporter"
