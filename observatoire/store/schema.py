"""Schémas Arrow des tables de l'entrepôt ; la plus petite clé y est le territoire, jamais une personne."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

VARIABLES = pa.schema(
    [
        ("variable", pa.string()),
        ("maille", pa.string()),
        ("code_territoire", pa.string()),
        ("cog", pa.string()),
        ("periode", pa.string()),
        ("periode_mesuree", pa.string()),
        ("modalite", pa.string()),
        ("valeur", pa.float64()),
        ("borne_inf", pa.float64()),
        ("borne_sup", pa.float64()),
        ("statut", pa.string()),
        ("livraison", pa.string()),
    ]
)
"""Socle : une mesure brute. ``periode_mesuree`` diffère de ``periode`` quand le producteur reprend une
mesure plus ancienne (Mayotte, population de 2017)."""

OBSERVATIONS = pa.schema(
    [
        ("indicateur", pa.string()),
        ("maille", pa.string()),
        ("code_territoire", pa.string()),
        ("periode", pa.string()),
        ("modalite", pa.string()),
        ("cog", pa.string()),
        ("valeur", pa.float64()),
        ("borne_inf", pa.float64()),
        ("borne_sup", pa.float64()),
        ("numerateur", pa.float64()),
        ("denominateur", pa.float64()),
        ("periode_denominateur", pa.string()),
        ("statut", pa.string()),
        ("marques", pa.string()),
        ("couverture", pa.float64()),
    ]
)
"""Diffusion : ce qu'on montre. ``marques`` : statuts plus faibles, séparés par une virgule."""

TERRITOIRES = pa.schema(
    [
        ("maille", pa.string()),
        ("code", pa.string()),
        ("cog", pa.string()),
        ("libelle", pa.string()),
        ("type_liaison", pa.int8()),
        ("nature", pa.string()),
        ("zone", pa.string()),
        ("code_departement", pa.string()),
        ("chef_lieu", pa.string()),
        ("population", pa.float64()),
    ]
)

LIENS = pa.schema(
    [
        ("maille_enfant", pa.string()),
        ("code_enfant", pa.string()),
        ("maille_parent", pa.string()),
        ("code_parent", pa.string()),
    ]
)

RESSOURCES = pa.schema(
    [
        ("id", pa.string()),
        ("type", pa.string()),
        ("nom", pa.string()),
        ("adresse", pa.string()),
        ("longitude", pa.float64()),
        ("latitude", pa.float64()),
        ("position_douteuse", pa.bool_()),
        ("code_commune", pa.string()),
        ("horaires", pa.string()),
        ("problematiques", pa.string()),
        ("source", pa.string()),
        ("date_verification", pa.string()),
        ("doublon_de", pa.string()),
    ]
)


def to_arrow(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """Met un tableau à la forme d'un schéma : colonnes dans l'ordre, types imposés, ``nan`` → nul.

    Raises:
        KeyError: une colonne du schéma manque.
    """
    return pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)


def to_arrow_range(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """Comme ``to_arrow``, mais un texte rangé en catégories y reste : il n'est pas recopié à chaque ligne.

    Raises:
        KeyError: une colonne du schéma manque.
    """
    return pa.table([_to_column(frame[champ.name], champ.type) for champ in schema], names=schema.names)


def _to_column(colonne: pd.Series, genre: pa.DataType) -> pa.Array:
    if not isinstance(colonne.dtype, pd.CategoricalDtype):
        return pa.array(colonne, type=genre, from_pandas=True)
    codes = colonne.cat.codes.to_numpy(dtype="int32")
    indices = pa.array(codes, mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(colonne.cat.categories.astype(str), type=genre))


def list_textes(schema: pa.Schema) -> list[str]:
    """Colonnes de texte d'un schéma : celles que l'on range par dictionnaire."""
    return [champ.name for champ in schema if pa.types.is_string(champ.type)]


LONGUEUR_SEAU = 3
"""Signes du code qui nomment le fichier d'un territoire, dans la copie par territoire."""


def bucket_of(code: str) -> str:
    """Fichier d'un territoire dans la copie par territoire : les trois premiers signes de son code."""
    return code[:LONGUEUR_SEAU]
