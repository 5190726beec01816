"""Rendu d'une figure Matplotlib : en octets toujours égaux, et sûr entre plusieurs fils d'exécution."""

from __future__ import annotations

import io
import re
from html import escape
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from observatoire.cartes.palettes import PAPIER

PPP = 150

REGLAGES: dict[str, Any] = {
    "svg.hashsalt": "observatoire",
    # Le texte d'un SVG devient des chemins : il se dessine partout pareil ; ``desc`` le dit en clair.
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "path.simplify": False,
    # « $ » est un caractère comme un autre, non le début d'une formule.
    "text.parse_math": False,
}
# Posés une fois pour tout le processus : ``rc_context`` les changerait sous les pieds d'un autre fil.
mpl.rcParams.update(REGLAGES)  # type: ignore[arg-type]  # clés exactes : matplotlib les veut en littéraux

SANS_DATE: dict[str, dict[str, str | None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None, "Format": None, "Type": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": "observatoire"},
}
TRACE_LOURD = 20_000
"""Caractères d'un tracé au-delà desquels un dixième de point suffit : trente mille communes sur une page."""

_TRACE = re.compile(r'(?<= d=")[^"]+')
_AU_CENTIEME, _AU_DIXIEME = re.compile(r"(?<=\.\d\d)\d+"), re.compile(r"(?<=\.\d)\d+")
_FIGURES = re.compile(r'<g clip-path="([^"]+)">\s*((?:<use [^>]+/>\s*)+)</g>')
_FIGURE = re.compile(r'<use xlink:href="([^"]+)" x="(-?[\d.]+)" y="(-?[\d.]+)" style="([^"]*)"/>')


def build_figure(taille: tuple[float, float], ppp: int = PPP) -> Figure:
    """Figure vide, en pouces, avec sa toile : ``pyplot``, qui garde un état commun, n'est jamais employé."""
    fig = Figure(figsize=taille, dpi=ppp, facecolor=PAPIER)
    FigureCanvasAgg(fig)
    return fig


def render_figure(fig: Figure, genre: str, titre: str = "") -> bytes:
    """Octets d'une figure (``png``, ``svg``, ``pdf``), sans date ni nom de logiciel."""
    flux = io.BytesIO()
    titres = {"Title": titre} if titre else {}
    fig.savefig(flux, format=genre, dpi=fig.dpi, metadata=SANS_DATE[genre] | titres)
    return flux.getvalue()


def render_svg(fig: Figure, titre: str, description: str) -> str:
    """SVG autonome et léger, avec titre et description lus par un lecteur d'écran."""
    brut = render_figure(fig, "svg").decode()
    brut = re.sub(r"\s*<metadata>.*?</metadata>", "", brut, flags=re.DOTALL)
    brut = _FIGURES.sub(_share_style, _TRACE.sub(_shorten, brut))
    lu = f'<title id="carte-titre">{escape(titre)}</title>\n <desc id="carte-desc">{escape(description)}</desc>'
    return re.sub(
        r"<svg ([^>]*)>",
        lambda m: f'<svg role="img" aria-labelledby="carte-titre carte-desc" {m[1]}>\n {lu}',
        brut,
        count=1,
    )


def _shorten(trouve: re.Match[str]) -> str:
    """Tracé sans décimale qui ne se voit pas, ni lettre ni saut de ligne superflus : le fichier perd la moitié."""
    trace = trouve[0]
    trace = (_AU_DIXIEME if len(trace) > TRACE_LOURD else _AU_CENTIEME).sub("", trace).replace("\n", "")
    # Après « M », une suite de points se lit comme des segments ; après une courbe, non.
    return trace if "C" in trace or "Q" in trace else trace.replace("L ", "")


def _share_style(trouve: re.Match[str]) -> str:
    """Cercles d'une même taille : leur style est dit une fois, et non trente mille."""
    figures = _FIGURE.findall(trouve[2])
    styles = {style for *_, style in figures}
    if len(styles) != 1:
        return trouve[0]
    places = "".join(f'<use xlink:href="{f}" x="{float(x):.1f}" y="{float(y):.1f}"/>' for f, x, y, _ in figures)
    return f'<g clip-path="{trouve[1]}" style="{styles.pop()}">{places}</g>'
