"""Un petit espace publiable en quelques secondes : un dépôt de poche, une source locale, trois communes.

La source locale dit trois choses différentes de trois communes de La Réunion : un secret, une absence,
un zéro vrai. Le référentiel et les populations sont ceux du dépôt réel ; les fonds de carte ne sont pas
dessinés.
"""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from observatoire import config
from observatoire.analyse.consultation import open_consultation
from observatoire.config import Espace
from observatoire.modeles.mailles import Maille
from observatoire.publication import construire as chaine
from observatoire.publication import empreinte
from observatoire.publication.construire import Resultat
from observatoire.publication.deposer import ResultatDepot, deposer
from observatoire.publication.publier import publier

SECRETE, ABSENTE, NULLE = "97401", "97402", "97403"
CELLULES = {SECRETE: "s", ABSENTE: "nd", NULLE: "0", "97404": "12"}

DEPOT = {
    "_themes.yaml": """
        habitat: {libelle: Habitat, description: Se loger dans le territoire., ordre: 1}
    """,
    "_secret.yaml": """
        ouverte: {libelle: Données ouvertes, mode: P, reference: Personne n'y est décrit.}
        convention: {libelle: Convention, mode: C, seuil: 5, reference: Effectifs exacts.}
    """,
    "_precautions.yaml": """
        prudence: {libelle: Prudence, texte: À lire avec prudence.}
    """,
    "_sources/populations.yaml": """
        libelle: Populations légales
        producteur: Insee
        licence: Licence Ouverte
        rythme: annuel
        maille: commune
        colonne_code: code_commune
        livraisons:
          - {fichier: insee_populations_legales/2023/communes.parquet, periode: "2023"}
        variables:
          population_municipale: {libelle: Population, unite: habitants, colonne: population_municipale}
        precautions: [prudence]
    """,
    "habitat/population.yaml": """
        libelle: Population municipale
        libelle_court: Population
        definition: Habitants recensés dans la commune.
        problematiques: [habitat]
        nature: contexte
        type_mesure: effectif
        unite: habitants
        decimales: 0
        numerateur: population_municipale
        champ: France
        source: populations
        mailles: [commune, departement]
        frequence: annuelle
        polarite: 0
        secret: ouverte
        lecture: En {periode}, {territoire} comptait {valeur} habitants.
    """,
}
SOURCE_LOCALE = """
    libelle: Demandes de logement
    producteur: Département d'essai
    licence: Licence Ouverte
    rythme: annuel
    maille: commune
    colonne_code: commune
    marques_secret: ["s"]
    marques_absence: ["nd"]
    livraisons:
      - {fichier: local/2024/demandes.parquet, periode: "2024"}
    variables:
      demandes: {libelle: Demandes de logement, unite: demandes, colonne: demandes}
"""
FICHE_LOCALE = """
    libelle: Demandes de logement social
    libelle_court: Demandes de logement
    definition: Demandes de logement social en cours au 31 décembre.
    problematiques: [habitat]
    nature: contexte
    type_mesure: effectif
    unite: demandes
    decimales: 0
    numerateur: demandes
    champ: La Réunion
    source: local
    mailles: [commune, departement]
    frequence: annuelle
    polarite: 0
    secret: ouverte
    lecture: En {periode}, {valeur} demandes étaient en cours {a_territoire}.
"""
SOURCE_AIDES = """
    libelle: Aides au logement
    producteur: Caisse d'essai
    licence: convention d'essai
    rythme: annuel
    maille: commune
    colonne_code: commune
    marques_secret: ["s"]
    marques_absence: ["nd"]
    variables:
      aides: {libelle: Foyers aidés, unite: foyers, colonne: foyers}
"""
"""Source qui n'a encore rien livré : ses fichiers se déposent."""
FICHE_AIDES = (
    FICHE_LOCALE.replace("Demandes de logement social", "Foyers aidés pour leur logement")
    .replace("Demandes de logement", "Foyers aidés")
    .replace("numerateur: demandes", "numerateur: aides")
    .replace("source: local", "source: aides")
)
AIDES = {"97401": "10", "97402": "20", "97403": "30", "97404": "s", "97405": "nd", "97406": "0"}
"""Premier fichier déposé : trois nombres, un secret, une absence, un zéro vrai."""


class PetitEspace:
    """Espace d'essai et son dépôt de poche."""

    def __init__(self, base: Path, *, ouvrir: bool = False) -> None:
        """Crée l'espace ; ``ouvrir`` prend celui qui est déjà là, sans y toucher."""
        self.base = base
        self.depot = base / "depot"
        self.espace = Espace(base / "espace")
        if ouvrir:
            return
        for nom, texte in DEPOT.items():
            write(self.depot / "indicators" / nom, texte)
        (self.depot / "data").symlink_to(config.RACINE_DEPOT / "data")
        write(self.espace.indicators / "_sources" / "local.yaml", SOURCE_LOCALE)
        self.write_fiche("demandes", FICHE_LOCALE)
        self.deliver("ouverte")

    def write_fiche(self, identifiant: str, texte: str) -> None:
        write(self.espace.indicators / "habitat" / f"{identifiant}.yaml", texte)

    def deliver(self, confidentialite: str) -> None:
        """Pose le fichier local et son manifeste."""
        chemin = self.espace.data / "depot" / "local" / "2024" / "demandes.parquet"
        chemin.parent.mkdir(parents=True, exist_ok=True)
        pd.DataFrame({"commune": list(CELLULES), "demandes": list(CELLULES.values())}).to_parquet(chemin)
        manifeste = {
            "source": "local", "fichier": chemin.name, "producteur": "Département d'essai", "titre": "Demandes",
            "licence": "Licence Ouverte", "millesime": "2024", "millesime_geographique": "2026",
            "date_extraction": "2025-01-15", "sha256": hashlib.sha256(chemin.read_bytes()).hexdigest(),
            "confidentialite": confidentialite, "lignes": len(CELLULES),
        }  # fmt: skip
        chemin.with_suffix(".livraison.yaml").write_text(yaml.safe_dump(manifeste, allow_unicode=True), "utf-8")

    def add_aides(self) -> None:
        """Déclare une source sans livraison, et l'indicateur qui l'attend."""
        write(self.espace.indicators / "_sources" / "aides.yaml", SOURCE_AIDES)
        self.write_fiche("aides", FICHE_AIDES)

    def write_aides(self, valeurs: dict[str, str], nom: str = "aides.csv") -> Path:
        """Écrit le fichier d'un organisme, prêt à déposer."""
        chemin = self.base / "recus" / nom
        chemin.parent.mkdir(exist_ok=True)
        lignes = [f"{code};{valeur}" for code, valeur in valeurs.items()]
        chemin.write_text("\n".join(["commune;foyers", *lignes]) + "\n", encoding="utf-8")
        return chemin

    def deposer(self, valeurs: dict[str, str], periode: str, **options: Any) -> ResultatDepot:
        """Dépose des aides pour une période ; ``options`` : celles de ``deposer.deposer``."""
        voulues = {"auteur": "obs-01", "motif": "essai", "cog": "2026"} | options
        with self.au_travail():
            return deposer(self.espace, self.write_aides(valeurs), source="aides", periode=periode, **voulues)

    def publier(self, depot: str, auteur: str = "obs-02") -> Resultat:
        """Publie un dépôt."""
        with self.au_travail():
            return publier(self.espace, depot, auteur=auteur)

    def read_aides(self, periode: str, publication: str | None = None) -> dict[str, tuple[float | None, str]]:
        """Valeur et statut publiés des communes du premier fichier."""
        consultation = open_consultation(self.espace, publication)
        if periode not in consultation.list_periodes("aides", Maille.COMMUNE):
            return {}
        fiche = consultation.find_indicateur("aides")
        lues = consultation.read_valeurs(fiche, Maille.COMMUNE, periode, "974").set_index("code_territoire")
        return {c: (None if pd.isna(lues.valeur[c]) else float(lues.valeur[c]), lues.statut[c]) for c in AIDES}

    def deposer_local(self, valeurs: dict[str, str], **options: Any) -> ResultatDepot:
        """Dépose des demandes de 2024, période que la source fournit déjà."""
        chemin = self.base / "recus" / "demandes.csv"
        chemin.parent.mkdir(exist_ok=True)
        lignes = [f"{code};{valeur}" for code, valeur in valeurs.items()]
        chemin.write_text("\n".join(["commune;demandes", *lignes]) + "\n", encoding="utf-8")
        voulues = {"auteur": "obs-01", "motif": "essai", "cog": "2026", "periode": "2024"} | options
        with self.au_travail():
            return deposer(self.espace, chemin, source="local", **voulues)

    def read_local(self) -> dict[str, float | None]:
        """Demandes publiées en 2024 ; une commune sans ligne n'y est pas."""
        consultation = open_consultation(self.espace)
        fiche = consultation.find_indicateur("demandes")
        lues = consultation.read_valeurs(fiche, Maille.COMMUNE, "2024", "974").set_index("code_territoire")
        return {c: (None if pd.isna(v) else float(v)) for c, v in lues.valeur.items()}

    def construire(self, *, force: bool = False) -> Resultat:
        """Publie l'espace ; seuls les fonds de carte sont passés."""
        with self.au_travail():
            return chaine.construire(self.espace, lambda _etape: None, auteur="essais", motif="essai", force=force)

    @contextmanager
    def au_travail(self) -> Iterator[None]:
        """Le dépôt de poche tient lieu de dépôt, le temps d'un geste."""

        @contextmanager
        def sans_fonds(*_arguments: object) -> Iterator[object]:
            yield lambda: None

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(config, "RACINE_DEPOT", self.depot)
            # Le code entre dans l'empreinte ; ici il ne compte pas : on peut le modifier pendant un essai.
            patch.setattr(empreinte, "PAQUET", self.depot / "indicators")
            patch.setattr(chaine, "fonds_en_parallele", sans_fonds)
            patch.setattr(chaine, "freeze_index", lambda *_arguments: "")
            yield


def write(chemin: Path, texte: str) -> None:
    """Écrit une fiche, son retrait ôté."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    chemin.write_text(textwrap.dedent(texte).lstrip("\n"), encoding="utf-8")
