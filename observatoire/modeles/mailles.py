"""Mailles (niveaux géographiques) : code, libellés, rang."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Maille(StrEnum):
    """Niveau géographique d'une observation."""

    CARREAU = "carreau"
    RECTANGLE = "rectangle"
    IRIS = "iris"
    COMMUNE = "commune"
    ARRONDISSEMENT_MUNICIPAL = "arrondissement_municipal"
    EPCI = "epci"
    EPT = "ept"
    CANTON_VILLE = "canton_ville"
    ARRONDISSEMENT = "arrondissement"
    DEPARTEMENT = "departement"
    REGION = "region"
    FRANCE = "france"
    COMMUNE_COM = "commune_com"
    COLLECTIVITE_OUTREMER = "collectivite_outremer"
    TERRITOIRE_ACTION_SOCIALE = "territoire_action_sociale"
    SECTEUR_MDS = "secteur_mds"
    QPV = "qpv"
    SECTEUR = "secteur"

    @property
    def libelle(self) -> str:
        """Nom au singulier, tel qu'on l'affiche."""
        return _LIBELLES[self].singulier

    @property
    def libelle_pluriel(self) -> str:
        """Nom au pluriel, tel qu'on l'affiche."""
        return _LIBELLES[self].pluriel


class _Libelle(NamedTuple):
    singulier: str
    pluriel: str


_LIBELLES = {
    Maille.CARREAU: _Libelle("carreau de 200 m", "carreaux de 200 m"),
    Maille.RECTANGLE: _Libelle("groupe de carreaux", "groupes de carreaux"),
    Maille.IRIS: _Libelle("IRIS", "IRIS"),
    Maille.COMMUNE: _Libelle("commune", "communes"),
    Maille.ARRONDISSEMENT_MUNICIPAL: _Libelle("arrondissement municipal", "arrondissements municipaux"),
    Maille.EPCI: _Libelle("EPCI", "EPCI"),
    Maille.EPT: _Libelle("établissement public territorial", "établissements publics territoriaux"),
    Maille.CANTON_VILLE: _Libelle("canton ou ville", "cantons ou villes"),
    Maille.ARRONDISSEMENT: _Libelle("arrondissement", "arrondissements"),
    Maille.DEPARTEMENT: _Libelle("département", "départements"),
    Maille.REGION: _Libelle("région", "régions"),
    Maille.FRANCE: _Libelle("France", "France"),
    Maille.COMMUNE_COM: _Libelle("commune de collectivité d'outre-mer", "communes des collectivités d'outre-mer"),
    Maille.COLLECTIVITE_OUTREMER: _Libelle("collectivité d'outre-mer", "collectivités d'outre-mer"),
    Maille.TERRITOIRE_ACTION_SOCIALE: _Libelle("territoire d'action sociale", "territoires d'action sociale"),
    Maille.SECTEUR_MDS: _Libelle("secteur de maison des solidarités", "secteurs de maisons des solidarités"),
    Maille.QPV: _Libelle("quartier prioritaire", "quartiers prioritaires"),
    Maille.SECTEUR: _Libelle("secteur", "secteurs"),
}

MAILLES_ZONAGES = (Maille.TERRITOIRE_ACTION_SOCIALE, Maille.SECTEUR_MDS, Maille.QPV, Maille.SECTEUR)
"""Découpages d'un espace, livrés en listes de communes ou d'IRIS ; ailleurs, ils n'existent pas."""

MAILLES_DIFFUSEES = (
    Maille.IRIS,
    Maille.COMMUNE,
    Maille.ARRONDISSEMENT_MUNICIPAL,
    Maille.EPCI,
    Maille.EPT,
    Maille.CANTON_VILLE,
    Maille.ARRONDISSEMENT,
    Maille.DEPARTEMENT,
    Maille.REGION,
    Maille.FRANCE,
)
"""Niveaux auxquels un indicateur peut être publié, du plus fin au plus large."""

MAILLES_DEPUIS_COMMUNE = (
    Maille.EPCI,
    Maille.EPT,
    Maille.CANTON_VILLE,
    Maille.ARRONDISSEMENT,
    Maille.DEPARTEMENT,
    Maille.REGION,
    Maille.FRANCE,
    *MAILLES_ZONAGES,
)
"""Niveaux faits de communes entières ; un zonage l'est dans l'espace qui l'a livré, vide ailleurs."""

MAILLES_PUBLIABLES = (*MAILLES_DIFFUSEES, *MAILLES_ZONAGES)
"""Niveaux publiés, et ceux qui peuvent l'être dans un espace."""
