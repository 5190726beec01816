"""Vrai Chromium sur un vrai serveur, un de chaque pour toute la session d'essais."""

import os
import shutil
from pathlib import Path

import pytest

from tests.navigateur.onglet import Onglet
from tests.navigateur.serveur import serve_espace

OPTIONS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    # Hors de cette machine, aucun nom ne se résout : l'application doit s'en passer.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)  # fmt: skip
ECRAN, TELEPHONE = {"largeur": 1280, "hauteur": 720}, {"largeur": 390, "hauteur": 844, "tactile": True}
SORTIES = Path(__file__).parent / "sorties"


def find_chromium():
    declare = os.environ.get("OBSERVATOIRE_CHROMIUM")
    return declare or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def racine_servie(request):
    """Racine de l'espace montré : celui que la session construit, ou un espace déjà construit."""
    declaree = os.environ.get("OBSERVATOIRE_ESSAI_ESPACE")
    return Path(declaree) if declaree else request.getfixturevalue("espace_construit").racine


@pytest.fixture(scope="session")
def adresse(racine_servie, tmp_path_factory):
    """Adresse d'un « observatoire app » démarré pour les essais."""
    with serve_espace(racine_servie, tmp_path_factory.mktemp("serveur")) as (adresse, _):
        yield adresse


@pytest.fixture(scope="session")
def chromium():
    chemin = find_chromium()
    if chemin is None:
        pytest.skip("Chromium manque : apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as moteur:
        navigateur = moteur.chromium.launch(executable_path=chemin, args=OPTIONS)
        yield navigateur
        navigateur.close()


@pytest.fixture(scope="session")
def profils(chromium):
    """Profils partagés par les essais, un par genre d'écran : leur cache évite de tout recharger à chaque page."""
    gardes = {}

    def prendre(neuf, **options):
        cle = repr(sorted(options.items()))
        if neuf:
            return chromium.new_context(**options)
        if cle not in gardes:
            gardes[cle] = chromium.new_context(**options)
        return gardes[cle]

    return prendre


@pytest.fixture
def open_profil(profils):
    """Ouvre un onglet (``neuf`` : dans un profil neuf) ; à la fin, tout onglet doit être resté sans faute."""
    ouverts = []

    def ouvrir(base, largeur=1280, hauteur=800, *, tactile=False, langue="fr-FR", permissions=(), **choix):
        contexte = profils(
            choix.get("neuf", False), viewport={"width": largeur, "height": hauteur}, locale=langue,
            has_touch=tactile, is_mobile=tactile, permissions=list(permissions), accept_downloads=True,
        )  # fmt: skip
        onglet = Onglet(contexte.new_page(), base)
        onglet.watch()
        ouverts.append((onglet, choix.get("neuf", False), choix.get("tolere", False)))
        return onglet

    yield ouvrir
    for onglet, neuf, _ in ouverts:
        (onglet.page.context if neuf else onglet.page).close()
    for onglet, _, tolere in ouverts:
        if not tolere:
            onglet.check_clean()


@pytest.fixture
def open_onglet(open_profil, adresse):
    """Ouvre un onglet sur l'application."""

    def ouvrir(*taille, **options):
        return open_profil(adresse, *taille, **options)

    return ouvrir


@pytest.fixture(scope="session")
def capture():
    """Garde une image d'un onglet, pour qu'une personne la regarde."""

    def capturer(onglet, nom, dossier=SORTIES):
        dossier.mkdir(parents=True, exist_ok=True)
        # Images et polices finies de dessiner : deux rafraîchissements après la dernière police.
        onglet.page.evaluate(
            "document.fonts.ready.then(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r))))"
        )
        fichier = dossier / f"{nom}.png"
        onglet.page.screenshot(path=fichier)
        return fichier

    return capturer
