"""Manifeste d'une livraison : d'où vient un fichier, et son empreinte."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

COLONNE_RAPPEL = "territoire (rappel)"
"""Colonne d'un modèle à remplir : elle nomme le territoire de chaque ligne, et n'est jamais lue."""


class Confidentialite(StrEnum):
    """Régime d'une livraison.

    ``convention_protegee`` : reçue par convention, mais déjà arrondie ou masquée par son producteur.
    """

    OUVERTE = "ouverte"
    CONVENTION = "convention"
    CONVENTION_PROTEGEE = "convention_protegee"


class NatureDepot(StrEnum):
    """Ce qu'un dépôt fait de ce qui est déjà là."""

    NOUVELLE = "nouvelle"
    """Une période qui n'existait pas."""
    REMPLACE = "remplace"
    """La période entière est remplacée."""
    COMPLETE = "complete"
    """Des territoires s'ajoutent ; ceux qui étaient là ne changent pas."""
    CORRIGE = "corrige"
    """Des chiffres publiés étaient faux : l'ancien est rappelé à côté du nouveau."""


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

    ``millesime_geographique`` est l'année du COG dans lequel sont écrits les codes. Copié à côté d'une publication,
    celui d'un fichier d'effectifs exacts porte une empreinte à clé et tait son nombre de lignes
    (``registres.cle``).
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
    lignes: int | None
    paquets: tuple[Paquet, ...] = ()
    notes: tuple[str, ...] = ()
