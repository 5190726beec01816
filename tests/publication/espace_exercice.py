"""L'espace d'exercice du dépôt, posé sur un dépôt de poche : le circuit s'y joue en quelques secondes.

Le vrai dépôt y porterait une centaine d'indicateurs ; ici ne restent que la population et ceux de l'exercice.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from observatoire import config
from observatoire.config import Espace
from observatoire.publication import construire as chaine
from tests.publication.petit_espace import DEPOT, write

EXERCICE = Path(__file__).resolve().parents[2] / "data" / "exercice"
DESSUS = ("espace.yaml", "indicators", "livraisons")
SOURCE, PROTEGEE = "exercice_asll", "convention_protegee"
EXACTE, OFFRE = "exercice_rsa", "exercice_insertion"
"""Source d'effectifs exacts, et l'offre qu'on met en face."""
THEMES = """
    habitat: {libelle: Habitat, description: Se loger dans le territoire., ordre: 1}
    insertion_pauvrete: {libelle: Insertion, description: Accéder à ses droits et à l'emploi., ordre: 2}
"""


def make_espace_exercice(base: Path) -> Espace:
    """Copie l'espace d'exercice, et lui fait un dépôt de poche."""
    depot = base / "depot"
    for nom, texte in (DEPOT | {"_themes.yaml": THEMES}).items():
        write(depot / "indicators" / nom, texte)
    (depot / "data").symlink_to(config.RACINE_DEPOT / "data")
    espace = Espace(base / "exercice")
    espace.racine.mkdir()
    for nom in DESSUS:
        source = EXERCICE / nom
        if source.is_dir():
            shutil.copytree(source, espace.racine / nom)
        else:
            shutil.copy2(source, espace.racine / nom)
    return espace


@contextmanager
def au_travail(espace: Espace) -> Iterator[None]:
    """Le dépôt de poche tient lieu de dépôt ; les fonds de carte ne sont pas dessinés."""

    @contextmanager
    def sans_fonds(*_arguments: object) -> Iterator[object]:
        yield lambda: None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(config, "RACINE_DEPOT", espace.racine.parent / "depot")
        patch.setattr(chaine, "fonds_en_parallele", sans_fonds)
        patch.setattr(chaine, "freeze_index", lambda *_arguments: "")
        yield
