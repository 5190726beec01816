"""Contrôles d'une livraison projetée : codes inconnus, zéros d'une source exhaustive."""

from __future__ import annotations

import pandas as pd

from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.sources import Source
from observatoire.modeles.statuts import Statut
from observatoire.territoires.referentiel import Referentiel

EXEMPLES = 5


def split_codes_inconnus(
    variables: pd.DataFrame, attendus: pd.Index, *, nature: str, fichier: str
) -> tuple[pd.DataFrame, list[Anomalie]]:
    """Écarte, en les nommant et avec leur masse, les codes qu'on n'attend pas.

    Args:
        variables: variables projetées.
        attendus: codes connus du COG, ou du rattachement livré avec la source.
        nature: ce que sont ces codes, pour le message (« commune du COG 2024 »).
        fichier: fichier livré.
    """
    connus = attendus.get_indexer(pd.Index(variables.code_territoire)) >= 0
    ecartes = variables[~connus]
    anomalies = []
    if not ecartes.empty:
        codes = ecartes.code_territoire.unique()
        masses = ecartes.groupby("variable").valeur.sum()
        detail = ", ".join(f"{nom} : {masse:g}" for nom, masse in masses.items())
        anomalies.append(
            Anomalie(
                code="code_inconnu",
                gravite=Gravite.A_REGARDER,
                fichier=fichier,
                message=(
                    f"{len(codes)} code(s) inconnu(s) ({nature}) : "
                    f"{', '.join(codes[:EXEMPLES])}{'…' if len(codes) > EXEMPLES else ''} ; "
                    f"écartés avec leur masse ({detail})."
                ),
                suggestion="Vérifiez le millésime géographique du manifeste.",
            )
        )
    return variables[connus], anomalies


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
