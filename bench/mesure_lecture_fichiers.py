"""Lire un fichier déposé : 35 000 communes × 50 colonnes, puis 1 Go par flot, à côté de ``pandas.read_csv(dtype=str)``.

La mémoire est la plus haute du processus : chaque lecteur du grand fichier a le sien.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # lancé comme script par « make bench »

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from bench.machine import read_charge
from bench.releve import judge, print_objectifs, print_tableau, save, summarise, write_nombre
from observatoire.ingestion.lecteurs import find_forme, iter_lots_csv, name_table, read_apercu, read_fichier

COMMUNES, COLONNES = 35_000, 50
GRAND = 1000
"""Mo du grand fichier ; en deçà, un essai court."""
MOYEN_MAX, MEMOIRE_MAX = 500, 1.5
"""Millisecondes pour 35 000 × 50 ; Go de mémoire pour le grand fichier."""


def write_moyen(chemin: Path, *, fois: int = 1) -> None:
    """CSV de communes : codes, libellés accentués, entiers, décimales à virgule, cellules vides et marques."""
    hasard = np.random.default_rng(4)
    colonnes: dict[str, list[str]] = {
        "code": [f"{rang:05d}" for rang in range(COMMUNES)],
        "libellé": [f"Commune de Saint-É{rang % 997}" for rang in range(COMMUNES)],
    }
    for rang in range(COLONNES - 2):
        entiers = hasard.integers(0, 90_000, COMMUNES)
        textes = [str(v) for v in entiers] if rang % 2 else [f"{v // 100},{v % 100:02d}" for v in entiers]
        colonnes[f"v{rang}"] = [
            "" if v % 29 == 0 else "s" if v % 31 == 0 else t for v, t in zip(entiers, textes, strict=True)
        ]
    table = pa.table(colonnes)
    with chemin.open("wb") as flux:
        for tour in range(fois):
            options = pacsv.WriteOptions(delimiter=";", include_header=tour == 0, quoting_style="none")
            pacsv.write_csv(table, flux, options)


def read_observatoire(chemin: Path) -> int:
    table = read_fichier(chemin).tables[0]
    forme = find_forme(table)
    assert forme is not None
    return name_table(table, forme).donnees.num_rows


def read_pandas(chemin: Path) -> int:
    return len(pd.read_csv(chemin, dtype=str, sep=";"))


def read_flot(chemin: Path) -> int:
    apercu = read_apercu(chemin)
    forme = find_forme(apercu.tables[0])
    assert forme is not None
    noms = name_table(apercu.tables[0], forme).donnees.column_names
    lots = iter_lots_csv(
        chemin, noms=noms, colonnes=[*noms[:1], *noms[2:6]], encodage=apercu.encodage, separateur=apercu.separateur,
        premiere_ligne=forme.premiere_ligne,
    )  # fmt: skip
    return sum(lot.num_rows for lot in lots)


LECTEURS = {"observatoire": read_observatoire, "pandas": read_pandas, "flot": read_flot}


def run_seul(nom: str, chemin: Path) -> dict[str, float]:
    """Lit dans un processus à part : lignes, secondes et mémoire la plus haute."""
    sortie = subprocess.run(
        [sys.executable, __file__, "--seul", nom, str(chemin)], check=True, capture_output=True, text=True
    ).stdout.split()
    return {"lignes": float(sortie[0]), "secondes": float(sortie[1]), "memoire_go": float(sortie[2])}


def main(arguments: list[str] | None = None) -> None:
    """Fabrique les fichiers, mesure, imprime, enregistre."""
    analyseur = argparse.ArgumentParser(description=__doc__)
    analyseur.add_argument("--seul", nargs=2, metavar=("LECTEUR", "FICHIER"))
    analyseur.add_argument("--mo", type=int, default=GRAND, help="taille du grand fichier")
    analyseur.add_argument("--tours", type=int, default=7)
    options = analyseur.parse_args(arguments)
    if options.seul:
        debut = time.perf_counter()
        lignes = LECTEURS[options.seul[0]](Path(options.seul[1]))
        duree = time.perf_counter() - debut
        print(lignes, duree, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)
        return
    charge = read_charge()
    with tempfile.TemporaryDirectory() as dossier:
        moyen, grand = Path(dossier) / "moyen.csv", Path(dossier) / "grand.csv"
        write_moyen(moyen)
        durees: dict[str, list[float]] = {"observatoire": [], "pandas": []}
        for _ in range(options.tours):
            for nom, siennes in durees.items():
                debut = time.perf_counter()
                assert LECTEURS[nom](moyen) == COMMUNES
                siennes.append((time.perf_counter() - debut) * 1000)
        write_moyen(grand, fois=max(1, round(options.mo * 1e6 / moyen.stat().st_size)))
        taille = grand.stat().st_size / 1e9
        grands = {nom: run_seul(nom, grand) for nom in ("flot", "pandas")}
    assert grands["flot"]["lignes"] == grands["pandas"]["lignes"]
    report({nom: summarise(d) for nom, d in durees.items()}, grands, taille, charge, rapide=options.mo < GRAND)


def report(
    moyens: dict[str, dict[str, float]],
    grands: dict[str, dict[str, float]],
    taille: float,
    charge: float | None,
    *,
    rapide: bool,
) -> None:
    """Imprime les tableaux et les objectifs, écrit le JSON."""
    print_tableau(
        ["35 000 × 50", "médiane (ms)", "min (ms)", "max (ms)"],
        [[nom, *(write_nombre(r[c]) for c in ("mediane", "min", "max"))] for nom, r in moyens.items()],
    )
    print_tableau(
        [f"{write_nombre(taille)} Go", "secondes", "Mo/s", "mémoire (Go)"],
        [
            [
                nom,
                write_nombre(r["secondes"]),
                write_nombre(taille * 1000 / r["secondes"]),
                write_nombre(r["memoire_go"]),
            ]
            for nom, r in grands.items()
        ],
    )
    objectifs = [
        judge("35 000 × 50, médiane", moyens["observatoire"]["mediane"], MOYEN_MAX, "ms"),
        judge("1 Go par flot, mémoire", grands["flot"]["memoire_go"], MEMOIRE_MAX, "Go"),
        judge("débit, fois pandas", grands["pandas"]["secondes"] / grands["flot"]["secondes"], 1, "×", au_moins=True),
    ]
    print_objectifs(objectifs)
    contenu = {"moyens": moyens, "grands": grands, "taille_go": taille, "objectifs": objectifs}
    save("lecture_fichiers", charge, contenu, rapide=rapide)


if __name__ == "__main__":
    main()
