"""Terrain de la mesure des dépôts : un petit espace, cinquante mesures par commune, une période déjà en ligne."""

from __future__ import annotations

import contextlib
import textwrap
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd

from observatoire import config
from observatoire.config import COG_CIBLE, Espace
from observatoire.publication import construire as chaine
from observatoire.territoires.referentiel import Referentiel

COLONNES = 50
GRAINE = 20_26
_COMMUNS = {
    "_themes.yaml": "habitat: {libelle: Habitat, description: Se loger dans le territoire., ordre: 1}\n",
    "_secret.yaml": "ouverte: {libelle: Données ouvertes, mode: P, reference: Personne n'y est décrit.}\n",
    "_precautions.yaml": "prudence: {libelle: Prudence, texte: À lire avec prudence.}\n",
    "_sources/populations.yaml": """
        libelle: Populations légales
        producteur: Insee
        licence: Licence Ouverte
        rythme: annuel
        maille: commune
        colonne_code: code_commune
        livraisons: [{fichier: insee_populations_legales/2023/communes.parquet, periode: "2023"}]
        variables:
          population_municipale: {libelle: Population, unite: habitants, colonne: population_municipale}
        precautions: [prudence]
    """,
}
_FICHE = """
    libelle: Mesure {rang} de l'essai
    libelle_court: Mesure {rang}
    definition: Mesure inventée, pour chronométrer un dépôt.
    problematiques: [habitat]
    nature: contexte
    type_mesure: effectif
    unite: cas
    decimales: 0
    numerateur: mesure_{rang}
    champ: France
    source: large
    mailles: [commune]
    frequence: annuelle
    polarite: 0
    secret: ouverte
    lecture: En {{periode}}, {{valeur}} cas étaient comptés {{a_territoire}}.
"""


def make_espace(base: Path, indicateurs: int) -> Espace:
    """Écrit l'espace : une source de cinquante colonnes, et ``indicateurs`` fiches qui s'en servent."""
    fiches = base / "depot" / "indicators"
    variables = "".join(f"  mesure_{r}: {{libelle: Mesure {r}, unite: cas, colonne: m{r}}}\n" for r in range(COLONNES))
    source = (
        "libelle: Source large\nproducteur: Essai\nlicence: Licence Ouverte\nrythme: annuel\nmaille: commune\n"
        f"colonne_code: code\nvariables:\n{variables}"
    )
    for nom, texte in {**_COMMUNS, "_sources/large.yaml": source}.items():
        _write(fiches / nom, texte)
    for rang in range(indicateurs):
        _write(fiches / "habitat" / f"mesure_{rang}.yaml", _FICHE.format(rang=rang))
    (base / "depot" / "data").symlink_to(config.RACINE_DEPOT / "data")
    espace = Espace(base / "espace")
    espace.indicators.mkdir(parents=True)
    return espace


def write_csv(chemin: Path, *, graine: int, revisees: float = 0.0) -> Path:
    """Écrit un fichier de toutes les communes ; ``revisees`` : part des cellules qui diffèrent."""
    codes = Referentiel(config.RACINE_DEPOT / "data" / "referentiel").list_communes(COG_CIBLE)
    hasard = np.random.default_rng(GRAINE)
    valeurs = hasard.gamma(1.0, 200.0, (len(codes), COLONNES)).astype(int)
    autre = np.random.default_rng(graine)
    valeurs += (autre.random(valeurs.shape) < revisees) * autre.integers(1, 20, valeurs.shape)
    table = pd.DataFrame(valeurs, columns=[f"m{r}" for r in range(COLONNES)])
    table.insert(0, "code", list(codes))
    table.to_csv(chemin, sep=";", index=False)
    return chemin


@contextlib.contextmanager
def sans_fonds(depot: Path) -> Iterator[None]:
    """Le dépôt de poche tient lieu de dépôt ; les fonds de carte, qu'un dépôt ne change pas, sont passés."""

    @contextlib.contextmanager
    def rien(*_arguments: object) -> Iterator[object]:
        yield lambda: None

    with (
        mock.patch.object(config, "RACINE_DEPOT", depot),
        mock.patch.object(chaine, "fonds_en_parallele", rien),
        mock.patch.object(chaine, "freeze_index", return_value=""),
    ):
        yield


def _write(chemin: Path, texte: str) -> None:
    chemin.parent.mkdir(parents=True, exist_ok=True)
    chemin.write_text(textwrap.dedent(texte).lstrip("\n"), encoding="utf-8")
