"""Chiffres au hasard : ce qui distingue un numéro attribué d'une suite de codes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

_EFFECTIF_MINIMAL = 5
_PART_DOMINANTE = 0.4
_PART_DOMINANTE_COURTE = 0.7
_EFFECTIF_COURT = 30


def has_chiffres_au_hasard(textes: pa.Array, *, debut: int = 0) -> bool:
    """Vrai si, à chaque place, aucun chiffre ne domine : une suite ou un code géographique est écarté.

    Args:
        textes: valeurs distinctes, toutes de même longueur et faites de chiffres.
        debut: première place regardée (les préfixes sont naturellement peu variés).

    Examples:
        >>> has_chiffres_au_hasard(pa.array([f"06{n:08d}" for n in range(50)]), debut=2)
        False
    """
    if len(textes) < _EFFECTIF_MINIMAL:
        return False
    largeur = len(textes[0].as_py())
    grille = np.array(textes.to_pylist(), dtype=f"S{largeur}").view(np.uint8).reshape(len(textes), largeur)[:, debut:]
    dominante = max(np.bincount(colonne, minlength=1).max() for colonne in grille.T) / len(textes)
    return bool(dominante <= (_PART_DOMINANTE_COURTE if len(textes) < _EFFECTIF_COURT else _PART_DOMINANTE))
