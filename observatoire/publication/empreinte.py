"""Empreinte des entrées d'une publication : si rien n'a changé, il n'y a rien à construire."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from observatoire.config import Espace
from observatoire.publication.scelle import EN_COURS, depots_dir
from observatoire.store.publications import LivraisonActive
from observatoire.territoires.zonages_fichiers import DOSSIER, list_fichiers

PAQUET = Path(__file__).resolve().parent.parent
_DOSSIER_SCELLE = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}(-\d+)?")


def compute_empreinte(espace: Espace, actives: Sequence[LivraisonActive]) -> str:
    """Empreinte du catalogue, des livraisons, du référentiel et du code qui les lit.

    Args:
        espace: espace de travail.
        actives: dépôts employés ; les autres (brouillons, remplacés…) ne comptent pas.
    """
    fichiers: list[Path] = []
    for dossier in espace.dossiers_catalogue():
        fichiers += sorted(dossier.rglob("*.yaml"))
    fichiers += list_fichiers(espace.data / DOSSIER)
    livraisons = [*espace.dossiers_livraisons(), espace.referentiel]
    for dossier in livraisons:
        # Le manifeste porte l'empreinte de son fichier ; la taille dévoile un fichier remplacé.
        fichiers += _list(dossier, "*.livraison.yaml", espace)
    fichiers += sorted(p for p in PAQUET.rglob("*.py") if "app" not in p.relative_to(PAQUET).parts[:1])
    somme = hashlib.sha256()
    for fichier in fichiers:
        somme.update(fichier.name.encode())
        somme.update(fichier.read_bytes())
    for dossier in livraisons:
        for fichier in _list(dossier, "*.parquet", espace):
            somme.update(f"{fichier.name}:{fichier.stat().st_size}:{fichier.stat().st_mtime_ns}".encode())
    somme.update(json.dumps([asdict(a) for a in actives], sort_keys=True).encode())
    return somme.hexdigest()


def _list(dossier: Path, motif: str, espace: Espace) -> list[Path]:
    """Fichiers d'un dossier de livraisons, dépôts scellés et copies inachevées laissés de côté."""
    trouves = sorted(dossier.rglob(motif))
    if dossier != depots_dir(espace):
        return trouves
    return [f for f in trouves if not any(_DOSSIER_SCELLE.fullmatch(p) or p == EN_COURS for p in f.parts)]
