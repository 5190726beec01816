"""Référentiel territorial lu d'un dossier : territoires, appartenances, codes postaux."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from observatoire.config import COG_CIBLE
from observatoire.errors import ConfigurationError
from observatoire.modeles.mailles import Maille

if TYPE_CHECKING:
    import geopandas as gpd

CODE_FRANCE = "FR"
PARTAGES = ["cog", "maille_enfant", "code_enfant", "maille_parent", "code_parent", "poids"]


_VIDE = pd.DataFrame({c: pd.Series(dtype=float if c == "poids" else str) for c in PARTAGES})


@dataclass(frozen=True)
class Referentiel:
    """Référentiel de tous les COG embarqués.

    Attributes:
        dossier: dossier des fichiers (``data/referentiel``).
        cog: millésime cible, dans lequel on publie.
        tables: tables qui remplacent, en mémoire, celles du dossier (découpages d'un espace, COG
            reconstruits) ; par nom de propriété.
    """

    dossier: Path
    cog: str = COG_CIBLE
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    def with_tables(self, **tables: pd.DataFrame) -> Referentiel:
        """Même référentiel, où ces tables remplacent celles du dossier ; rien n'est écrit."""
        return replace(self, tables={**self.tables, **tables})

    def with_lignes(self, **ajouts: list[pd.DataFrame]) -> Referentiel:
        """Même référentiel, où ces lignes s'ajoutent aux tables, aux types de colonnes près inchangées."""
        tables = {}
        for nom, morceaux in ajouts.items():
            table: pd.DataFrame = getattr(self, nom)
            pleins = [m for m in morceaux if not m.empty]
            if pleins:
                suite = pd.concat([m.reindex(columns=table.columns).astype(table.dtypes) for m in pleins])
                tables[nom] = pd.concat([table, suite], ignore_index=True) if len(table) else suite
        return self.with_tables(**tables)

    @cached_property
    def territoires(self) -> pd.DataFrame:
        """Territoires : cog, maille, code, libelle, type_liaison, nature, zone, code_departement…"""
        return self._read("territoires")

    @cached_property
    def appartenances(self) -> pd.DataFrame:
        """Appartenances : cog, maille_enfant, code_enfant, maille_parent, code_parent."""
        return self._read("appartenances")

    @cached_property
    def passages(self) -> pd.DataFrame:
        """Passages entre COG consécutifs : cog_de, cog_vers, code_de, code_vers, nature, poids."""
        return self._read("passages")

    @cached_property
    def codes_postaux(self) -> pd.DataFrame:
        """Codes postaux : code_postal, code_commune."""
        return self._read("codes_postaux")

    @cached_property
    def anciennes_communes(self) -> pd.DataFrame:
        """Communes disparues : code_ancien, libelle_ancien, code_commune, nature."""
        return self._read("anciennes_communes")

    @cached_property
    def contiguites(self) -> pd.DataFrame:
        """Paires qui se touchent, ``code_a < code_b`` : maille_a, code_a, maille_b, code_b, longueur_km.

        Communes et arrondissements municipaux du COG cible ; une île n'y figure pas.
        """
        return self._read("contiguites")

    @cached_property
    def partages(self) -> pd.DataFrame:
        """Unités qui se partagent entre plusieurs territoires d'un niveau : ``PARTAGES``.

        Vide dans le dossier : seuls les découpages d'un espace en ont (``territoires.zonages``). Une
        unité partagée a aussi, dans ``appartenances``, le parent qui en tient la plus grande part.
        """
        return self.tables.get("partages", _VIDE)

    @cached_property
    def cogs(self) -> tuple[str, ...]:
        """Millésimes du COG embarqués, du plus ancien au plus récent."""
        communes = self.territoires.maille == Maille.COMMUNE
        return tuple(sorted(self.territoires.cog[communes].unique()))

    @cached_property
    def cog_iris(self) -> str:
        """Millésime dans lequel sont connus les IRIS."""
        iris = self.territoires.query("maille == 'iris'")
        return str(iris.cog.iloc[0])

    def cog_of(self, maille: Maille) -> str:
        """Millésime dans lequel un niveau est connu : celui du COG cible, sauf pour les IRIS."""
        return self.cog_iris if maille is Maille.IRIS else self.cog

    def list_territoires(self, maille: Maille, cog: str | None = None) -> pd.DataFrame:
        """Territoires d'un niveau, triés par code."""
        cle = (str(maille), cog or self.cog_of(maille))
        if cle not in self._niveaux:
            t = self.territoires
            gardes = (t.maille == cle[0]) & (t.cog == cle[1])
            self._niveaux[cle] = t[gardes].sort_values("code").reset_index(drop=True)
        return self._niveaux[cle]

    @cached_property
    def _niveaux(self) -> dict[tuple[str, str], pd.DataFrame]:
        """Niveaux déjà triés : un dépôt en redemande une dizaine de fois."""
        return {}

    def list_communes(self, cog: str) -> pd.Index:
        """Codes des communes d'un COG (métropole et départements d'outre-mer)."""
        return pd.Index(self.list_territoires(Maille.COMMUNE, cog).code)

    def list_liens(self, enfant: Maille, parent: Maille, cog: str | None = None) -> pd.DataFrame:
        """Liens ``code_enfant, code_parent`` entre deux niveaux."""
        voulu = cog or self.cog_of(enfant)
        a = self.appartenances
        gardes = (a.cog == voulu) & (a.maille_enfant == enfant) & (a.maille_parent == parent)
        return a.loc[gardes, ["code_enfant", "code_parent"]].reset_index(drop=True)

    def load_contours(self) -> gpd.GeoDataFrame:
        """Contours des communes (WGS 84) : code, zone, superficie_km2, geometry."""
        import geopandas

        return geopandas.read_parquet(self.dossier / "contours_communes.parquet")

    def load_contours_arrondissements_municipaux(self) -> gpd.GeoDataFrame:
        """Contours des arrondissements de Paris, Lyon et Marseille (WGS 84) : code, geometry."""
        import geopandas

        return geopandas.read_parquet(self.dossier / "contours_arrondissements_municipaux.parquet")

    def _read(self, nom: str) -> pd.DataFrame:
        return self.tables[nom] if nom in self.tables else _read(self.dossier / f"{nom}.parquet")


def _read(chemin: Path) -> pd.DataFrame:
    if not chemin.is_file():
        msg = (
            f"Le référentiel territorial est incomplet : « {chemin.name} » manque dans {chemin.parent}. "
            "Reprenez le dossier data/referentiel du dépôt, ou reconstruisez-le par « make donnees »."
        )
        raise ConfigurationError(msg)
    etat = chemin.stat()
    return _read_parquet(chemin, etat.st_mtime_ns, etat.st_size)


@lru_cache(maxsize=12)
def _read_parquet(chemin: Path, _modifie: int, _taille: int) -> pd.DataFrame:
    """Lit une table une fois par processus, tant que le fichier n'a pas changé ; nul ne la modifie."""
    return pd.read_parquet(chemin)
