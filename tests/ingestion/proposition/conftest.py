"""Référentiel du dépôt, et petits fichiers écrits pour chaque essai."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from observatoire.config import RACINE_DEPOT
from observatoire.ingestion.proposition import Proposition, propose
from observatoire.territoires.referentiel import Referentiel


@pytest.fixture(scope="session")
def referentiel() -> Referentiel:
    return Referentiel(RACINE_DEPOT / "data" / "referentiel")


@pytest.fixture
def proposer(tmp_path: Path, referentiel: Referentiel) -> Callable[..., Proposition]:
    """Écrit un texte dans un fichier, et le propose."""

    def ecrire(nom: str, texte: str, encodage: str = "utf-8") -> Proposition:
        chemin = tmp_path / nom
        chemin.write_bytes(texte.encode(encodage))
        return propose(chemin, referentiel)

    return ecrire
