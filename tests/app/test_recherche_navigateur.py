"""Le champ de recherche dans un vrai Chromium : clavier, souris, toucher, lecteurs d'écran, carte ou page."""

import os
import shutil
import socket
import threading
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from observatoire.app.actifs import DOSSIER
from observatoire.app.entete import write_entete
from observatoire.app.reglages import Reglages
from observatoire.app.routes.recherche import ROUTES
from observatoire.app.variables_css import write_variables

pytestmark = pytest.mark.navigateur
sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright n'est pas installé.")
CHROMIUM = os.environ.get("OBSERVATOIRE_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FEUILLES = ("base.css", "entete.css", "recherche.css")
SCRIPTS = ("00-navigation.js", "recherche.js")
NIVEAUX = (
    '<select data-param="maille" aria-label="Niveau"><option value="commune">Communes</option>'
    '<option value="epci" disabled>EPCI : aucune donnée</option></select>'
)
CHAMP, LISTE, OPTIONS, ETAT = ".obs-recherche input", ".obs-recherche ul", "[role=option]", ".obs-recherche-etat"


async def send_page(demande):
    styles = "\n".join([write_variables(), *((DOSSIER / f).read_text("utf-8") for f in FEUILLES)])
    scripts = "".join(f"<script>{(DOSSIER / f).read_text('utf-8')}</script>" for f in SCRIPTS)
    entete = write_entete(Reglages(nom="Observatoire d'essai"), demande.url.path)
    corps = f"<style>{styles}</style>{entete}{scripts}<main style='padding-top:120px'><h1>Page</h1>{NIVEAUX}</main>"
    return HTMLResponse(
        "<!doctype html><html lang=fr><link rel=icon href='data:,'>"
        "<meta name=viewport content='width=device-width'><title>Essai</title>"
        f"<body>{corps}</body></html>"
    )


@pytest.fixture
def base(espace_servi):
    pages = [Route(chemin, send_page) for chemin in ("/", "/carte", "/territoire")]
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        port = prise.getsockname()[1]
    serveur_web = uvicorn.Server(
        uvicorn.Config(Starlette(routes=[*pages, *ROUTES]), port=port, log_level="error", ws="none")
    )
    fil = threading.Thread(target=serveur_web.run, daemon=True)
    fil.start()
    fin = time.monotonic() + 10
    while not serveur_web.started and time.monotonic() < fin:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    serveur_web.should_exit = True
    fil.join(timeout=10)


@pytest.fixture(scope="module")
def chromium():
    if not os.path.isfile(CHROMIUM):  # noqa: PTH113 -- un simple nom de fichier
        pytest.skip("Chromium manque : « apt-get install chromium » pour jouer les essais de navigateur.")
    with sync_api.sync_playwright() as moteur:
        navigateur = moteur.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield navigateur
        navigateur.close()


@pytest.fixture
def ouvrir(chromium, base):
    contextes, erreurs = [], []

    def ouvrir(chemin="/", largeur=1280, hauteur=720, **options):
        contexte = chromium.new_context(viewport={"width": largeur, "height": hauteur}, locale="fr-FR", **options)
        contextes.append(contexte)
        page = contexte.new_page()
        page.on("pageerror", lambda e: erreurs.append(str(e)))
        page.on("request", lambda r: erreurs.append(r.url) if not r.url.startswith(base) else None)
        page.goto(base + chemin)
        page.wait_for_selector(CHAMP)
        return page

    yield ouvrir
    for contexte in contextes:
        contexte.close()
    assert erreurs == []


def type_text(page, texte):
    page.locator(CHAMP).fill(texte)
    page.wait_for_selector(OPTIONS)


def attribut(page, nom):
    return page.locator(CHAMP).get_attribute(nom)


def read_params(page):
    return {nom: valeurs[0] for nom, valeurs in parse_qs(urlsplit(page.url).query).items()}


def test_keyboard_alone_leads_to_the_territory(ouvrir):
    page = ouvrir()
    champ = page.locator(CHAMP)
    assert (attribut(page, "role"), attribut(page, "aria-expanded")) == ("combobox", "false")
    type_text(page, "97")
    assert attribut(page, "aria-expanded") == "true"
    assert page.locator(LISTE).get_attribute("id") == attribut(page, "aria-controls")
    assert page.locator(ETAT).inner_text() == "5 territoires proposés."
    assert attribut(page, "aria-activedescendant") is None
    champ.press("ArrowDown")
    premiere = page.locator(OPTIONS).first
    assert premiere.get_attribute("id") == attribut(page, "aria-activedescendant")
    assert premiere.get_attribute("aria-selected") == "true"
    champ.press("ArrowUp")
    derniere = page.locator(OPTIONS).last
    assert derniere.get_attribute("id") == attribut(page, "aria-activedescendant")
    assert page.locator("[aria-selected=true]").count() == 1
    champ.press("Escape")
    assert (attribut(page, "aria-expanded"), champ.input_value()) == ("false", "97")
    champ.press("Escape")
    assert champ.input_value() == ""
    type_text(page, "etang sale")
    champ.press("Enter")
    page.wait_for_url("**/territoire?territoire=commune-97403")
    assert champ.input_value() == ""
    assert page.locator(LISTE).is_hidden()


def test_enter_before_the_answer_goes_to_the_first_territory(ouvrir):
    page = ouvrir()
    page.locator(CHAMP).fill("bras panon")
    page.locator(CHAMP).press("Enter")
    page.wait_for_url("**/territoire?territoire=commune-97402")


def test_mouse_and_finger_choose(ouvrir):
    page = ouvrir()
    type_text(page, "port")
    page.locator(OPTIONS).first.hover()
    assert page.locator(OPTIONS).first.get_attribute("aria-selected") == "true"
    page.locator(OPTIONS).first.click()
    page.wait_for_url("**/territoire?territoire=commune-97404")
    telephone = ouvrir(largeur=390, hauteur=844, has_touch=True)
    type_text(telephone, "port")
    telephone.locator(OPTIONS).first.tap()
    telephone.wait_for_url("**/territoire?territoire=commune-97404")


def test_nothing_found_says_what_to_try(ouvrir):
    page = ouvrir()
    page.locator(CHAMP).fill("zzzzzz")
    page.wait_for_selector(f"{ETAT}[data-visible]")
    assert "code postal" in page.locator(ETAT).inner_text()
    assert attribut(page, "aria-expanded") == "false"
    page.locator(CHAMP).fill("")
    assert page.locator(ETAT).inner_text() == ""


def test_a_server_out_of_reach_is_said(ouvrir):
    page = ouvrir()
    page.route("**/chercher?*", lambda route: route.abort())
    page.locator(CHAMP).fill("port")
    page.wait_for_selector(f"{ETAT}[data-visible]")
    assert "n’a pas répondu" in page.locator(ETAT).inner_text()


def test_fast_typing_asks_once_and_a_late_answer_is_dropped(ouvrir):
    page = ouvrir()
    demandes = []
    page.on("request", lambda r: demandes.append(r.url) if "chercher" in r.url else None)
    page.locator(CHAMP).press_sequentially("etang sale", delay=20)
    page.wait_for_selector(OPTIONS)
    assert len(demandes) == 1
    page.route("**/chercher?q=port*", lambda route: (time.sleep(0.5), route.continue_()))
    page.locator(CHAMP).fill("port")
    page.wait_for_timeout(200)
    page.locator(CHAMP).fill("avirons")
    page.wait_for_function("document.querySelector('[role=option]').innerText.includes('Avirons')")
    page.wait_for_timeout(600)
    assert page.locator(OPTIONS).count() == 1


def test_on_the_map_the_map_goes_to_the_territory(ouvrir):
    page = ouvrir("/carte?indicateur=part_bas_revenus&maille=departement&page=3&cherche=x")
    type_text(page, "le port")
    page.locator(CHAMP).press("Enter")
    page.wait_for_url("**territoire=97404*")
    params = read_params(page)
    assert urlsplit(page.url).path == "/carte"
    assert (params["departement"], params["maille"], params["territoire"]) == ("974", "commune", "97404")
    assert params["indicateur"] == "part_bas_revenus"
    assert not {"page", "cherche"} & set(params)


def test_on_the_map_a_departement_changes_what_is_covered(ouvrir):
    page = ouvrir("/carte?indicateur=nb_lieux&maille=commune&departement=33&territoire=33063")
    type_text(page, "974")
    page.locator(CHAMP).press("Enter")
    page.wait_for_url("**departement=974*")
    params = read_params(page)
    assert (params["maille"], params.get("territoire")) == ("commune", None)


def test_a_level_the_map_lacks_leads_to_the_page(ouvrir):
    page = ouvrir("/carte?departement=974&publication=essai")
    reponse = '{"publication":"essai","reponses":[{"maille":"epci","code":"249740119","departement":"974",'
    reponse += '"libelle":"CINOR","detail":"EPCI","note":""}]}'
    page.route("**/chercher?*", lambda route: route.fulfill(body=reponse, content_type="application/json"))
    type_text(page, "cinor")
    page.locator(CHAMP).press("Enter")
    page.wait_for_url("**/territoire?territoire=epci-249740119&publication=essai")


@pytest.mark.parametrize(
    ("chemin", "attendu"),
    [("/carte?departement=33", "33"), ("/carte?departement=FR", None), ("/", None),
     ("/territoire?territoire=commune-97411", "974"), ("/territoire?territoire=commune-2A004", "2A"),
     ("/territoire?territoire=departement-09", "09"), ("/territoire?territoire=region-04", None)],
)  # fmt: skip
def test_the_departement_on_screen_is_sent(ouvrir, chemin, attendu):
    page = ouvrir(chemin)
    with page.expect_request("**/chercher?*") as demande:
        page.locator(CHAMP).fill("port")
    recus = parse_qs(urlsplit(demande.value.url).query)
    assert recus.get("departement") == ([attendu] if attendu else None)


@pytest.mark.parametrize(("largeur", "hauteur"), [(1280, 720), (390, 844)])
def test_it_fits_and_is_accessible(ouvrir, largeur, hauteur):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = ouvrir(largeur=largeur, hauteur=hauteur)
    type_text(page, "97")
    page.locator(CHAMP).press("ArrowDown")
    boite = page.locator(CHAMP).bounding_box()
    assert boite["height"] == 44
    for option in page.locator(OPTIONS).all():
        assert option.bounding_box()["height"] >= 44
    liste = page.locator(LISTE).bounding_box()
    assert liste["x"] >= 0
    assert liste["x"] + liste["width"] <= largeur
    assert page.evaluate("document.documentElement.scrollWidth") <= largeur
    assert page.locator(LISTE).evaluate("e => getComputedStyle(e).boxShadow") == "none"
    resultats = axe.Axe().run(page, context=".obs-recherche")
    assert [v["id"] for v in resultats.response["violations"]] == []
