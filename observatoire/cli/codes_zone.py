"""Communes d'une zone, telles qu'on les donne en ligne de commande : une liste, ou un fichier."""

from __future__ import annotations

import re
from pathlib import Path

from observatoire.errors import AppelError

_SEPARATEURS = re.compile(r"[\s,;]+")


def read_codes(zone: str) -> tuple[str, ...]:
    """Codes d'une zone, triés, chacun une fois.

    Args:
        zone: « 97401,97402 », ou ``@fichier`` : un texte de codes, un par ligne ou séparés par des virgules ;
            ce qui suit un « # » est une note.

    Raises:
        AppelError: le fichier ne se lit pas, ou aucun code n'est donné.
    """
    texte = _read_fichier(Path(zone[1:])) if zone.startswith("@") else zone
    codes = sorted({code for ligne in texte.splitlines() for code in _SEPARATEURS.split(ligne.split("#")[0]) if code})
    if not codes:
        msg = "--zone ne donne aucun code. Écrivez « --zone 97401,97402 », ou « --zone @communes.txt »."
        raise AppelError(msg)
    return tuple(codes)


def _read_fichier(chemin: Path) -> str:
    try:
        return chemin.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        msg = f"Le fichier « {chemin} » de --zone ne se lit pas. Attendu : un texte, un code de commune par ligne."
        raise AppelError(msg) from None
