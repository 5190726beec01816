"""La carte sans souris : visée, flèches, Entrée, annonces."""

import pytest

pytestmark = pytest.mark.navigateur


@pytest.fixture
def carte(open_carte, ecrivain):
    carte = open_carte()
    carte.put(ecrivain.write(types=["mairie"]))
    carte.wait("observatoire.nombreLieux() > 0")
    carte.read("window.choisis = []; addEventListener('observatoire:choix', (e) => choisis.push(e.detail.code))")
    return carte


def aim(carte, code, zoom=11):
    """Met un territoire sous la visée, puis donne le focus comme le ferait la touche Tab."""
    carte.read(
        """([code, zoom]) => {
          map.setView(observatoire.ancre(observatoire.etat.parCode.get(code)), zoom, { animate: false });
        }""",
        [code, zoom],
    )
    carte.page.keyboard.press("Tab")


def announced(carte, texte):
    carte.wait(f"document.querySelector('.obs-annonce').textContent.includes({texte!r})")


def test_tab_reaches_the_map_then_its_buttons(carte):
    noms = []
    for _ in range(5):
        carte.page.keyboard.press("Tab")
        noms.append(carte.read("document.activeElement.getAttribute('aria-label')"))
    assert noms == ["Carte", "Agrandir", "Réduire", "Tout voir", "Plein écran"]


def test_focus_shows_an_aim_and_says_what_is_under_it(carte):
    assert carte.read("getComputedStyle(document.querySelector('.obs-visee')).visibility") == "hidden"
    aim(carte, "97424")
    assert carte.read("getComputedStyle(document.querySelector('.obs-visee')).visibility") == "visible"
    boite = carte.read(
        """() => {
          const { left, top, width, height } = document.querySelector(".obs-visee").getBoundingClientRect();
          return [left + width / 2, top + height / 2];
        }"""
    )
    assert boite == pytest.approx([454, 300], abs=1)
    assert "Cilaos" in carte.tooltip()
    announced(carte, "Cilaos")
    announced(carte, "99,5")
    emploi = carte.read(
        """() => {
          const boite = document.querySelector(".leaflet-container");
          return document.getElementById(boite.getAttribute("aria-describedby")).textContent;
        }"""
    )
    assert "Flèches" in emploi
    assert "Entrée" in emploi
    assert carte.read("document.querySelector('.leaflet-container').getAttribute('role')") == "application"


def test_focus_ring_is_drawn_over_the_layers(carte):
    carte.page.keyboard.press("Tab")
    cadre = carte.read(
        """() => {
          const s = getComputedStyle(document.querySelector(".leaflet-container"), "::before");
          return [s.borderTopColor, s.borderTopWidth, s.zIndex];
        }"""
    )
    assert cadre == ["rgb(178, 58, 0)", "3px", "1200"]


def test_mouse_hides_the_aim(carte):
    aim(carte, "97424")
    carte.page.mouse.click(450, 500)
    assert carte.read("getComputedStyle(document.querySelector('.obs-visee')).visibility") == "hidden"


@pytest.mark.parametrize(
    ("touche", "attendu"),
    [("ArrowRight", (60, 0)), ("ArrowUp", (0, -60)), ("Shift+ArrowLeft", (-180, 0)), ("ArrowDown", (0, 60))],
)
def test_arrows_move_the_map(carte, touche, attendu):
    aim(carte, "97424")
    carte.read("window.repere = map.getCenter()")
    carte.page.keyboard.press(touche)
    p = carte.read("map.latLngToContainerPoint(window.repere)")
    assert (454 - p["x"], 300 - p["y"]) == pytest.approx(attendu, abs=1)


def test_plus_minus_home_zoom(carte):
    aim(carte, "97424", zoom=11)
    carte.page.keyboard.press("+")
    assert carte.read("map.getZoom()") == 12
    carte.page.keyboard.press("-")
    carte.page.keyboard.press("-")
    assert carte.read("map.getZoom()") == 10
    carte.page.keyboard.press("Home")
    assert carte.read("map.getBounds().contains(observatoire.etat.fond.emprise)")


def test_enter_chooses_what_is_aimed_at(carte):
    aim(carte, "97424")
    carte.page.keyboard.press("Enter")
    assert carte.read("observatoire.choix()") == "97424"
    assert carte.read("choisis") == ["97424"]
    announced(carte, "Cilaos : territoire choisi")


def test_enter_reads_a_place_then_chooses_its_commune(carte):
    carte.read("map.setView([-20.9, 55.45], 12, {animate: false})")
    carte.page.keyboard.press("Tab")
    announced(carte, "Lieu seul-1")
    carte.page.keyboard.press("Enter")
    assert carte.read("choisis") == []
    assert "1 rue du Port" in carte.tooltip()
    carte.page.keyboard.press("Enter")
    assert carte.read("choisis") == ["97411"]


def test_enter_opens_a_cluster(carte):
    grappe = carte.read(
        """() => {
          const g = observatoire.etat.grappes.find((g) => g.membres.length > 5);
          map.panTo(map.containerPointToLatLng([g.x, g.y]), { animate: false });
          return map.getZoom();
        }"""
    )
    carte.page.keyboard.press("Tab")
    carte.page.keyboard.press("Enter")
    assert carte.read("map.getZoom()") > grappe
    assert carte.read("choisis") == []


def test_nothing_under_the_aim_is_said(carte):
    carte.read("map.setView([-20.5, 54.9], 11, {animate: false})")
    carte.page.keyboard.press("Tab")
    announced(carte, "Aucun territoire sous la visée")
    carte.page.keyboard.press("Enter")
    assert carte.read("choisis") == []


def test_keys_of_a_button_do_not_move_the_map(carte):
    carte.page.keyboard.press("Tab")
    carte.page.keyboard.press("Tab")
    centre = carte.read("map.getCenter()")
    carte.page.keyboard.press("ArrowRight")
    assert carte.read("map.getCenter()") == centre


def test_touch_targets_are_large(open_carte, ecrivain):
    carte = open_carte(largeur=358, hauteur=400, has_touch=True, is_mobile=True)
    carte.put(ecrivain.write("epci", "FR"))
    tailles = carte.read(
        """[...document.querySelectorAll("button")]
          .filter((b) => b.offsetParent)
          .map((b) => [b.offsetWidth, b.offsetHeight])"""
    )
    assert len(tailles) == 9
    assert min(min(t) for t in tailles) >= 44


def test_reduced_motion_stops_the_animation(open_carte):
    assert open_carte(reduced_motion="reduce").read("map.options.zoomAnimation") is False
    carte = open_carte()
    duree = carte.read(
        """() => {
          const [dehors, dedans] = ["leaflet-zoom-anim", "leaflet-zoom-animated"].map((nom) => {
            const d = document.createElement("div");
            d.className = nom;
            return d;
          });
          dehors.append(dedans);
          document.body.append(dehors);
          return getComputedStyle(dedans).transitionDuration;
        }"""
    )
    assert duree == "0.15s"


def test_no_accessibility_fault(open_carte, ecrivain):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    carte = open_carte()
    carte.put(ecrivain.write("departement", "FR"))
    carte.page.keyboard.press("Tab")
    # Titre principal et repères sont ceux de la page qui contient le cadre.
    regles = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    fautes = axe.run(carte.page, options=regles).response["violations"]
    assert [(f["id"], [n["html"][:120] for n in f["nodes"]]) for f in fautes] == []
