"""Choisir la table des données parmi les feuilles, couches ou membres d'un fichier."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from observatoire.catalogue.proches import normalise
from observatoire.ingestion.lecteurs.forme import find_forme
from observatoire.modeles.sources import LectureDeclaree
from observatoire.modeles.tables import Lecture, TableBrute

SEPARATEUR_NOMS = " › "
"""Sépare le membre d'une archive de la feuille (« equipements.xls › COM »)."""
_ANNEXE = re.compile(
    r"sommaire|presentation|documentation|lisez|lire|readme|method|variables?$|description|descriptif|savoir|metadata|meta"
    r"|definition|glossaire|notes?$|geographie_des_donnees|index|indic\d*$|legende|liste_variables|dictionnaire"
    r"|modalite"
)
_COLONNES_COMPTEES = 4
_PRESQUE_AUTANT = 0.8
"""À quantité proche de données, la première table l'emporte."""


def choose_table(lecture: Lecture, declaree: LectureDeclaree | None = None) -> TableBrute | None:
    """Choisit la table à lire.

    Args:
        lecture: fichier lu.
        declaree: membre et feuille déclarés (motifs : « Tab1* ») ; rien : la feuille qui a le plus de données,
            hors sommaire, documentation et dictionnaires.

    Returns:
        La table, ou rien si le fichier n'en a pas, ou si aucune ne répond au motif déclaré.
    """
    declaree = declaree or LectureDeclaree()
    tables = [t for t in lecture.tables if _matches(t.nom, declaree)]
    if not tables:
        return None
    if len(tables) == 1:
        return tables[0]
    donnees = [t for t in tables if not _ANNEXE.search(_feuille(t.nom))] or tables
    poids = {id(t): _weigh(t, declaree) for t in donnees}
    meilleur = max(poids.values())
    return next(t for t in donnees if poids[id(t)] >= meilleur * _PRESQUE_AUTANT)


def _matches(nom: str, declaree: LectureDeclaree) -> bool:
    """Vrai si un nom répond aux motifs ; les majuscules, accents et espaces n'y comptent pas."""
    membre, _, feuille = nom.rpartition(SEPARATEUR_NOMS)
    convient = True
    if declaree.membre:
        entier = normalise(membre or feuille)
        motif = normalise(declaree.membre)
        convient = fnmatchcase(entier, motif) or fnmatchcase(entier.rpartition("/")[2], motif)
    if declaree.feuille:
        convient = convient and fnmatchcase(normalise(feuille), normalise(declaree.feuille))
    return convient


def _feuille(nom: str) -> str:
    dernier = nom.rpartition(SEPARATEUR_NOMS)[2].rpartition("/")[2]
    return normalise(dernier.removesuffix(".csv").removesuffix(".CSV"))


def _weigh(table: TableBrute, declaree: LectureDeclaree) -> int:
    """Quantité de données : cellules remplies entre l'en-tête et le pied."""
    if table.cellules.num_columns < 2 and not table.entete_connue:  # noqa: PLR2004
        return 0
    forme = find_forme(table, declaree)
    if forme is None:
        return 0
    lignes = forme.derniere_ligne - forme.premiere_ligne + 1
    # Les colonnes ne départagent qu'un peu : une longue table de territoires l'emporte sur une large synthèse.
    return lignes * min(table.cellules.num_columns, _COLONNES_COMPTEES)
