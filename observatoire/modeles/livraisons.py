"""Manifeste d'une livraison : d'où vient un fichier, et son empreinte."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Confidentialite(StrEnum):
    """Régime d'une livraison : donnée ouverte, ou reçue par convention."""

    OUVERTE = "ouverte"
    CONVENTION = "convention"


class Paquet(BaseModel):
    """Paquet d'un registre qui transportait la donnée."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    registre: str
    nom: str
    version: str
    fichier: str
    sha256: str


class Manifeste(BaseModel):
    """Ce qu'on sait d'un fichier livré ; il l'accompagne (``<fichier>.livraison.yaml``).

    ``millesime_geographique`` est l'année du COG dans lequel sont écrits les codes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    fichier: str
    producteur: str
    titre: str
    licence: str
    url: str = ""
    millesime: str
    millesime_geographique: str = ""
    date_extraction: str
    sha256: str
    confidentialite: Confidentialite
    lignes: int
    paquets: tuple[Paquet, ...] = ()
    notes: tuple[str, ...] = ()
