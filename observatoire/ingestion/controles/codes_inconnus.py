"""Codes inconnus d'une livraison projetée : écartés, nommés, avec leur masse."""

from __future__ import annotations

import pandas as pd

from observatoire.modeles.anomalies import Anomalie, Gravite

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
        dits = f"{', '.join(codes[:EXEMPLES])}{'…' if len(codes) > EXEMPLES else ''}"
        anomalies.append(
            Anomalie(
                code="code_inconnu",
                gravite=Gravite.A_REGARDER,
                fichier=fichier,
                message=(f"{len(codes)} code(s) inconnu(s) ({nature}) : {dits} ; écartés avec leur masse ({detail})."),
                suggestion="Vérifiez le millésime géographique du manifeste.",
                territoire=f"{nature}, {dits}",
            )
        )
    return variables[connus], anomalies
