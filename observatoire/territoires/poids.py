"""Poids d'un passage : la part de population de chaque commune, au recensement qui les connaît toutes.

Une scission partage la commune d'avant entre celles d'après ; remonter une fusion partage la commune
d'après entre celles d'avant. Dans les deux cas, les communes d'une même famille sont pesées au même
recensement, le plus proche qui les donne toutes : une commune n'y a pas encore changé de contours.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.errors import AppelError
from observatoire.modeles.mailles import Maille
from observatoire.territoires.referentiel import Referentiel

POPULATIONS = ["annee", "code", "population"]
"""Populations : année du COG des codes, code, habitants."""
_COLONNES = ["cog", "code", "population_municipale"]
HABITANTS_MINIMUM = 1.0
"""Une commune sans habitant pèse un habitant : sa part ne doit pas passer pour un passage exact."""
EXEMPLES = 5


def load_populations(referentiel: Referentiel, codes: pd.Index | None = None) -> pd.DataFrame:
    """Population des communes (ou de celles de ``codes``) à chaque COG embarqué (``POPULATIONS``).

    Une commune née d'une fusion dans l'année peut n'avoir encore que la population de son chef-lieu :
    elle reçoit alors celle de toutes les communes réunies.
    """
    t, p = referentiel.territoires, referentiel.passages
    if codes is not None:
        t = t[codes.get_indexer(pd.Index(t.code)) >= 0]
    communes = t.loc[(t.maille == Maille.COMMUNE) & t.population_municipale.notna(), _COLONNES]
    table = communes.set_axis(POPULATIONS, axis=1)
    habitants = table.set_index(["annee", "code"]).population
    absorbees = p[(p.poids == 1.0) & (p.code_de != p.code_vers)]
    apport = pd.Series(_read(habitants, absorbees.cog_de, absorbees.code_de), index=absorbees.index).fillna(0.0)
    ajout = apport.groupby([absorbees.cog_de, absorbees.cog_vers, absorbees.code_vers]).sum().reset_index(name="ajout")
    avant = _read(habitants, ajout.cog_de, ajout.code_vers)
    ajout = ajout[(_read(habitants, ajout.cog_vers, ajout.code_vers) == avant) & (ajout.ajout > 0)]
    complement = ajout.rename(columns={"cog_vers": "annee", "code_vers": "code"})[["annee", "code", "ajout"]]
    table = table.merge(complement, on=["annee", "code"], how="left")
    table["population"] += table.ajout.fillna(0.0)
    return table[POPULATIONS]


def _read(habitants: pd.Series, annee: pd.Series, code: pd.Series) -> NDArray[np.float64]:
    """Habitants de chaque couple ; ``nan`` s'il est inconnu."""
    return habitants.reindex(pd.MultiIndex.from_arrays([annee, code])).to_numpy(dtype=float)


def compute_parts(
    familles: pd.DataFrame, populations: pd.DataFrame, annee: str, *, cote: Literal["avant", "apres"]
) -> pd.DataFrame:
    """Pèse les membres de familles de communes par leur population.

    Args:
        familles: ``famille, code`` ; une ligne par membre.
        populations: ``POPULATIONS``.
        annee: année où ces communes existent.
        cote: à distance égale de ``annee``, le recensement préféré.

    Returns:
        ``famille, code, population, recensement``, une ligne par membre.

    Raises:
        AppelError: aucun recensement ne donne toutes les communes d'une famille.
    """
    if familles.empty:
        return familles.assign(population=0.0, recensement="")
    membres = familles.merge(populations, on="code")
    taille = familles.groupby("famille").size()
    complets = membres.groupby(["famille", "annee"], as_index=False).agg(trouves=("code", "nunique"))
    complets = complets[complets.trouves.to_numpy() == complets.famille.map(taille).to_numpy()]
    ecart = complets.annee.astype(int) - int(annee)
    mauvais_cote = (ecart > 0) if cote == "avant" else (ecart < 0)
    choisi = (
        complets.assign(distance=ecart.abs(), mauvais=mauvais_cote)
        .sort_values(["famille", "distance", "mauvais"])
        .drop_duplicates("famille")[["famille", "annee"]]
    )
    sans = familles[~familles.famille.isin(choisi.famille)]
    if not sans.empty:
        _refuse(sans, annee)
    pesees = membres.merge(choisi, on=["famille", "annee"]).rename(columns={"annee": "recensement"})
    pesees["population"] = pesees.population.clip(lower=HABITANTS_MINIMUM)
    return pesees[["famille", "code", "population", "recensement"]]


def _refuse(sans: pd.DataFrame, annee: str) -> None:
    codes = sorted(set(sans.code))
    exemples = ", ".join(codes[:EXEMPLES]) + ("…" if len(codes) > EXEMPLES else "")
    msg = (
        f"Aucune population connue pour partager {sans.famille.nunique()} commune(s) du COG {annee} "
        f"({exemples}). Donnez les populations de toutes ces communes à une même date : un partage à "
        "parts égales serait faux."
    )
    raise AppelError(msg)
