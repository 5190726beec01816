"""Marques de secret, d'absence et de non-significativité trouvées parmi des nombres."""

from __future__ import annotations

import re
import unicodedata

from observatoire.ingestion.proposition.modele import Certitude, MarqueReconnue, SensMarque

_SECRET = {
    "s",
    "ss",
    "sec",
    "secret",
    "c",
    "conf",
    "confidentiel",
    "*",
    "**",
    "masque",
    "ndiff",
    "non diffuse",
    "nc",
    "x",
}
_ABSENCE = {
    "nd", "na", "n/a", "nan", "null", "none", "nr", "-", "--", "–", "—", "…", "...", ".", "..", "/", "//", "///",
    "so", "sans objet",
    "#n/a", "#div/0!", "#ref!", "#valeur!", "#value!", "manquant", "inconnu", "?", "_z", "_u", "_n", "ns/nr", "vide",
}  # fmt: skip
_NON_SIGNIFICATIF = {"ns", "non significatif", "peu fiable"}
_INCERTAINS = {"c", "x", "nc", "na", "*", "**", "-", "--", "–", "—", ".", "..", "so", "s"} - {"s", "*", "-"}
_SEUIL = re.compile(r"^<\s?\d{1,2}$|^moins de \d{1,2}$|^(1|0) ?(a|-) ?\d$")


def read_marque(texte: str, nombre: int) -> MarqueReconnue:
    """Dit le sens probable d'un texte trouvé parmi des nombres.

    Args:
        texte: le texte, tel que lu.
        nombre: nombre de cellules.

    Examples:
        >>> read_marque("N/A - secret statistique", 3).sens.value
        'secret'
        >>> read_marque("n.d.", 3).sens.value
        'absence'
    """
    cle = _normalise(texte)
    nu = cle.replace(".", "") if re.fullmatch(r"[a-z](\.[a-z])+\.?", cle) or re.fullmatch(r"[a-z]{1,4}\.", cle) else cle
    certitude = Certitude.A_VERIFIER if nu in _INCERTAINS else Certitude.SUR
    if "secret" in cle or "confiden" in cle or nu in _SECRET or _SEUIL.match(cle):
        sens = SensMarque.SECRET
    elif "significati" in cle or nu in _NON_SIGNIFICATIF:
        sens = SensMarque.NON_SIGNIFICATIF
    elif nu in _ABSENCE or re.search(
        r"non (disponible|renseigne|repon|connu|concern)|indisponible|manquant|pas de donnee|division par|sans objet",
        cle,
    ):
        sens = SensMarque.ABSENCE
    else:
        sens, certitude = SensMarque.INCONNU, Certitude.A_VERIFIER
    return MarqueReconnue(texte, sens, nombre, certitude)


def is_marque(texte: str) -> bool:
    """Dit si un texte est une marque d'usage courant.

    Examples:
        >>> is_marque("ns"), is_marque("Bordeaux")
        (True, False)
    """
    return read_marque(texte, 1).sens is not SensMarque.INCONNU


def _normalise(texte: str) -> str:
    plat = "".join(c for c in unicodedata.normalize("NFD", texte) if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", plat).strip().lower()
