"""Texte d'une fiche rendu en HTML : échappé, avec les espaces insécables du français."""

from __future__ import annotations

import re
from html import escape

from observatoire.modeles.nombres import FINE_INSECABLE, INSECABLE

_AVANT = re.compile(r" (?=[:;?!%€»])")
_APRES = re.compile(r"(?<=«) ")
_MILLIERS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")


def escape_texte(texte: str) -> str:
    """Échappe un texte et colle à leur mot les signes que le français ne laisse pas seuls.

    Examples:
        >>> escape_texte("« a » < 10 000 %").replace(chr(160), "_").replace(chr(0x202F), ".")
        '«_a_» &lt; 10.000_%'
    """
    colle = _MILLIERS.sub(FINE_INSECABLE, _APRES.sub(INSECABLE, _AVANT.sub(INSECABLE, texte)))
    return escape(colle, quote=True)
