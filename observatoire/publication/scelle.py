"""Sceller : garder les octets reçus, inchangés, en lecture seule ; le dossier paraît entier ou pas du tout."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import secrets
import shutil
import stat
from pathlib import Path

import yaml

from observatoire.config import Espace
from observatoire.errors import SourceError
from observatoire.modeles.livraisons import Confidentialite, Manifeste
from observatoire.registres.depots import Depot
from observatoire.store.publications import sync_dossier

EN_COURS = ".en_cours"
"""Dossier des copies inachevées ; la reprise le vide."""
_BLOC = 1 << 20


def depots_dir(espace: Espace) -> Path:
    """Dossier des dépôts scellés d'un espace."""
    return espace.data / "depot"


def sealed_dir(espace: Espace, depot: Depot) -> Path:
    """Dossier scellé d'un dépôt."""
    return depots_dir(espace) / depot.source / depot.id


def compute_sha256(chemin: Path) -> str:
    """Empreinte d'un fichier, lue par morceaux."""
    with chemin.open("rb") as flux:
        return hashlib.file_digest(flux, "sha256").hexdigest()


def make_identifiant(
    espace: Espace, source: str, sha256: str, pris: set[str], confidentialite: Confidentialite
) -> tuple[str, str]:
    """Identifiant d'un dépôt (libre au registre et sur le disque) et sa date.

    Il est public : celui d'un fichier d'effectifs exacts finit par des signes tirés au hasard.
    """
    instant = dt.datetime.now(dt.UTC)
    fin = secrets.token_hex(4) if confidentialite is Confidentialite.CONVENTION else sha256[:8]
    base = f"{instant:%Y%m%d-%H%M%S}-{fin}"
    identifiant, rang = base, 2
    while identifiant in pris or (depots_dir(espace) / source / identifiant).exists():
        identifiant, rang = f"{base}-{rang}", rang + 1
    return identifiant, instant.isoformat(timespec="seconds")


def prepare_scelle(espace: Espace, depot: Depot, origine: Path, manifeste: Manifeste) -> Path:
    """Copie le fichier et son manifeste dans un dossier inachevé, jusqu'au disque.

    Raises:
        SourceError: les octets copiés ne sont pas ceux qui ont été contrôlés.
    """
    dossier = depots_dir(espace) / EN_COURS / depot.id
    if dossier.exists():
        _remove(dossier)
    dossier.mkdir(parents=True)
    copie = dossier / depot.fichier
    with origine.open("rb") as lu, copie.open("wb") as ecrit:
        shutil.copyfileobj(lu, ecrit, _BLOC)
        ecrit.flush()
        os.fsync(ecrit.fileno())
    # La copie est relue : le fichier d'origine a pu changer pendant le contrôle, ou le disque faillir.
    if compute_sha256(copie) != depot.sha256:
        _remove(dossier)
        msg = f"« {depot.fichier} » a changé pendant son dépôt : rien n'a été gardé. Recommencez, le fichier fermé."
        raise SourceError(msg)
    fiche = copie.with_suffix(".livraison.yaml")
    with fiche.open("w", encoding="utf-8") as ecrit_fiche:
        yaml.safe_dump(manifeste.model_dump(mode="json"), ecrit_fiche, allow_unicode=True, sort_keys=False)
        ecrit_fiche.flush()
        os.fsync(ecrit_fiche.fileno())
    for fichier in (copie, fiche):
        fichier.chmod(stat.S_IRUSR | stat.S_IRGRP)
    sync_dossier(dossier)
    return dossier


def seal(espace: Espace, depot: Depot, prepare: Path) -> Path:
    """Met en place un dossier préparé, d'un seul geste."""
    final = sealed_dir(espace, depot)
    final.parent.mkdir(parents=True, exist_ok=True)
    prepare.replace(final)
    sync_dossier(final.parent)
    return final


def is_sealed(espace: Espace, depot: Depot) -> bool:
    """Vrai si les octets scellés sont là, et ceux qui ont été reçus."""
    chemin = depots_dir(espace) / depot.chemin
    return chemin.is_file() and compute_sha256(chemin) == depot.sha256


def clean_en_cours(espace: Espace) -> None:
    """Ôte les copies inachevées d'un écrivain mort ; à n'appeler que sous le verrou."""
    dossier = depots_dir(espace) / EN_COURS
    if dossier.is_dir():
        _remove(dossier)


def _remove(dossier: Path) -> None:
    for fichier in dossier.rglob("*"):
        if fichier.is_file():
            fichier.chmod(stat.S_IRUSR | stat.S_IWUSR)  # Windows n'efface pas un fichier en lecture seule
    shutil.rmtree(dossier)
