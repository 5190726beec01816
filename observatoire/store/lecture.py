"""Lecture rapide de la diffusion : DuckDB en mémoire sur les copies Parquet d'une publication."""

from __future__ import annotations

import threading
from pathlib import Path

import duckdb
import pandas as pd

from observatoire.config import Espace
from observatoire.errors import PublicationError
from observatoire.store.schema import OBSERVATIONS

_COLONNES = ", ".join(OBSERVATIONS.names)


class Lecteur:
    """Lit une publication par une connexion DuckDB gardée ouverte, sans extension.

    Un même lecteur sert plusieurs fils d'exécution : chacun a son curseur.
    """

    def __init__(self, espace: Espace, publication: str) -> None:
        """Ouvre les copies d'une publication.

        Raises:
            PublicationError: ses copies manquent.
        """
        self.dossier = espace.diffusion / "copies" / publication
        if not self.dossier.is_dir():
            msg = (
                f"Les données de la publication « {publication} » manquent ({self.dossier.name}). "
                "Relancez « observatoire construire »."
            )
            raise PublicationError(msg)
        self._connexion = duckdb.connect(":memory:")
        self._connexion.execute("SET enable_object_cache = true")
        self._local = threading.local()

    def read_carte(self, indicateur: str, maille: str, periode: str, codes: list[str] | None = None) -> pd.DataFrame:
        """Observations d'un indicateur à un niveau et une période, triées par code."""
        chemin = self.dossier / "par_indicateur" / f"{indicateur}.parquet"
        if not chemin.is_file():
            return OBSERVATIONS.empty_table().to_pandas()
        return self._read(chemin, "maille = ? AND periode = ?", [maille, periode], codes)

    def read_territoire(self, maille: str, code: str) -> pd.DataFrame:
        """Toutes les observations d'un territoire."""
        chemin = self.dossier / "par_territoire" / f"{code[:3]}.parquet"
        if not chemin.is_file():
            return OBSERVATIONS.empty_table().to_pandas()
        return self._read(chemin, "code_territoire = ? AND maille = ?", [code, maille], None)

    def read_table(self, nom: str) -> pd.DataFrame:
        """Table d'appui entière (territoires, liens, ressources)."""
        return pd.read_parquet(self.dossier / f"{nom}.parquet")

    def _read(self, chemin: Path, condition: str, parametres: list[str], codes: list[str] | None) -> pd.DataFrame:
        requete = f"SELECT {_COLONNES} FROM read_parquet(?) WHERE {condition}"  # noqa: S608 -- colonnes et condition écrites ici
        valeurs: list[object] = [str(chemin), *parametres]
        if codes is not None:
            requete += " AND code_territoire IN (SELECT unnest(?))"
            valeurs.append(codes)
        return self._cursor().execute(requete + " ORDER BY code_territoire, modalite", valeurs).df()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        if not hasattr(self._local, "curseur"):
            self._local.curseur = self._connexion.cursor()
        return self._local.curseur
