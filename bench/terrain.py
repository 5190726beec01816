"""Ce que partagent les mesures au navigateur : cartes mesurées, publication lue, Chromium de la machine."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from bench.machine import find_chromium
from observatoire.analyse.consultation import Consultation, open_consultation
from observatoire.cartes.fond import FondFichier, load_index, name_fond
from observatoire.config import Espace
from observatoire.modeles.mailles import Maille

OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PROBLEMATIQUE, NATURE = "habitat", "contexte"
INDICATEURS = 7


@dataclass(frozen=True)
class Cas:
    """Une carte à changer, ses objectifs et ses répétitions.

    Attributes:
        secondes: médiane visée, du geste à la carte repeinte.
        rapport: combien de fois plus vite que le pair ; aucun objectif si ``None``.
        chauds: changements vers un indicateur déjà vu, après ceux qui ne l'ont pas été.
        pair: changements demandés au pair, au plus : il est lent sur les grandes cartes.
    """

    nom: str
    maille: Maille
    departement: str
    secondes: float
    rapport: float | None
    chauds: int
    pair: int


CAS = {
    "departement": Cas("communes de l'Isère", Maille.COMMUNE, "38", 0.25, None, 12, 12),
    "epci": Cas("EPCI de France", Maille.EPCI, "FR", 0.3, 5, 12, 9),
    "communes": Cas("communes de France", Maille.COMMUNE, "FR", 0.5, 20, 6, 3),
}


class Terrain:
    """Publication d'une exécution, et dossier des données du pair."""

    def __init__(self, espace: Espace, dossier: Path) -> None:
        """Ouvre la publication courante."""
        self.consultation: Consultation = open_consultation(espace)
        self.fonds: dict[str, FondFichier] = load_index(espace.fonds / self.consultation.publication.fonds)
        self.espace, self.dossier = espace, dossier

    def list_indicateurs(self, cas: Cas, nombre: int = INDICATEURS) -> dict[str, str]:
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

    def write_recherche(self, cas: Cas, indicateur: str = "", departement: str = "") -> str:
        """Paramètres d'adresse d'une carte : celle du premier indicateur à défaut."""
        etat = {"problematique": PROBLEMATIQUE, "nature": NATURE}
        etat["indicateur"] = indicateur or next(iter(self.list_indicateurs(cas)))
        return urlencode(etat | {"departement": departement or cas.departement, "maille": str(cas.maille)})


@contextlib.contextmanager
def open_chromium() -> Iterator[Any]:
    """Chromium de la machine, sans écran."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as moteur:
        navigateur = moteur.chromium.launch(executable_path=find_chromium(), args=OPTIONS)
        yield navigateur
        navigateur.close()
