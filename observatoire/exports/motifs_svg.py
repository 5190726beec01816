"""Cases de légende en traits : une imprimante ne rend pas toujours les motifs des feuilles de style."""

from __future__ import annotations

from typing import TYPE_CHECKING

from observatoire.cartes.legende_html import style_css
from observatoire.cartes.palettes import LIMITE_COMMUNE, TRAMES, Dessin, Motif

if TYPE_CHECKING:
    from collections.abc import Iterable

    from observatoire.cartes.legende import EntreeLegende

LARGEUR, HAUTEUR = 24, 16
_EN_TRAITS = (Motif.HACHURES, Motif.POINTS, Motif.TRAITS, Motif.BANDES)


def draw_motifs(legende_html: str, entrees: Iterable[EntreeLegende]) -> str:
    """Légende où les cases à motif sont dessinées.

    Args:
        legende_html: légende rendue par ``render_legende_html``.
        entrees: ses classes et ses états.
    """
    for dessin in {e.dessin for e in entrees if e.dessin.motif in _EN_TRAITS}:
        case = f'<span class="dessin" aria-hidden="true" style="{style_css(dessin)}"></span>'
        legende_html = legende_html.replace(case, _render_case(dessin))
    return legende_html


def _render_case(dessin: Dessin) -> str:
    trame = TRAMES[dessin.motif]
    if dessin.motif is Motif.POINTS:
        motif = "".join(
            f'<circle cx="{x:g}" cy="{y:g}" r="{trame.epaisseur / 2:g}" fill="{dessin.encre}"/>'
            for x in _steps(LARGEUR, trame.pas)
            for y in _steps(HAUTEUR, trame.pas)
        )
    else:
        traits = _write_traits(dessin.motif, trame.pas)
        motif = f'<path d="{traits}" stroke="{dessin.encre}" stroke-width="{trame.epaisseur:g}"/>'
    return (
        f'<svg class="dessin" aria-hidden="true" width="{LARGEUR}" height="{HAUTEUR}" '
        f'viewBox="0 0 {LARGEUR} {HAUTEUR}" style="background:{dessin.fond}">{motif}'
        f'<rect x=".5" y=".5" width="{LARGEUR - 1}" height="{HAUTEUR - 1}" fill="none" stroke="{LIMITE_COMMUNE}"/>'
        "</svg>"
    )


def _steps(longueur: float, pas: float) -> list[float]:
    return [pas / 2 + k * pas for k in range(int(longueur / pas + 0.5))]


def _write_traits(motif: Motif, pas: float) -> str:
    if motif is Motif.TRAITS:
        return "".join(f"M0 {y:g}H{LARGEUR}" for y in _steps(HAUTEUR, pas))
    if motif is Motif.BANDES:
        return "".join(f"M{x:g} 0V{HAUTEUR}" for x in _steps(LARGEUR, pas))
    # Un pas compté en travers du trait en fait un et demi environ, compté le long du bord.
    ecart = pas * 2**0.5
    departs = [k * ecart for k in range(int((LARGEUR + HAUTEUR) / ecart) + 1)]
    return "".join(f"M{x:g} 0L{x - HAUTEUR:g} {HAUTEUR}" for x in departs)
