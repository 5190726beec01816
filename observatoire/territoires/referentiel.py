"""Référentiel territorial lu d'un dossier : territoires, appartenances, codes postaux."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from observatoire.config import COG_CIBLE
from observatoire.errors import ConfigurationError
from observatoire.modeles.mailles import Maille

if TYPE_CHECKING:
    import geopandas as gpd

CODE_FRANCE = "FR"


@dataclass(frozen=True)
class Referentiel:
    """Référentiel de tous les COG embarqués.

    Attributes:
        dossier: dossier des fichiers (``data/referentiel``).
        cog: millésime cible, dans lequel on publie.
    """

    dossier: Path
    cog: str = COG_CIBLE

    @cached_property
    def territoires(self) -> pd.DataFrame:
        """Territoires : cog, maille, code, libelle, type_liaison, nature, zone, code_departement…"""
        return _read(self.dossier / "territoires.parquet")

    @cached_property
    def appartenances(self) -> pd.DataFrame:
        """Appartenances : cog, maille_enfant, code_enfant, maille_parent, code_parent."""
        return _read(self.dossier / "appartenances.parquet")

    @cached_property
    def passages(self) -> pd.DataFrame:
        """Passages entre COG consécutifs : cog_de, cog_vers, code_de, code_vers, nature, poids."""
        return _read(self.dossier / "passages.parquet")

    @cached_property
    def codes_postaux(self) -> pd.DataFrame:
        """Codes postaux : code_postal, code_commune."""
        return _read(self.dossier / "codes_postaux.parquet")

    @cached_property
    def anciennes_communes(self) -> pd.DataFrame:
        """Communes disparues : code_ancien, libelle_ancien, code_commune, nature."""
        return _read(self.dossier / "anciennes_communes.parquet")

    @cached_property
    def contiguites(self) -> pd.DataFrame:
        """Paires qui se touchent, ``code_a < code_b`` : maille_a, code_a, maille_b, code_b, longueur_km.

        Communes et arrondissements municipaux du COG cible ; une île n'y figure pas.
        """
        return _read(self.dossier / "contiguites.parquet")

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
        voulu = cog or self.cog_of(maille)
        t = self.territoires
        return t[(t.maille == maille) & (t.cog == voulu)].sort_values("code").reset_index(drop=True)

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


def _read(chemin: Path) -> pd.DataFrame:
    if not chemin.is_file():
        msg = (
            f"Le référentiel territorial est incomplet : « {chemin.name} » manque dans {chemin.parent}. "
            "Reprenez le dossier data/referentiel du dépôt, ou reconstruisez-le par « make donnees »."
        )
        raise ConfigurationError(msg)
    return pd.read_parquet(chemin)
