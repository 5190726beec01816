"""Coordonnées précises : refusées quand plusieurs points tombent dans un même territoire, hors liste de lieux."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from observatoire.ingestion.quarantaine.colonnes import Colonne
from observatoire.ingestion.quarantaine.entetes import Nature
from observatoire.ingestion.quarantaine.motifs import MotifQuarantaine, build_motif
from observatoire.ingestion.quarantaine.vue import PART_FORME, VueTable

_DEGRES_FINS = r"^-?\d{1,2}[.,]\d{3,}$"
_PAIRE = r"^\(?-?\d{1,2}\.\d{3,}[,; ]+-?\d{1,3}\.\d{3,}\)?$"
_METRES = r"^\d{6,7}([.,]\d+)?$"
_PAS_CARREAU = 100
_LIGNES_MINIMALES = 3
_POINTS_PAR_TERRITOIRE = 1.05


def find_coordonnees(vue: VueTable) -> Iterator[MotifQuarantaine]:
    """Cherche des points à moins de 100 m qui ne sont pas ceux de territoires ou de lieux."""
    points = [c for c in vue.colonnes if _is_fine(c)]
    if not points or vue.liste_de_lieux:
        return
    distincts = vue.count_cles(points)
    territoires = [c for c in vue.territoires if c not in points]
    if distincts < _LIGNES_MINIMALES:
        return
    # Un point par territoire est son centre ; davantage, ce sont des adresses.
    if any(distincts <= _POINTS_PAR_TERRITOIRE * (len(c.distinctes) + 1) for c in territoires):
        return
    for colonne in points:
        yield build_motif("coordonnees", colonne, colonne.lignes_remplies, bloquant=True)


def _is_fine(colonne: Colonne) -> bool:
    if colonne.chiffres == 0 or colonne.longueur_max < len("48.123"):
        return False
    if not colonne.decimale and colonne.share(colonne.match(_PAIRE, longueur_min=12)) >= PART_FORME:
        return True
    if not {Nature.LONGITUDE, Nature.LATITUDE} & colonne.natures:
        return False
    if colonne.share(colonne.match(_DEGRES_FINS)) >= PART_FORME:
        return True
    metres = colonne.match(_METRES, longueur_min=6)
    if colonne.share(metres) < PART_FORME:
        return False
    entiers = colonne.entiers
    return not bool(np.isfinite(entiers).all() and (entiers % _PAS_CARREAU == 0).all())
