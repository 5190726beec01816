"""Emprises, en degrés, des territoires français : de quoi dire qu'un point n'y est pas."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.ingestion.controles.contexte import Positions

EMPRISES = {
    "metropole": (-5.3, 41.2, 9.7, 51.2),
    "971": (-61.9, 15.8, -60.9, 16.6),
    "972": (-61.3, 14.3, -60.7, 15.0),
    "973": (-54.7, 2.0, -51.5, 5.9),
    "974": (55.1, -21.5, 55.9, -20.8),
    "976": (44.9, -13.1, 45.4, -12.5),
    "975": (-56.6, 46.7, -56.0, 47.2),
    "977": (-63.0, 17.8, -62.7, 18.0),
    "978": (-63.2, 18.0, -62.9, 18.2),
    "986": (-178.3, -14.4, -176.0, -13.1),
    "987": (-155.0, -28.0, -134.0, -7.5),
    "988": (163.0, -23.0, 168.5, -19.0),
}
"""Longitude et latitude minimales puis maximales, un peu larges, par département ou collectivité."""

_ZONES = pd.Index(list(EMPRISES))


def list_zones(positions: Positions) -> NDArray[np.int64]:
    """Rang, dans ``EMPRISES``, de la zone de chaque point d'après son code de commune ; −1 s'il est inconnu."""
    if not len(positions.codes):
        return np.full(len(positions.longitude), -1, dtype=np.int64)
    codes = pd.Series(positions.codes, dtype=object).fillna("").astype(str)
    prefixes = codes.str[:3].where(codes.str[:2].isin(["97", "98"]), "metropole").where(codes != "", "")
    return np.asarray(_ZONES.get_indexer(pd.Index(prefixes)), dtype=np.int64)
