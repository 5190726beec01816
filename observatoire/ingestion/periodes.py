"""Période de chaque ligne d'un fichier qui en contient plusieurs."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from observatoire.modeles.sources import PeriodeDeclaree

_FORMES = {
    "AAAA": r"(?P<annee>\d{4})",
    "AA": r"(?P<aa>\d{2})",
    # Une année scolaire porte l'année de sa rentrée.
    "AAAA-AAAA": r"(?P<annee>\d{4})[-/ ]+\d{4}",
    "AAAA-MM": r"(?P<annee>\d{4})-(?P<mois>\d{1,2})",
    "AAAAMM": r"(?P<annee>\d{4})(?P<mois>\d{2})",
    "AAAA-Tn": r"(?P<annee>\d{4})[- ]?[TQ](?P<trimestre>[1-4])",
    "AAAATn": r"(?P<annee>\d{4})[- ]?[TQ](?P<trimestre>[1-4])",
    "Tn AAAA": r"[TQ](?P<trimestre>[1-4])[- ](?P<annee>\d{4})",
    "JJ/MM/AAAA": r"(?P<jour>\d{1,2})/(?P<mois>\d{1,2})/(?P<annee>\d{4})",
    "AAAA-MM-JJ": r"(?P<annee>\d{4})-(?P<mois>\d{1,2})-(?P<jour>\d{1,2}).*",
}
FORMES = tuple(_FORMES)
"""Écritures de période que l'on sait lire."""
_MOIS_PAR_TRIMESTRE = 3
_MOIS_PAR_AN = 12
_PIVOT = 70
"""Une année sur deux chiffres au-delà de celui-ci est du vingtième siècle."""


def parse_periode(texte: str, declaree: PeriodeDeclaree) -> str | None:
    """Traduit une période lue dans celle du socle : ``2024``, ``2024-T4``, ``2024-12`` ; ``None`` si illisible.

    Une précision que le fichier n'a pas ne s'invente pas : une année ne devient ni un mois ni un trimestre.

    Examples:
        >>> parse_periode("2024-12", PeriodeDeclaree(colonne="d", forme="AAAA-MM"))
        '2024'
        >>> parse_periode("202412", PeriodeDeclaree(colonne="d", forme="AAAAMM", pas="mois"))
        '2024-12'
        >>> parse_periode("202412", PeriodeDeclaree(colonne="d", forme="AAAA")) is None
        True
    """
    trouve = re.fullmatch(_FORMES.get(declaree.forme, "(?!)"), texte.strip())
    if trouve is None:
        return None
    lu = trouve.groupdict()
    annee = lu.get("annee") or _century(lu["aa"])
    mois, trimestre = int(lu.get("mois") or 0), int(lu.get("trimestre") or 0)
    if mois > _MOIS_PAR_AN or ("mois" in lu and mois == 0):
        return None
    match declaree.pas:
        case "mois":
            return f"{annee}-{mois:02d}" if mois else None
        case "trimestre":
            rang = trimestre or (mois + _MOIS_PAR_TRIMESTRE - 1) // _MOIS_PAR_TRIMESTRE
            return f"{annee}-T{rang}" if rang else None
        case _:
            return annee


def _century(aa: str) -> str:
    return f"19{aa}" if int(aa) >= _PIVOT else f"20{aa}"


def keep_lue(texte: str, declaree: PeriodeDeclaree) -> bool:
    """Vrai si la période, telle que lue, est de celles que la source retient."""
    return not declaree.retenir or any(fnmatchcase(texte.strip(), motif) for motif in declaree.retenir)
