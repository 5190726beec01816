"""Lecture rapide de la diffusion : les copies Parquet d'une publication, par Arrow ou par DuckDB en mémoire."""

from __future__ import annotations

import threading

import duckdb
import pandas as pd

from observatoire.config import Espace
from observatoire.errors import PublicationError
from observatoire.modeles.statuts import Statut
from observatoire.store.lecture_carte import read_suite
from observatoire.store.schema import OBSERVATIONS, bucket_of

CONSTANTES_D_UNE_CARTE = ("indicateur", "maille", "periode", "cog")
"""Colonnes égales pour tous les territoires d'une carte : inutile de les lire 35 000 fois."""
COLONNES_CARTE = [c for c in OBSERVATIONS.names if c not in CONSTANTES_D_UNE_CARTE]

COLONNES_MASQUEES = ("indicateur", "maille", "periode", "cases", "masquees", "population", "population_masquee")


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
        """Observations d'un indicateur à un niveau et une période (``COLONNES_CARTE``), triées par code."""
        chemin = self.dossier / "par_indicateur" / f"{indicateur}.parquet"
        if not chemin.is_file():
            return OBSERVATIONS.empty_table().select(COLONNES_CARTE).to_pandas()
        if codes is None:
            return read_suite(chemin, maille, periode, COLONNES_CARTE)
        requete = (
            f"SELECT {', '.join(COLONNES_CARTE)} FROM read_parquet(?) WHERE maille = ? AND periode = ? "  # noqa: S608 -- colonnes écrites ici
            "AND code_territoire IN (SELECT unnest(?))"
        )
        return self._read(requete, [str(chemin), maille, periode, codes])

    def read_points(self, indicateur: str, periode: str, points: list[tuple[str, str]]) -> pd.DataFrame:
        """Observations de quelques territoires (niveau, code), de niveaux différents, en une seule lecture.

        Returns:
            ``maille`` et ``COLONNES_CARTE``, sans ordre promis.
        """
        chemin = self.dossier / "par_indicateur" / f"{indicateur}.parquet"
        colonnes = ["maille", *COLONNES_CARTE]
        if not chemin.is_file() or not points:
            return OBSERVATIONS.empty_table().select(colonnes).to_pandas()
        requete = (
            f"SELECT {', '.join(colonnes)} FROM read_parquet(?) WHERE periode = ? "  # noqa: S608 -- colonnes écrites ici
            "AND (maille, code_territoire) IN (SELECT unnest(?), unnest(?))"
        )
        mailles, codes = (list(serie) for serie in zip(*points, strict=True))
        return self._read(requete, [str(chemin), periode, mailles, codes])

    def read_territoire(self, maille: str, code: str) -> pd.DataFrame:
        """Toutes les observations d'un territoire (``store.schema.OBSERVATIONS``)."""
        chemin = self.dossier / "par_territoire" / f"{bucket_of(code)}.parquet"
        if not chemin.is_file():
            return OBSERVATIONS.empty_table().to_pandas()
        requete = "SELECT * FROM read_parquet(?) WHERE code_territoire = ? AND maille = ?"
        return self._read(requete, [str(chemin), code, maille])

    def read_etendues(self, maille: str, codes: list[str]) -> pd.DataFrame:
        """Étendue des valeurs montrées de tous les indicateurs, parmi des territoires d'un niveau.

        Returns:
            ``indicateur, periode, minimum, maximum, territoires`` ; ni catégorie, ni valeur non significative.
        """
        seaux = (self.dossier / "par_territoire" / f"{s}.parquet" for s in sorted({bucket_of(c) for c in codes}))
        chemins = [str(s) for s in seaux if s.is_file()]
        if not chemins:
            return pd.DataFrame(columns=["indicateur", "periode", "minimum", "maximum", "territoires"])
        requete = (
            "SELECT indicateur, periode, min(valeur) AS minimum, max(valeur) AS maximum, count(*) AS territoires "
            "FROM read_parquet(?) WHERE maille = ? AND modalite = '' AND valeur IS NOT NULL AND statut <> ? "
            "AND code_territoire IN (SELECT unnest(?)) GROUP BY indicateur, periode"
        )
        return self._read(requete, [chemins, maille, str(Statut.NON_SIGNIFICATIF), codes])

    def count_masquees(self) -> pd.DataFrame:
        """Territoires masqués de chaque indicateur, niveau et période qui en a, et la population qu'ils portent.

        Returns:
            ``indicateur, maille, periode, cases, masquees, population, population_masquee`` ; une case est un
            territoire qui a une valeur, montrée ou masquée.
        """
        secret, absents = str(Statut.SECRET), [str(Statut.NON_DISPONIBLE), str(Statut.HORS_CHAMP)]
        # Les statistiques des fichiers écartent d'emblée ceux qui n'ont rien de masqué : presque tous.
        concernes = self._read(
            "SELECT DISTINCT indicateur FROM read_parquet(?) WHERE statut = ?",
            [f"{self.dossier}/par_indicateur/*.parquet", secret],
        ).indicateur.tolist()
        if not concernes:
            return pd.DataFrame(columns=list(COLONNES_MASQUEES))
        chemins = [str(self.dossier / "par_indicateur" / f"{nom}.parquet") for nom in sorted(concernes)]
        requete = (
            "WITH cases AS (SELECT indicateur, maille, periode, code_territoire, bool_or(statut = ?) AS masquee "
            "FROM read_parquet(?) WHERE statut NOT IN (SELECT unnest(?)) GROUP BY ALL) "
            "SELECT indicateur, cases.maille, periode, count(*) AS cases, "
            "count(*) FILTER (masquee) AS masquees, sum(population) AS population, "
            "coalesce(sum(population) FILTER (masquee), 0) AS population_masquee "
            "FROM cases LEFT JOIN read_parquet(?) t ON t.maille = cases.maille AND t.code = code_territoire "
            "GROUP BY ALL HAVING masquees > 0"
        )
        return self._read(requete, [secret, chemins, absents, str(self.dossier / "territoires.parquet")])

    def read_table(self, nom: str) -> pd.DataFrame:
        """Table d'appui entière (territoires, liens, ressources)."""
        return pd.read_parquet(self.dossier / f"{nom}.parquet")

    def _read(self, requete: str, parametres: list[object]) -> pd.DataFrame:
        # Les copies sont triées, et DuckDB rend les lignes dans leur ordre : rien à trier de nouveau.
        return self._cursor().sql(requete, params=parametres).to_arrow_table().to_pandas()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        if not hasattr(self._local, "curseur"):
            self._local.curseur = self._connexion.cursor()
        return self._local.curseur
