"""Écriture et lecture d'une table Delta Lake, avec le motif et l'empreinte dans le journal."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pds
from deltalake import CommitProperties, DeltaTable, write_deltalake

from observatoire.store.schema import list_textes, to_arrow


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
    return read_arrow(chemin, version=version, filtres=filtres).to_pandas()


def read_arrow(
    chemin: Path, *, version: int | None = None, filtres: list[tuple[str, str, object]] | None = None
) -> pa.Table:
    """Lit une table Delta à une version donnée (la dernière par défaut), sans passer par pandas."""
    return DeltaTable(str(chemin), version=version).to_pyarrow_table(filters=filtres)


def read_range(
    chemin: Path, schema: pa.Schema, *, version: int | None = None, filtre: pc.Expression | None = None
) -> pd.DataFrame:
    """Lit une table Delta, ses textes rangés en catégories dès la lecture (quatre fois plus vite que redépliés)."""
    options = pds.ParquetReadOptions(dictionary_columns=list_textes(schema))
    lues = DeltaTable(str(chemin), version=version).to_pyarrow_dataset(parquet_read_options=options)
    return lues.to_table(columns=schema.names, filter=filtre).to_pandas()


def has_table(chemin: Path) -> bool:
    """Vrai si une table Delta existe à cet endroit."""
    return DeltaTable.is_deltatable(str(chemin))
