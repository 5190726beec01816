"""Lecture d'une carte de France : les seules colonnes et les seuls groupes de lignes utiles.

Une copie par indicateur est triée par niveau, période et code : une carte y est une suite de lignes. Les
statistiques du fichier disent où elle est, et quelles colonnes y valent partout la même chose : celles-là
(``modalite``, ``marques``, souvent ``statut``) ne sont pas décodées 35 000 fois.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from observatoire.store.schema import OBSERVATIONS

REPETEES = ("modalite", "periode_denominateur", "statut", "marques")
"""Textes de peu de valeurs distinctes : lus par leur dictionnaire, ou pas du tout s'ils sont constants."""
_RANGS = {nom: rang for rang, nom in enumerate(OBSERVATIONS.names)}


class _Suite(NamedTuple):
    """Suite de lignes : les groupes qui la contiennent, le rang de la première dans le premier, leur nombre."""

    groupes: list[int]
    debut: int
    longueur: int


def read_suite(chemin: Path, maille: str, periode: str, colonnes: list[str]) -> pd.DataFrame:
    """Lignes d'un niveau et d'une période d'une copie par indicateur, dans l'ordre du fichier.

    Args:
        chemin: copie triée par niveau puis période (``store.diffusion``).
        maille: niveau voulu.
        periode: période voulue.
        colonnes: colonnes voulues, parmi celles d'``OBSERVATIONS``.
    """
    with pq.ParquetFile(chemin, memory_map=True, read_dictionary=["maille", "periode", *REPETEES]) as fichier:
        suite = _find_suite(fichier, {"maille": maille, "periode": periode})
        constantes = _find_constantes(fichier, suite.groupes, [c for c in colonnes if c in REPETEES])
        lues = fichier.read_row_groups(suite.groupes, columns=[c for c in colonnes if c not in constantes])
    lues = lues.slice(suite.debut, suite.longueur)
    valeurs = [_build_colonne(lues, nom, constantes) for nom in colonnes]
    schema = pa.schema([OBSERVATIONS.field(nom) for nom in colonnes])
    return pa.table(valeurs, schema=schema).to_pandas()


def _find_suite(fichier: pq.ParquetFile, voulues: dict[str, str]) -> _Suite:
    """Situe la suite de lignes par les bornes des groupes ; seuls ceux du bord sont ouverts."""
    groupes: list[int] = []
    debut = longueur = 0
    for groupe in range(fichier.metadata.num_row_groups):
        trouves = {nom: _compare(fichier, groupe, nom, voulu) for nom, voulu in voulues.items()}
        if False in trouves.values():
            continue
        douteuses = {nom: voulues[nom] for nom, trouve in trouves.items() if trouve is None}
        premier, nombre = _find_dans_groupe(fichier, groupe, douteuses)
        if nombre:
            debut = debut if groupes else premier
            longueur += nombre
            groupes.append(groupe)
    return _Suite(groupes, debut, longueur)


def _compare(fichier: pq.ParquetFile, groupe: int, nom: str, voulu: str) -> bool | None:
    """Vrai si tout le groupe vaut ``voulu``, faux si rien, ``None`` s'il faut regarder."""
    bornes = _read_bornes(fichier, groupe, nom)
    if bornes is None:
        return None
    if not bornes[0] <= voulu <= bornes[1]:
        return False
    return True if bornes[0] == bornes[1] else None


def _read_bornes(fichier: pq.ParquetFile, groupe: int, nom: str) -> tuple[str, str] | None:
    """Plus petite et plus grande valeur d'un texte dans un groupe ; rien s'il y a des nuls ou pas de mesure."""
    mesure = fichier.metadata.row_group(groupe).column(_RANGS[nom]).statistics
    if mesure is None or not mesure.has_min_max or mesure.null_count != 0:
        return None
    return mesure.min, mesure.max


def _find_dans_groupe(fichier: pq.ParquetFile, groupe: int, voulues: dict[str, str]) -> tuple[int, int]:
    """Rang de la première ligne voulue d'un groupe, et leur nombre : elles se suivent."""
    if not voulues:
        return 0, fichier.metadata.row_group(groupe).num_rows
    lues = fichier.read_row_group(groupe, columns=list(voulues))
    rangs = pc.indices_nonzero(reduce(pc.and_, (pc.equal(lues[nom], voulu) for nom, voulu in voulues.items())))
    return (rangs[0].as_py(), len(rangs)) if len(rangs) else (0, 0)


def _find_constantes(fichier: pq.ParquetFile, groupes: list[int], noms: Iterable[str]) -> dict[str, str]:
    """Colonnes qui valent partout la même chose dans ces groupes, et cette valeur."""
    constantes = {}
    for nom in noms:
        bornes = {_read_bornes(fichier, groupe, nom) for groupe in groupes}
        seule = next(iter(bornes)) if len(bornes) == 1 else None
        if seule is not None and seule[0] == seule[1]:
            constantes[nom] = seule[0]
    return constantes


def _build_colonne(lues: pa.Table, nom: str, constantes: dict[str, str]) -> pa.Array | pa.ChunkedArray:
    if nom in constantes:
        return pa.repeat(pa.scalar(constantes[nom]), len(lues))
    colonne = lues[nom]
    return pc.cast(colonne, pa.string()) if pa.types.is_dictionary(colonne.type) else colonne
