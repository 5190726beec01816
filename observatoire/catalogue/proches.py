"""Mot valide le plus proche d'un mot refusé."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable

_RESSEMBLANCE_MINIMALE = 0.6


def normalise(mot: str) -> str:
    """Retire accents, majuscules, espaces et tirets, pour comparer deux mots.

    Examples:
        >>> normalise("Libellé court")
        'libelle_court'
    """
    sans_accents = "".join(c for c in unicodedata.normalize("NFKD", mot) if not unicodedata.combining(c))
    return sans_accents.strip().lower().replace(" ", "_").replace("-", "_").replace("’", "'")


def find_proche(mot: str, valides: Iterable[str]) -> str | None:
    """Mot valide qui ressemble le plus à ``mot``, ou rien si aucun ne lui ressemble.

    Examples:
        >>> find_proche("unité", ["libelle", "unite"])
        'unite'
        >>> find_proche("xyz", ["libelle", "unite"]) is None
        True
    """
    par_forme = {normalise(valide): valide for valide in valides}
    trouves = difflib.get_close_matches(normalise(mot), list(par_forme), n=1, cutoff=_RESSEMBLANCE_MINIMALE)
    return par_forme[trouves[0]] if trouves else None
