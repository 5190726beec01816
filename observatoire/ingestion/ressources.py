"""Lieux : mettre à une forme commune les ressources de chaque source, sans en perdre une."""

from __future__ import annotations

import pandas as pd

from observatoire.ingestion.horaires import summarize_horaires
from observatoire.modeles.livraisons import Manifeste
from observatoire.modeles.sources import RessourceDeclaree, Source


def build_ressources(
    source: Source, declaree: RessourceDeclaree, table: pd.DataFrame, manifeste: Manifeste
) -> pd.DataFrame:
    """Tire d'une table livrée ses lieux, aux colonnes de ``store.schema.RESSOURCES``.

    Une position absente ou douteuse garde son lieu : il n'est que signalé.
    """

    def texte(colonne: str | None) -> pd.Series:
        if colonne is None:
            return pd.Series("", index=table.index)
        return table[colonne].fillna("").astype(str).str.replace("\n", ", ", regex=False)

    def nombre(colonne: str | None) -> pd.Series:
        if colonne is None:
            return pd.Series(float("nan"), index=table.index)
        return pd.to_numeric(table[colonne], errors="coerce")

    douteuse = (
        table[declaree.colonne_position_douteuse].fillna(value=False).astype(bool)
        if declaree.colonne_position_douteuse
        else pd.Series(data=False, index=table.index)
    )
    horaires = texte(declaree.colonne_horaires)
    date = texte(declaree.colonne_date_verification).where(
        lambda s: s != "", declaree.date_verification or manifeste.date_extraction
    )
    return pd.DataFrame(
        {
            "id": texte(declaree.colonne_id),
            "type": declaree.type,
            "nom": texte(declaree.colonne_nom),
            "adresse": texte(declaree.colonne_adresse),
            "longitude": nombre(declaree.colonne_longitude),
            "latitude": nombre(declaree.colonne_latitude),
            "position_douteuse": douteuse,
            "code_commune": texte(declaree.colonne_code_commune),
            "horaires": summarize_horaires(horaires),
            "problematiques": ",".join(declaree.problematiques),
            "source": source.id,
            "date_verification": date,
            "doublon_de": texte(declaree.colonne_doublon_de),
        }
    )
