"""Démarrer et arrêter les serveurs d'une mesure, chacun sur un port libre de la machine."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bench.machine import RACINE

ATTENTE = 90
PYTHON = sys.executable


def find_port() -> int:
    """Port libre."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]


@contextlib.contextmanager
def run_serveur(
    commande: list[str], base: str, sante: str, environnement: dict[str, str] | None = None
) -> Iterator[str]:
    """Lance un serveur, attend qu'il réponde, l'arrête en sortant.

    Raises:
        RuntimeError: il s'est arrêté ou n'a pas répondu ; le message porte la fin de son journal.
    """
    with tempfile.TemporaryFile("w+") as journal:
        serveur = subprocess.Popen(
            commande, cwd=RACINE, env=os.environ | (environnement or {}), stdout=journal, stderr=subprocess.STDOUT
        )
        try:
            if not wait_ready(f"{base}{sante}", serveur):
                journal.seek(0)
                msg = f"Le serveur n'a pas répondu : {' '.join(commande)}\n{journal.read()[-1500:]}"
                raise RuntimeError(msg)
            yield base
        finally:
            serveur.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                serveur.wait(timeout=15)
            if serveur.poll() is None:
                serveur.kill()


def wait_ready(adresse: str, serveur: subprocess.Popen[str]) -> bool:
    """Attend une réponse 200."""
    fin = time.monotonic() + ATTENTE
    while time.monotonic() < fin and serveur.poll() is None:
        try:
            with urllib.request.urlopen(adresse, timeout=2) as reponse:  # noqa: S310 -- hôte local
                if reponse.status == 200:
                    return True
        except OSError:
            time.sleep(0.05)
    return False


@contextlib.contextmanager
def run_observatoire(racine: Path = RACINE) -> Iterator[str]:
    """``observatoire app`` tel qu'un usager le lance."""
    port = find_port()
    commande = [PYTHON, "-m", "observatoire", "--racine", str(racine), "app", "--port", str(port)]
    with run_serveur(commande, f"http://127.0.0.1:{port}", "/sante") as base:
        yield base


@contextlib.contextmanager
def run_pair(donnees: Path, cdn: str) -> Iterator[str]:
    """Le pair streamlit-folium, par ``streamlit run``."""
    port = find_port()
    reglages = ["--server.headless=true", "--browser.gatherUsageStats=false", "--server.fileWatcherType=none"]
    commande = [PYTHON, "-m", "streamlit", "run", str(Path(__file__).parent / "pair_local.py"), *reglages]
    commande += [f"--server.port={port}", "--server.address=127.0.0.1"]
    variables = {"BENCH_PAIR": str(donnees), "BENCH_PAIR_CDN": cdn}
    with run_serveur(commande, f"http://127.0.0.1:{port}", "/_stcore/health", variables) as base:
        yield base
