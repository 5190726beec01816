"""Changer d'indicateur dans un vrai Chromium : du geste à la carte repeinte, et les octets qui voyagent.

L'application réelle, telle que ``observatoire app`` la sert, alterne avec une application
streamlit-folium ordinaire : mêmes géométries, mêmes valeurs, même machine, même navigateur.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # lancé comme script par « make bench »

from bench.cdn_local import ensure_bibliotheques, serve
from bench.fil import Relais
from bench.machine import read_charge
from bench.onglets import Changement, Onglet, OngletObservatoire, OngletPair
from bench.releve import judge, print_objectifs, print_tableau, save, summarise, write_nombre
from bench.serveurs import run_observatoire, run_pair
from bench.synthese import CACHE
from bench.terrain import CAS, INDICATEURS, Cas, Terrain, open_chromium
from observatoire.config import load_espace

OCTETS_MAX = 20
DUREES = ("peint", "repos", "octets_ws", "octets_fil", "octets_carte", "octets_http")


def mesure_cas(
    terrain: Terrain, cle: str, cas: Cas, navigateur: Any, relais: dict[str, Relais], indicateurs: int = INDICATEURS
) -> dict[str, Any]:
    """Change d'indicateur tour à tour dans les deux applications."""
    choix = list(terrain.list_indicateurs(cas, indicateurs).items())
    nombre = terrain.write_donnees_pair(cle, cas)
    onglets: dict[str, Onglet] = {
        nom: _open(navigateur, OngletObservatoire if nom == "observatoire" else OngletPair, r)
        for nom, r in relais.items()
    }
    onglets["observatoire"].open(f"{relais['observatoire'].base}/carte?{terrain.write_recherche(cas)}", nombre)
    if "pair" in onglets:
        onglets["pair"].open(f"{relais['pair'].base}/?cas={cle}", nombre)
    froids: dict[str, list[Changement]] = {nom: [] for nom in onglets}
    chauds: dict[str, list[Changement]] = {nom: [] for nom in onglets}
    # Premier passage : rien n'est calculé d'avance. Ensuite, l'application garde ses vues.
    suite = [(c, froids) for c in choix[1:]] + [(choix[i % len(choix)], chauds) for i in range(cas.chauds)]
    tours_du_pair = choose_tours(len(suite), cas.pair)
    for tour, ((identifiant, libelle), recueil) in enumerate(suite):
        for nom, onglet in onglets.items():
            if nom == "observatoire" or tour in tours_du_pair:
                recueil[nom].append(onglet.change(identifiant, libelle))
    externes = sorted({u for o in onglets.values() for u in o.externes})
    for onglet in onglets.values():
        onglet.page.context.close()
    resultat = {"territoires": nombre, "externes": externes, "charge": read_charge()}
    return resultat | {nom: describe(froids[nom], chauds[nom]) for nom in onglets}


def choose_tours(tours: int, voulus: int) -> set[int]:
    """Tours auxquels le pair prend part, répartis du premier au dernier."""
    voulus = min(tours, voulus)
    return {i * tours // voulus for i in range(voulus)} if voulus else set()


def describe(froids: list[Changement], chauds: list[Changement]) -> dict[str, Any]:
    """Résumé des changements d'une application ; ce qui n'a pas été mesuré n'y est pas."""
    tous = froids + chauds
    resume: dict[str, Any] = {nom: summarise([getattr(c, nom) for c in tous]) for nom in DUREES}
    for nom, partie in (("froid", froids), ("chaud", chauds)):
        if partie:
            resume[f"peint_{nom}"] = summarise([c.peint for c in partie])
            recus = [c.recu for c in partie if c.recu is not None]
            if recus:
                resume[f"recu_{nom}"] = summarise(recus)
    resume["traces"] = min(c.traces for c in tous)
    resume["changements"] = [{k: v for k, v in asdict(c).items() if k != "natures"} for c in tous]
    resume["natures_du_dernier"] = tous[-1].natures
    return resume


def _open(navigateur: Any, sorte: type[Onglet], relais: Relais) -> Any:
    contexte = navigateur.new_context(viewport={"width": 1280, "height": 720}, locale="fr-FR")
    return sorte(contexte.new_page(), relais)


def main(arguments: list[str] | None = None) -> None:
    """Mesure les cas demandés, imprime, enregistre."""
    analyseur = argparse.ArgumentParser(description=__doc__)
    analyseur.add_argument("cas", nargs="*", metavar="CAS", help=f"parmi {', '.join(CAS)} ; tous par défaut")
    analyseur.add_argument("--sans-pair", action="store_true")
    analyseur.add_argument("--rapide", action="store_true", help="essai court : trois changements, un seul au pair")
    options = analyseur.parse_args(arguments)
    retenus = {nom: CAS[nom] for nom in options.cas or CAS}
    indicateurs = INDICATEURS
    if options.rapide:
        retenus, indicateurs = {nom: replace(c, chauds=1, pair=1) for nom, c in retenus.items()}, 3
    charge = read_charge()
    espace = load_espace()
    CACHE.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as pile:
        dossier = Path(pile.enter_context(tempfile.TemporaryDirectory(prefix="bench-pair-")))
        terrain = Terrain(espace, dossier)
        bases = {"observatoire": pile.enter_context(run_observatoire(Path(os.fspath(espace.racine))))}
        if not options.sans_pair:
            serveur, cdn = serve(ensure_bibliotheques(CACHE / "cdn"))
            pile.callback(serveur.shutdown)
            bases["pair"] = pile.enter_context(run_pair(dossier, cdn))
        relais = {nom: Relais(base) for nom, base in bases.items()}
        for r in relais.values():
            pile.callback(r.close)
        navigateur = pile.enter_context(open_chromium())
        resultats = {c.nom: mesure_cas(terrain, nom, c, navigateur, relais, indicateurs) for nom, c in retenus.items()}
    report(resultats, list(retenus.values()), charge, rapide=options.rapide)


def report(resultats: dict[str, Any], cas: list[Cas], charge: float | None, *, rapide: bool = False) -> None:
    """Imprime le tableau et les objectifs, écrit le JSON."""
    lignes, objectifs = [], []
    for c in cas:
        r = resultats[c.nom]
        n = r["territoires"]
        lignes += [_write_ligne(f"{c.nom}, {nom}", r[nom], n) for nom in ("observatoire", "pair") if nom in r]
        objectifs += _judge_cas(c, r)
    entetes = ["changement d'indicateur (s)", "toutes", "p95", "froid", "chaud", "repos", "ko reçus", "o/terr.", "fil"]
    print_tableau(entetes, lignes)
    for nom, r in resultats.items():
        if "rapport" in r:
            print(f"  {nom} : × {write_nombre(r['rapport'])}")
    print_objectifs(objectifs)
    save("carte", charge, {"cas": resultats, "objectifs": objectifs}, rapide=rapide)


def _write_ligne(nom: str, m: dict[str, Any], n: int) -> list[str]:
    temps = [m["peint"]["mediane"], m["peint"]["p95"]]
    temps += [m[k]["mediane"] if k in m else None for k in ("peint_froid", "peint_chaud")]
    octets = m["octets_ws"]["mediane"]
    valeurs = [*temps, m["repos"]["mediane"], octets / 1000, octets / n, m["octets_fil"]["mediane"] / n]
    return [nom, *("" if v is None else write_nombre(v) for v in valeurs)]


def _judge_cas(cas: Cas, r: dict[str, Any]) -> list[dict[str, Any]]:
    """Objectifs d'un cas ; complète le relevé de ce qui les fonde."""
    nous, n = r["observatoire"], r["territoires"]
    objectifs = [
        judge(f"{cas.nom}, du geste à la carte repeinte, médiane", nous["peint"]["mediane"], cas.secondes, "s")
    ]
    if "pair" in r:
        r["rapport"] = r["pair"]["peint"]["mediane"] / nous["peint"]["mediane"]
        if cas.rapport:
            nom = f"{cas.nom}, fois plus vite que le pair"
            objectifs.append(judge(nom, r["rapport"], cas.rapport, "×", au_moins=True))
    r["octets_par_territoire"] = nous["octets_ws"]["max"] / n
    r["octets_fil_par_territoire"] = nous["octets_fil"]["max"] / n
    r["octets_carte_par_territoire"] = nous["octets_carte"]["max"] / n
    for quoi, cle in (("décompressés", "octets_par_territoire"), ("sur le fil", "octets_fil_par_territoire")):
        nom = f"{cas.nom}, octets par territoire, page entière, {quoi} (maximum)"
        objectifs.append(judge(nom, r[cle], OCTETS_MAX, "octets"))
    return objectifs


if __name__ == "__main__":
    main()
