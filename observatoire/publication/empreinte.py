"""Empreinte des entrées d'une publication : si rien n'a changé, il n'y a rien à construire."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import yaml

from observatoire.config import Espace
from observatoire.modeles.livraisons import Confidentialite
from observatoire.publication.scelle import EN_COURS, depots_dir
from observatoire.registres.cle import PREFIXE, is_signee, open_cle, sign
from observatoire.store.publications import LivraisonActive
from observatoire.territoires.zonages_fichiers import DOSSIER, list_fichiers

PAQUET = Path(__file__).resolve().parent.parent
_MANIFESTE = ".livraison.yaml"
_DOSSIER_SCELLE = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}(-\d+)?")


def compute_empreinte(espace: Espace, actives: Sequence[LivraisonActive]) -> str:
    """Empreinte du catalogue, des livraisons, du référentiel et du code qui les lit.

    Elle est publiée : dès qu'un fichier d'effectifs exacts y entre, elle est refaite avec la clé de l'espace, sans
    quoi on essaierait les cases masquées jusqu'à la retrouver.

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
        fichiers += _list(dossier, f"*{_MANIFESTE}", espace)
    fichiers += sorted(p for p in PAQUET.rglob("*.py") if "app" not in p.relative_to(PAQUET).parts[:1])
    somme = hashlib.sha256()
    exacte = any(is_signee(a.sha256) for a in actives)
    for fichier in fichiers:
        contenu = fichier.read_bytes()
        somme.update(fichier.name.encode())
        somme.update(contenu)
        exacte = exacte or (fichier.name.endswith(_MANIFESTE) and _is_exacte(contenu))
    for dossier in livraisons:
        for fichier in _list(dossier, "*.parquet", espace):
            somme.update(f"{fichier.name}:{fichier.stat().st_size}:{fichier.stat().st_mtime_ns}".encode())
    somme.update(json.dumps([asdict(a) for a in actives], sort_keys=True).encode())
    if not exacte:
        return somme.hexdigest()
    return sign(open_cle(espace.racine), f"publication:{somme.hexdigest()}").removeprefix(PREFIXE)


def _is_exacte(manifeste: bytes) -> bool:
    """Vrai pour le manifeste d'un fichier d'effectifs exacts."""
    # Presque aucun ne dit ce mot : les autres n'ont pas à être lus.
    if b"convention" not in manifeste:
        return False
    try:
        lu = yaml.safe_load(manifeste)
    except yaml.YAMLError:
        return True  # illisible : la construction le dira ; d'ici là, rien n'est supposé public
    return isinstance(lu, dict) and lu.get("confidentialite") == Confidentialite.CONVENTION


def _list(dossier: Path, motif: str, espace: Espace) -> list[Path]:
    """Fichiers d'un dossier de livraisons, dépôts scellés et copies inachevées laissés de côté."""
    trouves = sorted(dossier.rglob(motif))
    if dossier != depots_dir(espace):
        return trouves
    return [f for f in trouves if not any(_DOSSIER_SCELLE.fullmatch(p) or p == EN_COURS for p in f.parts)]
