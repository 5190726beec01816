"""Logement à la commune : zonage ABC (2024) et valeur locative moyenne (2017-2022)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from data.recette.archives import Archives

DOSSIER = "openfisca_france/assets"
ANNEES_TH = ("2017", "2018", "2019", "2020", "2021", "2022")
ZONES = {"Abis": "A bis", "A": "A", "B1": "B1", "B2": "B2", "C": "C"}
LONGUEUR_CODE = 5


def build_zonage_abc(archives: Archives) -> pd.DataFrame:
    """Zone de tension du logement de chaque commune."""
    octets = archives.read_membre("openfisca_france", f"{DOSSIER}/zonage-communes/zonage-abc-juillet-2024.csv")
    brut = pd.read_csv(io.BytesIO(octets), sep=";", dtype=str)
    zone = brut["Zone en vigueur depuis le 5 juillet 2024"].map(ZONES)
    if zone.isna().any():
        message = "Zone ABC inconnue."
        raise ValueError(message)
    return pd.DataFrame({"code_commune": brut["CODGEO"], "zone": zone})


def build_taxe_habitation(archives: Archives, annee: str) -> tuple[pd.DataFrame, list[str], dict[str, int]]:
    """Valeur locative moyenne par commune ; codes mal formés écartés ; zéros vidés.

    Une valeur locative moyenne nulle n'existe pas : le zéro du fichier veut dire que
    la valeur manque, il devient une absence.
    """
    octets = archives.read_membre("openfisca_france", f"{DOSSIER}/taxe_habitation/parametres_th_{annee}.csv")
    brut = pd.read_csv(io.BytesIO(octets), dtype=str)
    table = pd.DataFrame(
        {
            "code_commune": brut["code_insee_commune"],
            "valeur_locative_moyenne": pd.to_numeric(brut["valeur_locative_moyenne_com"]),
            "valeur_locative_moyenne_epci": pd.to_numeric(brut["valeur_locative_moyenne_epci"]),
        }
    )
    bien_formes = table["code_commune"].str.len() == LONGUEUR_CODE
    ecartes = sorted(table.loc[~bien_formes, "code_commune"])
    table = table[bien_formes]
    valeurs = ["valeur_locative_moyenne", "valeur_locative_moyenne_epci"]
    zeros = {colonne: int((table[colonne] == 0).sum()) for colonne in valeurs}
    table[valeurs] = table[valeurs].astype("Int64").mask(table[valeurs] == 0)
    return table, ecartes, zeros
