"""Qui peut mettre à jour : sans l'option, rien de l'Atelier n'existe ; avec elle, la machine ou un mandataire."""

import subprocess
import sys

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from observatoire.app import serveur
from observatoire.app.atelier.identite import LOCAL, Personne, Refus, list_choix, resolve_personne
from observatoire.app.atelier.mandataire import IdentiteDuMandataire
from observatoire.app.entete import write_entete
from observatoire.app.mode import LECTURE, Mode, get_mode, make_mode, set_mode
from observatoire.app.reglages import Reglages
from observatoire.errors import ConfigurationError
from observatoire.publication.droits import Regles, Role

EN_TETE = "x-identite"
REGLES = Regles({"obs-01": Role.CONTRIBUTEUR, "obs-02": Role.VALIDEUR}, double_visa=True)
MANDATE = Mode(atelier=True, en_tete=EN_TETE)


@pytest.fixture
def atelier_ouvert():
    set_mode(Mode(atelier=True))
    yield
    set_mode(LECTURE)


# --- Options de démarrage


@pytest.mark.parametrize("hote", ["127.0.0.1", "::1", "localhost", "127.0.0.2"])
def test_the_workshop_opens_on_the_machine_itself(hote):
    assert make_mode(hote, atelier=True) == Mode(atelier=True)


@pytest.mark.parametrize("hote", ["0.0.0.0", "::", "192.168.1.4", "observatoire.exemple.fr"])  # noqa: S104
def test_any_other_address_is_refused_without_a_proxy(hote):
    with pytest.raises(ConfigurationError, match=r"n'écoute que sur cette machine.*mandataire-identite"):
        make_mode(hote, atelier=True)
    assert make_mode(hote, atelier=True, en_tete="X-Identite").en_tete == EN_TETE
    assert make_mode(hote, atelier=False) is LECTURE


def test_the_command_refuses_an_open_address_in_one_sentence():
    commande = [sys.executable, "-m", "observatoire", "app", "--atelier", "--hote", "0.0.0.0"]  # noqa: S104
    sortie = subprocess.run(commande, capture_output=True, text=True, check=False)
    assert sortie.returncode == 2
    assert "il n'écoute que sur cette machine" in sortie.stderr
    assert "Traceback" not in sortie.stderr


@pytest.mark.parametrize(
    ("options", "faute"),
    [
        ({"atelier": False, "en_tete": "X"}, "ne servent qu'avec"),
        ({"atelier": True, "mandataires": ("10.0.0.4",)}, "demande « --mandataire-identite »"),
        ({"atelier": True, "en_tete": "X", "mandataires": ("ailleurs",)}, "n'est pas une adresse IP"),
    ],
)
def test_contradictory_options_are_refused(options, faute):
    with pytest.raises(ConfigurationError, match=faute):
        make_mode("127.0.0.1", **options)


# --- Sans l'option


_LECTURE_SEULE = """
import importlib, pkgutil, sys, warnings
from pathlib import Path
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest
import observatoire.app, observatoire.app.composants
from observatoire.app import serveur, routes_differees
arguments = serveur.make_arguments()
routes_differees.load_router()
for paquet in (observatoire.app, observatoire.app.composants):
    for module in pkgutil.iter_modules(paquet.__path__):
        if not module.ispkg and module.name != "navigation":
            importlib.import_module(f"{paquet.__name__}.{module.name}")
for page in sorted((Path(observatoire.app.__file__).parent / "pages").glob("[!_]*.py")):
    if page.stem != "atelier":
        assert not AppTest.from_file(str(page), default_timeout=60).run().exception, page
client = TestClient(Starlette(routes=arguments["routes"], middleware=arguments["middleware"]))
reponse = client.get("/atelier?etape=publier", follow_redirects=False)
assert (reponse.status_code, reponse.headers["location"]) == (303, "./"), reponse
interdits = ("observatoire.app.atelier", "observatoire.publication", "observatoire.registres",
             "observatoire.ingestion", "observatoire.store.socle")
print([m for m in sys.modules if m.startswith(interdits)])
"""


def test_reader_mode_never_imports_the_workshop(espace_servi):
    """Pages, routes et démarrage compris : ni Atelier, ni publication, ni dépôts, ni socle."""
    commande = [sys.executable, "-c", _LECTURE_SEULE]
    sortie = subprocess.run(commande, capture_output=True, text=True, check=False)
    assert sortie.returncode == 0, sortie.stderr
    assert sortie.stdout.strip() == "[]"


def test_reader_menu_and_pages_do_not_show_it():
    assert get_mode() is LECTURE
    assert "telier" not in write_entete(Reglages(), "/carte")


def make_client(base="http://localhost"):
    arguments = serveur.make_arguments()
    return TestClient(Starlette(routes=arguments["routes"], middleware=arguments["middleware"]), base_url=base)


def test_readers_cannot_send_a_file():
    adresse = f"{serveur.DEPOT_DE_STREAMLIT}/session/fichier"
    assert make_client().put(adresse, content=b"x").status_code == 404
    assert "Cette adresse n'existe pas." in make_client().put(adresse, content=b"x").text


@pytest.mark.parametrize("hote", ["localhost:8501", "127.0.0.1", "[::1]:8501"])
def test_the_workshop_answers_to_the_machine_itself(atelier_ouvert, hote):
    assert make_client(f"http://{hote}").get("/sante").status_code in {200, 503}


@pytest.mark.parametrize("hote", ["observatoire.exemple.fr", "127.0.0.1.exemple.fr", "localhost.exemple.fr:8501"])
def test_a_name_pointed_at_this_machine_does_not_reach_the_workshop(atelier_ouvert, hote):
    assert make_client(f"http://{hote}").get("/atelier").status_code == 403
    with pytest.raises(WebSocketDisconnect), make_client(f"http://{hote}").websocket_connect("/_stcore/stream"):
        pass


def test_workshop_mode_is_said_on_every_page(espace_servi, atelier_ouvert):
    client = make_client()
    for adresse in ("/", "/carte", "/methode", "/atelier"):
        page = client.get(adresse)
        assert page.status_code == 200
        assert '<a href="atelier"' in page.text
        assert "atelier-bandeau" in page.text
    assert '<a href="atelier" aria-current=page>Atelier</a>' in client.get("/atelier").text


# --- Identité


def read_identite(client_ip, entetes):
    """Identité qui parvient à l'application, d'après l'adresse et les en-têtes d'une demande."""

    async def tell(demande):
        return JSONResponse(demande.headers.getlist(EN_TETE))

    app = IdentiteDuMandataire(Starlette(routes=[Route("/", tell)]), MANDATE)
    return TestClient(app, client=(client_ip, 5000)).get("/", headers=entetes).json()


@pytest.mark.parametrize(
    ("client_ip", "entetes", "lue"),
    [
        ("127.0.0.1", {"X-Identite": "obs-01"}, ["obs-01"]),
        ("::ffff:127.0.0.1", {"X-Identite": "obs-01"}, ["obs-01"]),
        # Quiconque d'autre écrit cet en-tête ne dit rien.
        ("10.0.0.9", {"X-Identite": "obs-02"}, []),
        ("::1", {"x-identite": "obs-02"}, []),
        # Deux identités n'en font aucune.
        ("127.0.0.1", [("X-Identite", "obs-02"), ("X-Identite", "obs-01")], []),
    ],
)
def test_the_header_is_believed_from_the_proxy_only(client_ip, entetes, lue):
    assert read_identite(client_ip, entetes) == lue


def test_the_proxy_scheme_is_kept_for_links():
    async def tell(demande):
        return JSONResponse(str(demande.url))

    app = IdentiteDuMandataire(Starlette(routes=[Route("/", tell)]), MANDATE)
    dit = {"X-Forwarded-Proto": "https"}
    assert TestClient(app, client=("127.0.0.1", 1)).get("/", headers=dit).json().startswith("https://")
    assert TestClient(app, client=("10.0.0.9", 1)).get("/", headers=dit).json().startswith("http://")


def test_identity_comes_from_the_proxy_the_list_or_the_machine():
    seul = Mode(atelier=True)
    assert resolve_personne(Regles(), seul, {}) == Personne(LOCAL, Role.VALIDEUR)
    assert list_choix(REGLES, seul) == ("obs-01", "obs-02")
    assert resolve_personne(REGLES, seul, {}) is None
    assert resolve_personne(REGLES, seul, {}, "obs-01") == Personne("obs-01", Role.CONTRIBUTEUR)
    assert resolve_personne(REGLES, seul, {}, "intrus") is None
    # Un en-tête sans mandataire déclaré ne compte pas.
    assert resolve_personne(REGLES, seul, {EN_TETE: "obs-02"}) is None
    assert list_choix(REGLES, MANDATE) == ()
    assert resolve_personne(REGLES, MANDATE, {"X-Identite": "obs-02"}) == Personne("obs-02", Role.VALIDEUR)


@pytest.mark.parametrize(
    ("entetes", "titre"), [({}, "non reçue"), ({EN_TETE: ""}, "non reçue"), ({EN_TETE: "inconnu"}, "inconnue de cet")]
)
def test_a_missing_or_unknown_identity_is_a_clear_refusal(entetes, titre):
    refus = resolve_personne(REGLES, MANDATE, entetes, "obs-02")
    assert isinstance(refus, Refus)
    assert titre in refus.titre
    # Sans liste, personne n'est connu : un mandataire n'ouvre pas l'espace à tous.
    assert isinstance(resolve_personne(Regles(), MANDATE, {EN_TETE: "obs-02"}), Refus)
