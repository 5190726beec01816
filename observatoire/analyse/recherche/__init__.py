"""Recherche de territoires : une seule, pour toutes les pages."""

from observatoire.analyse.recherche.construction import build_index
from observatoire.analyse.recherche.moteur import LONGUEUR_MAXIMALE, REPONSES_MAXIMALES, Recherche, open_recherche
from observatoire.analyse.recherche.trouvailles import Trouvaille

__all__ = ["LONGUEUR_MAXIMALE", "REPONSES_MAXIMALES", "Recherche", "Trouvaille", "build_index", "open_recherche"]
