"""Relire ce qui est en ligne côté confidentiel : variables du socle, rattachements, manifestes."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from observatoire.config import Espace
from observatoire.ingestion.fichiers import find_livraison
from observatoire.ingestion.pipeline import read_rattachement
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.livraisons import Manifeste
from observatoire.store.schema import VARIABLES
from observatoire.store.tables import has_table, read_range


def load_variables(espace: Espace, *, version: int | None, variables: Collection[str]) -> pd.DataFrame:
    """Variables du socle à une version donnée (colonnes de ``store.schema.VARIABLES``).

    Les textes sont rangés en catégories.

    Args:
        espace: espace de travail.
        version: version de la table, épinglée par une publication ; ``None`` : il n'y en a pas encore.
        variables: noms voulus.
    """
    chemin = espace.socle / "variables"
    if version is None or not variables or not has_table(chemin):
        return to_categories(VARIABLES.empty_table())
    filtre = pc.field("variable").isin(sorted(variables))
    return read_range(chemin, VARIABLES, version=version, filtre=filtre)


def to_categories(variables: pa.Table) -> pd.DataFrame:
    """Variables en pandas, leurs textes en catégories : un million de textes répétés tiendraient trop de place."""
    for rang, champ in enumerate(variables.schema):
        if pa.types.is_string(champ.type) or pa.types.is_large_string(champ.type):
            variables = variables.set_column(rang, champ.name, variables.column(rang).dictionary_encode())
    return variables.to_pandas()


def read_rattachements(espace: Espace, catalogue: Catalogue, sources: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Rattachements livrés avec ces sources, par source qui en a un."""
    declares = {s: catalogue.sources[s].rattachement for s in sources}
    return {s: read_rattachement(espace, declare) for s, declare in declares.items() if declare}


def read_manifestes(espace: Espace, catalogue: Catalogue, sources: Iterable[str]) -> dict[str, Manifeste]:
    """Manifeste de chaque fichier livré pour ces sources.

    Raises:
        SourceError: un fichier manque ou a changé.
    """
    fichiers = {livraison.fichier for s in sources for livraison in catalogue.sources[s].livraisons}
    return {fichier: find_livraison(espace, fichier).manifeste for fichier in sorted(fichiers)}
