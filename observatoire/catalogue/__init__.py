"""Catalogue : les fiches YAML de ``indicators/``, lues, contrôlées et réunies."""

from observatoire.catalogue.fautes import Faute
from observatoire.catalogue.loader import find_fautes, load_catalogue

__all__ = ["Faute", "find_fautes", "load_catalogue"]
