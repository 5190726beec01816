"""Un petit catalogue juste, que chaque essai abîme d'une seule façon."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

THEMES = """
    habitat:
      libelle: Habitat
      description: Se loger dans le territoire.
      ordre: 1
"""
SECRET = """
    ouverte:
      libelle: Données ouvertes
      mode: P
      reference: Aucune personne n'y est décrite.
"""
PRECAUTIONS = """
    prudence:
      libelle: Prudence
      texte: À lire avec prudence.
"""
SOURCE = """
    libelle: Recensement d'essai
    producteur: Insee
    licence: Licence Ouverte
    rythme: annuel
    maille: commune
    colonne_code: code_commune
    livraisons:
      - {fichier: essai/2016.parquet, periode: "2016"}
      - {fichier: essai/2023.parquet, periode: "2023"}
    variables:
      logements:
        libelle: Logements
        unite: logements
        colonne: logements
      logements_vacants:
        libelle: Logements vacants
        unite: logements
        colonne: vacants
      mairie_samedi:
        libelle: Mairie ouverte le samedi
        unite: oui ou non
        colonne: samedi
        agregat: maximum
        additive: false
      zone:
        libelle: Zone
        unite: zone
        colonne: zone
        categorie: true
        additive: false
    precautions: [prudence]
"""
BESOIN = """
    libelle: Part des logements vacants
    libelle_court: Logements vacants
    definition: Logements vacants rapportés à l'ensemble des logements.
    problematiques: [habitat]
    nature: besoin
    type_mesure: ratio
    unite: "%"
    numerateur: logements_vacants
    denominateur: logements
    multiplicateur: 100
    champ: Ensemble des logements
    source: essai
    mailles: [commune, departement]
    frequence: annuelle
    polarite: -1
    secret: ouverte
    ressources_liees: [part_mairie]
    lecture: En {periode}, {valeur} % des logements {du_territoire} étaient vacants.
"""
RESSOURCE = """
    libelle: Part des logements d'une commune ouverte le samedi
    libelle_court: Mairie le samedi
    definition: Logements des communes dont la mairie ouvre le samedi.
    problematiques: [habitat]
    nature: ressource
    type_mesure: moyenne
    unite: "%"
    numerateur: mairie_samedi
    poids: logements
    multiplicateur: 100
    champ: Communes
    source: essai
    mailles: [commune, departement]
    frequence: annuelle
    polarite: 1
    secret: ouverte
    lecture: En {periode}, {valeur} % des logements {du_territoire} étaient concernés.
"""


class Atelier:
    """Dossier ``indicators/`` d'essai, dont on change une fiche à la fois."""

    def __init__(self, dossier: Path) -> None:
        self.dossier = dossier
        for nom, texte in {
            "_themes.yaml": THEMES,
            "_secret.yaml": SECRET,
            "_precautions.yaml": PRECAUTIONS,
            "_sources/essai.yaml": SOURCE,
            "habitat/part_vacants.yaml": BESOIN,
            "habitat/part_mairie.yaml": RESSOURCE,
        }.items():
            self.write(nom, texte)

    def write(self, nom: str, texte: str) -> None:
        chemin = self.dossier / nom
        chemin.parent.mkdir(parents=True, exist_ok=True)
        chemin.write_text(textwrap.dedent(texte).lstrip("\n"), encoding="utf-8")

    def replace(self, nom: str, avant: str, apres: str) -> None:
        chemin = self.dossier / nom
        texte = chemin.read_text(encoding="utf-8")
        assert avant in texte, f"« {avant} » n'est pas dans {nom}"
        chemin.write_text(texte.replace(avant, apres, 1), encoding="utf-8")


@pytest.fixture
def atelier(tmp_path):
    return Atelier(tmp_path / "indicators")
