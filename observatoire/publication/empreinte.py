"""Empreinte des entrées d'une publication : si rien n'a changé, il n'y a rien à construire."""

from __future__ import annotations

import hashlib
from pathlib import Path

from observatoire.config import Espace

PAQUET = Path(__file__).resolve().parent.parent


def compute_empreinte(espace: Espace) -> str:
    """Empreinte du catalogue, des livraisons, du référentiel et du code qui les lit."""
    fichiers: list[Path] = []
    for dossier in espace.dossiers_catalogue():
        fichiers += sorted(dossier.rglob("*.yaml"))
    for dossier in [*espace.dossiers_livraisons(), espace.referentiel]:
        # Le manifeste porte l'empreinte de son fichier ; la taille dévoile un fichier remplacé.
        fichiers += sorted(dossier.rglob("*.livraison.yaml"))
    fichiers += sorted(p for p in PAQUET.rglob("*.py") if "app" not in p.relative_to(PAQUET).parts[:1])
    somme = hashlib.sha256()
    for fichier in fichiers:
        somme.update(fichier.name.encode())
        somme.update(fichier.read_bytes())
    for dossier in [*espace.dossiers_livraisons(), espace.referentiel]:
        for fichier in sorted(dossier.rglob("*.parquet")):
            somme.update(f"{fichier.name}:{fichier.stat().st_size}:{fichier.stat().st_mtime_ns}".encode())
    return somme.hexdigest()
