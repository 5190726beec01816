"""Fixtures partagées : un espace entièrement construit, une seule fois par session d'essais."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from observatoire.config import Espace
from observatoire.publication.construire import construire
from observatoire.store.publications import current_id


@pytest.fixture(scope="session")
def espace_construit(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Espace:
    """Espace construit depuis les données de départ du dépôt, partagé par tous les processus d'essai."""
    base = tmp_path_factory.getbasetemp()
    commun = base if worker_id == "master" else base.parent
    espace = Espace(commun / "espace_construit")
    espace.racine.mkdir(exist_ok=True)
    # Un seul processus construit ; les autres attendent à la porte, puis trouvent la publication.
    with (commun / "espace_construit.verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        if current_id(espace) is None:
            construire(espace, lambda _etape: None, auteur="essais", motif="session d'essais")
    return espace


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """Nom du processus d'essai (``master`` sans répartition)."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "master"))


@pytest.fixture(scope="session")
def depot() -> Path:
    """Dossier du dépôt."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def donnees_reelles(depot: Path) -> Path:
    """Fichiers réels d'organismes posés à côté du dépôt ; l'essai est sauté s'ils n'y sont pas."""
    dossier = (depot / ".." / "shared" / "donnees").resolve()
    if not dossier.is_dir():
        pytest.skip("les fichiers réels ne sont pas à côté du dépôt")
    return dossier
