"""Nombres écrits en texte : décimales, milliers, notation scientifique, sans ambiguïté silencieuse."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_ESPACES = " \u00a0\u202f\u2009"
_GROUPES = f"[{_ESPACES}'’]"
_ANGLAIS = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_VIRGULE = r"^[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?$"
# Le premier groupe ne commence pas par zéro : « 01 234 » est un code, pas un millier.
_MILLIERS_ESPACE = rf"^[+-]?[1-9]\d{{0,2}}(?:{_GROUPES}\d{{3}})+(?:[.,]\d+)?$"
_MILLIERS_POINT = r"^[+-]?[1-9]\d{0,2}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})$"
_MILLIERS_VIRGULE = r"^[+-]?[1-9]\d{0,2}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})$"


def parse_nombres(textes: pa.ChunkedArray | pa.Array) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Lit des nombres écrits à la française ou à l'anglaise.

    Virgule ou point décimal ; milliers séparés par une espace (simple, insécable, fine) ou une
    apostrophe ; milliers au point ou à la virgule seulement quand rien d'autre n'est possible
    (« 1.234,5 », « 1.234.567 ») : « 1.234 » et « 1,234 » sont des décimaux. « 12,5 % » vaut 12,5.

    Args:
        textes: colonne de texte.

    Returns:
        Les valeurs (``nan`` pour un vide ou un illisible), et ce qui, rempli, n'est pas un nombre.

    Examples:
        >>> valeurs, illisibles = parse_nombres(pa.array(["2 256", "7,83e-03", None, "nd", "1.234,5"]))
        >>> valeurs.tolist(), illisibles.tolist()
        ([2256.0, 0.00783, nan, nan, 1234.5], [False, False, False, True, False])
    """
    colonne = textes.combine_chunks() if isinstance(textes, pa.ChunkedArray) else textes
    if pa.types.is_null(colonne.type):
        return np.full(len(colonne), np.nan), np.zeros(len(colonne), dtype=bool)
    propres = pc.utf8_trim_whitespace(colonne)
    propres = pc.if_else(pc.equal(propres, ""), None, propres)
    remplies = pc.is_valid(propres).to_numpy(zero_copy_only=False)
    valeurs = np.full(len(colonne), np.nan)
    simples = pc.fill_null(pc.match_substring_regex(propres, _ANGLAIS), False)
    valeurs[simples.to_numpy(zero_copy_only=False)] = _cast(propres.filter(simples))
    reste = remplies & ~simples.to_numpy(zero_copy_only=False)
    if reste.any():
        valeurs[reste] = _parse_reste(propres.filter(pa.array(reste)))
    # Un débordement (« 1e999 ») n'est pas un nombre.
    valeurs[~np.isfinite(valeurs)] = np.nan
    return valeurs, remplies & np.isnan(valeurs)


def _cast(textes: pa.Array) -> NDArray[np.float64]:
    # Pyarrow ne connaît pas le signe « + » en tête.
    return pc.cast(pc.utf8_ltrim(textes, "+"), pa.float64()).to_numpy(zero_copy_only=False)


def _parse_reste(textes: pa.Array) -> NDArray[np.float64]:
    """Les écritures moins courantes, ramenées une à une à l'écriture simple."""
    textes = pc.replace_substring(textes, "\u2212", "-")
    textes = pc.replace_substring_regex(textes, f"[{_ESPACES}]*%$", "")
    for forme, separateur in (
        (_MILLIERS_ESPACE, f"{_GROUPES}+"),
        (_MILLIERS_POINT, r"\."),
        (_MILLIERS_VIRGULE, ","),
    ):
        vrais = pc.match_substring_regex(textes, forme)
        if pc.any(vrais).as_py():
            textes = pc.if_else(vrais, pc.replace_substring_regex(textes, separateur, ""), textes)
    virgules = pc.match_substring_regex(textes, _VIRGULE)
    textes = pc.if_else(virgules, pc.replace_substring(textes, ",", "."), textes)
    lisibles = pc.match_substring_regex(textes, _ANGLAIS)
    valeurs = np.full(len(textes), np.nan)
    valeurs[lisibles.to_numpy(zero_copy_only=False)] = _cast(textes.filter(lisibles))
    return valeurs
