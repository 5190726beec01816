"""Adresses servies à côté des pages."""

from __future__ import annotations

SANTE = "/sante"
STATIQUE = "/statique"
TELECHARGER = "/telecharger"
CSV = f"{TELECHARGER}/carte.csv"
