"""Un élu cherche sa commune au clavier, la lit, la compare, cite, exporte, imprime, partage."""

import io
import re

import openpyxl
import pytest
from PIL import Image

from tests.navigateur.pages import REUNION

pytestmark = pytest.mark.navigateur

PRESSE_PAPIERS = ("clipboard-read", "clipboard-write")
CHOISIE = f"{REUNION}&territoire=97404"


@pytest.fixture
def onglet(open_onglet):
    return open_onglet(permissions=PRESSE_PAPIERS)


def read_clipboard(page):
    return page.evaluate("navigator.clipboard.readText()")


def tab_to(page, condition, limite=40):
    """Avance à la touche Tab jusqu'à l'élément voulu."""
    for _ in range(limite):
        page.keyboard.press("Tab")
        if page.evaluate(f"((e) => {condition})(document.activeElement)"):
            return
    pytest.fail(f"Tab n'atteint pas : {condition}")


def open_exports(page):
    """Ouvre le menu Exporter, s'il ne l'est pas déjà."""
    if not page.locator(".obs-tete details[open]").count():
        page.locator(".obs-tete summary").click()


def test_find_read_and_compare_with_the_keyboard_alone(onglet, capture):
    onglet.open("/")
    page = onglet.page
    tab_to(page, "e.getAttribute('role') === 'combobox'")
    page.keyboard.type("etang sale")
    page.locator("[role=option]:visible").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    onglet.wait_title("L'Étang-Salé")
    page.locator(".obs-fil").get_by_role("link", name="CIVIS").wait_for()
    texte = page.locator(".stMain").inner_text()
    assert re.search(r"14\s464\shabitants en 2023", texte)
    for reference in (r"la CA\sCIVIS", "La Réunion"):
        page.get_by_text(re.compile(f"Plus élevé que {reference}")).first.wait_for()
    # Comparer à autre chose : la liste se parcourt aux flèches.
    tab_to(page, "e.dataset.param === 'ref2'", 60)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    onglet.wait_param("ref2", "france")
    onglet.wait("() => /que (la )?France/.test(document.querySelector('.stMain').innerText)")
    assert page.evaluate("document.activeElement.dataset.param") == "ref2", "le curseur s'est perdu"
    capture(onglet, "etang-sale-1280")


def test_from_a_need_to_the_places_that_answer_it(onglet, capture):
    onglet.open("/territoire?territoire=commune-97404")
    page = onglet.page
    page.locator("a[href*='lieux=mairie']").first.click()
    page.wait_for_url("**/carte?**lieux=mairie**")
    onglet.wait_map("observatoire.etat.lieuxVisibles > 0 && observatoire.nombreTerritoires() === 24")
    assert "L'Étang-Salé" in page.locator(".obs-fiche").inner_text()
    assert page.locator('input[data-param="lieux"][value="mairie"]').is_checked()
    capture(onglet, "ressource-liee-1280")
    page.go_back()
    onglet.wait_title("L'Étang-Salé")


def test_linked_resources_of_the_map_keep_the_place(onglet):
    onglet.open(CHOISIE)
    onglet.wait_drawn(24)
    page = onglet.page
    page.locator(".obs-fiche .liees a").first.click()
    onglet.wait_param("nature", "ressource")
    onglet.wait_param("departement", "974")
    onglet.wait_param("territoire", "97404")
    assert "L'Étang-Salé" in page.locator(".obs-fiche").inner_text()


def test_copy_a_sentence_ready_for_a_letter(onglet):
    onglet.open("/territoire?territoire=commune-97404")
    page = onglet.page
    ligne = page.get_by_text(re.compile("avaient 65 ans ou plus")).first
    ligne.get_by_role("button", name="Copier").click()
    onglet.wait("() => document.querySelector('.obs-avis').textContent.startsWith('Copié')")
    copie = read_clipboard(page)
    assert re.search(r"En 2021, 13,3\s% des habitants de L'Étang-Salé avaient 65 ans ou plus", copie)
    assert "Insee" in copie
    lien = copie.splitlines()[-1]
    assert lien.startswith("http://")
    assert "publication=" in lien
    onglet.page.goto(lien)
    onglet.page.wait_for_selector(".obs-pied")
    onglet.wait_title("")
    assert "L'Étang-Salé" in page.locator(".stMain").inner_text()


def test_exports_stand_alone(onglet):
    onglet.open(CHOISIE)
    onglet.wait_drawn(24)
    page = onglet.page
    contenus = {}
    for genre, nom in {
        "png": "Image (PNG)",
        "svg": "Dessin (SVG)",
        "xlsx": "Tableau (XLSX)",
        "csv": "Tableau (CSV)",
    }.items():
        open_exports(page)
        open_exports(page)
        with page.expect_download() as attente:
            page.locator(".obs-tete").get_by_role("link", name=nom).click()
        assert attente.value.suggested_filename.endswith(f".{genre}")
        contenus[genre] = attente.value.path().read_bytes()
    image = Image.open(io.BytesIO(contenus["png"]))
    assert image.width >= 1200
    assert len(image.convert("RGB").getcolors(1 << 24)) > 50
    dessin = contenus["svg"].decode()
    assert all(t in dessin for t in ("bas revenus", "2010", "Insee"))
    classeur = openpyxl.load_workbook(io.BytesIO(contenus["xlsx"]))
    cellules = [[c.value for c in ligne] for ligne in classeur.active.iter_rows()]
    etang = next(ligne for ligne in cellules if "L'Étang-Salé" in ligne)
    assert any(isinstance(v, float) and round(v, 1) == 25.6 for v in etang), etang
    tableau = contenus["csv"].decode("utf-8-sig")
    assert tableau.count("\r\n") >= 25
    assert re.search(r"97404;L'Étang-Salé;.*25,5\d*;", tableau), tableau[:400]


def test_copy_the_picture(onglet):
    onglet.open(REUNION)
    onglet.wait_drawn(24)
    page = onglet.page
    open_exports(page)
    page.locator(".obs-tete").get_by_role("button", name="Copier l’image").click()
    onglet.wait("() => document.querySelector('.obs-avis').textContent === 'Image copiée.'")
    taille = page.evaluate(
        "navigator.clipboard.read().then((r) => r[0].getType('image/png')).then((b) => createImageBitmap(b))"
        ".then((i) => [i.width, i.height])"
    )
    assert min(taille) >= 400


def check_a4(document):
    """Toutes les pages d'un PDF sont des A4 debout ou couchés."""
    boites = set(re.findall(rb"/MediaBox\s*\[([^\]]+)\]", document))
    assert boites, "aucune page"
    for boite in boites:
        assert sorted(round(float(cote)) for cote in boite.split()[2:]) == [595, 842]


def test_print_the_territory_on_a4(onglet):
    onglet.open("/territoire?territoire=commune-97404")
    with onglet.page.expect_event("console", lambda m: m.text == "imprime"):
        # Le bouton ouvre la fenêtre du navigateur, qu'un essai ne sait pas lire : on constate qu'il la demande.
        onglet.page.evaluate("window.print = () => console.log('imprime')")
        onglet.page.get_by_role("button", name="Imprimer").click()
    check_a4(onglet.page.pdf(prefer_css_page_size=True))


def test_print_the_map_on_a4(onglet):
    onglet.open(CHOISIE)
    onglet.wait_drawn(24)
    page = onglet.page
    open_exports(page)
    with page.context.expect_page() as attente:
        page.locator(".obs-tete").get_by_role("link", name="Imprimer (A4)").click()
    feuille = attente.value
    feuille.wait_for_load_state()
    texte = feuille.locator("body").inner_text()
    assert all(t in texte for t in ("bas revenus", "2010", "Insee", "L'Étang-Salé"))
    check_a4(feuille.pdf(prefer_css_page_size=True))
    feuille.close()


def read_image(onglet):
    """Pixels du cadre de la carte."""
    onglet.page.mouse.move(0, 0)
    cadre = onglet.page.locator('iframe[src*="streamlit_folium"]')
    return Image.open(io.BytesIO(cadre.screenshot())).convert("RGB")


def test_a_shared_link_shows_the_same_picture_and_numbers_elsewhere(onglet, open_onglet):
    onglet.open(f"{CHOISIE}&tri=valeur")
    onglet.wait_drawn(24)
    page = onglet.page
    page.locator(".obs-tete").get_by_role("button", name="Partager").click()
    onglet.wait("() => document.querySelector('.obs-avis').textContent.startsWith('Lien copié')")
    lien = read_clipboard(page)
    assert lien.startswith(onglet.base)
    assert "publication=" in lien
    onglet.wait("() => document.querySelector('.obs-avis').textContent === ''")
    autre = open_onglet(neuf=True)
    autre.page.goto(lien)
    autre.wait_drawn(24)
    autre.page.wait_for_selector(".obs-pied")
    for quoi in (".obs-titre", ".obs-phrase", ".obs-fiche", ".obs-tableau", ".obs-legende"):
        assert autre.page.locator(quoi).first.inner_text() == page.locator(quoi).first.inner_text(), quoi
    couleurs = "[...observatoire.etat.parCode.keys()].sort().map((c) => [c, observatoire.couleurDe(c)])"
    assert autre.read(couleurs) == onglet.read(couleurs)
    assert autre.read("observatoire.vue()") == onglet.read("observatoire.vue()")
    assert read_image(autre).tobytes() == read_image(onglet).tobytes()


# Ce qu'une personne tape, et où elle doit arriver.
RECHERCHES = {
    "st paul": "commune-97415",
    "CINOR": "epci-249740119",
    "pierrefitte sur seine": "commune-93066",
    "ile de sein": "commune-29083",
    "97611": "commune-97611",
    "isere": "departement-38",
}


def test_what_people_type_leads_to_the_right_place(onglet):
    """Sans accent ni trait d'union, par sigle, par code, par le nom d'une commune disparue."""
    onglet.open("/territoire")
    page = onglet.page
    champ = page.locator(".obs-entete").get_by_role("combobox")
    for tape, territoire in RECHERCHES.items():
        champ.fill(tape)
        page.locator(".obs-entete [role=option]").first.wait_for()
        champ.press("Enter")
        onglet.wait_param("territoire", territoire)
