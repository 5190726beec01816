"""Vingt personnes à la fois, chacune sur la carte d'un département, un choix toutes les deux à quatre secondes.

Deux fois : par le dialogue direct avec le serveur (ce que coûte le serveur), puis dans vingt onglets d'un seul
Chromium (du geste à la carte repeinte, mais les onglets prennent les mêmes cœurs que le serveur).
"""

from __future__ import annotations

import argparse
import contextlib
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # lancé comme script par « make bench »

from bench.arbre import read_processeur, wait_calme
from bench.machine import read_charge
from bench.releve import judge, print_objectifs, print_tableau, save, summarise, write_nombre
from bench.serveurs import run_observatoire
from bench.sessions_directes import run_sessions
from bench.sessions_onglets import run_onglets
from bench.terrain import CAS, Terrain, open_chromium
from observatoire.config import load_espace

SESSIONS, SECONDES, GRAINE = 20, 60, 20261122
SECONDES_SEULE = 20
P95_MAX = 1


def list_recherches(terrain: Terrain, sessions: int) -> list[dict[str, str]]:
    """Cartes de chaque session : un département à chacune, tiré à graine fixe, et tous les indicateurs du menu.

    Des départements différents : aucune session ne profite des vues qu'une autre a fait calculer.
    """
    cas = CAS["departement"]
    codes = sorted(terrain.consultation.territoires.departements().code.tolist())
    tires = random.Random(GRAINE).sample(codes, sessions)
    indicateurs = terrain.list_indicateurs(cas)
    return [{i: terrain.write_recherche(cas, i, code) for i in indicateurs} for code in tires]


def main(arguments: list[str] | None = None) -> None:
    """Mesure, imprime, enregistre."""
    analyseur = argparse.ArgumentParser(description=__doc__)
    analyseur.add_argument("--sessions", type=int, default=SESSIONS)
    analyseur.add_argument("--secondes", type=float, default=SECONDES)
    analyseur.add_argument("--sans-onglets", action="store_true", help="le dialogue direct seulement")
    analyseur.add_argument("--rapide", action="store_true", help="essai court : 8 secondes, 3 onglets")
    options = analyseur.parse_args(arguments)
    charge = read_charge()
    secondes, seule, onglets = options.secondes, SECONDES_SEULE, options.sessions
    if options.rapide:
        secondes, seule, onglets = 8, 8, min(3, onglets)
    with tempfile.TemporaryDirectory(prefix="bench-sessions-") as dossier:
        terrain = Terrain(load_espace(), Path(dossier))
    recherches = list_recherches(terrain, options.sessions)
    libelles = terrain.list_indicateurs(CAS["departement"])
    resultats: dict[str, Any] = {}
    with _run_calme() as base:
        resultats["une session"] = _measure(lambda partir: _run_direct(base, recherches[:1], seule, partir))
    # Un serveur neuf pour chaque mesure : aucune ne profite des vues de la précédente.
    with _run_calme() as base:
        resultats[f"{options.sessions} sessions"] = _measure(
            lambda partir: _run_direct(base, recherches, secondes, partir)
        )
    if not options.sans_onglets:
        with _run_calme() as base, open_chromium() as navigateur:
            resultats[f"{onglets} onglets"] = _measure(
                lambda partir: _run_visible(navigateur, base, recherches[:onglets], libelles, secondes, partir)
            )
    contenu = {"sessions": options.sessions, "secondes": secondes, "graine": GRAINE, "resultats": resultats}
    report(contenu, charge, rapide=options.rapide)


@contextlib.contextmanager
def _run_calme() -> Iterator[str]:
    with run_observatoire() as base:
        wait_calme()
        yield base


def _run_direct(
    base: str, recherches: list[dict[str, str]], secondes: float, partir: Callable[[], None]
) -> dict[str, Any]:
    reponses = run_sessions(base, recherches, secondes, GRAINE, partir)
    return {
        "carte": summarise([r.carte for r in reponses]),
        "page": summarise([r.page for r in reponses]),
        "octets": summarise([r.octets for r in reponses]),
    }


def _run_visible(
    navigateur: Any,
    base: str,
    recherches: list[dict[str, str]],
    libelles: dict[str, str],
    secondes: float,
    partir: Callable[[], None],
) -> dict[str, Any]:
    durees, perdus = run_onglets(navigateur, base, recherches, libelles, secondes, GRAINE, partir)
    return {"repeinte": summarise(durees), "perdus": perdus}


def _measure(lancer: Callable[[Callable[[], None]], dict[str, Any]]) -> dict[str, Any]:
    """Ajoute ce que chacun a pris des cœurs depuis que toutes les pages sont ouvertes."""
    depart: dict[str, float] = {}

    def partir() -> None:
        depart.update(read_processeur(), debut=time.monotonic())

    resultat = lancer(partir)
    duree, pris = time.monotonic() - depart["debut"], read_processeur()
    pris = {qui: max(0, pris[qui] - depart[qui]) for qui in pris}
    fois = resultat["page" if "page" in resultat else "repeinte"]["n"]
    return resultat | {
        "coeurs": {qui: secondes / duree for qui, secondes in pris.items()},
        "serveur_par_changement": pris["serveur"] / fois,
    }


def report(contenu: dict[str, Any], charge: float | None, *, rapide: bool = False) -> None:
    """Imprime le tableau et les objectifs, écrit le JSON."""
    lignes, objectifs = [], []
    for nom, r in contenu["resultats"].items():
        couts = [r["coeurs"]["serveur"], r["coeurs"]["navigateur"], r["serveur_par_changement"] * 1000]
        for quoi in ("carte", "page", "repeinte"):
            if quoi in r:
                temps = [write_nombre(r[quoi][c]) for c in ("mediane", "p95", "max")]
                lignes.append([f"{nom}, {quoi}", str(r[quoi]["n"]), *temps, *map(write_nombre, couts)])
        if nom != "une session":
            quoi, dit = ("page", "page reçue") if "page" in r else ("repeinte", "carte repeinte")
            objectifs.append(judge(f"{nom}, {dit}, 95e centile", r[quoi]["p95"], P95_MAX, "s"))
            if "perdus" in r:
                objectifs.append(judge(f"{nom}, changements sans réponse", r["perdus"], 0, "changement"))
    print_tableau(["changement (s)", "fois", "médiane", "p95", "max", "cœurs serveur", "navigateur", "ms/chgt"], lignes)
    print_objectifs(objectifs)
    save("sessions", charge, contenu | {"objectifs": objectifs}, rapide=rapide)


if __name__ == "__main__":
    main()
