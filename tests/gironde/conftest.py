"""Observatoire de la Gironde, construit une fois depuis des fichiers réels lus en place."""

from __future__ import annotations

from pathlib import Path

import pytest

from observatoire.modeles.mailles import Maille
from tests.gironde.depots import Gironde, build_gironde


@pytest.fixture(scope="session")
def gironde(tmp_path_factory: pytest.TempPathFactory, worker_id: str, donnees_reelles: Path) -> Gironde:
    """Espace de la Gironde, partagé par tous les processus d'essai."""
    base = tmp_path_factory.getbasetemp()
    return build_gironde(base if worker_id == "master" else base.parent, donnees_reelles)


@pytest.fixture(scope="module")
def lit(gironde):
    """Valeurs d'un indicateur à un niveau, rangées par code de territoire."""

    def lit(indicateur, maille, periode, departement=None):
        fiche = gironde.consultation.find_indicateur(indicateur)
        lues = gironde.consultation.read_valeurs(fiche, Maille(maille), periode, departement)
        return lues.set_index("code_territoire")

    return lit
