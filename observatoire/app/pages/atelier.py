"""Atelier : mettre à jour l'observatoire, du fichier reçu à la publication ; n'existe qu'avec ``--atelier``."""

from __future__ import annotations

from observatoire.app.atelier.page import show_atelier

show_atelier()
