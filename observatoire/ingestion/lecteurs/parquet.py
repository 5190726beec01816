"""Fichiers Parquet : colonnes rendues en texte."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from observatoire.ingestion.lecteurs.cellules import name_colonnes, render_colonne
from observatoire.ingestion.lecteurs.limites import Garde
from observatoire.ingestion.lecteurs.refus import refuse
from observatoire.modeles.tables import TableBrute


def read_parquet(octets: bytes, *, nom: str, garde: Garde) -> TableBrute:
    """Lit un fichier Parquet ; les colonnes binaires (géométries) sont laissées.

    Raises:
        LectureRefusee: fichier abîmé ou démesuré.
    """
    try:
        fichier = pq.ParquetFile(pa.BufferReader(octets), page_checksum_verification=True)
        noms = [champ.name for champ in fichier.schema_arrow if _is_lisible(champ.type)]
        garde.check_grille(fichier.metadata.num_rows, max(len(noms), 1), table=nom)
        table = fichier.read(columns=noms)
        table.validate(full=True)
        colonnes = [_to_texte(colonne) for colonne in table.columns]
    except (pa.ArrowException, OSError, ValueError, KeyError, OverflowError):
        refuse(
            "parquet_abime",
            garde.fichier,
            "le fichier Parquet est abîmé.",
            suggestion="Refaites le téléchargement, ou redemandez le fichier au producteur.",
        )
    lignes = np.arange(1, table.num_rows + 1, dtype=np.int64)
    return TableBrute(nom, name_colonnes(colonnes), lignes, entete_connue=tuple(table.column_names))


def _is_lisible(genre: pa.DataType) -> bool:
    return not (pa.types.is_binary(genre) or pa.types.is_large_binary(genre) or pa.types.is_nested(genre))


def _to_texte(colonne: pa.ChunkedArray) -> pa.ChunkedArray:
    genre = colonne.type
    if pa.types.is_dictionary(genre):
        return _to_texte(colonne.cast(genre.value_type))
    if pa.types.is_integer(genre) or pa.types.is_string(genre) or pa.types.is_large_string(genre):
        return colonne.cast(pa.string())
    return pa.chunked_array([render_colonne(colonne.to_pylist())], pa.string())
