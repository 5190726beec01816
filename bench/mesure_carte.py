"""Changer d'indicateur dans un vrai Chromium : du clic à la carte repeinte, et les octets qui voyagent.

L'application réelle, telle que ``observatoire app`` la sert, alterne avec une application
streamlit-folium ordinaire : mêmes géométries, mêmes valeurs, même machine, même navigateur.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # lancé comme script par « make bench »

import pandas as pd

from bench.cdn_local import ensure_bibliotheques, serve
from bench.fil import Relais
from bench.machine import find_chromium, read_charge
from bench.onglets import Changement, Onglet, OngletObservatoire, OngletPair
from bench.releve import judge, print_objectifs, print_tableau, save, summarise, write_nombre
from bench.serveurs import run_observatoire, run_pair
from bench.synthese import CACHE
from observatoire.analyse.consultation import Consultation, open_consultation
from observatoire.cartes.fond import FondFichier, load_index, name_fond
from observatoire.config import Espace, load_espace
from observatoire.modeles.mailles import Maille

OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PROBLEMATIQUE, NATURE = "habitat", "contexte"
OCTETS_MAX = 20


@dataclass(frozen=True)
class Cas:
    """Une carte à changer, et son objectif de rapport au pair."""

    nom: str
    maille: Maille
    departement: str
    rapport: float | None
    chauds: int


CAS = {
    "departement": Cas("communes de l'Isère", Maille.COMMUNE, "38", None, 12),
    "epci": Cas("EPCI de France", Maille.EPCI, "FR", 5, 12),
    "communes": Cas("communes de France", Maille.COMMUNE, "FR", 20, 6),
}


class Terrain:
    """Publication, navigateur et serveurs d'une exécution."""

    def __init__(self, espace: Espace, dossier: Path) -> None:
        """Ouvre la publication courante."""
        self.consultation: Consultation = open_consultation(espace)
        self.fonds: dict[str, FondFichier] = load_index(espace.fonds / self.consultation.publication.fonds)
        self.espace, self.dossier = espace, dossier

    def list_indicateurs(self, cas: Cas, nombre: int = 7) -> dict[str, str]:
        """Indicateurs en aplats d'un même menu, dont la source couvre ce territoire : identifiant → libellé."""
        catalogue = self.consultation.catalogue.indicateurs.values()
        voulus = [
            i
            for i in catalogue
            if PROBLEMATIQUE in i.problematiques
            and str(i.nature) == NATURE
            and str(i.type_mesure) == "ratio"
            and cas.maille in self.consultation.list_mailles(i.id)
            and not self.consultation.catalogue.sources[i.source].departements
        ]
        return {i.id: i.libelle_court for i in voulus[:nombre]}

    def write_donnees_pair(self, nom: str, cas: Cas) -> int:
        """Écrit les mêmes géométries et les mêmes valeurs pour le pair ; rend le nombre de territoires."""
        fond = self.fonds[name_fond(str(cas.maille), cas.departement)]
        geojson = json.loads((self.espace.fonds / fond.fichier).read_text("utf-8"))
        for entite in geojson["features"]:
            entite["properties"] = {"nom": entite["properties"].get("n", entite["id"])}
        (self.dossier / f"{nom}.geojson").write_text(json.dumps(geojson, ensure_ascii=False), "utf-8")
        departement = None if cas.departement == "FR" else cas.departement
        colonnes: dict[str, Any] = {}
        for identifiant, libelle in self.list_indicateurs(cas).items():
            indicateur = self.consultation.find_indicateur(identifiant)
            periode = self.consultation.resolve_periode(indicateur, cas.maille)
            lues = self.consultation.read_valeurs(indicateur, cas.maille, periode, departement)
            colonnes[libelle] = lues.drop_duplicates("code_territoire").set_index("code_territoire").valeur
        tableau = pd.DataFrame(colonnes).rename_axis("code").reset_index()
        tableau.insert(1, "nom", tableau.code)
        tableau.to_parquet(self.dossier / f"{nom}.parquet")
        return sum(1 for e in geojson["features"] if e["geometry"])

    def write_adresse(self, base: str, cas: Cas) -> str:
        """Permalien de la première carte."""
        premier = next(iter(self.list_indicateurs(cas)))
        etat = {"problematique": PROBLEMATIQUE, "nature": NATURE, "indicateur": premier}
        return f"{base}/carte?" + urlencode(etat | {"departement": cas.departement, "maille": str(cas.maille)})


@contextlib.contextmanager
def open_chromium() -> Iterator[Any]:
    """Chromium de la machine, sans écran."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as moteur:
        navigateur = moteur.chromium.launch(executable_path=find_chromium(), args=OPTIONS)
        yield navigateur
        navigateur.close()


def mesure_cas(terrain: Terrain, cle: str, cas: Cas, navigateur: Any, relais: dict[str, Relais]) -> dict[str, Any]:
    """Change d'indicateur tour à tour dans les deux applications."""
    libelles = list(terrain.list_indicateurs(cas).values())
    nombre = terrain.write_donnees_pair(cle, cas)
    onglets: dict[str, Onglet] = {
        nom: _open(navigateur, OngletObservatoire if nom == "observatoire" else OngletPair, r)
        for nom, r in relais.items()
    }
    onglets["observatoire"].open(terrain.write_adresse(relais["observatoire"].base, cas), nombre)
    if "pair" in onglets:
        onglets["pair"].open(f"{relais['pair'].base}/?cas={cle}", nombre)
    froids: dict[str, list[Changement]] = {nom: [] for nom in onglets}
    chauds: dict[str, list[Changement]] = {nom: [] for nom in onglets}
    # Premier passage : rien n'est calculé d'avance. Ensuite, l'application garde ses vues.
    suite = [(li, froids) for li in libelles[1:]] + [(libelles[i % len(libelles)], chauds) for i in range(cas.chauds)]
    for libelle, recueil in suite:
        for nom, onglet in onglets.items():
            recueil[nom].append(onglet.change(libelle))
    externes = sorted({u for o in onglets.values() for u in o.externes})
    for onglet in onglets.values():
        onglet.page.context.close()
    resultat = {"territoires": nombre, "externes": externes, "charge": read_charge()}
    for nom in onglets:
        tous = froids[nom] + chauds[nom]
        if nom == "observatoire":
            resultat["recu"] = {
                "froid": summarise([c.recu for c in froids[nom]]), "chaud": summarise([c.recu for c in chauds[nom]])
            }  # fmt: skip
        resultat[nom] = {
            "peint_froid": summarise([c.peint for c in froids[nom]]),
            "peint_chaud": summarise([c.peint for c in chauds[nom]]),
            "peint": summarise([c.peint for c in tous]),
            "repos": summarise([c.repos for c in tous]),
            "octets_ws": summarise([c.octets_ws for c in tous]),
            "octets_fil": summarise([c.octets_fil for c in tous]),
            "octets_carte": summarise([c.octets_carte for c in tous]),
            "octets_http": summarise([c.octets_http for c in tous]),
            "traces": min(c.traces for c in tous),
            "changements": [{k: v for k, v in asdict(c).items() if k != "natures"} for c in tous],
            "natures_du_dernier": tous[-1].natures,
        }
    return resultat


def _open(navigateur: Any, sorte: type[Onglet], relais: Relais) -> Any:
    contexte = navigateur.new_context(viewport={"width": 1280, "height": 720}, locale="fr-FR")
    return sorte(contexte.new_page(), relais)


def main(arguments: list[str] | None = None) -> None:
    """Mesure les cas demandés, imprime, enregistre."""
    analyseur = argparse.ArgumentParser(description=__doc__)
    analyseur.add_argument("cas", nargs="*", metavar="CAS", help=f"parmi {', '.join(CAS)} ; tous par défaut")
    analyseur.add_argument("--sans-pair", action="store_true")
    options = analyseur.parse_args(arguments)
    retenus = {nom: CAS[nom] for nom in options.cas or CAS}
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
        resultats = {c.nom: mesure_cas(terrain, nom, c, navigateur, relais) for nom, c in retenus.items()}
    report(resultats, list(retenus.values()), charge)


def report(resultats: dict[str, Any], cas: list[Cas], charge: float | None) -> None:
    """Imprime le tableau et les objectifs, écrit le JSON."""
    lignes, objectifs = [], []
    for c in cas:
        r = resultats[c.nom]
        nous, n = r["observatoire"], r["territoires"]
        r["octets_par_territoire"] = nous["octets_ws"]["max"] / n
        r["octets_fil_par_territoire"] = nous["octets_fil"]["max"] / n
        for nom in ("observatoire", "pair"):
            if nom in r:
                m = r[nom]
                temps = [write_nombre(m[k][s]) for k in ("peint_froid", "peint_chaud") for s in ("mediane", "p95")]
                octets = m["octets_ws"]["mediane"]
                poids = [write_nombre(o) for o in (octets / 1000, octets / n, m["octets_fil"]["mediane"] / n)]
                lignes.append([f"{c.nom}, {nom}", *temps, write_nombre(m["repos"]["mediane"]), *poids])
        if "pair" in r:
            r["rapport"] = r["pair"]["peint"]["mediane"] / nous["peint"]["mediane"]
            r["rapport_froid"] = r["pair"]["peint_froid"]["mediane"] / nous["peint_froid"]["mediane"]
            if c.rapport:
                objectifs += [
                    judge(f"{c.nom}, fois plus vite que le pair", r["rapport"], c.rapport, "×", au_moins=True)
                ]
        for quoi, cle in (("décompressés", "octets_par_territoire"), ("sur le fil", "octets_fil_par_territoire")):
            nom = f"{c.nom}, octets par territoire, page entière, {quoi} (maximum)"
            objectifs.append(judge(nom, r[cle], OCTETS_MAX, "octets"))
    entetes = ["changement d'indicateur (s)", "froid", "p95", "chaud", "p95", "repos", "ko reçus", "o/terr.", "fil"]
    print_tableau(entetes, lignes)
    for nom, r in resultats.items():
        if "rapport" in r:
            print(
                f"  {nom} : × {write_nombre(r['rapport'])} (premiers affichages : × {write_nombre(r['rapport_froid'])})"
            )
    print_objectifs(objectifs)
    save("carte", charge, {"cas": resultats, "objectifs": objectifs})


if __name__ == "__main__":
    main()
