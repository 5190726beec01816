"""Lecteurs : tout fichier reçu devient des tables de texte, aux numéros de ligne de son producteur."""

from observatoire.ingestion.lecteurs.choix import choose_table
from observatoire.ingestion.lecteurs.fichier import read_apercu, read_fichier
from observatoire.ingestion.lecteurs.flot import iter_lots_csv
from observatoire.ingestion.lecteurs.forme import find_forme
from observatoire.ingestion.lecteurs.limites import LIMITES, Limites
from observatoire.ingestion.lecteurs.nombres import parse_nombres
from observatoire.ingestion.lecteurs.nommage import name_table

__all__ = [
    "LIMITES",
    "Limites",
    "choose_table",
    "find_forme",
    "iter_lots_csv",
    "name_table",
    "parse_nombres",
    "read_apercu",
    "read_fichier",
]
