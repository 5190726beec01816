"""Pied d'une table : notes, sources et lignes vides qui suivent les données."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pyarrow.compute as pc

from observatoire.ingestion.lecteurs.natures import Ligne, Nature, rate_ligne
from observatoire.modeles.tables import TableBrute

_NOTE = re.compile(
    r"\s*(\(\d+\)|\d+\s*[.)]\s|\*|nb\b|n\.b|notes?\b|sources?\b|champ\b|lecture\b|l[ée]gende\b|remarques?\b|attention\b"
    r"|avertissement|précisions?\b|données? (au|en|prov|extrait)|date d|mise à jour|©"
    r"|nd\s*:|ns\s*:|s\s*:|nc\s*:|nr\s*:)",
    re.IGNORECASE,
)
_NOMS_COMPARES, _NOMS_MINIMAUX = 20, 3
"""Colonnes dont le nom est comparé, pour reconnaître un en-tête répété."""
_LIGNES_DESSUS = 5
_PART_D_UNE_NOTE = 0.34
"""Une note n'occupe qu'une petite part des colonnes."""


def find_derniere(lignes: Sequence[Ligne], natures: Sequence[Nature]) -> int:
    """Rang de la dernière ligne de données.

    Args:
        lignes: fin de la table, à partir d'une ligne de données.
        natures: nature des colonnes.

    Returns:
        Le rang dans ``lignes`` ; 0 au moins.
    """
    vivantes = [rang for rang, nature in enumerate(natures) if nature is not Nature.VIDE] or [0]
    for rang in range(len(lignes) - 1, 0, -1):
        if not _is_pied(lignes[rang], natures, vivantes):
            return rang
    return 0


def find_bloc_suivant(brute: TableBrute, entete: int, premiere: int) -> int:
    """Rang où commence un autre tableau posé sous le premier : son en-tête le répète, après une ligne vide.

    Args:
        brute: grille lue.
        entete: rang de la dernière ligne d'en-tête.
        premiere: rang de la première ligne de données.

    Returns:
        Le rang de l'en-tête répété, ou le nombre de lignes de la grille.
    """
    total = brute.cellules.num_rows
    suite = brute.cellules.slice(premiere)
    communs = np.zeros(suite.num_rows, dtype=np.int64)
    nommees = 0
    for rang, colonne in enumerate(suite.columns):
        nom = brute.cellules.column(rang)[entete].as_py()
        if nom is None or nommees >= _NOMS_COMPARES:
            continue
        nommees += 1
        communs += pc.fill_null(pc.equal(colonne, nom), False).to_numpy()
    if nommees < _NOMS_MINIMAUX:
        return total
    for place in np.flatnonzero(communs * 2 >= nommees)[:_NOMS_COMPARES]:
        dessus = suite.slice(max(int(place) - _LIGNES_DESSUS, 0), min(int(place), _LIGNES_DESSUS))
        if any(all(v is None for v in ligne.values()) for ligne in dessus.to_pylist()):
            return premiere + int(place)
    return total


def _is_pied(ligne: Ligne, natures: Sequence[Nature], vivantes: Sequence[int]) -> bool:
    remplies = [str(cellule) for cellule in ligne if cellule and str(cellule).strip()]
    if not remplies:
        return True
    pareilles, contraires = rate_ligne(ligne, natures)
    rare = len(remplies) <= max(1, len(vivantes) * _PART_D_UNE_NOTE)
    if _NOTE.match(remplies[0]) and (rare or not pareilles):
        return True
    if len(vivantes) == 1:
        return False
    # Une cellule seule qui ne ressemble pas à sa colonne : une phrase sous le tableau.
    return rare and not pareilles and (contraires > 0 or len(remplies) == 1)
