"""Petit espace construit une fois par processus d'essai ; chaque essai en prend une copie."""

import shutil

import pytest

from tests.publication.petit_espace import AIDES, PetitEspace


@pytest.fixture(scope="session")
def _construits(tmp_path_factory):
    base = tmp_path_factory.mktemp("modeles")
    petit = PetitEspace(base / "sans_aides")
    petit.add_aides()
    petit.construire()
    shutil.copytree(petit.base, base / "avec_aides", symlinks=True)
    avec = PetitEspace(base / "avec_aides", ouvrir=True)
    avec.publier(avec.deposer(AIDES, "2023").depot.id)
    return base


@pytest.fixture
def petit_neuf(_construits, tmp_path):
    """Petit espace dont la source « aides » n'a encore rien livré."""
    shutil.copytree(_construits / "sans_aides", tmp_path / "petit", symlinks=True)
    return PetitEspace(tmp_path / "petit", ouvrir=True)


@pytest.fixture
def petit_livre(_construits, tmp_path):
    """Petit espace où les aides de 2023 (``AIDES``) sont déposées et publiées."""
    shutil.copytree(_construits / "avec_aides", tmp_path / "petit", symlinks=True)
    return PetitEspace(tmp_path / "petit", ouvrir=True)
