"""Chemins et réglages d'un espace : le dossier d'un observatoire."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from observatoire.errors import ConfigurationError

NOM_VARIABLE_RACINE = "OBSERVATOIRE_RACINE"
RACINE_DEPOT = Path(__file__).resolve().parent.parent
"""Dossier du dépôt : il porte le catalogue commun, le référentiel et les données de départ."""

COG_CIBLE = "2026"
"""Millésime du code officiel géographique dans lequel tout est publié."""


@dataclass(frozen=True)
class Espace:
    """Dossier d'un observatoire, et les chemins qu'il contient.

    Attributes:
        racine: dossier de l'espace (celui du dépôt par défaut).
    """

    racine: Path

    @cached_property
    def indicators(self) -> Path:
        """Dossier du catalogue de l'espace."""
        return self.racine / "indicators"

    @cached_property
    def data(self) -> Path:
        """Dossier des données de l'espace."""
        return self.racine / "data"

    @cached_property
    def referentiel(self) -> Path:
        """Référentiel territorial : celui de l'espace s'il en a un, sinon celui du dépôt."""
        propre = self.data / "referentiel"
        return propre if propre.is_dir() else RACINE_DEPOT / "data" / "referentiel"

    @cached_property
    def entrepot(self) -> Path:
        """Magasins construits : socle, diffusion, publications, fonds de carte."""
        return self.data / "entrepot"

    @cached_property
    def socle(self) -> Path:
        """Tables confidentielles (variables brutes)."""
        return self.entrepot / "socle"

    @cached_property
    def diffusion(self) -> Path:
        """Tables publiables (indicateurs, territoires, ressources)."""
        return self.entrepot / "diffusion"

    @cached_property
    def publications(self) -> Path:
        """Publications : un JSON par publication, et ``courante.json``."""
        return self.entrepot / "publications"

    @cached_property
    def fonds(self) -> Path:
        """Fichiers statiques de géométrie, au nom haché."""
        return self.entrepot / "fonds"

    def dossiers_livraisons(self) -> list[Path]:
        """Dossiers où chercher un fichier livré : l'espace d'abord, le dépôt ensuite."""
        dossiers = [self.data / "depot", self.data / "demarrage", RACINE_DEPOT / "data" / "demarrage"]
        return [d for d in dict.fromkeys(dossiers) if d.is_dir()]

    def dossiers_catalogue(self) -> list[Path]:
        """Dossiers du catalogue, du plus général au plus particulier."""
        dossiers = [RACINE_DEPOT / "indicators", self.indicators]
        return [d for d in dict.fromkeys(dossiers) if d.is_dir()]


def load_espace(racine: str | Path | None = None) -> Espace:
    """Trouve l'espace de travail.

    Args:
        racine: dossier voulu ; à défaut ``OBSERVATOIRE_RACINE``, puis le dépôt.

    Raises:
        ConfigurationError: le dossier n'existe pas.
    """
    choisi = Path(racine or os.environ.get(NOM_VARIABLE_RACINE) or RACINE_DEPOT).expanduser().resolve()
    if not choisi.is_dir():
        msg = (
            f"L'espace « {choisi} » n'existe pas. Créez ce dossier, ou donnez-en un autre par "
            f"--racine ou par la variable {NOM_VARIABLE_RACINE}."
        )
        raise ConfigurationError(msg)
    return Espace(choisi)
