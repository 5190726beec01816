"""Ligne de commande : une commande par fichier, des messages que l'on comprend, jamais de trace."""

from __future__ import annotations

from observatoire.cli.principal import application, main

__all__ = ["application", "main"]
