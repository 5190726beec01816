"""Écriture d'une recherche : une même forme pour ce qu'on tape et pour les noms des territoires.

Un nom garde deux formes collées : entière (« laplainedespalmistes ») et sans les petits mots
(« plainepalmistes »), pour que l'article, le trait d'union et l'espace soient facultatifs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

PETITS_MOTS = frozenset(
    ["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "las", "le", "les", "lez", "los", "sur"]
)
"""Mots qu'on oublie en tapant un nom : « étang salé », « pierrefitte seine »."""

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_AUTRES_SIGNES = re.compile(r"[^a-z0-9\n]+")
_SUR_ABREGE = re.compile(r"\bs/")
_ORDINAL = re.compile(r"\b(\d+)(?:er|ere|e|eme|ieme|nd|nde)\b")
_SAINT = re.compile(r"\bst(e?)\b")
_PETIT_MOT = re.compile(rf"\b(?:{'|'.join(sorted(PETITS_MOTS))})\b")


def normalise_texte(texte: str) -> str:
    """Minuscules sans accents, un espace pour tout autre signe, « st » en « saint », « 13e » en « 13 ».

    Les fins de ligne restent : une liste de noms se traite d'un seul coup.

    Examples:
        >>> normalise_texte("L'Haÿ-les-Roses")
        'l hay les roses'
        >>> normalise_texte("Ste Foy s/ Loire")
        'sainte foy sur loire'
    """
    simple = _ACCENTS.sub("", unicodedata.normalize("NFKD", texte).casefold().translate(_LIGATURES))
    simple = _AUTRES_SIGNES.sub(" ", _SUR_ABREGE.sub(" sur ", simple))
    simple = _SAINT.sub(r"saint\1", _ORDINAL.sub(r"\1", simple))
    return re.sub(r" *\n *", "\n", simple).strip(" ")


def normalise_textes(textes: Sequence[str]) -> list[str]:
    """Forme normale de chaque texte."""
    return normalise_texte("\n".join(t.replace("\n", " ") for t in textes)).split("\n") if len(textes) else []


def join_mots(normales: Sequence[str]) -> list[str]:
    """Formes entières, collées : « l etang sale » → « letangsale »."""
    return "\n".join(normales).replace(" ", "").split("\n") if len(normales) else []


def join_mots_pleins(normales: Sequence[str]) -> list[str]:
    """Formes collées sans les petits mots ; un nom qui n'a qu'eux les garde."""
    entieres = join_mots(normales)
    pleines = join_mots(_PETIT_MOT.sub(" ", "\n".join(normales)).split("\n")) if len(normales) else []
    return [pleine or entiere for pleine, entiere in zip(pleines, entieres, strict=True)]


def list_mots_pleins(normale: str) -> list[str]:
    """Mots d'une forme normale, sans les petits mots ni les répétitions."""
    return [m for m in dict.fromkeys(normale.split()) if m not in PETITS_MOTS]


def join_initiales(normales: Sequence[str]) -> list[str]:
    """Initiales : « metropole europeenne de lille » → « medl »."""
    return re.sub(r"([a-z0-9])[a-z0-9]* ?", r"\1", "\n".join(normales)).split("\n") if len(normales) else []
