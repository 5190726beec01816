"""Fonds de carte d'une publication : réécrits seulement quand le référentiel change."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from observatoire.cartes import fond, lieux
from observatoire.config import Espace
from observatoire.territoires.referentiel import Referentiel
from observatoire.territoires.zonages_fichiers import DOSSIER, list_fichiers, open_referentiel

NOM_EMPREINTE = "empreinte.json"
CODE_DES_FONDS = ("actifs", "couvertures", "fond", "geojson")
"""Modules de ``cartes`` dont dépend le dessin d'un fond ; les autres (légende, valeurs…) ne le changent pas."""


@contextmanager
def fonds_en_parallele(espace: Espace, referentiel: Referentiel) -> Iterator[Callable[[], None]]:
    """Redessine les fonds dans un second processus pendant que les indicateurs se calculent.

    Rend la fonction qui attend leur fin. Rien n'est lancé si le référentiel et le code n'ont pas changé.
    """
    espace.fonds.mkdir(parents=True, exist_ok=True)
    if _read_temoin(espace) == _compute_empreinte(espace, referentiel):
        yield lambda: None
        return
    contexte = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=contexte) as equipe:
        dessin = equipe.submit(draw_fonds, espace, referentiel.cog)

        def attendre() -> None:
            dessin.result()
            # Le processus rend sa mémoire avant que l'autre n'écrive.
            equipe.shutdown()

        yield attendre


def draw_fonds(espace: Espace, cog: str) -> None:
    """Dessine tous les fonds du référentiel, puis en garde l'empreinte."""
    referentiel = open_referentiel(espace, cog)
    fond.write_fonds(
        referentiel.load_contours(),
        referentiel.territoires[referentiel.territoires.cog == cog],
        referentiel.appartenances[referentiel.appartenances.cog == cog],
        espace.fonds,
        arrondissements_municipaux=referentiel.load_contours_arrondissements_municipaux(),
    )
    (espace.fonds / NOM_EMPREINTE).write_text(json.dumps(_compute_empreinte(espace, referentiel)), "utf-8")


def freeze_index(espace: Espace, ressources: pd.DataFrame, identifiant: str) -> str:
    """Écrit les lieux et fige les index des fonds pour une publication.

    Les fichiers portent l'empreinte de leur contenu : une ancienne publication garde les siens.

    Returns:
        Dossier de l'index figé, relatif au dossier des fonds.
    """
    lieux.write_lieux(ressources, espace.fonds)
    fige = espace.fonds / "index" / identifiant
    fige.mkdir(parents=True, exist_ok=True)
    for nom in (fond.NOM_INDEX, lieux.NOM_INDEX):
        shutil.copyfile(espace.fonds / nom, fige / nom)
    return f"index/{identifiant}"


def _read_temoin(espace: Espace) -> dict[str, str] | None:
    temoin = espace.fonds / NOM_EMPREINTE
    return json.loads(temoin.read_text("utf-8")) if temoin.is_file() else None


def _compute_empreinte(espace: Espace, referentiel: Referentiel) -> dict[str, str]:
    """Empreinte de ce dont dépendent les fonds : référentiel et code qui les dessine."""
    fichiers = [
        *sorted(referentiel.dossier.glob("contours_*.livraison.yaml")),
        *sorted(referentiel.dossier.glob("territoires.livraison.yaml")),
        *sorted(referentiel.dossier.glob("appartenances.livraison.yaml")),
        *list_fichiers(espace.data / DOSSIER),
        *(Path(fond.__file__).with_name(f"{nom}.py") for nom in CODE_DES_FONDS),
    ]
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in fichiers}
