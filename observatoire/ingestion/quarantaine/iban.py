"""Numéros de compte bancaire : IBAN dont la clé est juste."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from stdnum import iban

from observatoire.ingestion.quarantaine.entetes import Nature
from observatoire.ingestion.quarantaine.motifs import MotifQuarantaine, build_motif
from observatoire.ingestion.quarantaine.vue import VueTable

_LONGUEUR = 15
_SEPARATEUR = r"[ \x{00a0}\x{202f}\-]?"
_FORME = (
    rf"(?:^|[^0-9A-Za-z])[A-Za-z]{{2}}\d{{2}}{_SEPARATEUR}(?:[0-9A-Za-z]{{4}}{_SEPARATEUR}){{2,7}}[0-9A-Za-z]{{0,4}}"
)
_PYTHON = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2}\d{2}(?:[ \u00a0\u202f\-]?[0-9A-Za-z]){11,30}")
_RIB = r"^\d{5}[ \-]?\d{5}[ \-]?[0-9A-Za-z]{11}[ \-]?\d{2}$"


def find_iban(vue: VueTable) -> Iterator[MotifQuarantaine]:
    """Cherche les IBAN à clé juste, et les relevés d'identité bancaire annoncés par leur en-tête."""
    for colonne in vue.colonnes:
        if colonne.decimale or colonne.longueur_max < _LONGUEUR or colonne.chiffres < _LONGUEUR - 1:
            continue
        formes = colonne.match(_FORME, longueur_min=_LONGUEUR)
        trouve = np.zeros(len(formes), dtype=bool)
        if formes.any():
            trouve[formes] = [_has_iban(texte) for texte in colonne.take(formes)]
        if Nature.IBAN in colonne.natures:
            trouve |= formes | colonne.match(_RIB, longueur_min=_LONGUEUR)
        if trouve.any():
            yield build_motif("iban", colonne, colonne.count(trouve), bloquant=True)


def _has_iban(texte: str) -> bool:
    # Un texte qui suit le numéro sans ponctuation l'allonge : on essaie aussi les longueurs plus courtes.
    for trouve in _PYTHON.findall(texte):
        compact = re.sub(r"[^0-9A-Z]", "", trouve.upper())
        if any(iban.is_valid(compact[:fin]) for fin in range(_LONGUEUR, len(compact) + 1)):
            return True
    return False
