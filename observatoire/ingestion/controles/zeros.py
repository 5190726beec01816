"""Zéros vrais d'une source exhaustive : l'absence d'un territoire y vaut zéro."""

from __future__ import annotations

import pandas as pd

from observatoire.modeles.sources import Source
from observatoire.modeles.statuts import Statut
from observatoire.territoires.referentiel import Referentiel


def complete_zeros(referentiel: Referentiel, variables: pd.DataFrame, source: Source, *, cog: str) -> pd.DataFrame:
    """Ajoute les zéros vrais d'une source exhaustive : les territoires de son champ sans ligne.

    Sans ``zero_si_absent``, rien n'est ajouté : l'absence reste une absence.
    """
    if not source.zero_si_absent:
        return variables
    attendus = referentiel.list_territoires(source.maille, cog)
    if source.departements:
        attendus = attendus[attendus.code_departement.isin(source.departements)]
    gabarit = variables.drop_duplicates(["variable", "modalite"]).drop(
        columns=["code_territoire", "valeur", "borne_inf", "borne_sup", "statut"]
    )
    complet = gabarit.merge(attendus[["code"]].rename(columns={"code": "code_territoire"}), how="cross")
    presents = pd.MultiIndex.from_frame(variables[["variable", "modalite", "code_territoire"]])
    voulus = pd.MultiIndex.from_frame(complet[["variable", "modalite", "code_territoire"]])
    manquants = complet[~voulus.isin(presents)].assign(
        valeur=0.0, borne_inf=0.0, borne_sup=0.0, statut=str(Statut.PUBLIE)
    )
    return pd.concat([variables, manquants], ignore_index=True)
