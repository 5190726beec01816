"""Deux cartes côte à côte, et ce que la carte dit à la page."""

import pytest

pytestmark = pytest.mark.navigateur


def read_views(*cartes):
    return [
        c.read("[map.getCenter().lat, map.getCenter().lng, map.getZoom()].map((x) => +x.toFixed(5))") for c in cartes
    ]


def are_equal(gauche, droite):
    """Même zoom, et moins d'un pixel d'écart entre les centres."""
    centre = gauche.read("map.getCenter()")
    p = droite.read("(c) => map.latLngToContainerPoint(c).subtract(map.getSize().divideBy(2))", centre)
    return gauche.read("map.getZoom()") == droite.read("map.getZoom()") and max(abs(p["x"]), abs(p["y"])) <= 1


@pytest.fixture
def deux(open_deux, ecrivain):
    page, gauche, droite = open_deux()
    for carte in (gauche, droite):
        carte.put(ecrivain.write(groupe="essai"))
    page.evaluate("window.dits = []; addEventListener('observatoire:vue', (e) => dits.push(e.detail))")
    return page, gauche, droite


def test_same_view_from_the_start(open_deux, ecrivain):
    _, gauche, droite = open_deux()
    gauche.put(ecrivain.write(groupe="essai"))
    gauche.read("map.setView([-21.2, 55.6], 11, {animate: false})")
    droite.put(ecrivain.write(groupe="essai"))
    assert read_views(gauche) == [[-21.2, 55.6, 11]]
    assert are_equal(gauche, droite)


def test_moving_one_moves_the_other(deux):
    page, gauche, droite = deux
    boite = page.locator("#gauche").bounding_box()
    page.mouse.move(boite["x"] + 300, 300)
    page.mouse.down()
    page.mouse.move(boite["x"] + 380, 340, steps=6)
    page.mouse.up()
    droite.settle()
    assert are_equal(gauche, droite)
    assert {d["carte"] for d in page.evaluate("dits")} == {gauche.read("observatoire.identite")}, "l'autre a répondu"


def test_zooming_one_zooms_the_other_without_echo(deux):
    page, gauche, droite = deux
    droite.cadre.locator(".obs-bouton-plus").click()
    page.wait_for_timeout(500)
    assert are_equal(gauche, droite)
    assert {d["carte"] for d in page.evaluate("dits")} == {droite.read("observatoire.identite")}
    gauche.read("map.setView([-21.0, 55.3], 10, {animate: false})")
    assert read_views(gauche) == [[-21.0, 55.3, 10]]
    assert are_equal(gauche, droite)


def test_hovering_one_shows_the_same_territory_on_the_other(deux):
    page, gauche, droite = deux
    page.mouse.move(*gauche.point("97424"))
    droite.settle()
    assert "Cilaos" in droite.tooltip()
    assert droite.read("observatoire.codeCerne()") == "97424"
    assert gauche.read("observatoire.codeCerne()") == "97424"
    page.mouse.move(*gauche.on_page(600, 20))
    droite.settle()
    assert droite.tooltip() is None
    assert droite.read("observatoire.codeCerne()") is None


def test_groups_do_not_mix_and_can_be_left(open_deux, ecrivain):
    _, gauche, droite = open_deux()
    gauche.put(ecrivain.write(groupe="a"))
    droite.put(ecrivain.write(groupe="b"))
    avant = read_views(droite)
    gauche.read("map.setView([-21.0, 55.3], 10, {animate: false})")
    assert read_views(droite) == avant
    droite.put(ecrivain.write(groupe="a"))
    gauche.read("map.setView([-21.0, 55.3], 10.5, {animate: false})")
    assert are_equal(gauche, droite)
    avant = read_views(droite)
    droite.put(ecrivain.write(groupe=""))
    gauche.read("map.setView([-21.2, 55.4], 11, {animate: false})")
    assert read_views(droite) == avant


def test_closed_frame_hears_nothing_more(deux):
    page, gauche, _ = deux
    page.evaluate("document.getElementById('droite').remove()")
    gauche.read("map.setView([-21.0, 55.3], 10, {animate: false})")
    page.mouse.move(*gauche.point("97424"))
    assert "Cilaos" in gauche.tooltip()


# --- La page


def test_page_hears_the_hover_once_per_territory(deux):
    page, gauche, _ = deux
    page.evaluate("window.survols = []; addEventListener('observatoire:survol', (e) => survols.push(e.detail.code))")
    x, y = gauche.point("97424")
    for pas in range(4):
        page.mouse.move(x + pas, y)
    page.mouse.move(*gauche.on_page(600, 20))
    assert page.evaluate("survols") == ["97424", None]


def test_page_shows_a_territory(deux):
    page, gauche, _ = deux
    page.evaluate("document.getElementById('gauche').contentWindow.observatoire.montrer('97424')")
    assert "Cilaos" in gauche.tooltip()
    assert gauche.read("observatoire.codeCerne()") == "97424"
    page.evaluate("document.getElementById('gauche').contentWindow.observatoire.montrer(null)")
    assert gauche.tooltip() is None
    assert gauche.read("observatoire.codeCerne()") is None


def test_territory_out_of_sight_is_brought_in(deux):
    _, gauche, _ = deux
    gauche.read("map.setView([-20.9, 55.3], 13, {animate: false})")
    assert gauche.read("observatoire.montrer('97417', {centrer: false})")
    assert not gauche.read("map.getBounds().contains(observatoire.ancre(observatoire.etat.parCode.get('97417')))")
    assert gauche.read("observatoire.montrer('97417')")
    assert gauche.read("map.getBounds().contains(observatoire.ancre(observatoire.etat.parCode.get('97417')))")
    assert "Saint-Philippe" in gauche.tooltip()


POSER_CHOIX = """(code) => {
  let boite = document.getElementById("choix");
  if (!boite) document.body.append((boite = Object.assign(document.createElement("p"), { id: "choix" })));
  // Comme une page qui se redessine : l'élément est remplacé par un autre.
  boite.innerHTML = code === null ? "" : `<span class="obs-choix" data-carte="c" data-code="${code}"></span>`;
}"""


def test_page_says_the_choice_without_sending_the_values_again(open_deux, ecrivain):
    page, gauche, _ = open_deux()
    page.evaluate(POSER_CHOIX, "97411")
    gauche.put(ecrivain.write() | {"cle": "c"})
    assert gauche.read("observatoire.choix()") == "97411"
    peintures = gauche.read("observatoire.peintures")
    page.evaluate("document.querySelector('.obs-choix').dataset.code = '97424'")
    gauche.wait("observatoire.choix() === '97424'")
    page.evaluate(POSER_CHOIX, "97415")
    gauche.wait("observatoire.choix() === '97415'")
    page.evaluate(POSER_CHOIX, None)
    gauche.wait("observatoire.choix() === null")
    assert gauche.read("observatoire.peintures") == peintures


def test_page_may_take_the_choice_over(open_deux, ecrivain):
    """Une page qui s'en charge (`preventDefault`) change d'adresse ; Streamlit n'est pas relancé en plus."""
    page, gauche, _ = open_deux()
    gauche.put(ecrivain.write())
    gauche.read("window.rendus = []; window.__GLOBAL_DATA__ = {}")
    gauche.read("window.Streamlit = { setComponentValue: (v) => rendus.push(v) }; undefined")
    page.mouse.click(*gauche.point("97424"))
    assert len(gauche.read("rendus")) == 1
    page.evaluate(
        "addEventListener('observatoire:choix', (e) => (e.preventDefault(), (window.choisi = e.detail.code)))"
    )
    page.mouse.click(*gauche.point("97415"))
    assert page.evaluate("choisi") == "97415"
    assert len(gauche.read("rendus")) == 1
