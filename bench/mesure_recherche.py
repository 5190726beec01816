"""Chercher un territoire : construction de l'index, puis chaque frappe de trente recherches, bout en bout.

Le pair fait comme une page ordinaire : ``pandas`` garde les libellés qui contiennent le texte tapé, accents
et majuscules comptés. Il ne comprend ni code postal, ni sigle, ni faute ; il ne donne que l'échelle du temps.
"""

from __future__ import annotations

import argparse
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # lancé comme script par « make bench »

import uvicorn
from starlette.applications import Starlette

from bench.machine import read_charge
from bench.releve import judge, print_objectifs, print_tableau, save, summarise, write_nombre
from observatoire.analyse.consultation import open_consultation
from observatoire.analyse.recherche import moteur, open_recherche
from observatoire.app.adresses import CHERCHER
from observatoire.app.routes.recherche import ROUTES
from observatoire.config import load_espace
from observatoire.store.publications import current_id

RECHERCHES = (
    "st paul", "97460", "etang sale", "CINOR", "pierrefitte sur seine", "saint denis", "le port", "reunion",
    "gironde", "33", "2a", "paris 13e", "lyon", "marseille 3", "mamoudzou", "l'hay les roses",
    "st etienne du rouvray", "aix", "metropole lyon", "villeurbane", "saint-germain-en-laye", "y", "ajaccio",
    "97411", "grand lyon", "corse", "bordeaux metropole", "cergi pontoise", "saint denis la reunion", "zzzzzzzz",
)  # fmt: skip
CONSTRUCTION_MAX, MEDIANE_MAX, BOUT_EN_BOUT_MAX = 2, 10, 100


def list_frappes() -> list[str]:
    """Tout ce qu'une page demande quand on tape ces recherches lettre à lettre."""
    return [texte[:n] for texte in RECHERCHES for n in range(1, len(texte) + 1)]


def time_calls(appel: Callable[[str], object], textes: list[str]) -> list[float]:
    """Durée de chaque appel, en millisecondes ; un premier tour à vide."""
    appel(textes[0])
    durees = []
    for texte in textes:
        debut = time.perf_counter()
        appel(texte)
        durees.append((time.perf_counter() - debut) * 1000)
    return durees


def time_constructions(fois: int) -> list[float]:
    """Secondes pour ouvrir la recherche, lecture des tables comprise."""
    espace = load_espace()
    publication = current_id(espace) or ""
    durees = []
    for _ in range(fois):
        moteur._open.cache_clear()  # noqa: SLF001 -- refaire ce que l'application garde
        debut = time.perf_counter()
        open_recherche(espace, publication)
        durees.append(time.perf_counter() - debut)
    return durees


def serve() -> tuple[uvicorn.Server, str]:
    """Sert la route seule, dans un fil."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        port = prise.getsockname()[1]
    serveur = uvicorn.Server(uvicorn.Config(Starlette(routes=ROUTES), port=port, log_level="error"))
    threading.Thread(target=serveur.run, daemon=True).start()
    while not serveur.started:
        time.sleep(0.01)
    return serveur, f"http://127.0.0.1:{port}{CHERCHER}"


def main(arguments: list[str] | None = None) -> None:
    """Mesure, imprime, enregistre."""
    analyseur = argparse.ArgumentParser(description=__doc__)
    analyseur.add_argument("--constructions", type=int, default=5)
    options = analyseur.parse_args(arguments)
    charge, frappes = read_charge(), list_frappes()
    constructions = summarise(time_constructions(options.constructions))
    espace = load_espace()
    publication = current_id(espace) or ""
    recherche = open_recherche(espace, publication)
    libelles = open_consultation(espace, publication).territoires.table.libelle
    serveur, adresse = serve()

    def ask(texte: str) -> bytes:
        with urlopen(f"{adresse}?{urlencode({'q': texte, 'departement': '974'})}") as reponse:  # noqa: S310 -- locale
            return reponse.read()

    millisecondes = {
        "moteur": summarise(time_calls(lambda t: recherche.search(t, "974"), frappes)),
        "bout en bout": summarise(time_calls(ask, frappes)),
        "pandas": summarise(
            time_calls(lambda t: libelles[libelles.str.contains(t, case=False, regex=False)].head(10), frappes)
        ),
    }
    serveur.should_exit = True
    objectifs = [
        judge("construction de l'index, médiane", constructions["mediane"], CONSTRUCTION_MAX, "s"),
        judge("recherche, médiane du moteur", millisecondes["moteur"]["mediane"], MEDIANE_MAX, "ms"),
        judge("recherche, 95e centile du moteur", millisecondes["moteur"]["p95"], MEDIANE_MAX, "ms"),
        judge("recherche bout en bout, la plus longue", millisecondes["bout en bout"]["max"], BOUT_EN_BOUT_MAX, "ms"),
    ]
    lignes = [
        [nom, str(r["n"]), *(write_nombre(r[c]) for c in ("mediane", "p95", "max"))] for nom, r in millisecondes.items()
    ]
    print(f"  construction de l'index : {write_nombre(constructions['mediane'])} s")
    print_tableau(["recherche (ms)", "frappes", "médiane", "p95", "max"], lignes)
    print_objectifs(objectifs)
    contenu = {"secondes": constructions, "millisecondes": millisecondes, "objectifs": objectifs}
    save("recherche", charge, contenu | {"recherches": len(RECHERCHES), "frappes": len(frappes)})


if __name__ == "__main__":
    main()
