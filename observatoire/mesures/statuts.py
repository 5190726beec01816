"""Statuts en tableaux : les coder, les combiner, les déduire d'une couverture."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.modeles.statuts import RANGS, Statut

Rangs = NDArray[np.int8]

COUVERTURE_COMPLETE = 0.9999999
"""À partir d'ici la couverture est entière (le reste est une erreur d'arrondi)."""
COUVERTURE_AFFICHEE = 0.95
"""Seuil à partir duquel un rapport s'affiche sans réserve (paramètre, méthodes §3.4)."""
COUVERTURE_MINIMALE = 0.80
"""Sous ce seuil rien n'est affiché (paramètre, méthodes §3.4)."""


def encode_statuts(statuts: pd.Series) -> Rangs:
    """Traduit une colonne de statuts en rangs (entiers courts)."""
    return np.asarray(statuts.map({str(s): r for s, r in RANGS.items()}), dtype=np.int8)


def decode_statuts(rangs: Rangs) -> NDArray[np.object_]:
    """Traduit des rangs en statuts écrits."""
    return np.array([str(s) for s in Statut], dtype=object)[rangs]


def combine_statuts(*rangs: Rangs) -> Rangs:
    """Garde, case par case, le statut le plus fort."""
    return np.maximum.reduce(rangs)


def degrade_for_couverture(rangs: Rangs, couverture: NDArray[np.float64], *, effectif: bool) -> Rangs:
    """Durcit les statuts d'après la part couverte du territoire (méthodes §3.4).

    Sous 80 %, rien n'est affichable ; de 80 à 95 % un rapport est ``partiel`` ; un effectif, qu'on
    n'extrapole jamais, est ``partiel`` dès qu'une unité manque.
    """
    plancher = COUVERTURE_COMPLETE if effectif else COUVERTURE_AFFICHEE
    partiel = np.where(couverture < plancher, Statut.PARTIEL.rang, Statut.PUBLIE.rang)
    absent = np.where(couverture < COUVERTURE_MINIMALE, Statut.NON_DISPONIBLE.rang, 0)
    return np.maximum.reduce([rangs, partiel.astype(np.int8), absent.astype(np.int8)])
