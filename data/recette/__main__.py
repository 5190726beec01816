"""Reconstruit toutes les données livrées : ``python -m data.recette``."""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

from data.recette import contiguites, demarrage, demarrage_insee, referentiel, referentiel_lieux
from data.recette.archives import Archives
from data.recette.cantons import build_cantons
from data.recette.iris import build_iris, count_ecarts, find_cog, get_communes
from data.recette.telechargement import fetch_paquets

DEBUT = time.monotonic()


def announce(etape: str) -> None:
    """Une ligne de progression : temps écoulé, mémoire maximale, étape."""
    memoire = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    ecoule = time.monotonic() - DEBUT
    print(f"[{ecoule:6.1f} s, {memoire:4.1f} Gio] {etape}", flush=True)


def parse_arguments() -> argparse.Namespace:
    """Arguments de la ligne de commande."""
    analyseur = argparse.ArgumentParser(prog="data.recette", description=__doc__)
    analyseur.add_argument(
        "--telechargements",
        type=Path,
        default=Path(".cache/recette"),
        help="dossier des archives (téléchargées si elles y manquent)",
    )
    return analyseur.parse_args()


def build_referentiel(archives: Archives) -> None:
    """Reconstruit ``data/referentiel`` et ``data/demarrage``."""
    announce("populations légales")
    demarrage_insee.write_populations(archives)
    announce("recensement à l'IRIS")
    iris = build_iris(archives)
    codes = get_communes(iris["code_commune"])
    cog_iris = find_cog(archives, codes)
    demarrage_insee.write_iris(iris, cog_iris, count_ecarts(archives, codes))
    announce("passages entre COG")
    passages = referentiel.write_passages(archives)
    announce("contours")
    communes = referentiel_lieux.write_couches(archives)
    announce("contiguïtés")
    contiguites.write_contiguites()
    announce("cantons, territoires, appartenances")
    cantons, liens = build_cantons(archives, communes)
    referentiel.write_territoires(archives, iris, cog_iris, cantons)
    referentiel.write_appartenances(archives, iris, cog_iris, liens)
    announce("codes postaux, anciennes communes")
    postaux = referentiel_lieux.write_codes_postaux(archives, passages)
    anciennes = referentiel_lieux.write_anciennes(archives, passages)
    announce("carroyage de La Réunion")
    demarrage.write_carroyage(archives, communes)
    announce("zonage ABC, taxe d'habitation, présidentielle")
    demarrage.write_zonage_abc(archives)
    demarrage.write_taxe_habitation(archives)
    demarrage.write_presidentielle(archives)
    announce("mairies, lycées, médiation numérique")
    demarrage.write_mairies(archives, communes)
    demarrage.write_lycees(archives, postaux, anciennes)
    demarrage.write_mediation(archives, communes)


def main() -> None:
    """Télécharge les paquets, puis reconstruit toutes les données."""
    arguments = parse_arguments()
    announce("paquets")
    archives = Archives(fetch_paquets(arguments.telechargements))
    build_referentiel(archives)
    announce("terminé")


if __name__ == "__main__":
    main()
