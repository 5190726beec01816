"""Écriture de la diffusion : tables Delta et copies Parquet triées. Seul le secret écrit ici."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from observatoire.config import Espace
from observatoire.store.schema import LIENS, LONGUEUR_SEAU, OBSERVATIONS, RESSOURCES, TERRITOIRES, to_arrow
from observatoire.store.tables import write_arrow, write_table

LIGNES_PAR_GROUPE = 8_192
"""Petits groupes de lignes : une carte ou un profil n'en lit qu'un ou deux."""

REPETEES = ["indicateur", "maille", "periode", "modalite", "cog", "periode_denominateur", "statut", "marques"]
"""Colonnes de peu de valeurs distinctes, rangées par dictionnaire ; les nombres et les codes ne le sont pas."""

_SCHEMAS = {"territoires": TERRITOIRES, "liens": LIENS, "ressources": RESSOURCES}


def copies_dir(espace: Espace, publication: str) -> Path:
    """Dossier des copies triées d'une publication."""
    return espace.diffusion / "copies" / publication


def write_observations(
    espace: Espace, tableaux: Iterable[pd.DataFrame], *, publication: str, motif: dict[str, str]
) -> dict[str, int]:
    """Écrit les observations : table Delta, puis copies par indicateur et par territoire."""
    dossier = copies_dir(espace, publication)
    if dossier.exists():
        shutil.rmtree(dossier)
    par_indicateur = dossier / "par_indicateur"
    par_indicateur.mkdir(parents=True)
    tables: list[pa.Table] = []
    for tableau in tableaux:
        if tableau.empty:
            continue
        trie = to_arrow(tableau, OBSERVATIONS).sort_by(
            [(c, "ascending") for c in ("maille", "periode", "code_territoire", "modalite")]
        )
        write_copie(trie, par_indicateur / f"{tableau.indicateur.iloc[0]}.parquet")
        tables.append(trie)
    tout = pa.concat_tables(tables) if tables else OBSERVATIONS.empty_table()
    version = write_arrow(espace.diffusion / "observations", tout, motif=motif)
    _write_par_territoire(tout, dossier / "par_territoire")
    return {"observations": version}


def write_copie(table: pa.Table, chemin: Path) -> None:
    """Écrit une copie Parquet de lecture : petits groupes, compression légère, dictionnaires utiles.

    Mesuré sur 35 millions de lignes : LZ4 lit une carte de France en un tiers de temps de moins que zstd.
    """
    pq.write_table(
        table,
        chemin,
        compression="lz4",
        row_group_size=LIGNES_PAR_GROUPE,
        use_dictionary=REPETEES,
        write_statistics=True,
    )


def _write_par_territoire(table: pa.Table, dossier: Path) -> None:
    dossier.mkdir(parents=True, exist_ok=True)
    trie = table.sort_by(
        [
            ("code_territoire", "ascending"),
            ("maille", "ascending"),
            ("indicateur", "ascending"),
            ("periode", "ascending"),
            ("modalite", "ascending"),
        ]
    )
    seau = pc.utf8_slice_codeunits(trie["code_territoire"], 0, LONGUEUR_SEAU)
    encodes = seau.combine_chunks().dictionary_encode()
    valeurs = encodes.dictionary.to_pylist()
    indices = pc.value_counts(encodes.indices)
    debut = 0
    # Les lignes sont triées par code : chaque seau est une tranche continue, dans l'ordre rencontré.
    for compte in indices:
        nom, longueur = valeurs[compte["values"].as_py()], compte["counts"].as_py()
        write_copie(trie.slice(debut, longueur), dossier / f"{nom}.parquet")
        debut += longueur


def write_tables(
    espace: Espace, tables: dict[str, pd.DataFrame], *, publication: str, motif: dict[str, str]
) -> dict[str, int]:
    """Écrit les tables d'appui (territoires, liens, ressources) et leur copie de lecture."""
    dossier = copies_dir(espace, publication)
    dossier.mkdir(parents=True, exist_ok=True)
    versions = {}
    for nom, tableau in tables.items():
        versions[nom] = write_table(espace.diffusion / nom, tableau, _SCHEMAS[nom], motif=motif)
        pq.write_table(to_arrow(tableau, _SCHEMAS[nom]), dossier / f"{nom}.parquet", compression="zstd")
    return versions
