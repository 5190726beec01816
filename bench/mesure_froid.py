"""Ouvrir une carte sur un téléphone, en 4G et sans rien en cache : quand voit-on, et pour combien d'octets.

Le serveur est déjà chaud : c'est le navigateur qui ne connaît rien. Chromium retarde chaque demande et limite
le débit ; il n'ajoute rien à l'ouverture d'une connexion. L'objectif est donc jugé deux aller-retours plus
tard, ceux de TCP et de TLS. Le processeur n'est pas ralenti.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # lancé comme script par « make bench »

from bench.cdn_local import ensure_bibliotheques, serve
from bench.machine import read_charge
from bench.onglets import GUET
from bench.pages_froides import (
    ALLER_RETOUR,
    DEBIT,
    ECRAN,
    MONTANT,
    PageFroide,
    open_froide,
    read_etapes,
    read_etapes_pair,
)
from bench.releve import judge, print_objectifs, print_tableau, save, summarise, write_nombre
from bench.serveurs import run_observatoire, run_pair
from bench.synthese import CACHE
from bench.terrain import CAS, Terrain, open_chromium
from observatoire.config import load_espace

IMAGE_MAX = 2.5
CONNEXION = 2 * ALLER_RETOUR / 1000
ESSAIS, ESSAIS_RAPIDES = 9, 2
Etapes = dict[str, dict[str, float]]


def main(arguments: list[str] | None = None) -> None:
    """Ouvre la même carte tour à tour dans les deux applications, imprime, enregistre."""
    analyseur = argparse.ArgumentParser(description=__doc__)
    analyseur.add_argument("--essais", type=int, default=ESSAIS)
    analyseur.add_argument("--rapide", action="store_true", help=f"essai court : {ESSAIS_RAPIDES} ouvertures")
    options = analyseur.parse_args(arguments)
    essais = ESSAIS_RAPIDES if options.rapide else options.essais
    charge, cas = read_charge(), CAS["departement"]
    recueil: dict[str, list[Etapes]] = {"observatoire": [], "pair": []}
    parts: list[float] = []
    externes: set[str] = set()
    CACHE.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as pile:
        dossier = Path(pile.enter_context(tempfile.TemporaryDirectory(prefix="bench-pair-")))
        terrain = Terrain(load_espace(), dossier)
        territoires = terrain.write_donnees_pair("departement", cas)
        serveur, cdn = serve(ensure_bibliotheques(CACHE / "cdn"))
        pile.callback(serveur.shutdown)
        nous = f"{pile.enter_context(run_observatoire())}/carte?{terrain.write_recherche(cas)}"
        pair = f"{pile.enter_context(run_pair(dossier, cdn))}/?cas=departement"
        navigateur = pile.enter_context(open_chromium())
        for essai in range(essais + 1):
            for nom, mesures in recueil.items():
                froide = open_froide(navigateur, nous if nom == "observatoire" else pair, GUET)
                lire = read_etapes if nom == "observatoire" else read_etapes_pair
                etapes = lire(froide, territoires)
                if essai:  # la première ouverture chauffe les serveurs
                    mesures.append(etapes)
                    externes |= set(froide.externes)
                    if nom == "observatoire":
                        parts.append(_read_part(froide))
                froide.page.context.close()
    report(recueil, parts, sorted(externes), charge, rapide=options.rapide)


def _read_part(froide: PageFroide) -> float:
    return froide.page.evaluate("window.partVisible || 0")


def report(
    recueil: dict[str, list[Etapes]],
    parts: list[float],
    externes: list[str],
    charge: float | None,
    *,
    rapide: bool = False,
) -> None:
    """Imprime le tableau et l'objectif, écrit le JSON."""
    etapes = {qui: {nom: summarise_etape(essais, nom) for nom in essais[0]} for qui, essais in recueil.items()}
    images = [e["première image"] for e in recueil["observatoire"]]
    manquees = sum(not image for image in images)
    objectifs = []
    if not manquees:
        mediane = etapes["observatoire"]["première image"]["secondes"]["mediane"] + CONNEXION
        objectifs.append(judge("première image utile, connexion comprise, médiane", mediane, IMAGE_MAX, "s"))
    # Une image qui n'est pas venue ne se tait pas.
    objectifs.append(judge("ouvertures sans première image", manquees, 0, "ouverture"))
    lignes = [
        [f"{qui}, {nom}", *(write_nombre(r["secondes"][c]) for c in ("mediane", "p95")), _write_ko(r)]
        for qui, resumes in etapes.items()
        for nom, r in resumes.items()
        if r
    ]
    print_tableau(["page froide en 4G (s)", "médiane", "p95", "ko reçus"], lignes)
    print_objectifs(objectifs)
    reseau = {"debit": DEBIT, "montant": MONTANT, "aller_retour": ALLER_RETOUR, "connexion": CONNEXION}
    contenu = {"etapes": etapes, "reseau": reseau, "ecran": ECRAN, "part_visible": min(parts), "externes": externes}
    save("froid", charge, contenu | {"essais": recueil, "objectifs": objectifs}, rapide=rapide)


def summarise_etape(essais: list[Etapes], nom: str) -> dict[str, Any]:
    """Résumé des secondes et des octets d'une étape ; vide si elle n'est jamais venue."""
    venues = [e[nom] for e in essais if e[nom]]
    if not venues:
        return {}
    return {mesure: summarise([v[mesure] for v in venues]) for mesure in ("secondes", "octets")}


def _write_ko(resume: dict[str, Any]) -> str:
    return write_nombre(resume["octets"]["mediane"] / 1000)


if __name__ == "__main__":
    main()
