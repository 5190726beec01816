"""Tables d'appui d'une publication : territoires, liens, lieux."""

from __future__ import annotations

import pandas as pd

from observatoire.modeles.mailles import MAILLES_PUBLIABLES, Maille
from observatoire.store.schema import LIENS, TERRITOIRES
from observatoire.territoires.referentiel import Referentiel

MAILLES_A_PART = (Maille.COMMUNE_COM, Maille.COLLECTIVITE_OUTREMER)
"""Listées, mais hors du champ des indicateurs (métropole et départements d'outre-mer)."""


def build_territoires(referentiel: Referentiel, population: pd.Series) -> pd.DataFrame:
    """Territoires du COG cible (et IRIS dans le leur), avec leur population la plus récente.

    Args:
        referentiel: référentiel territorial.
        population: population municipale, par couple (maille, code).
    """
    lots = [referentiel.list_territoires(m) for m in (*MAILLES_PUBLIABLES, *MAILLES_A_PART)]
    tous = pd.concat(lots, ignore_index=True)
    cle = pd.MultiIndex.from_frame(tous[["maille", "code"]])
    tous["population"] = population.reindex(cle).to_numpy()
    # Un IRIS n'a pas de département dans le COG : il a celui de sa commune.
    sans = tous.code_departement.isna() & (tous.maille == Maille.IRIS)
    if sans.any():
        par_commune = referentiel.list_territoires(Maille.COMMUNE, referentiel.cog_iris).set_index("code")
        liens = referentiel.list_liens(Maille.IRIS, Maille.COMMUNE).drop_duplicates("code_enfant")
        departement = liens.set_index("code_enfant").code_parent.map(par_commune.code_departement)
        tous.loc[sans, "code_departement"] = tous.code[sans].map(departement)
    return tous[TERRITOIRES.names]


def build_liens(referentiel: Referentiel) -> pd.DataFrame:
    """Liens entre niveaux du COG cible, et IRIS → commune dans le leur."""
    a = referentiel.appartenances
    cible = a[a.cog == referentiel.cog]
    iris = a[(a.cog == referentiel.cog_iris) & (a.maille_enfant == Maille.IRIS)]
    return pd.concat([cible, iris], ignore_index=True)[LIENS.names].drop_duplicates()
