"""Fichiers d'un espace d'essai : référentiel réduit à de vraies communes, catalogue, livraisons signées."""

from __future__ import annotations

import hashlib
import json
import shutil
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import yaml

from observatoire import config
from tests.secret.attaquant.tables import ABSENT, PERIODES, REGLES, Table

COG = "2026"
LIEUX = {
    "reunion": ("departement", ["974"]),
    "cheval": ("epci", ["243500725", "243500659", "242900744"]),
    "scission": ("epci", ["246000582"]),
}
"""Une île entière ; trois EPCI bretons, dont deux sont à cheval sur deux départements ; un EPCI de l'Oise où une
commune a été scindée en 2024."""
NEES = {"scission": ["60694"]}
"""Communes qui n'existaient pas dans le millésime des fichiers."""
FICHE = {
    "definition": "Foyers comptés au 31 décembre, par convention.", "problematiques": ["habitat"], "nature": "contexte",
    "champ": "Tous les foyers", "frequence": "annuelle", "polarite": 0,
    "lecture": "En {periode}, on comptait {valeur} foyers {a_territoire}.",
}  # fmt: skip
COMMUNS = {
    "_themes.yaml": {"habitat": {"libelle": "Habitat", "description": "Se loger dans le territoire.", "ordre": 1}},
    "_secret.yaml": {"ouverte": {"libelle": "Ouverte", "mode": "P", "reference": "Personne n'y est décrit."}}
    | {
        regle: {
            "libelle": f"Convention {k}", "mode": "C", "seuil": k, "zeros_publies": zeros,
            "reference": "Convention d'essai du 1er janvier 2025, article 4.",
        }
        for regle, (k, zeros) in REGLES.items()
    },
    "_precautions.yaml": {"prudence": {"libelle": "Prudence", "texte": "À lire avec prudence."}},
    "_sources/populations.yaml": {
        "libelle": "Populations légales", "producteur": "Insee", "licence": "Licence Ouverte", "rythme": "annuel",
        "maille": "commune", "colonne_code": "code_commune", "precautions": ["prudence"],
        "livraisons": [{"fichier": "populations/2023/communes.parquet", "periode": "2023"}],
        "variables": {
            "population_municipale": {"libelle": "Population", "unite": "habitants", "colonne": "population_municipale"}
        },
    },
    "habitat/population.yaml": FICHE
    | {"libelle": "Population municipale", "libelle_court": "Population", "type_mesure": "effectif", "decimales": 0,
       "unite": "habitants", "numerateur": "population_municipale", "source": "populations", "secret": "ouverte",
       "mailles": ["commune", "epci", "departement"]},
}  # fmt: skip


def write_referentiel(dossier: Path, lieu: str) -> list[str]:
    """Écrit le vrai référentiel, réduit aux communes d'un lieu dans tous ses millésimes ; rend leurs codes."""
    communes, tables = _reduce(lieu)
    dossier.mkdir(parents=True)
    for nom, table in tables.items():
        table.to_parquet(dossier / f"{nom}.parquet")
    vrai = config.RACINE_DEPOT / "data" / "referentiel"
    shutil.copy(vrai / "contours_arrondissements_municipaux.parquet", dossier)
    for fiche in vrai.glob("*.livraison.yaml"):
        shutil.copy(fiche, dossier)
    return communes


@cache
def _reduce(lieu: str) -> tuple[list[str], dict[str, pd.DataFrame]]:
    vrai = config.RACINE_DEPOT / "data" / "referentiel"
    liens = pd.read_parquet(vrai / "appartenances.parquet")
    niveau, choisis = LIEUX[lieu]
    ici = (liens.cog == COG) & (liens.maille_enfant == "commune") & (liens.maille_parent == niveau)
    communes = sorted(liens.code_enfant[ici & liens.code_parent.isin(choisis)].unique())
    siens = liens[liens.code_enfant.isin(communes) & (liens.maille_enfant == "commune")]
    iris = liens[(liens.maille_enfant == "iris") & liens.code_parent.isin(communes)]
    siens = pd.concat([siens, iris])
    # Un département a sa région, une région a la France.
    hauts = liens[liens.maille_enfant.isin(["departement", "region"])]
    parents = siens[["maille_parent", "code_parent"]].drop_duplicates()
    cles = ["maille_enfant", "code_enfant"]
    hauts = hauts.merge(parents.set_axis(cles, axis=1), on=cles)
    territoires = pd.read_parquet(vrai / "territoires.parquet")
    connus = pd.concat([
        parents.set_axis(["maille", "code"], axis=1),
        pd.DataFrame({"maille": "commune", "code": communes}),
        pd.DataFrame({"maille": "iris", "code": iris.code_enfant.unique()}),
    ])  # fmt: skip
    passages = pd.read_parquet(vrai / "passages.parquet")
    contiguites = pd.read_parquet(vrai / "contiguites.parquet")
    autour = {nom: pd.read_parquet(vrai / f"{nom}.parquet") for nom in ("codes_postaux", "anciennes_communes")}
    tables = {
        "appartenances": pd.concat([siens, hauts]).drop_duplicates(),
        "territoires": territoires.merge(connus.drop_duplicates(), on=["maille", "code"]),
        "passages": passages[passages.code_de.isin(communes)],
        "contiguites": contiguites[
            contiguites[["code_a", "code_b"]].isin([*communes, *parents.code_parent]).all(axis=1)
        ],
        "contours_communes": gpd.read_parquet(vrai / "contours_communes.parquet", filters=[("code", "in", communes)]),
    } | {nom: table[table.code_commune.isin(communes)] for nom, table in autour.items()}
    return communes, tables


def write_communs(depot: Path, communes: list[str]) -> None:
    """Dépôt de poche : thèmes, règles, populations légales (vraies) des seules communes de l'espace."""
    for nom, contenu in COMMUNS.items():
        write_yaml(depot / "indicators" / nom, contenu)
    vraies = config.RACINE_DEPOT / "data" / "demarrage" / "insee_populations_legales" / "2023" / "communes.parquet"
    table = pd.read_parquet(vraies)
    table = table[table.code_commune.isin(communes)]
    write_livraison(
        depot / "data" / "demarrage" / "populations" / "2023" / "communes.parquet", table, "populations", "ouverte"
    )


def write_source(dossier: Path, nom: str, tables: list[Table]) -> None:
    """Déclare une source de convention et les fiches de ses tables."""
    variables = {v: d for table in tables for v, d in table.declare().items()}
    livraisons = [{"fichier": f"{nom}/{p}/tables.parquet", "periode": p} for p in PERIODES]
    declaration = {
        "libelle": f"Fichier {nom}", "producteur": "Caisse d'essai", "licence": "convention", "rythme": "annuel",
        "maille": "commune", "colonne_code": "commune", "marques_absence": [ABSENT], "livraisons": livraisons,
        "variables": variables,
    }  # fmt: skip
    write_yaml(dossier / "_sources" / f"{nom}.yaml", declaration)
    for identifiant, propre in ((i, f) for table in tables for i, f in table.fiches.items()):
        fiche = FICHE | {"secret": find_regle(nom)} | propre | {"source": nom}
        fiche |= {"libelle": f"Foyers {identifiant}", "libelle_court": identifiant}
        write_yaml(dossier / "habitat" / f"{identifiant}.yaml", fiche)


def find_regle(source: str) -> str:
    """Règle de secret d'une source d'essai : la fin de son nom."""
    return source.partition("_")[2]


def write_tables(
    chemin: Path, communes: list[str], tables: list[Table], cog: str, omises: tuple[int, ...] = ()
) -> None:
    """Livre une période (celle de son dossier) de toutes les tables d'une source, sans les lignes ``omises``."""
    periode = chemin.parent.name
    colonnes = {"commune": communes} | {v: spell(t.valeurs[v, periode]) for t in tables for v in t.variables}
    write_livraison(chemin, pd.DataFrame(colonnes).drop(index=list(omises)), tables[0].source, "convention", cog)


def spell(valeurs: np.ndarray) -> list[str]:
    """Nombres tels que le producteur les écrit."""
    return [ABSENT if np.isnan(v) else str(int(v)) for v in valeurs]


def write_livraison(chemin: Path, table: pd.DataFrame, source: str, confidentialite: str, cog: str = COG) -> None:
    """Écrit un fichier et son manifeste."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    table.to_parquet(chemin)
    manifeste = {
        "source": source, "fichier": chemin.name, "producteur": "Essai", "titre": "Essai", "licence": "essai",
        "millesime": chemin.parent.name, "millesime_geographique": cog, "date_extraction": "2025-01-15",
        "sha256": hashlib.sha256(chemin.read_bytes()).hexdigest(), "confidentialite": confidentialite,
        "lignes": len(table),
    }  # fmt: skip
    chemin.with_suffix(".livraison.yaml").write_text(yaml.safe_dump(manifeste, allow_unicode=True), "utf-8")


def write_yaml(chemin: Path, contenu: object) -> None:
    """Écrit une fiche ; tout JSON est du YAML, et s'écrit plus vite."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    chemin.write_text(json.dumps(contenu, ensure_ascii=False, indent=1), "utf-8")
