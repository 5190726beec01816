"""Écriture et lecture d'une table Delta Lake, avec le motif et l'empreinte dans le journal."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, write_deltalake

from observatoire.store.schema import to_arrow


def write_table(chemin: Path, frame: pd.DataFrame, schema: pa.Schema, *, motif: dict[str, str]) -> int:
    """Remplace le contenu d'une table Delta et rend sa nouvelle version.

    Les anciennes versions restent lisibles : une publication en épingle une.
    """
    return write_arrow(chemin, to_arrow(frame, schema), motif=motif)


def write_arrow(chemin: Path, table: pa.Table | pa.RecordBatchReader, *, motif: dict[str, str]) -> int:
    """Remplace le contenu d'une table Delta par une table Arrow et rend sa nouvelle version."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    write_deltalake(
        str(chemin),
        table,
        mode="overwrite",
        schema_mode="overwrite",
        commit_properties=CommitProperties(custom_metadata=motif),
    )
    return DeltaTable(str(chemin)).version()


def read_table(
    chemin: Path, *, version: int | None = None, filtres: list[tuple[str, str, object]] | None = None
) -> pd.DataFrame:
    """Lit une table Delta à une version donnée (la dernière par défaut)."""
    table = DeltaTable(str(chemin), version=version)
    return table.to_pyarrow_table(filters=filtres).to_pandas()


def has_table(chemin: Path) -> bool:
    """Vrai si une table Delta existe à cet endroit."""
    return DeltaTable.is_deltatable(str(chemin))
