"""Fabrique de contextes d'essai."""

from __future__ import annotations

import numpy as np
import pandas as pd

from observatoire.ingestion.controles import ContexteControle, Precedent
from observatoire.modeles.lots import Lot, Mesures
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import Source


def build_source(variables=None, **autres):
    fiche = {
        "id": "essai", "libelle": "Source d'essai", "producteur": "Essai", "licence": "Licence Ouverte",
        "rythme": "annuel", "maille": "commune", "colonne_code": "code",
        "variables": variables or {"v": {"libelle": "V", "unite": "foyers", "colonne": "n"}},
    }  # fmt: skip
    return Source.model_validate(fiche | autres)


def build_mesures(valeurs):
    valeurs = np.asarray(valeurs, dtype=np.float64)
    statuts = np.where(np.isnan(valeurs), 5, 0).astype(np.uint8)
    return Mesures(valeurs, statuts, np.arange(2, len(valeurs) + 2))


def build_lot(codes, periode="2024", cog="2026", maille=Maille.COMMUNE, **mesures):
    return Lot(maille, periode, cog, pd.Index(codes), {nom: build_mesures(v) for nom, v in mesures.items()})


def build_contexte(referentiel, lot, source=None, **autres):
    lots = lot if isinstance(lot, tuple) else (lot,)
    return ContexteControle("essai.csv", source or build_source(), lots, referentiel, **autres)


def build_precedents(codes, maille=Maille.COMMUNE, periode="2023", **valeurs):
    return {
        (nom, maille): Precedent(periode, pd.Index(codes), np.asarray(v, dtype=np.float64))
        for nom, v in valeurs.items()
    }


def list_codes(anomalies):
    return [a.code for a in anomalies]
