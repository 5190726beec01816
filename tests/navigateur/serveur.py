"""Serveurs des essais : l'application sur un espace, ou une page d'essai derrière nos protections."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from observatoire.config import NOM_VARIABLE_RACINE

DEPOT = Path(__file__).resolve().parents[2]
ATTENTE_DEPART = 60
_PAGE_SEULE = """
import sys
import uvicorn
from streamlit.starlette import App
from observatoire.app.mode import Mode, set_mode
from observatoire.app.serveur import make_arguments
set_mode(Mode(atelier=True))  # sans l'Atelier, aucun fichier n'est reçu
uvicorn.run(App(sys.argv[1], **make_arguments()), port=int(sys.argv[2]), log_level="warning")
"""


def free_port():
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]


@contextlib.contextmanager
def serve_espace(racine, dossier, port=None):
    """« observatoire app » sur un espace ; rend l'adresse et le processus."""
    port = port or free_port()
    with _run(["-m", "observatoire", "app", "--port", str(port)], racine, dossier, port) as servi:
        yield servi


@contextlib.contextmanager
def serve_page(script, racine, dossier):
    """Un script Streamlit, avec les routes, la page et les protections de l'application."""
    port = free_port()
    with _run(["-c", _PAGE_SEULE, str(script), str(port)], racine, dossier, port) as servi:
        yield servi


@contextlib.contextmanager
def _run(arguments, racine, dossier, port):
    journal = Path(dossier) / f"journal-{port}.txt"
    environnement = os.environ | {NOM_VARIABLE_RACINE: str(racine), "PYTHONUNBUFFERED": "1"}
    with journal.open("w") as sortie:
        processus = subprocess.Popen(
            [sys.executable, *arguments], cwd=DEPOT, env=environnement, stdout=sortie, stderr=subprocess.STDOUT
        )
    adresse = f"http://127.0.0.1:{port}"
    try:
        wait_ready(adresse, processus, journal)
        yield adresse, processus
    finally:
        processus.terminate()
        processus.wait(timeout=20)


def wait_ready(adresse, processus, journal):
    fin = time.monotonic() + ATTENTE_DEPART
    while time.monotonic() < fin:
        assert processus.poll() is None, journal.read_text()
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{adresse}/_stcore/health", timeout=2).close()  # noqa: S310 -- notre serveur
            return
        time.sleep(0.2)
    message = f"Le serveur n'a pas répondu en {ATTENTE_DEPART} s :\n{journal.read_text()}"
    raise TimeoutError(message)
