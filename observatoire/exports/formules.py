"""Cellules qu'un tableur prendrait pour une formule."""

from __future__ import annotations

DEBUTS_DE_FORMULE = ("=", "+", "-", "@", "\t", "\r", "\n")
"""Un tableur exécute une cellule de texte qui commence ainsi (``=1+1``, ``@SOMME``, ``-cmd``)."""


def is_formule(texte: str) -> bool:
    """Vrai si un tableur pourrait exécuter ce texte."""
    return texte.startswith(DEBUTS_DE_FORMULE)


def neutralise(texte: str) -> str:
    """Texte qu'un tableur lira comme un texte : une apostrophe devant ce qui ressemble à une formule."""
    return f"'{texte}" if is_formule(texte) else texte
