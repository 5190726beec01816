"""Construire depuis les données de départ, dans un espace neuf ; reconstruire ; démarrer l'application.

À côté : lire les mêmes fichiers sans rien calculer (un plancher), et démarrer l'application
streamlit-folium ordinaire du pair.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # lancé comme script par « make bench »

from bench.arbre import Passage, run_arbre
from bench.machine import read_charge
from bench.releve import judge, print_objectifs, print_tableau, save, summarise, write_nombre
from bench.serveurs import run_observatoire, run_pair
from observatoire.config import Espace
from observatoire.store.publications import current_id

SECONDES_MAX, GO_MAX = 60, 2
PLANCHER = """
import pathlib, sys
import geopandas, pandas
for dossier in map(pathlib.Path, sys.argv[1:]):
    for fichier in sorted(dossier.rglob("*.parquet")):
        lire = geopandas.read_parquet if fichier.name.startswith("contours") else pandas.read_parquet
        lire(fichier)
"""


def construire(racine: Path) -> Passage:
    """``observatoire construire`` dans un espace."""
    return run_arbre([sys.executable, "-m", "observatoire", "--racine", str(racine), "construire"])


def read_plancher(racine: Path) -> Passage:
    """Lit les mêmes fichiers, sans rien en faire."""
    espace = Espace(racine)
    dossiers = [str(d) for d in (*espace.dossiers_livraisons(), espace.referentiel)]
    return run_arbre([sys.executable, "-W", "ignore", "-c", PLANCHER, *dossiers])


def time_demarrage(racine: Path, pair: Path) -> tuple[float, float]:
    """Secondes jusqu'à la première réponse : l'observatoire, puis le pair."""
    debut = time.perf_counter()
    with run_observatoire(racine):
        notre = time.perf_counter() - debut
    debut = time.perf_counter()
    with run_pair(pair, ""):
        return notre, time.perf_counter() - debut


def main(arguments: list[str] | None = None) -> None:
    """Mesure, imprime, enregistre."""
    analyseur = argparse.ArgumentParser(description=__doc__)
    analyseur.add_argument("--fois", type=int, default=2, help="constructions dans un espace neuf")
    options = analyseur.parse_args(arguments)
    charge = read_charge()
    neufs, refaits, planchers, demarrages = [], [], [], []
    for _ in range(options.fois):
        with tempfile.TemporaryDirectory(prefix="bench-espace-") as dossier:
            racine = Path(dossier)
            neufs.append(construire(racine))
            planchers.append(read_plancher(racine))
            premiere = current_id(Espace(racine))
            refaits += [construire(racine) for _ in range(2)]
            assert premiere is not None
            assert premiere == current_id(Espace(racine)), "la seconde construction a publié de nouveau"
            time_demarrage(racine, racine)  # le premier démarrage remplit les caches du disque
            demarrages += [time_demarrage(racine, racine) for _ in range(3)]
    mesures = {
        "construction dans un espace neuf": [p.secondes for p in neufs],
        "plancher : lire les mêmes fichiers": [p.secondes for p in planchers],
        "construction quand rien n'a changé": [p.secondes for p in refaits],
        "application prête (2e démarrage)": [d[0] for d in demarrages],
        "pair : streamlit run prêt": [d[1] for d in demarrages],
    }
    resumes = {nom: summarise(durees) for nom, durees in mesures.items()}
    pics = {"construction": max(p.pic_octets for p in neufs), "plancher": max(p.pic_octets for p in planchers)}
    print_tableau(
        ["secondes", "n", "médiane", "p95"],
        [[nom, str(r["n"]), write_nombre(r["mediane"]), write_nombre(r["p95"])] for nom, r in resumes.items()],
    )
    processus = max(p.processus for p in neufs)
    print(f"  pic de mémoire : {write_nombre(pics['construction'] / 2**30)} Go sur {processus} processus")
    print(f"  (lire seulement : {write_nombre(pics['plancher'] / 2**30)} Go)")
    neuf = resumes["construction dans un espace neuf"]
    objectifs = [
        judge("construction dans un espace neuf", neuf["mediane"], SECONDES_MAX, "s"),
        judge("pic de mémoire de tout l'arbre", pics["construction"] / 2**30, GO_MAX, "Go"),
    ]
    print_objectifs(objectifs)
    contenu = {
        "secondes": resumes,
        "pic_octets": pics,
        "processus": processus,
        "objectifs": objectifs,
    }
    save("construire", charge, contenu)


if __name__ == "__main__":
    main()
