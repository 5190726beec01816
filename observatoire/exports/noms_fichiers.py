"""Nom d'un fichier téléchargé : ce qu'il montre, en lettres simples."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGUEUR_MAX = 120
"""Certains systèmes refusent un chemin de plus de 255 signes."""
_AUTRES = re.compile(r"[^a-z0-9]+")


def name_fichier(morceaux: Iterable[str], extension: str) -> str:
    """Nom lisible : « bas-revenus_communes_la-reunion_2010.png ».

    Args:
        morceaux: indicateur, niveau, territoire, période ; les vides sont passés.
        extension: sans le point.
    """
    mots = [mot for morceau in morceaux if (mot := simplify_nom(morceau))]
    return f"{'_'.join(mots)[:LONGUEUR_MAX].rstrip('_-')}.{extension}"


def simplify_nom(texte: str) -> str:
    """Minuscules sans accents, tirets pour le reste : « L'Étang-Salé » devient « l-etang-sale »."""
    decompose = unicodedata.normalize("NFKD", texte.replace("œ", "oe").replace("Œ", "oe"))
    sans_accents = "".join(c for c in decompose if not unicodedata.combining(c))
    return _AUTRES.sub("-", sans_accents.lower()).strip("-")
