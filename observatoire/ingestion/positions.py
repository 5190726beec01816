"""Coordonnées d'une liste de lieux, lues pour être contrôlées."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from observatoire.ingestion.colonnes import Plan
from observatoire.ingestion.controles import Positions
from observatoire.ingestion.lecteurs import parse_nombres
from observatoire.modeles.tables import TableLue

_PAIRE = r"^\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*$"


def read_positions(
    plan: Plan, table: TableLue, numeros: NDArray[np.int64], codes: NDArray[np.object_]
) -> Positions | None:
    """Coordonnées des lignes retenues ; ``None`` si la source n'en déclare pas.

    Args:
        plan: déclaration résolue.
        table: table lue.
        numeros: lignes du producteur retenues.
        codes: code de commune de chacune.
    """
    lieu = plan.source.ressource
    if lieu is None or not (lieu.colonne_position or (lieu.colonne_longitude and lieu.colonne_latitude)):
        return None
    garde = np.isin(table.lignes, numeros)
    lignes = table.lignes[garde]
    donnees = table.donnees.filter(pa.array(garde))
    ordre = pd.Index(numeros).get_indexer(pd.Index(lignes))
    if lieu.colonne_position:
        paire = donnees[plan.name(lieu.colonne_position)].to_pandas().astype("string").str.extract(_PAIRE)
        latitude, longitude = (paire[rang].astype("Float64").to_numpy(float, na_value=np.nan) for rang in (0, 1))
    else:
        longitude, latitude = (
            parse_nombres(donnees[plan.name(nom)])[0] for nom in (lieu.colonne_longitude, lieu.colonne_latitude) if nom
        )
    return Positions(longitude, latitude, pd.Index(codes[ordre].astype(str)), lignes)
