"""Lignes qui ne sont pas un territoire : totaux, codes vides, codes inconnus."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from observatoire.ingestion.proposition.nomenclature import CODES_TOTAUX, normalise_noms
from observatoire.ingestion.proposition.profil import Profil

_TOTAL = re.compile(
    r"^(ensemble|total|france|tout|tous|toutes|dom|drom|metropole|moyenne"
    r"|hors|non localise|inconnu|indetermine|autres?)\b"
    r"|france|total"
)
_PEU = 200


def find_totaux(profil: Profil, connus: NDArray[np.bool_], voisins: list[Profil]) -> dict[str, int]:
    """Lignes de total : code ou nom qui le dit, hors des codes connus.

    Args:
        profil: colonne du code.
        connus: par valeur distincte, code connu.
        voisins: autres colonnes de texte, où un nom peut dire « Tout département ».
    """
    totaux: dict[str, int] = {}
    inconnues = np.flatnonzero(~connus)
    if len(inconnues) <= _PEU:
        noms = normalise_noms([profil.textes[i] for i in inconnues])
        for rang, nom in zip(inconnues, noms, strict=True):
            texte = profil.textes[rang]
            if str(profil.codes[int(rang)]).upper() in CODES_TOTAUX or _TOTAL.search(str(nom)):
                totaux[texte] = int(profil.comptes[rang])
    sans_code = profil.indices < 0
    for voisin in voisins:
        if len(voisin.valeurs) > 50_000:  # noqa: PLR2004 -- un texte libre
            continue
        presents, comptes = np.unique(voisin.indices[sans_code & (voisin.indices >= 0)], return_counts=True)
        for rang, compte in zip(presents[:_PEU], comptes[:_PEU], strict=True):
            texte = voisin.textes[rang]
            if _TOTAL.search(str(normalise_noms([texte])[0])):
                totaux[texte] = int(compte)
    return totaux


def find_inconnus(profil: Profil, connus: NDArray[np.bool_], totaux: dict[str, int]) -> dict[str, int]:
    """Codes inconnus qui ne sont pas des totaux, les plus fréquents d'abord (dix au plus).

    Args:
        profil: colonne du code.
        connus: par valeur distincte, code connu.
        totaux: textes reconnus comme totaux.
    """
    rangs = np.flatnonzero(~connus)
    rangs = rangs[np.argsort(-profil.comptes[rangs], kind="stable")]
    gardes = [(profil.textes[i], int(profil.comptes[i])) for i in rangs[: 10 + len(totaux)]]
    return dict([(t, n) for t, n in gardes if t not in totaux][:10])
