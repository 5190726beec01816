"""Zonages d'un espace : un petit CSV par niveau, relu et reporté au COG cible à chaque ouverture.

Le fichier garde les codes et le millésime d'origine : changer de COG cible ne demande rien à personne.
"""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from observatoire.config import COG_CIBLE, Espace
from observatoire.errors import ConfigurationError
from observatoire.modeles.mailles import MAILLES_ZONAGES, Maille
from observatoire.territoires.referentiel import Referentiel
from observatoire.territoires.zonages import ColonnesZonage, Zonage, read_zonage, with_zonages

DOSSIER = "zonages"
COLONNES = ("cog", "unite", "code", "secteur", "libelle")


def open_referentiel(espace: Espace, cog: str = COG_CIBLE) -> Referentiel:
    """Référentiel d'un espace, avec ses zonages.

    Raises:
        ConfigurationError: un zonage gardé n'est plus lisible.
    """
    referentiel = Referentiel(espace.referentiel, cog)
    return with_zonages(referentiel, load_zonages(espace.data / DOSSIER, referentiel))


def list_fichiers(dossier: Path) -> list[Path]:
    """Fichiers de zonages d'un dossier, dans l'ordre des niveaux."""
    return [f for m in MAILLES_ZONAGES if (f := dossier / f"{m}.csv").is_file()]


def save_zonage(zonage: Zonage, dossier: Path) -> Path:
    """Écrit un zonage accepté (``<niveau>.csv``), d'un seul coup, à la place du précédent.

    Raises:
        ConfigurationError: le zonage est refusé.
    """
    if zonage.refuse:
        msg = f"Le zonage « {zonage.maille.libelle} » porte une faute bloquante : il n'est pas gardé."
        raise ConfigurationError(msg)
    dossier.mkdir(parents=True, exist_ok=True)
    table = zonage.liens.set_axis(["code", "secteur"], axis=1).merge(
        zonage.secteurs.rename(columns={"code": "secteur"}), on="secteur"
    )
    table = table.assign(cog=zonage.cog, unite=str(zonage.unite)).sort_values("code")[list(COLONNES)]
    cible = dossier / f"{zonage.maille}.csv"
    provisoire = cible.with_suffix(".tmp")
    table.to_csv(provisoire, sep=";", index=False, encoding="utf-8", lineterminator="\n")
    os.replace(provisoire, cible)  # noqa: PTH105 -- la bascule doit être atomique, et se lire comme telle
    return cible


def load_zonages(dossier: Path, referentiel: Referentiel) -> tuple[Zonage, ...]:
    """Relit les zonages gardés dans un dossier ; aucun s'il n'existe pas.

    Raises:
        ConfigurationError: un fichier a été abîmé.
    """
    return tuple(_load(chemin, referentiel) for chemin in list_fichiers(dossier))


def _load(chemin: Path, referentiel: Referentiel) -> Zonage:
    table = pd.read_csv(chemin, sep=";", dtype=str, keep_default_na=False, encoding="utf-8")
    if list(table.columns) != list(COLONNES) or len(set(table.cog)) > 1:
        msg = f"Le zonage « {chemin.name} » ({chemin.parent}) n'a plus sa forme : déposez-le de nouveau."
        raise ConfigurationError(msg)
    cog = table.cog.iloc[0] if len(table) else ""
    zonage = read_zonage(
        table,
        referentiel,
        maille=Maille(chemin.stem),
        fichier=chemin.name,
        colonnes=ColonnesZonage("code", "secteur", "libelle"),
        cog=cog,
    )
    if zonage.refuse:
        msg = f"Le zonage « {chemin.name} » ({chemin.parent}) n'est plus lisible : {zonage.anomalies[0]}"
        raise ConfigurationError(msg)
    return zonage
