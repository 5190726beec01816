"""Socle : variables brutes, confidentielles. Nul, au-delà du secret, ne peut importer ce module."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from observatoire.config import Espace
from observatoire.store.schema import VARIABLES
from observatoire.store.tables import read_table, write_table


def write_variables(espace: Espace, variables: pd.DataFrame, *, motif: dict[str, str]) -> int:
    """Écrit les variables (colonnes de ``schema.VARIABLES``) et rend la version de la table."""
    return write_table(espace.socle / "variables", variables, VARIABLES, motif=motif)


def read_variables(espace: Espace, *, version: int | None = None) -> pd.DataFrame:
    """Lit les variables du socle."""
    return read_table(espace.socle / "variables", version=version)


def protections_dir(espace: Espace, publication: str) -> Path:
    """Dossier confidentiel des protections d'une publication."""
    return espace.socle / "protections" / publication


def write_protections(
    espace: Espace, publication: str, tables: dict[str, pd.DataFrame], resume: dict[str, object]
) -> None:
    """Garde ce qui prouve le secret d'une publication : cases, relations, compositions, résumé.

    Args:
        espace: espace de travail.
        publication: identifiant de la publication.
        tables: ``cases``, ``relations`` et ``compositions`` (formes dans ``secret.protections``).
        resume: nombres par système, sans aucune valeur.
    """
    dossier = protections_dir(espace, publication)
    dossier.mkdir(parents=True, exist_ok=True)
    for nom, table in tables.items():
        table.to_parquet(dossier / f"{nom}.parquet", compression="zstd", index=False)
    (dossier / "resume.json").write_text(json.dumps(resume, ensure_ascii=False, sort_keys=True), "utf-8")


def read_protections(espace: Espace, publication: str, table: str = "cases") -> pd.DataFrame:
    """Lit une table des protections d'une publication ; vide si elle n'avait rien d'exact."""
    chemin = protections_dir(espace, publication) / f"{table}.parquet"
    return pd.read_parquet(chemin) if chemin.is_file() else pd.DataFrame()


def read_resume(espace: Espace, publication: str) -> dict[str, Any]:
    """Résumé des protections d'une publication ; vide si elle n'avait rien d'exact."""
    chemin = protections_dir(espace, publication) / "resume.json"
    return dict(json.loads(chemin.read_text("utf-8"))) if chemin.is_file() else {}


def list_protections(espace: Espace) -> list[str]:
    """Publications dont les protections sont gardées, les plus anciennes d'abord."""
    dossier = espace.socle / "protections"
    return sorted(d.name for d in dossier.iterdir() if d.is_dir()) if dossier.is_dir() else []
