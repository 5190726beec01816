"""Écritures d'un code : zéro de tête perdu, département sur trois caractères, clés de contrôle."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Textes = NDArray[np.object_]


def lengths(codes: pd.Index) -> NDArray[np.int64]:
    """Longueur de chaque code."""
    return np.fromiter((len(code) for code in codes), dtype=np.int64, count=len(codes))


def pad(codes: pd.Index, largeur: int) -> pd.Index:
    """Rend les zéros de tête qu'un tableur a retirés ; un code qui n'est pas fait de chiffres ne change pas.

    Examples:
        >>> pad(pd.Index(["1001", "2A004", "33063"]), 5).tolist()
        ['01001', '2A004', '33063']
    """
    return pd.Index([c.zfill(largeur) if c.isdigit() else c for c in codes], dtype=object)


def strip_departement(codes: pd.Index) -> pd.Index:
    """Département de l'Éducation nationale, « 001 » ou « 02A », ramené à deux caractères.

    Examples:
        >>> strip_departement(pd.Index(["001", "02A", "974"])).tolist()
        ['01', '2A', '974']
    """
    return pd.Index([c[1:] if len(c) == 3 and c[0] == "0" else c for c in codes], dtype=object)  # noqa: PLR2004


def cut_departement(codes: pd.Index) -> pd.Index:
    """Département des impôts, « 010 » ou « 2A0 » (le dernier chiffre est une direction), ramené à deux caractères.

    Examples:
        >>> cut_departement(pd.Index(["010", "2A0", "131"])).tolist()
        ['01', '2A', '13']
    """
    return pd.Index([c[:2] for c in codes], dtype=object)


def has_luhn(codes: pd.Index, longueur: int) -> NDArray[np.bool_]:
    """Par code : fait de ``longueur`` chiffres dont la clé de Luhn est juste (SIREN, SIRET, FINESS).

    Examples:
        >>> has_luhn(pd.Index(["200069193", "200069194", "abc"]), 9).tolist()
        [True, False, False]
    """
    formes = np.fromiter((len(c) == longueur and c.isascii() and c.isdigit() for c in codes), bool, len(codes))
    justes = np.zeros(len(codes), dtype=bool)
    if not formes.any():
        return justes
    chiffres = np.array([list(c) for c in codes[formes]], dtype=np.int64)
    doubles = chiffres[:, -2::-2] * 2
    sommes = chiffres[:, -1::-2].sum(axis=1) + (doubles - 9 * (doubles > 9)).sum(axis=1)  # noqa: PLR2004
    justes[formes] = sommes % 10 == 0
    return justes


def share(poids: NDArray[np.int64], choix: NDArray[np.bool_]) -> float:
    """Part des lignes dont le code est choisi."""
    total = poids.sum()
    return float(poids[choix].sum() / total) if total else 0.0
