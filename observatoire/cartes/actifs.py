"""Fichiers statiques au nom haché : un contenu, un nom, pour toujours en cache."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LONGUEUR_EMPREINTE = 12
NIVEAU_GZIP = 6
"""Le niveau 9 gagne 1 % et triple le temps d'écriture."""


@dataclass(frozen=True)
class Actif:
    """Fichier écrit : son nom et ses tailles."""

    fichier: str
    octets: int
    octets_gz: int


def name_actif(nom: str, contenu: bytes, extension: str = "json") -> str:
    """Nom d'un fichier statique : son nom clair, puis l'empreinte de son contenu."""
    return f"{nom}-{hashlib.sha256(contenu).hexdigest()[:LONGUEUR_EMPREINTE]}.{extension}"


def write_actif(dossier: Path, nom: str, contenu: bytes, extension: str = "json") -> Actif:
    """Écrit un contenu et sa copie comprimée ; ne réécrit pas ce qui existe déjà.

    L'écriture passe par un nom provisoire : un lecteur ne voit jamais un fichier à moitié écrit.
    """
    fichier = name_actif(nom, contenu, extension)
    cible, comprime = dossier / fichier, dossier / f"{fichier}.gz"
    if not (cible.exists() and comprime.exists()):
        _replace(comprime, gzip.compress(contenu, compresslevel=NIVEAU_GZIP, mtime=0))
        _replace(cible, contenu)
    return Actif(fichier, len(contenu), comprime.stat().st_size)


def _replace(cible: Path, contenu: bytes) -> None:
    provisoire = cible.with_name(f".{cible.name}.tmp")
    provisoire.write_bytes(contenu)
    provisoire.replace(cible)
