"""Lieux : mettre à une forme commune les ressources de chaque source, sans en perdre une."""

from __future__ import annotations

import pandas as pd

from observatoire.ingestion.colonnes import HORAIRES
from observatoire.ingestion.horaires import summarize_horaires
from observatoire.modeles.livraisons import Manifeste
from observatoire.modeles.sources import RessourceDeclaree, Source

_CONTACT = r"[\w.+-]+@[\w-]+\.\w+|(?<!\d)(?:\+33|0)\s*[1-9](?:[\s.-]*\d{2}){4}(?!\d)"
"""Courriel ou numéro de téléphone égaré dans une adresse : il peut être celui d'une personne."""


def _without_contacts(adresses: pd.Series) -> pd.Series:
    return adresses.mask(adresses.str.contains(_CONTACT, regex=True), "")


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
    longitude, latitude = nombre(declaree.colonne_longitude), nombre(declaree.colonne_latitude)
    if declaree.colonne_position:
        # « 44.8378,-0.5792 » : la latitude vient d'abord, comme dans les exports des portails.
        paire = texte(declaree.colonne_position).str.extract(r"^\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*$").astype(float)
        latitude, longitude = latitude.fillna(paire[0]), longitude.fillna(paire[1])
    horaires = texte(HORAIRES if HORAIRES in table.columns else declaree.colonne_horaires)
    date = texte(declaree.colonne_date_verification).where(
        lambda s: s != "", declaree.date_verification or manifeste.date_extraction
    )
    return pd.DataFrame(
        {
            "id": texte(declaree.colonne_id),
            "type": declaree.type,
            "nom": texte(declaree.colonne_nom),
            "adresse": _without_contacts(texte(declaree.colonne_adresse)),
            "longitude": longitude,
            "latitude": latitude,
            "position_douteuse": douteuse,
            "code_commune": texte(declaree.colonne_code_commune),
            "horaires": summarize_horaires(horaires),
            "problematiques": ",".join(declaree.problematiques),
            "source": source.id,
            "date_verification": date,
            "doublon_de": texte(declaree.colonne_doublon_de),
        }
    )
