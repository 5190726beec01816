"""Très gros CSV : lu par morceaux, réduit aussitôt aux lignes et aux colonnes que la source déclare."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from observatoire.ingestion.colonnes import Plan, check_colonnes, list_lues
from observatoire.ingestion.lecteurs import iter_lots_csv
from observatoire.ingestion.lots import is_one_of
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.tables import FormeTable, Lecture, TableLue

SEUIL = 200 * 1024 * 1024
"""Taille au-delà de laquelle un CSV n'est plus lu d'un bloc."""
_EXTENSIONS = {".csv", ".txt", ".tsv"}
_LIGNE = "(ligne)"

Inspecteur = Callable[[TableLue], None]


def is_grand(chemin: Path) -> bool:
    """Vrai pour un texte trop gros pour être lu d'un bloc."""
    return chemin.is_file() and chemin.suffix.lower() in _EXTENSIONS and chemin.stat().st_size > SEUIL


def reduce_grand(
    chemin: Path,
    plans: Sequence[Plan],
    *,
    apercu: Lecture,
    tete: TableLue,
    inspecter: Inspecteur,
    anomalies: list[Anomalie],
) -> TableLue:
    """Lit un gros CSV et n'en garde que ce qu'un des plans lira.

    Args:
        chemin: fichier reçu.
        plans: niveaux à lire.
        apercu: lecture du début du fichier (encodage, séparateur).
        tete: table du début, qui donne les noms et la place des données.
        inspecter: appelée sur chaque morceau entier, avant toute réduction (recherche de personnes).
        anomalies: reçoit les fautes de lecture.
    """
    noms = tete.donnees.column_names
    fautes = [a for plan in plans for a in check_colonnes(plan, noms, fichier=chemin.name)]
    if any(a.gravite is Gravite.BLOQUANT for a in fautes):
        # Une colonne manque : le rapport le dira sur le début du fichier, sans lire le reste.
        return tete
    voulues = [n for n in noms if any(n in {plan.name(c) for c in list_lues(plan)} for plan in plans)]
    morceaux, lignes = list[pa.Table](), list[NDArray[np.int64]]()
    for morceau, numeros in _iter_morceaux(chemin, apercu, tete, anomalies):
        inspecter(TableLue(tete.nom, morceau, numeros, tete.forme))
        garde = _keep(morceau, plans)
        morceaux.append(morceau.select(voulues).filter(pa.array(garde)))
        lignes.append(numeros[garde])
    donnees = pa.concat_tables(morceaux) if morceaux else tete.donnees.select(voulues).slice(0, 0)
    numeros = np.concatenate(lignes) if lignes else np.empty(0, dtype=np.int64)
    derniere = int(numeros[-1]) if len(numeros) else tete.forme.premiere_ligne
    forme = FormeTable(tete.forme.lignes_entete, tete.forme.premiere_ligne, derniere, tete.forme.titre)
    return TableLue(tete.nom, donnees, numeros, forme)


def _iter_morceaux(
    chemin: Path, apercu: Lecture, tete: TableLue, anomalies: list[Anomalie]
) -> Iterator[tuple[pa.Table, NDArray[np.int64]]]:
    lots = iter_lots_csv(
        chemin,
        noms=tete.donnees.column_names,
        encodage=apercu.encodage,
        separateur=apercu.separateur,
        premiere_ligne=tete.forme.premiere_ligne,
        anomalies=anomalies,
    )
    for lot in lots:
        table = pa.Table.from_batches([lot])
        yield table.drop_columns([_LIGNE]), table[_LIGNE].to_numpy()


def _keep(table: pa.Table, plans: Sequence[Plan]) -> NDArray[np.bool_]:
    """Lignes qu'un des plans lira : ses filtres, et les modalités de ses variables si toutes en ont."""
    garde = np.zeros(table.num_rows, dtype=bool)
    for plan in plans:
        siennes = np.ones(table.num_rows, dtype=bool)
        for colonne, admises in plan.filtres.items():
            siennes &= is_one_of(table, plan.name(colonne), admises)
        variables = list(plan.variables.values())
        if variables and all(v.ou for v in variables):
            lues = np.zeros(table.num_rows, dtype=bool)
            for variable in variables:
                mesure = np.ones(table.num_rows, dtype=bool)
                for colonne, admises in variable.ou.items():
                    mesure &= is_one_of(table, plan.name(colonne), admises)
                lues |= mesure
            siennes &= lues
        garde |= siennes
    return garde
