"""Les composants de Streamlit, un à un, ouverts, remplis de travers : aucun mot anglais n'y reste."""

import re
from pathlib import Path

import pytest

from tests.navigateur.onglet import Onglet
from tests.navigateur.serveur import serve_page
from tests.navigateur.textes import find_anglais, read_textes

pytestmark = pytest.mark.navigateur

PAGE = Path(__file__).parent / "page_widgets.py"
CSV = {"mimeType": "text/csv", "buffer": b"a;b\n1;2\n"}
DEPOT, SELECTION, MULTIPLE = "[data-testid=stFileUploader]", "[data-testid=stSelectbox]", "[data-testid=stMultiSelect]"
CONTIENT = "(t) => document.body.innerHTML.replaceAll(/&nbsp;|\\u202f/g, ' ').includes(t)"
# Ce que la page cache par sa feuille de style doit être en français quand même.
MONTRER = "html body [data-testid=stElementToolbar]{display:block!important;opacity:1!important}"


@pytest.fixture(scope="module")
def adresse_composants(tmp_path_factory):
    dossier = tmp_path_factory.mktemp("composants")
    with serve_page(PAGE, dossier, dossier) as (adresse, _):
        yield adresse


# Navigateur anglais : c'est là que Streamlit parlerait le plus volontiers anglais.
@pytest.fixture(scope="module")
def page(chromium, adresse_composants):
    contexte = chromium.new_context(locale="en-US", viewport={"width": 1280, "height": 800})
    onglet = Onglet(contexte.new_page(), adresse_composants)
    onglet.watch()
    onglet.page.goto(adresse_composants)
    onglet.page.get_by_text("La ligne 18 n'existe pas.").wait_for()
    onglet.page.locator("[data-testid=data-grid-canvas] [role=gridcell]").first.wait_for(state="attached")
    onglet.page.add_style_tag(content=MONTRER)
    yield onglet.page
    contexte.close()
    onglet.check_clean()


def check_french(page, *attendus):
    """Attend un texte français, puis relit toute la page."""
    for texte in attendus:
        page.wait_for_function(CONTIENT, arg=texte)
    assert find_anglais(read_textes(page)) == {}


def test_at_rest(page):
    check_french(page, "Choisir un fichier", "1 Mo par fichier", "Aucun choix", "40 %")


def test_file_uploader(page):
    depot = page.locator(f"{DEPOT} input")
    depot.nth(0).set_input_files({"name": "gros.csv", "mimeType": "text/csv", "buffer": b"a" * 1_300_000})
    check_french(page, "1,3 Mo", "Ce fichier dépasse 1 Mo")
    depot.nth(0).set_input_files({"name": "carte.pdf", "mimeType": "application/pdf", "buffer": b"a"})
    check_french(page, "Cette sorte de fichier (application/pdf) n’est pas acceptée.", "1 octets")
    depot.nth(0).set_input_files({"name": "juste.csv"} | CSV)
    check_french(page, "Retirer juste.csv")
    page.locator(f"{DEPOT} [aria-invalid=true]").first.hover()
    check_french(page)
    depot.nth(1).set_input_files([{"name": f"livraison{n}.csv"} | CSV for n in range(5)])
    check_french(page, "Retirer livraison4.csv", "Ajouter des fichiers")


def test_choices(page):
    champ = page.locator(f"{SELECTION} input")
    champ.nth(0).click()
    check_french(page, "Choix possibles : 2")
    champ.nth(0).press_sequentially("zzz")
    check_french(page, "Aucun résultat")
    page.keyboard.press("Escape")
    champ.nth(1).click()
    champ.nth(1).press_sequentially("Cilaos")
    check_french(page, "Ajouter : Cilaos")
    page.keyboard.press("Escape")
    champ = page.locator(f"{MULTIPLE} input")
    champ.nth(0).click()
    check_french(page, "Tout choisir")
    champ.nth(0).press_sequentially("S")
    check_french(page, "Choisir les 2 trouvés")
    page.locator("h1").click()
    page.locator("[data-testid=stMultiSelectDropdown]").wait_for(state="detached")
    champ.nth(1).focus()
    champ.nth(1).press("ArrowDown")
    check_french(page, "1 choix au plus")


def test_calendars(page):
    for rang, titre in enumerate(["Choisir une date, mars 2026", "Choisir une période, mars 2026"]):
        page.locator("[data-testid=stDateInputCalendarButton]").nth(rang).click()
        check_french(page, titre, "jeudi 12 mars 2026")
        page.keyboard.press("Escape")
    page.locator("[data-testid=stDateTimeInputCalendarButton]").click()
    check_french(page, "Choisir une date et une heure, mars 2026")
    page.keyboard.press("Escape")
    page.locator("[data-testid=stDateInput]").nth(0).get_by_role("spinbutton").nth(2).click()
    page.keyboard.type("2031")
    page.keyboard.press("Enter")
    check_french(page, "La date doit être le 31/12/2026 ou avant.")


def test_fields(page):
    nombre = page.locator("[data-testid=stNumberInputField]").nth(0)
    nombre.fill("500")
    nombre.press("Enter")
    check_french(page, "Ce nombre doit être entre 0 et 100.")
    champs = page.locator("[data-testid=stTextInputField]")
    champs.nth(0).press_sequentially("abc")
    check_french(page, "Entrée pour appliquer")
    champs.nth(2).press_sequentially("abc")
    check_french(page, "Entrée pour envoyer")
    textes = page.locator("[data-testid=stTextArea] textarea")
    textes.nth(0).press_sequentially("abc")
    check_french(page, "Ctrl + Entrée pour appliquer", "3/50")
    textes.nth(1).press_sequentially("abc")
    check_french(page, "Ctrl + Entrée pour envoyer")
    page.get_by_label("Montrer le mot de passe").click()
    check_french(page, "Masquer le mot de passe")


def test_overlays(page):
    page.locator("[data-testid=stPopoverButton]").click()
    check_french(page, "Réglages de la carte.")
    page.keyboard.press("Escape")
    page.get_by_text("Actions", exact=True).click()
    check_french(page, "Partager")
    page.keyboard.press("Escape")
    page.locator("[data-testid=stTooltipHoverTarget]").nth(1).hover()
    check_french(page, "Autant que l'on veut.")
    page.get_by_role("button", name="Prévenir").click()
    check_french(page, "Publication faite.")
    page.get_by_role("button", name="Attendre").click()
    check_french(page, "Fait.")
    page.get_by_role("button", name="Confirmer").click()
    check_french(page, "Trois indicateurs changent.")
    page.get_by_role("dialog").get_by_label("Fermer").last.click()
    page.locator("[data-testid=stDialog]").wait_for(state="detached")


def test_table_menus(page):
    grille = page.locator(".stDataFrameGlideDataEditor").nth(0)
    menu = page.locator("[data-testid=stDataFrameColumnMenu]")
    grille.scroll_into_view_if_needed()
    titres = set()
    # Le bouton du menu est dessiné, au bord droit de chaque colonne : on longe l'en-tête de droite à gauche.
    for x in range(int(grille.bounding_box()["width"]) - 6, 60, -9):
        boite = grille.bounding_box()
        page.mouse.move(boite["x"] + x, boite["y"] + 15)
        page.mouse.click(boite["x"] + x, boite["y"] + 15)
        page.evaluate("new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))")
        if menu.count():
            titres.add(menu.inner_text())
            assert find_anglais(read_textes(page)) == {}
            assert not re.search("Format|Statist", menu.inner_text())
            page.keyboard.press("Escape")
            menu.wait_for(state="detached")
    assert len(titres) >= 5
    assert all("Trier par ordre croissant" in t for t in titres)
