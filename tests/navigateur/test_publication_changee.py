"""Une publication qui change sous un onglet ouvert, un serveur qui s'arrête : c'est dit, rien n'est mêlé."""

import re

import pytest

from observatoire.config import Espace
from tests.navigateur.petit_espace import publish
from tests.navigateur.serveur import free_port, serve_espace
from tests.navigateur.textes import find_anglais, read_textes

pytestmark = pytest.mark.navigateur

CARTE = "/carte?indicateur=ordinaire&departement=974&maille=commune&territoire=97421"
PUBLIEE = "() => document.querySelector('.obs-pied')?.dataset.publication === '{}'"


def read_valeurs(page):
    """Valeur de chaque commune dans le tableau."""
    lignes = page.locator(".obs-tableau tbody tr")
    return {ligne.locator("th").inner_text(): ligne.locator("td").first.inner_text() for ligne in lignes.all()}


def read_carte(onglet):
    return onglet.read("[...observatoire.etat.parCode.keys()].sort().map((c) => [c, observatoire.couleurDe(c)])")


def test_a_new_publication_is_said_and_never_mixed(open_profil, tmp_path, capture):
    espace = Espace(tmp_path)
    publish(espace, "essai-1", "2026-11-01T00:00:00+00:00")
    with serve_espace(tmp_path, tmp_path) as (adresse, _):
        onglet = open_profil(adresse, langue="en-US", permissions=("clipboard-read", "clipboard-write"))
        page = onglet.page
        onglet.open(CARTE)
        onglet.wait_drawn(24)
        assert page.locator(".obs-nouvelle").is_hidden()
        avant, phrase = read_valeurs(page), page.locator(".obs-phrase").inner_text()
        page.get_by_role("button", name="Partager").first.click()
        onglet.wait("() => document.querySelector('.obs-avis').textContent.startsWith('Lien copié')")
        lien = page.evaluate("navigator.clipboard.readText()")

        publish(espace, "essai-2", "2026-11-20T00:00:00+00:00", ecart=5.0)
        page.evaluate("observatoireApp.regarderPublication()")
        page.locator(".obs-nouvelle").wait_for()
        assert find_anglais(read_textes(page)) == {}
        capture(onglet, "nouvelle-publication-1280")
        # Continuer sans recharger : tout reste de l'ancienne, carte, phrase, tableau et fiche.
        peintures = onglet.read("observatoire.peintures")
        onglet.choose("indicateur", "une_classe")
        onglet.wait_map(f"observatoire.peintures > {peintures}")
        onglet.choose("indicateur", "ordinaire")
        onglet.wait("(p) => document.querySelector('.obs-phrase')?.innerText === p", phrase)
        onglet.wait("() => document.querySelector('.obs-tableau')?.ariaLabel.startsWith('Ordinaire')")
        onglet.wait(PUBLIEE.format("essai-1"))
        assert read_valeurs(page) == avant
        couleurs = read_carte(onglet)

        page.get_by_role("button", name="Voir les nouvelles données").click()
        onglet.wait(PUBLIEE.format("essai-2"))
        onglet.wait_drawn(24)
        apres = read_valeurs(page)
        assert all(apres[nom] != avant[nom] for nom in avant)
        assert page.locator(".obs-nouvelle").is_hidden()

        # Le lien partagé avant montre toujours les nombres d'alors, et le dit.
        ancien = open_profil(adresse, neuf=True)
        ancien.page.goto(lien)
        ancien.wait_drawn(24)
        ancien.wait(PUBLIEE.format("essai-1"))
        assert read_valeurs(ancien.page) == avant
        assert read_carte(ancien) == couleurs
        ancien.page.locator(".obs-nouvelle").wait_for()
        # Fermés avant le serveur : un onglet resté ouvert se plaindrait, à raison, de ne plus le trouver.
        for ouvert in (onglet, ancien):
            ouvert.page.close()


def test_a_lost_connection_is_said_in_french_and_comes_back(open_profil, tmp_path, capture):
    publish(Espace(tmp_path), "essai-1", "2026-11-01T00:00:00+00:00")
    port = free_port()
    with serve_espace(tmp_path, tmp_path, port) as (adresse, serveur):
        onglet = open_profil(adresse, langue="en-US", tolere=True)
        onglet.open(CARTE)
        onglet.wait_drawn(24)
        page = onglet.page
        serveur.terminate()
        serveur.wait(20)
        page.locator(".obs-liaison").filter(has_text="Liaison interrompue").wait_for()
        assert find_anglais(read_textes(page)) == {}
        capture(onglet, "liaison-perdue-1280")
        # Streamlit finit par le dire à son tour, dans une fenêtre.
        page.get_by_role("dialog").wait_for(timeout=60_000)
        assert re.search("ne répond pas", page.get_by_role("dialog").inner_text())
        assert find_anglais(read_textes(page)) == {}
        page.get_by_role("dialog").get_by_role("button", name="Fermer").last.click()
    with serve_espace(tmp_path, tmp_path, port):
        onglet.wait("() => document.querySelector('.obs-liaison').textContent === ''", delai=60_000)
        onglet.choose("indicateur", "une_classe")
        onglet.wait_title("Une seule classe")
