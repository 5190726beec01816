"""Brouillons : un dépôt contrôlé, prêt à publier, que nul lecteur ne voit.

``data/entrepot/brouillons/<dépôt>/`` est confidentiel, comme le socle : variables lues, rapport complet,
différences calculées. Une instance de lecture n'emporte pas ce dossier.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from observatoire.config import Espace
from observatoire.errors import PublicationError
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.lots import CodeEcarte, RapportLivraison
from observatoire.store.publications import sync_dossier
from observatoire.store.schema import VARIABLES, list_textes, to_arrow_range

_VARIABLES, _RAPPORT = "variables.parquet", "rapport.json"


def brouillons_dir(espace: Espace) -> Path:
    """Dossier des brouillons."""
    return espace.entrepot / "brouillons"


def write_brouillon(espace: Espace, depot: str, variables: pd.DataFrame, rapport: RapportLivraison) -> Path:
    """Écrit un brouillon d'un seul geste : un dossier entier, ou rien."""
    provisoire = brouillons_dir(espace) / f".{depot}.tmp"
    if provisoire.exists():
        shutil.rmtree(provisoire)
    provisoire.mkdir(parents=True)
    pq.write_table(to_arrow_range(variables, VARIABLES), provisoire / _VARIABLES, compression="lz4")
    (provisoire / _RAPPORT).write_text(json.dumps(dump_rapport(rapport), ensure_ascii=False), "utf-8")
    for fichier in provisoire.iterdir():
        with fichier.open("rb+") as flux:
            os.fsync(flux.fileno())
    final = brouillons_dir(espace) / depot
    if final.exists():
        shutil.rmtree(final)
    provisoire.replace(final)
    sync_dossier(final.parent)
    return final


def has_brouillon(espace: Espace, depot: str) -> bool:
    """Vrai si le brouillon d'un dépôt est là."""
    return (brouillons_dir(espace) / depot / _VARIABLES).is_file()


def read_variables_brouillon(espace: Espace, depot: str) -> pd.DataFrame:
    """Variables d'un brouillon (``store.schema.VARIABLES``), les textes en catégories.

    Raises:
        PublicationError: le brouillon n'est plus là.
    """
    chemin = _find(espace, depot, _VARIABLES)
    return pq.read_table(chemin, read_dictionary=list_textes(VARIABLES)).to_pandas()


def read_rapport(espace: Espace, depot: str) -> RapportLivraison:
    """Rapport complet du contrôle d'un dépôt, sans ses lots.

    Raises:
        PublicationError: le brouillon n'est plus là.
    """
    return parse_rapport(json.loads(_find(espace, depot, _RAPPORT).read_text("utf-8")))


def remove_brouillon(espace: Espace, depot: str) -> None:
    """Ôte un brouillon ; les octets scellés restent."""
    for dossier in (brouillons_dir(espace) / depot, brouillons_dir(espace) / f".{depot}.tmp"):
        if dossier.exists():
            shutil.rmtree(dossier)


def dump_rapport(rapport: RapportLivraison) -> dict[str, Any]:
    """Rapport en valeurs simples, prêtes pour JSON, sans ses lots."""
    return {
        "fichier": rapport.fichier,
        "source": rapport.source,
        "refusee": rapport.refusee,
        "lignes_lues": rapport.lignes_lues,
        "lignes_retenues": rapport.lignes_retenues,
        "reconnu": dict(rapport.reconnu),
        "quarantaine": list(rapport.quarantaine),
        "anomalies": [asdict(a) for a in rapport.anomalies],
        "ecartes": [asdict(e) for e in rapport.ecartes],
    }


def parse_rapport(contenu: dict[str, Any]) -> RapportLivraison:
    """Relit un rapport écrit par ``dump_rapport``."""
    champs = {cle: v for cle, v in contenu.items() if cle != "refusee"}
    return RapportLivraison(
        **champs
        | {
            "quarantaine": tuple(contenu["quarantaine"]),
            "anomalies": tuple(Anomalie(**a | {"gravite": Gravite(a["gravite"])}) for a in contenu["anomalies"]),
            "ecartes": tuple(CodeEcarte(**e | {"lignes": tuple(e["lignes"])}) for e in contenu["ecartes"]),
        }
    )


def _find(espace: Espace, depot: str, nom: str) -> Path:
    chemin = brouillons_dir(espace) / depot / nom
    if not chemin.is_file():
        msg = f"Le brouillon du dépôt « {depot} » n'est plus là. Déposez de nouveau le fichier."
        raise PublicationError(msg)
    return chemin
