"""Plein écran : entrée, légende, noms, sortie ; dans un cadre permis, un cadre interdit, un téléphone."""

import pytest

pytestmark = pytest.mark.navigateur


def press_button(carte):
    carte.cadre.locator(".obs-bouton-etendre").click()
    carte.wait("document.querySelector('.obs-plein-ecran')")
    carte.settle()


def test_names_grow_and_the_legend_comes_along(open_carte, ecrivain):
    carte = open_carte()
    codes = ecrivain.codes("commune", "974")
    carte.put(ecrivain.write(statuts={codes[0]: "secret", codes[1]: "secret"}))
    assert carte.read("observatoire.corpsNoms()") == 14
    assert carte.cadre.locator(".obs-legende").is_hidden()
    press_button(carte)
    assert carte.read("document.fullscreenElement === map.getContainer()")
    assert carte.read("observatoire.corpsNoms()") == 20
    carte.wait("observatoire.nomsEcrits > 0")
    legende = carte.cadre.locator(".obs-legende").inner_text().replace("\u202f", " ").replace("\xa0", " ")
    assert legende.splitlines()[0] == "Essai"
    assert "en %" in legende
    # 24 valeurs de 0,5 à 99,5, les deux plus petites masquées : étendue, bornes, effectifs.
    lignes = [ligne.strip() for ligne in legende.splitlines() if ligne.strip()][2:]
    assert lignes == ["9,1 – 20 3", "20 – 40 5", "40 – 60 4", "60 – 80 5", "80 – 99,5 5", "secret 2", "sans donnée 0"]
    assert carte.read("document.querySelector('.obs-bouton-etendre').title") == "Quitter le plein écran"
    carte.capture("carte-plein-ecran")
    carte.page.keyboard.press("Escape")
    carte.wait("!document.querySelector('.obs-plein-ecran')")
    assert carte.read("observatoire.corpsNoms()") == 14
    assert carte.cadre.locator(".obs-legende").is_hidden()


def test_legend_takes_the_words_of_the_page(open_carte, ecrivain):
    carte = open_carte()
    message = ecrivain.write(types=["mairie"])
    message["textes"] |= {"classes": ["a", "b", "c", "d", "e"], "sous_titre": "Communes, 2010"}
    carte.put(message)
    carte.wait("observatoire.nombreLieux() > 0")
    press_button(carte)
    lignes = [ligne.strip() for ligne in carte.cadre.locator(".obs-legende").inner_text().splitlines() if ligne.strip()]
    assert lignes[1] == "Communes, 2010 · en %"
    assert [ligne.split()[0] for ligne in lignes[2:7]] == ["a", "b", "c", "d", "e"]
    assert lignes[-1] == "Mairie"


def test_button_leaves_too_and_the_view_comes_back(open_deux, ecrivain):
    _, carte, _ = open_deux()
    carte.put(ecrivain.write())
    carte.read("map.setView([-21.1, 55.5], 10, {animate: false})")
    press_button(carte)
    assert carte.read("map.getSize().x") > 1000
    assert carte.read("map.getZoom()") >= 10
    centre = carte.read("map.getCenter()")
    assert (centre["lat"], centre["lng"]) == pytest.approx((-21.1, 55.5), abs=0.01)
    carte.cadre.locator(".obs-bouton-etendre").click()
    carte.wait("!document.querySelector('.obs-plein-ecran') && map.getSize().x < 700")
    carte.settle()
    assert carte.read("map.getZoom()") == 10


def test_frame_without_permission_grows_itself(open_deux, ecrivain):
    page, _, carte = open_deux()
    carte.put(ecrivain.write())
    assert carte.read("document.fullscreenEnabled") is False
    press_button(carte)
    assert page.evaluate("document.fullscreenElement.id") == "droite"
    assert carte.read("observatoire.enPleinEcran()")
    carte.wait("map.getSize().x > 1000")
    carte.cadre.locator(".obs-bouton-etendre").click()
    carte.wait("!document.querySelector('.obs-plein-ecran')")
    assert page.evaluate("document.fullscreenElement") is None


def test_browser_without_full_screen_covers_the_page(open_deux, ecrivain):
    """Un iPhone n'a pas de plein écran pour une page."""
    page, _, carte = open_deux()
    carte.put(ecrivain.write())
    for cadre in (page, carte):
        getattr(cadre, "read", page.evaluate)("Element.prototype.requestFullscreen = undefined")
    press_button(carte)
    carte.wait("map.getSize().x >= 1200")
    assert page.locator("#droite").bounding_box() == {"x": 0, "y": 0, "width": 1280, "height": 640}
    carte.cadre.locator(".leaflet-container").press("Escape")
    carte.wait("map.getSize().x < 700")


def test_finger_moves_the_map_in_full_screen_only(open_carte, ecrivain):
    carte = open_carte(largeur=390, hauteur=844, has_touch=True, is_mobile=True)
    carte.put(ecrivain.write())
    assert carte.read("map.dragging.enabled()") is False
    press_button(carte)
    assert carte.read("map.dragging.enabled()") is True
    assert carte.read("getComputedStyle(map.getContainer()).touchAction") == "none"
    carte.cadre.locator(".obs-bouton-etendre").click()
    carte.wait("!document.querySelector('.obs-plein-ecran')")
    assert carte.read("map.dragging.enabled()") is False
