"""Déposer 35 000 communes × 50 colonnes, contrôle et différences compris ; contrôler un CSV de 1 Go.

À côté, dans la même exécution : pandas, les mêmes contrôles et une fusion (``pair_depot``).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # lancé comme script par « make bench »

import pandas as pd

from bench import grand_csv, pair_depot, terrain_depot
from bench.arbre import Passage, run_arbre
from bench.machine import read_charge
from bench.releve import judge, print_objectifs, print_tableau, save, summarise, write_nombre
from observatoire.config import RACINE_DEPOT, Espace
from observatoire.publication import construire as chaine
from observatoire.publication.deposer import deposer
from observatoire.publication.differences import compute_differences
from observatoire.publication.publier import publier
from observatoire.territoires.referentiel import Referentiel

SECONDES_MAX = 5
GO_MAX = 1.5
UN_GIGA = 1 << 30
PERIODE = "2024"


def time_depot(espace: Espace, fichier: Path) -> tuple[dict[str, float], int]:
    """Secondes du dépôt (contrôle, scellé, brouillon) et des différences ; nombre de valeurs révisées."""
    debut = time.perf_counter()
    resultat = deposer(espace, fichier, source="large", periode=PERIODE, auteur="bench", motif="mesure de vitesse")
    depose = time.perf_counter()
    assert resultat.depot is not None, resultat.rapport.anomalies
    assert not resultat.rapport.refusee, resultat.rapport.anomalies
    differences = compute_differences(espace, resultat.depot.id)
    fin = time.perf_counter()
    return {"depot": depose - debut, "differences": fin - depose, "tout": fin - debut}, len(differences.revisions)


def time_pair(fichier: Path, en_ligne: pd.DataFrame, cogs: dict[str, list[str]]) -> tuple[float, dict[str, int]]:
    """Secondes du pair, et ce qu'il a trouvé."""
    debut = time.perf_counter()
    trouve = pair_depot.deposit(fichier, en_ligne, cogs)
    return time.perf_counter() - debut, trouve


def control_grand(octets: int) -> Passage:
    """Contrôle un très gros CSV dans un autre processus, et relève sa mémoire."""
    with tempfile.TemporaryDirectory(prefix="bench-grand-") as dossier:
        fichier = grand_csv.write_grand(Path(dossier) / "grand.csv", octets)
        return run_arbre([sys.executable, "-W", "ignore", grand_csv.__file__, str(fichier)])


def main(arguments: list[str] | None = None) -> None:
    """Mesure, imprime, enregistre."""
    analyseur = argparse.ArgumentParser(description=__doc__)
    analyseur.add_argument("--fois", type=int, default=5, help="dépôts chronométrés")
    analyseur.add_argument("--octets", type=int, default=UN_GIGA, help="taille du gros CSV")
    options = analyseur.parse_args(arguments)
    charge = read_charge()
    referentiel = Referentiel(RACINE_DEPOT / "data" / "referentiel")
    cogs = {annee: list(referentiel.list_communes(annee)) for annee in referentiel.cogs}
    with tempfile.TemporaryDirectory(prefix="bench-depot-") as dossier:
        base = Path(dossier)
        espace = terrain_depot.make_espace(base, terrain_depot.COLONNES)
        with terrain_depot.sans_fonds(base / "depot"):
            chaine.construire(espace, lambda _etape: None, auteur="bench", motif="terrain")
            premier = deposer(
                espace, terrain_depot.write_csv(base / "avant.csv", graine=0), source="large", periode=PERIODE,
                auteur="bench", motif="terrain",
            )  # fmt: skip
            assert premier.depot is not None
            publier(espace, premier.depot.id, auteur="bench", motif="terrain")
            brut = pd.read_csv(base / "avant.csv", sep=";", dtype={"code": str})
            en_ligne = brut.melt(id_vars="code", var_name="mesure", value_name="valeur")
            notres, pairs = [], []
            for tour in range(options.fois + 1):
                fichier = terrain_depot.write_csv(base / f"apres{tour}.csv", graine=tour + 1, revisees=0.02)
                temps, revisees = time_depot(espace, fichier)
                secondes, trouve = time_pair(fichier, en_ligne, cogs)
                assert trouve["revises"] == revisees, (trouve, revisees)
                if tour:  # le premier tour charge les bibliothèques
                    notres.append(temps)
                    pairs.append(secondes)
    grand = control_grand(options.octets)
    mesures = {
        "dépôt : lire, contrôler, sceller, brouillon": [t["depot"] for t in notres],
        "différences avec ce qui est en ligne": [t["differences"] for t in notres],
        "dépôt et différences": [t["tout"] for t in notres],
        "pair : pandas, mêmes contrôles, fusion": pairs,
        "contrôle d'un CSV de 1 Go": [grand.secondes],
    }
    resumes = {nom: summarise(durees) for nom, durees in mesures.items()}
    print_tableau(
        ("secondes", "fois", "médiane", "maximum"),
        [(nom, str(r["n"]), write_nombre(r["mediane"]), write_nombre(r["max"])) for nom, r in resumes.items()],
    )
    tout = resumes["dépôt et différences"]["mediane"]
    pair = resumes["pair : pandas, mêmes contrôles, fusion"]["mediane"]
    objectifs = [
        judge("dépôt de 35 000 communes × 50 colonnes, différences comprises", tout, SECONDES_MAX, "s"),
        judge("temps rapporté au pair", tout / pair, 1, "fois"),
        judge("mémoire résidente, contrôle d'un CSV de 1 Go", grand.pic_octets / 2**30, GO_MAX, "Go"),
    ]
    print_objectifs(objectifs)
    contenu = {"secondes": resumes, "octets": options.octets, "lu": grand.sortie.strip(), "objectifs": objectifs}
    save("depot", charge, contenu, rapide=options.octets < UN_GIGA)


if __name__ == "__main__":
    main()
