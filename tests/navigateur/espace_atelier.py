"""Petit espace réel de l'Atelier : une source locale à La Réunion, publiée une fois ; son serveur, Atelier ouvert."""

import contextlib
import os
import subprocess
import sys

import pandas as pd

from observatoire.cartes.fond import write_fonds
from observatoire.publication import fonds
from observatoire.publication.construire import construire
from observatoire.territoires.referentiel import Referentiel
from tests.navigateur.petit_espace import load_reunion
from tests.navigateur.serveur import DEPOT, free_port, wait_ready
from tests.publication.petit_espace import PetitEspace

REGLAGES = 'nom: Observatoire d’essai\ndepartement: "974"\n'
DECLARATION = """
# Demandes de logement : tableau annuel du département.
libelle: Demandes de logement
producteur: Département d'essai
licence: Licence Ouverte
rythme: annuel
maille: commune
colonne_code: commune      # code Insee
marques_secret: ["s"]
marques_absence: ["nd"]
livraisons:
  - {fichier: local/2024/demandes.parquet, periode: "2024"}
variables:
  demandes: {libelle: Demandes de logement, unite: demandes, colonne: demandes}
"""
# Le dépôt de poche tient lieu de dépôt dans le serveur aussi.
_SERVEUR = """
import sys
from pathlib import Path
from observatoire import config
config.RACINE_DEPOT = Path(sys.argv[1])
from observatoire.cli import main
main(sys.argv[2:])
"""
AVANT = 100
"""La commune de rang n vaut AVANT + n dans ce qui est en ligne, le double dans le fichier déposé."""


def list_communes():
    territoires, _, _ = load_reunion()
    return sorted(territoires.loc[territoires.maille == "commune", "code"])


def write_avant(petit):
    """Ce qui est en ligne au départ."""
    communes = list_communes()
    chemin = petit.espace.data / "depot" / "local" / "2024" / "demandes.parquet"
    petit.deliver("ouverte")
    valeurs = [str(AVANT + rang) for rang in range(len(communes))]
    pd.DataFrame({"commune": communes, "demandes": valeurs}).to_parquet(chemin)
    petit.sign(chemin)


def make_csv(*, faute="97499", a_la_place="97411", colonne="nb demandes"):
    """Le fichier à déposer : une colonne a changé de nom, un code n'existe pas."""
    codes = [faute if c == a_la_place else c for c in list_communes()]
    lignes = [f"{code};{2 * (AVANT + rang)}" for rang, code in enumerate(codes)]
    return "\n".join([f"commune;{colonne}", *lignes, ""]).encode()


def build_espace(base, reglages=REGLAGES):
    """Espace publié une première fois, cartes de La Réunion comprises."""
    petit = PetitEspaceDessine(base)
    (petit.espace.indicators / "_sources" / "local.yaml").write_text(DECLARATION.lstrip("\n"), "utf-8")
    (petit.espace.racine / "espace.yaml").write_text(reglages, "utf-8")
    write_avant(petit)
    territoires, liens, contours = load_reunion()
    write_fonds(contours, territoires, liens, petit.espace.fonds)
    referentiel = Referentiel(petit.espace.referentiel)
    temoin = fonds.json.dumps(fonds._compute_empreinte(petit.espace, referentiel))
    (petit.espace.fonds / fonds.NOM_EMPREINTE).write_text(temoin, "utf-8")
    with petit.dans_sa_poche():
        construire(petit.espace, lambda _etape: None, auteur="local", motif="Première publication")
    return petit


class PetitEspaceDessine(PetitEspace):
    """Le petit espace des essais de publication, avec ses fonds de carte."""

    @contextlib.contextmanager
    def dans_sa_poche(self):
        from observatoire import config

        avant = config.RACINE_DEPOT
        config.RACINE_DEPOT = self.depot
        try:
            yield
        finally:
            config.RACINE_DEPOT = avant

    def sign(self, chemin):
        """Accorde le manifeste aux octets présents."""
        import hashlib

        import yaml

        fiche = chemin.with_suffix(".livraison.yaml")
        manifeste = yaml.safe_load(fiche.read_text("utf-8"))
        manifeste |= {"sha256": hashlib.sha256(chemin.read_bytes()).hexdigest(), "lignes": len(pd.read_parquet(chemin))}
        fiche.write_text(yaml.safe_dump(manifeste, allow_unicode=True), "utf-8")


@contextlib.contextmanager
def serve_atelier(petit, dossier, *options):
    """« observatoire app --atelier » sur un petit espace ; rend l'adresse."""
    port = free_port()
    journal = dossier / f"journal-{port}.txt"
    arguments = ["--racine", str(petit.espace.racine), "app", "--atelier", "--port", str(port), *options]
    with journal.open("w") as sortie:
        processus = subprocess.Popen(
            [sys.executable, "-c", _SERVEUR, str(petit.depot), *arguments],
            cwd=DEPOT, env=os.environ | {"PYTHONUNBUFFERED": "1"}, stdout=sortie, stderr=subprocess.STDOUT,
        )  # fmt: skip
    adresse = f"http://127.0.0.1:{port}"
    try:
        wait_ready(adresse, processus, journal)
        yield adresse
    finally:
        processus.terminate()
        processus.wait(timeout=20)
        print(journal.read_text())
