"""La carte dans un vrai Chromium : elle se dessine, se repeint sans recharger, rend le clic."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from observatoire.cartes.fond import write_fonds

pytestmark = pytest.mark.navigateur
sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright n'est pas installé.")

RACINE = Path(__file__).resolve().parents[2]
REFERENTIEL = RACINE / "data" / "referentiel"
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
CADRE = 'iframe[src*="streamlit_folium"]'
SERVEUR = """
import os
from pathlib import Path
from streamlit.starlette import App
from observatoire.app.statique import make_montage
app = App(os.environ["ESSAI_PAGE"], routes=[make_montage(lambda: Path(os.environ["ESSAI_FONDS"]))])
"""
# Couleurs distinctes d'un carré de 12 px autour du point d'un territoire.
PIXELS = """(code) => {
  const toile = map.getPane("territoires").querySelector("canvas");
  const cadre = toile.getBoundingClientRect();
  const boite = map.getContainer().getBoundingClientRect();
  const p = observatoire.pointDe(code);
  const k = toile.width / cadre.width;
  const x = (p.x + boite.left - cadre.left) * k;
  const y = (p.y + boite.top - cadre.top) * k;
  const { data } = toile.getContext("2d").getImageData(x - 6, y - 6, 12, 12);
  const couleurs = new Set();
  for (let i = 0; i < data.length; i += 4) couleurs.add([data[i], data[i + 1], data[i + 2]].join());
  return [...couleurs];
}"""
REGLAGES = '[browser]\ngatherUsageStats=false\n[server]\nfileWatcherType="none"\n[client]\ntoolbarMode="minimal"\n'


@pytest.fixture(scope="module")
def adresse(tmp_path_factory):
    if not Path(CHROMIUM).is_file():
        pytest.skip("Chromium manque : « apt-get install chromium » pour jouer les essais de navigateur.")
    dossier = tmp_path_factory.mktemp("carte")
    write_reunion(dossier / "fonds")
    (dossier / "serveur_essai.py").write_text(SERVEUR, "utf-8")
    page = dossier / "page_carte.py"
    page.write_bytes((Path(__file__).parent / "page_carte.py").read_bytes())
    (dossier / ".streamlit").mkdir()
    (dossier / ".streamlit" / "config.toml").write_text(REGLAGES, "utf-8")
    port = find_port()
    environnement = os.environ | {
        "PYTHONPATH": f"{RACINE}{os.pathsep}{dossier}",
        "ESSAI_PAGE": str(page),
        "ESSAI_FONDS": str(dossier / "fonds"),
    }
    commande = [sys.executable, "-m", "uvicorn", "serveur_essai:app", "--port", str(port), "--log-level", "error"]
    journal = (dossier / "journal.txt").open("wb")
    serveur = subprocess.Popen(commande, cwd=dossier, env=environnement, stdout=journal, stderr=journal)
    try:
        wait_server(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        serveur.terminate()
        serveur.wait(10)
        journal.close()


def write_reunion(dossier):
    communes = gpd.read_parquet(REFERENTIEL / "contours_communes.parquet")
    communes = communes[communes["code"].str.startswith("974")]
    territoires = pd.read_parquet(REFERENTIEL / "territoires.parquet")
    liens = pd.read_parquet(REFERENTIEL / "appartenances.parquet")
    write_fonds(communes, territoires, liens, dossier)


def find_port():
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]


def wait_server(sante):
    fin = time.monotonic() + 60
    while time.monotonic() < fin:
        try:
            urllib.request.urlopen(sante, timeout=2).close()  # noqa: S310 -- hôte local
        except OSError:
            time.sleep(0.3)
        else:
            return
    pytest.fail("Le serveur d'essai n'a pas démarré.")


class Visite:
    """Une page ouverte, et tout ce qu'elle a demandé ou dit d'anormal."""

    def __init__(self, page, adresse):
        self.page, self.demandes, self.fautes = page, [], []
        self.externes = []
        page.route("**/*", self._filter)
        page.on("console", lambda m: self.fautes.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: self.fautes.append(str(e)))
        page.goto(adresse)
        page.wait_for_selector(CADRE)
        self.carte = page.query_selector(CADRE).content_frame()
        self.wait("window.observatoire && observatoire.peintures > 0 && observatoire.nombreTerritoires() > 0")
        page.query_selector(CADRE).scroll_into_view_if_needed()

    def _filter(self, route):
        url = route.request.url
        self.demandes.append(url)
        if url.startswith(("http://127.0.0.1", "data:", "blob:")):
            route.continue_()
        else:
            self.externes.append(url)
            route.abort()

    def wait(self, condition):
        self.carte.wait_for_function(condition, timeout=30_000)

    def lire(self, expression):
        return self.carte.evaluate(expression)

    def choisir(self, indicateur):
        avant = self.lire("observatoire.peintures")
        self.page.locator(f'label:has-text("{indicateur}")').last.click()
        self.wait(f"observatoire.peintures > {avant}")

    def point(self, code):
        boite = self.page.query_selector(CADRE).bounding_box()
        point = self.lire(f"observatoire.pointDe('{code}')")
        return boite["x"] + point["x"], boite["y"] + point["y"]


@pytest.fixture(scope="module")
def navigateur(chromium):
    """Le Chromium de la session : Playwright n'en veut qu'un par processus."""
    return chromium


@pytest.fixture
def visite(adresse, navigateur):
    page = navigateur.new_page(viewport={"width": 1280, "height": 900})
    visite = Visite(page, adresse)
    yield visite
    page.close()
    assert visite.externes == []
    assert visite.fautes == []


def test_draws_every_commune(visite):
    assert visite.lire("observatoire.nombreTerritoires()") == 24
    assert visite.page.query_selector(CADRE).bounding_box()["height"] == 600
    assert visite.lire("document.querySelector('#map_div').getAttribute('aria-label')") == "Carte : Besoin"
    assert visite.lire("observatoire.nomsEcrits") > 5


def test_change_repaints_without_reloading(visite):
    visite.lire("map.setView([-21.1, 55.5], 11, {animate: false})")
    vue, chargements = visite.lire("JSON.stringify(observatoire.vue())"), visite.lire("observatoire.chargements")
    fonds = sum("/fonds/" in d for d in visite.demandes)
    avant = visite.lire("observatoire.couleurDe('97424')")
    visite.choisir("Ressource")
    assert visite.lire("observatoire.couleurDe('97424')") != avant
    assert visite.lire("JSON.stringify(observatoire.vue())") == vue
    assert visite.lire("observatoire.chargements") == chargements
    assert sum("/fonds/" in d for d in visite.demandes) == fonds


def test_statuses_differ_on_screen(visite):
    """Ce que l'œil voit autour du point de chaque commune : hachures, points, traits, blanc cerné."""
    attendus = {"97401": "s", "97402": "d", "97403": "n", "97404": "z", "97424": "p"}
    assert {c: visite.lire(f"observatoire.statutDe('{c}')") for c in attendus} == attendus
    lus = {code: frozenset(visite.carte.evaluate(PIXELS, code)) for code in attendus}
    assert len(set(lus.values())) == len(attendus)
    assert "255,255,255" in lus["97401"]
    assert len(lus["97401"]) > 2
    assert "196,196,191" in lus["97402"]
    assert "243,243,240" in lus["97403"]
    assert lus["97404"] == {"255,255,255"}
    assert lus["97424"] == {"122,48,13"}


def test_click_reaches_python_and_moving_does_not(visite):
    visite.page.mouse.click(*visite.point("97411"))
    visite.page.wait_for_selector("text=Choisi : 97411")
    assert visite.lire("observatoire.choix()") == "97411"
    passages = visite.page.locator("text=passages :").inner_text()
    visite.lire("map.panBy([40, 10], {animate: false})")
    visite.page.wait_for_timeout(800)
    assert visite.page.locator("text=passages :").inner_text() == passages
    visite.choisir("Ressource")
    visite.page.mouse.click(*visite.point("97415"))
    visite.page.wait_for_selector("text=Choisi : 97415")


def test_choice_of_the_page_never_sends_the_values_again(visite):
    """Par un lien, la recherche ou le retour arrière : les 24 valeurs, ou les 35 000, ne voyagent plus."""
    visite.lire(
        """(() => {
          const poser = observatoire.poserValeurs;
          window.poses = 0;
          observatoire.poserValeurs = (m) => (window.poses++, poser(m));
        })()"""
    )
    for bouton, attendu in (("Choisir Cilaos", "'97424'"), ("Ne rien choisir", "null"), ("Choisir Cilaos", "'97424'")):
        visite.page.get_by_role("button", name=bouton).click()
        visite.wait(f"observatoire.choix() === {attendu}")
    visite.page.mouse.click(*visite.point("97411"))
    visite.page.wait_for_selector("text=Choisi : 97411")
    assert visite.lire("window.poses") == 0
    visite.choisir("Ressource")
    assert visite.lire("observatoire.choix()") == "97411"
    assert visite.lire("window.poses") == 1


def test_frame_may_go_full_screen(visite):
    """Le cadre du composant permet le plein écran ; la carte y entre et en sort."""
    cadre = visite.page.query_selector(CADRE)
    assert "fullscreen" in cadre.get_attribute("allow")
    visite.carte.locator(".obs-bouton-etendre").click()
    visite.wait("document.fullscreenElement === map.getContainer()")
    visite.wait("map.getSize().x === innerWidth")
    visite.page.keyboard.press("Escape")
    visite.wait("!document.fullscreenElement && map.getSize().y < 610")


def test_frame_is_named_in_french(visite):
    assert visite.page.query_selector(CADRE).get_attribute("aria-label") == "Carte : Besoin"


def test_tooltip_speaks_french(visite):
    visite.page.mouse.move(*visite.point("97424"))
    visite.wait("document.querySelector('.obs-bulle.obs-visible')")
    assert visite.lire("document.querySelector('.obs-bulle .obs-valeur').textContent") == "23,0\u00a0%"
    visite.page.mouse.move(*visite.point("97401"))
    visite.wait("/Masqué pour protéger les personnes/.test(document.querySelector('.obs-bulle').textContent)")


def test_phone_height_and_fingers(adresse, navigateur):
    contexte = navigateur.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    visite = Visite(contexte.new_page(), adresse)
    assert visite.page.query_selector(CADRE).bounding_box()["height"] == 400
    assert visite.lire("map.dragging.enabled()") is False
    assert visite.lire("getComputedStyle(map.getContainer()).touchAction") == "pan-y"
    assert visite.lire("document.querySelector('.obs-bouton').offsetHeight") >= 44
    visite.page.touchscreen.tap(*visite.point("97411"))
    visite.page.wait_for_selector("text=Choisi : 97411")
    contexte.close()
    assert visite.externes == []
    assert visite.fautes == []
