"""Téléchargement des archives par les clients ordinaires (pip, npm), puis contrôle."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from data.recette.paquets import PAQUETS, Paquet

if TYPE_CHECKING:
    from pathlib import Path


class ArchiveError(RuntimeError):
    """Une archive manque ou n'a pas l'empreinte attendue."""


def compute_sha256(chemin: Path) -> str:
    """Empreinte SHA-256 d'un fichier."""
    with chemin.open("rb") as flux:
        return hashlib.file_digest(flux, "sha256").hexdigest()


def _build_commande(paquet: Paquet, dossier: Path) -> list[str]:
    """Commande qui télécharge une archive sans ses dépendances."""
    if paquet.registre == "PyPI":
        pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
        return [*pip, "--dest", str(dossier), f"{paquet.nom}=={paquet.version}"]
    npm = shutil.which("npm")
    if npm is None:
        message = f"npm est introuvable : il faut {paquet.nom} {paquet.version}."
        raise ArchiveError(message)
    return [npm, "pack", "--silent", f"{paquet.nom}@{paquet.version}"]


def fetch_paquet(paquet: Paquet, dossier: Path) -> Path:
    """Chemin d'une archive, téléchargée si elle manque, empreinte vérifiée."""
    chemin = dossier / paquet.fichier
    if not chemin.exists():
        subprocess.run(
            _build_commande(paquet, dossier),
            cwd=dossier,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    if not chemin.exists():
        message = f"{paquet.fichier} n'a pas été obtenu dans {dossier}."
        raise ArchiveError(message)
    if compute_sha256(chemin) != paquet.sha256:
        message = f"{paquet.fichier} n'a pas l'empreinte attendue : archive refusée."
        raise ArchiveError(message)
    return chemin


def fetch_paquets(dossier: Path) -> dict[str, Path]:
    """Toutes les archives de la recette, par clé."""
    dossier.mkdir(parents=True, exist_ok=True)
    dossier = dossier.resolve()
    return {cle: fetch_paquet(paquet, dossier) for cle, paquet in PAQUETS.items()}
