"""Table de lieux : une ligne par établissement ou service, avec sa place ou son adresse."""

from __future__ import annotations

import numpy as np

from observatoire.ingestion.proposition.indices_noms import speaks_of
from observatoire.ingestion.proposition.modele import LieuxReconnus
from observatoire.ingestion.proposition.profil import Profil
from observatoire.ingestion.proposition.territoire import LIEUX

_PAIRE = r"^-?\d{1,2}\.\d{2,}\s*[,;]\s*-?\d{1,3}\.\d{2,}$"
_VOIE = r"(?i)\b(rue|avenue|av|bd|boulevard|place|pl|chemin|route|rte|impasse|all[ée]e|quai|cours|square)\b"
_PART = 0.5
_PART_UNIQUE = 0.85


def find_lieux(profils: list[Profil], niveaux: dict[int, str], cle_territoire: str) -> LieuxReconnus | None:
    """Cherche les colonnes d'une table de lieux.

    Args:
        profils: colonnes de la table.
        niveaux: niveau des codes, par rang de colonne.
        cle_territoire: nom de la colonne du code de territoire.

    Returns:
        Les colonnes, ou rien si ce n'est pas une table de lieux.
    """
    longitude = _find_degres(profils, "longitude", -180, 180)
    latitude = _find_degres(profils, "latitude", -90, 90)
    position = next(
        (p for p in reversed(profils) if p.remplies > p.lignes * _PART and p.share(p.match(_PAIRE)) > _PART_UNIQUE),
        None,
    )
    adresse = _find_adresse(profils)
    etablissement = next((p for p in profils if niveaux.get(p.rang) in LIEUX and p.remplies > p.lignes * _PART), None)
    if not (
        (longitude and latitude) or position or adresse or (etablissement and niveaux[etablissement.rang] != "siren")
    ):
        return None
    nom = _find_nom(profils, cle_territoire)
    if nom is None:
        return None
    identifiant = _find_identifiant(profils, niveaux)
    return LieuxReconnus(
        colonne_id=identifiant.nom if identifiant else "",
        colonne_nom=nom.nom,
        colonne_adresse=adresse.nom if adresse else "",
        colonne_longitude=longitude.nom if longitude and latitude else "",
        colonne_latitude=latitude.nom if longitude and latitude else "",
        colonne_position=position.nom if position else "",
    )


def _find_degres(profils: list[Profil], sujet: str, bas: float, haut: float) -> Profil | None:
    for profil in profils:
        if speaks_of(profil.cle, sujet) and profil.remplies and profil.part_nombres > _PART_UNIQUE:
            lus = profil.nombres[profil.est_nombre]
            if np.median(lus) >= bas and np.median(lus) <= haut:
                return profil
    return None


def _find_adresse(profils: list[Profil]) -> Profil | None:
    """Une colonne dont beaucoup de valeurs contiennent un type de voie."""
    for profil in profils:
        if profil.remplies > profil.lignes * 0.3 and len(profil.valeurs) > profil.remplies * 0.2:
            seuil = 0.2 if speaks_of(profil.cle, "adresse") else _PART
            if profil.share(profil.match(_VOIE)) > seuil:
                return profil
    return None


def _find_nom(profils: list[Profil], cle_territoire: str) -> Profil | None:
    textes = [
        p
        for p in profils
        if p.nom != cle_territoire
        and p.remplies > p.lignes * _PART
        and p.part_nombres < 0.2  # noqa: PLR2004
        and speaks_of(p.cle, "libelle")
        and not speaks_of(p.cle, "commune")
    ]
    return max(textes, key=lambda p: (len(p.valeurs) > p.remplies * 0.3, -p.rang), default=None)


def _find_identifiant(profils: list[Profil], niveaux: dict[int, str]) -> Profil | None:
    uniques = [p for p in profils if p.remplies == p.lignes and len(p.valeurs) == p.lignes]
    return min(
        (p for p in uniques if niveaux.get(p.rang) in LIEUX or speaks_of(p.cle, "identifiant")),
        key=lambda p: (niveaux.get(p.rang) not in LIEUX, p.rang),
        default=None,
    )
