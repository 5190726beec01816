"""Écriture d'un YAML commenté : un doute au-dessus de la ligne qu'il concerne."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence

_NU = re.compile(r"^[A-Za-zÀ-ÿ_][\wÀ-ÿ'’ .()/+%-]*")
_RESERVES = {"true", "false", "null", "yes", "no", "on", "off", "~", "oui", "non"}
_LARGEUR = 108
_DEUX_OCTETS = 0xFFFF


def write_texte(texte: str) -> str:
    """Écrit un texte, entre guillemets s'il pourrait se lire autrement.

    Examples:
        >>> write_texte("Ain"), write_texte("01"), write_texte("a: b")
        ('Ain', '"01"', '"a: b"')
    """
    if _NU.fullmatch(texte) and texte.isprintable() and texte == texte.strip() and texte.lower() not in _RESERVES:
        return texte
    return _quote(texte)


def write_liste(textes: Iterable[str]) -> str:
    """Écrit une liste sur une ligne."""
    return "[" + ", ".join(_in_flow(t) for t in textes) + "]"


def write_table(table: Mapping[str, str | int | Sequence[str]]) -> str:
    """Écrit un tableau de clés sur une ligne ; une valeur est un texte, un entier ou une liste."""
    return "{" + ", ".join(f"{_in_flow(cle)}: {_write_valeur(valeur)}" for cle, valeur in table.items()) + "}"


def _write_valeur(valeur: str | int | Sequence[str]) -> str:
    if isinstance(valeur, int):
        return str(valeur)
    return _in_flow(valeur) if isinstance(valeur, str) else write_liste(valeur)


def write_commentaire(phrase: str, retrait: int = 0, *, verifier: bool = False) -> list[str]:
    """Écrit un commentaire, coupé aux mots ; ``verifier`` le fait précéder de « À VÉRIFIER »."""
    texte = f"À VÉRIFIER : {phrase}" if verifier else phrase
    propre = re.sub(r"\s+", " ", texte.replace("\u2028", " ")).strip()
    propre = "".join(c for c in propre if c.isprintable())
    # Une espace insécable : la coupe ne laisse pas un guillemet seul.
    propre = propre.replace("« ", "«\u00a0").replace(" »", "\u00a0»").replace(" :", "\u00a0:").replace(" ;", "\u00a0;")
    marge = " " * retrait
    lignes = textwrap.wrap(propre, _LARGEUR - retrait, break_long_words=False, break_on_hyphens=False) or [""]
    return [f"{marge}# {lignes[0]}", *(f"{marge}#   {suite}" for suite in lignes[1:])]


def _quote(texte: str) -> str:
    """Met entre guillemets ; un caractère invisible s'écrit par son numéro, car YAML en refuse ou en coupe."""
    cite = json.dumps(texte, ensure_ascii=False)
    return "".join(c if c.isprintable() else _escape(c) for c in cite)


def _escape(caractere: str) -> str:
    rang = ord(caractere)
    return f"\\u{rang:04x}" if rang <= _DEUX_OCTETS else f"\\U{rang:08x}"


def _in_flow(texte: str) -> str:
    """Texte dans une liste ou un tableau : virgules et crochets y ont un sens."""
    return _quote(texte) if re.search(r"[,\[\]{}]", texte) else write_texte(texte)
