"""Corrections : l'ancienne valeur d'un chiffre publié puis corrigé, gardée à côté de chaque publication.

``publications/<publication>.corrections`` est un fichier Parquet ; il n'existe que s'il y a eu des
corrections. Chaque publication reprend celles de la précédente, tant que leur dépôt est encore employé.
Colonnes (``COLONNES``), une ligne par valeur corrigée :

- ``indicateur, maille, code_territoire, periode, modalite`` : quelle valeur ;
- ``ancienne, statut_ancien`` : ce qui était publié ; ``nouvelle`` : ce qui l'a remplacé (nulle si retiré) ;
- ``corrigee_le`` (AAAA-MM-JJ), ``publication``, ``depot``, ``motif`` : quand, par quoi, pourquoi.

Une valeur corrigée deux fois a deux lignes ; la dernière est la plus récente.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from observatoire.config import Espace

_TEXTES = ("indicateur", "maille", "code_territoire", "periode", "modalite")
_SUITE = ("corrigee_le", "publication", "depot", "motif")
SCHEMA = pa.schema(
    [(nom, pa.string()) for nom in _TEXTES]
    + [("ancienne", pa.float64()), ("statut_ancien", pa.string()), ("nouvelle", pa.float64())]
    + [(nom, pa.string()) for nom in _SUITE]
)
COLONNES = SCHEMA.names


def find_corrections(espace: Espace, publication: str) -> Path:
    """Fichier des corrections d'une publication, qu'il existe ou non."""
    return espace.publications / f"{publication}.corrections"


def read_corrections(espace: Espace, publication: str, indicateur: str | None = None) -> pd.DataFrame:
    """Corrections que porte une publication (``COLONNES``), d'un indicateur ou de tous, la dernière à la fin."""
    chemin = find_corrections(espace, publication)
    if not chemin.is_file():
        return SCHEMA.empty_table().to_pandas()
    filtres = [("indicateur", "==", indicateur)] if indicateur else None
    return pq.read_table(chemin, filters=filtres).to_pandas()


def write_corrections(
    espace: Espace,
    publication: str,
    *,
    precedente: str | None,
    depots: Collection[str],
    nouvelles: pd.DataFrame,
    masquer: Callable[[pd.DataFrame], pd.DataFrame],
) -> None:
    """Écrit les corrections d'une publication : celles de la précédente encore valables, puis les nouvelles.

    Args:
        espace: espace de travail.
        publication: publication à venir.
        precedente: publication en ligne, s'il y en a une.
        depots: dépôts que la nouvelle emploie.
        nouvelles: corrections à ajouter (``COLONNES``), éventuellement aucune.
        masquer: efface les chiffres d'une valeur que la nouvelle publication masque.
    """
    anciennes = read_corrections(espace, precedente) if precedente else SCHEMA.empty_table().to_pandas()
    gardees = anciennes[anciennes.depot.isin(list(depots))]
    tableaux = [
        pa.Table.from_pandas(masquer(t)[COLONNES], schema=SCHEMA, preserve_index=False)
        for t in (gardees, nouvelles)
        if len(t)
    ]
    if tableaux:
        espace.publications.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.concat_tables(tableaux), find_corrections(espace, publication), compression="zstd")
