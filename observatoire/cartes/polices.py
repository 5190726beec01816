"""Police des images : Source Sans 3, la même qu'à l'écran, sinon DejaVu Sans.

Matplotlib ne lit ni le ``woff2`` livré par Streamlit, ni les graisses d'une police variable : on tire une
fois les deux graisses utiles du paquet ``fontpkg-source-sans-3``, dans le cache de Matplotlib.
"""

from __future__ import annotations

import importlib.util
import os
import tempfile
from functools import cache
from pathlib import Path

import matplotlib as mpl
from matplotlib.font_manager import FontProperties

PAQUET = "fontpkg_source_sans_3"
FICHIER = "files/SourceSans3[wght].ttf"
VERSION_DU_CACHE = 2
NORMAL, DEMI_GRAS = 400, 600
NOM_POSTSCRIPT = 6
"""Rang de ce nom dans une police."""

# Latin étendu, ponctuation, monnaies, signes mathématiques et géométriques : tout ce qu'une carte écrit.
CARACTERES = (
    *range(0x20, 0x250),
    *range(0x2000, 0x2070),
    *range(0x20A0, 0x20C0),
    0x2212,
    *range(0x25A0, 0x2600),
)


@cache
def load_police(graisse: int = NORMAL) -> FontProperties:
    """Police d'une graisse ; jamais d'échec, une carte sans Source Sans reste une carte."""
    source = _find_source()
    if source is None:
        return FontProperties(family="DejaVu Sans", weight="bold" if graisse >= DEMI_GRAS else "normal")
    return FontProperties(fname=str(_build_graisse(source, graisse)))


def _find_source() -> Path | None:
    paquet = importlib.util.find_spec(PAQUET)
    if paquet is None or paquet.origin is None:
        return None
    fichier = Path(paquet.origin).parent / FICHIER
    return fichier if fichier.is_file() else None


def _build_graisse(source: Path, graisse: int) -> Path:
    cible = Path(mpl.get_cachedir()) / f"source-sans-3-{graisse}-{source.stat().st_size}-v{VERSION_DU_CACHE}.ttf"
    if cible.is_file():
        return cible
    # Longs à charger, et inutiles une fois la police en cache.
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    # ``recalcTimestamp`` : sans lui, la date du jour entrerait dans la police, donc dans chaque PDF.
    police = TTFont(source, recalcTimestamp=False)
    options = subset.Options(layout_features=["kern", "liga"], notdef_outline=True, recalc_timestamp=False)
    reduction = subset.Subsetter(options)
    reduction.populate(unicodes=CARACTERES)
    reduction.subset(police)
    instancer.instantiateVariableFont(police, {"wght": graisse}, inplace=True)
    # Deux graisses du même nom se confondraient dans un SVG, où chaque lettre est rangée sous le nom de sa police.
    for nom in police["name"].names:
        if nom.nameID == NOM_POSTSCRIPT:
            nom.string = f"SourceSans3-{graisse}"
    descripteur, provisoire = tempfile.mkstemp(dir=cible.parent, suffix=".ttf")
    with os.fdopen(descripteur, "wb") as flux:
        police.save(flux)
    Path(provisoire).replace(cible)
    return cible
