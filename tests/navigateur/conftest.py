"""Vrai Chromium sur un vrai serveur ; toute demande à un autre hôte est refusée et retenue."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from observatoire.config import NOM_VARIABLE_RACINE

DOSSIER = Path(__file__).parent
ATTENTE_DEPART = 60
CADRE = "streamlit_folium"
SELECTEUR_CADRE = 'iframe[title="streamlit_folium.st_folium"]'


def find_chromium():
    declare = os.environ.get("OBSERVATOIRE_CHROMIUM")
    return declare or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def free_port():
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]


@pytest.fixture(scope="module")
def adresse(espace_construit, tmp_path_factory):
    """Adresse d'un « observatoire app » démarré pour les essais."""
    port = free_port()
    journal = tmp_path_factory.mktemp("serveur") / "journal.txt"
    environnement = os.environ | {NOM_VARIABLE_RACINE: str(espace_construit.racine)}
    with journal.open("w") as sortie:
        serveur = subprocess.Popen(
            [sys.executable, "-m", "observatoire", "app", "--port", str(port)],
            cwd=DOSSIER.parents[1], env=environnement, stdout=sortie, stderr=subprocess.STDOUT,
        )  # fmt: skip
    base = f"http://127.0.0.1:{port}"
    try:
        wait_ready(base, serveur, journal)
        yield base
    finally:
        serveur.terminate()
        serveur.wait(timeout=20)


def wait_ready(base, serveur, journal):
    fin = time.monotonic() + ATTENTE_DEPART
    while time.monotonic() < fin:
        assert serveur.poll() is None, journal.read_text()
        try:
            with urllib.request.urlopen(f"{base}/sante", timeout=2) as reponse:  # noqa: S310 -- notre serveur
                if reponse.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"Le serveur n'a pas répondu en {ATTENTE_DEPART} s :\n{journal.read_text()}")


@pytest.fixture(scope="module")
def chromium():
    chemin = find_chromium()
    if chemin is None:
        pytest.skip("Chromium manque : apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as moteur:
        navigateur = moteur.chromium.launch(executable_path=chemin, args=["--no-sandbox"])
        yield navigateur
        navigateur.close()


@dataclass
class Onglet:
    """Onglet d'essai, et tout ce qui s'y est passé de travers."""

    page: object
    base: str
    exterieures: list = field(default_factory=list)
    erreurs: list = field(default_factory=list)

    def open(self, adresse):
        self.page.goto(f"{self.base}{adresse}")
        self.page.wait_for_selector(".obs-pied")

    def frame(self):
        return next(f for f in self.page.frames if CADRE in f.url)

    def read(self, expression):
        """Évalue une expression dans le cadre de la carte."""
        return self.frame().evaluate(expression)

    def wait_map(self, condition, delai=30_000):
        """Attend qu'une condition soit vraie dans le cadre de la carte."""
        fin = time.monotonic() + delai / 1000
        while time.monotonic() < fin:
            if any(CADRE in f.url for f in self.page.frames):
                with contextlib.suppress(Exception):  # le cadre vient d'être remplacé : on regarde à nouveau
                    if self.read(f"Boolean(window.observatoire?.carte && ({condition}))"):
                        return
            self.page.wait_for_timeout(50)
        pytest.fail(f"La carte n'a jamais rempli : {condition}. Erreurs : {self.erreurs}")

    def wait_drawn(self, nombre):
        """Attend que la carte ait peint ``nombre`` territoires."""
        self.wait_map(f"observatoire.nombreTerritoires() === {nombre} && observatoire.peintures > 0")

    def choose(self, etiquette, texte):
        """Choisit une ligne dans une liste de la page."""
        self.page.get_by_role("combobox", name=etiquette, exact=True).click()
        self.page.get_by_role("option", name=texte, exact=True).click()

    def click_territoire(self, code):
        """Clique un territoire de la carte, là où il se trouve."""
        point = self.read(f"(() => {{ const p = observatoire.pointDe('{code}'); return [p.x, p.y]; }})()")
        boite = self.page.locator(SELECTEUR_CADRE).bounding_box()
        self.page.mouse.click(boite["x"] + point[0], boite["y"] + point[1])

    def check_clean(self):
        assert self.exterieures == []
        assert self.erreurs == []


@pytest.fixture
def open_onglet(chromium, adresse):
    contextes = []

    def ouvrir(largeur=1280, hauteur=800):
        contexte = chromium.new_context(viewport={"width": largeur, "height": hauteur}, locale="fr-FR")
        contextes.append(contexte)
        onglet = Onglet(contexte.new_page(), adresse)

        def filtrer(route):
            if route.request.url.startswith((adresse, "data:", "blob:")):
                return route.continue_()
            onglet.exterieures.append(route.request.url)
            return route.abort()

        contexte.route("**/*", filtrer)
        onglet.page.on("console", lambda m: onglet.erreurs.append(m.text) if m.type == "error" else None)
        onglet.page.on("pageerror", lambda e: onglet.erreurs.append(str(e)))
        return onglet

    yield ouvrir
    for contexte in contextes:
        contexte.close()
