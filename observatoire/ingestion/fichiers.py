"""Trouver un fichier livré, lire son manifeste, vérifier son empreinte."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
from pydantic import ValidationError

from observatoire.catalogue.yaml_strict import read_yaml
from observatoire.config import Espace
from observatoire.errors import SourceError
from observatoire.modeles.livraisons import Confidentialite, Manifeste


@dataclass(frozen=True)
class Livraison:
    """Fichier livré et son manifeste."""

    chemin: Path
    manifeste: Manifeste


def find_livraison(espace: Espace, fichier: str) -> Livraison:
    """Trouve un fichier livré et vérifie ses octets.

    Args:
        espace: espace de travail.
        fichier: chemin relatif à un dossier de livraisons (``insee_rp_iris/2021/iris.parquet``) ou,
            précédé de ``referentiel/``, au référentiel.

    Raises:
        SourceError: fichier ou manifeste absent, ou empreinte différente.
    """
    if fichier.startswith("referentiel/"):
        candidats = [espace.referentiel / fichier.removeprefix("referentiel/")]
    else:
        candidats = [dossier / fichier for dossier in espace.dossiers_livraisons()]
    chemin = next((c for c in candidats if c.is_file()), None)
    if chemin is None:
        cherches = ", ".join(str(c.parent) for c in candidats)
        msg = f"Le fichier « {fichier} » manque (cherché dans {cherches}). Déposez-le, ou retirez sa livraison."
        raise SourceError(msg)
    manifeste = read_manifeste(chemin)
    empreinte = hashlib.sha256(chemin.read_bytes()).hexdigest()
    if empreinte != manifeste.sha256:
        # L'empreinte d'un fichier d'effectifs exacts aiderait à en essayer le contenu : elle n'est pas dite.
        exacte = manifeste.confidentialite is Confidentialite.CONVENTION
        dites = "" if exacte else f" : empreinte {empreinte[:12]}…, attendue {manifeste.sha256[:12]}…"
        msg = (
            f"« {chemin.name} » a changé depuis sa livraison{dites}. Reprenez le fichier d'origine ; un fichier livré "
            "ne se modifie pas."
        )
        raise SourceError(msg)
    return Livraison(chemin, manifeste)


def read_manifeste(chemin: Path) -> Manifeste:
    """Lit le manifeste qui accompagne un fichier.

    Raises:
        SourceError: le manifeste manque.
    """
    manifeste = chemin.with_suffix(".livraison.yaml")
    if not manifeste.is_file():
        msg = f"« {chemin.name} » n'a pas de manifeste : « {manifeste.name} » devrait être à côté de lui."
        raise SourceError(msg)
    document = read_yaml(manifeste)
    if document.fautes:
        msg = f"Le manifeste « {manifeste.name} » est illisible : {document.fautes[0]}"
        raise SourceError(msg)
    try:
        return Manifeste.model_validate(document.donnees)
    except ValidationError as erreur:
        champs = ", ".join(str(e["loc"][0]) for e in erreur.errors() if e["loc"])
        msg = f"Le manifeste « {manifeste.name} » est incomplet ou faux. Champs en cause : {champs}."
        raise SourceError(msg) from None


def read_table_livree(livraison: Livraison) -> pd.DataFrame:
    """Lit un fichier livré (Parquet), sans sa géométrie."""
    colonnes = [c for c in pq.read_schema(livraison.chemin).names if c != "geometry"]
    return pd.read_parquet(livraison.chemin, columns=colonnes)
