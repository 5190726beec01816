"""Légende en HTML : lue par un lecteur d'écran, imprimée, identique dans l'application et les exports."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from observatoire.cartes.legende import write_note
from observatoire.cartes.palettes import ENCRE, ENCRE_SECONDE, OPACITE_SYMBOLE, Dessin, Motif
from observatoire.modeles.nombres import INSECABLE, format_nombre

if TYPE_CHECKING:
    from observatoire.cartes.legende import Cercle, EntreeLegende, Legende, Repere

RAYON_MAX_PX = 26
LARGEUR_CLASSE_REM = 5.5

STYLE_LEGENDE = f"""
.legende{{color:{ENCRE};font-size:.875rem;line-height:1.25rem;font-variant-numeric:tabular-nums}}
.legende ul{{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:4px 16px}}
.legende .classes{{gap:4px 0}}
.legende .classes li{{width:{LARGEUR_CLASSE_REM}rem;padding-top:16px;position:relative}}
.legende .classes .dessin{{display:block;width:auto;height:16px;border-right-width:0}}
.legende .classes li:last-of-type .dessin{{border-right-width:1px}}
.legende .effectif{{color:{ENCRE_SECONDE}}}
.legende .classes .effectif{{display:block}}
.legende .dessin{{display:inline-block;box-sizing:border-box;width:24px;height:16px;vertical-align:-3px;
border:1px solid #6B7178;forced-color-adjust:none;print-color-adjust:exact;-webkit-print-color-adjust:exact}}
.legende .repere{{position:absolute;top:0;transform:translateX(-50%);line-height:16px}}
.legende .categories .dessin,.legende .etats .dessin{{margin-right:6px}}
.legende p{{margin:4px 0;color:{ENCRE_SECONDE}}}
.legende .cercles{{display:flex;gap:24px;align-items:flex-end}}
.legende .cercle{{display:inline-block;border:1px solid;border-radius:50%;box-sizing:border-box;vertical-align:bottom;
margin-right:6px}}
.legende .lu{{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}}
"""


_FONDS_CSS = {
    Motif.UNI: "{fond}",
    Motif.HACHURES: "repeating-linear-gradient(135deg,{encre} 0 1.5px,{fond} 1.5px 6px)",
    Motif.POINTS: "radial-gradient({encre} .75px,transparent 1px) 0 0/8px 8px {fond}",
    Motif.TRAITS: "repeating-linear-gradient(0deg,{encre} 0 1px,{fond} 1px 6px)",
    Motif.BANDES: "repeating-linear-gradient(90deg,{fond} 0 3px,{encre} 3px 5px,{fond} 5px 8px)",
    Motif.CERNE: "{fond};border:1.5px solid {encre}",
    Motif.POINTILLE: "{fond};border:1px dashed {encre}",
}


def render_legende_html(legende: Legende, *, couleurs_cercle: tuple[str, str] = ("#FFFFFF", ENCRE)) -> str:
    """Rend la légende ; ``couleurs_cercle`` est le fond et le cerne des symboles.

    La feuille ``STYLE_LEGENDE`` est à mettre une fois dans la page.
    """
    titre = f"Légende : {legende.titre}"
    unite = f'<p class="unite">en {escape(legende.unite)}</p>' if legende.unite else ""
    corps = [
        _render_classes(legende),
        _render_cercles(legende.cercles, couleurs_cercle),
        _render_reperes(legende.reperes),
        _render_etats(legende.etats),
        f"<p>{escape(write_note(legende))}</p>",
        f"<p>{escape(legende.source)}</p>",
    ]
    return f'<section class="legende" aria-label="{escape(titre)}">{unite}{"".join(corps)}</section>'


def style_css(dessin: Dessin) -> str:
    """Fond CSS d'un dessin : couleur unie, hachures, points, traits ou cerne."""
    return f"background:{_FONDS_CSS[dessin.motif].format(encre=dessin.encre, fond=dessin.fond)}"


def _render_classes(legende: Legende) -> str:
    if not legende.entrees:
        return ""
    genre = "classes" if legende.ordonnee else "categories"
    lignes = []
    for i, entree in enumerate(legende.entrees):
        marques = "".join(
            f'<span class="repere" aria-hidden="true" style="left:{100 * r.part:.0f}%" '
            f'title="{escape(r.libelle)}">▽</span>'
            for r in legende.reperes
            if r.classe == i
        )
        lignes.append(f"<li>{marques}{_render_entree(entree, legende.unites_comptees)}</li>")
    return f'<ul class="{genre}">{"".join(lignes)}</ul>'


def _render_entree(entree: EntreeLegende, unites: str) -> str:
    nombre = format_nombre(entree.effectif)
    # Le texte lu dit l'intervalle en toutes lettres ; le texte vu reste court.
    return (
        f'<span class="dessin" aria-hidden="true" style="{style_css(entree.dessin)}"></span>'
        f'<span aria-hidden="true">{escape(entree.libelle)} <span class="effectif">{nombre}</span></span>'
        f'<span class="lu">{escape(entree.lecture)} ; {escape(unites)} : {nombre}.</span>'
    )


def _render_etats(etats: tuple[EntreeLegende, ...]) -> str:
    lignes = "".join(
        f'<li title="{escape(e.lecture)}">'
        f'<span class="dessin" aria-hidden="true" style="{style_css(e.dessin)}"></span>'
        f'{escape(e.libelle)} <span class="effectif">{format_nombre(e.effectif)}</span></li>'
        for e in etats
    )
    return f'<ul class="etats">{lignes}</ul>' if lignes else ""


def _render_cercles(cercles: tuple[Cercle, ...], couleurs: tuple[str, str]) -> str:
    fond, cerne = couleurs
    lignes = []
    for cercle in cercles:
        cote = 2 * RAYON_MAX_PX * cercle.rayon
        # Un disque en CSS plutôt qu'en SVG : une page Streamlit retire le SVG.
        lignes.append(
            f'<li><span class="cercle" aria-hidden="true" style="width:{cote:.1f}px;height:{cote:.1f}px;'
            f'background:color-mix(in srgb,{fond} {OPACITE_SYMBOLE:.0%},transparent);border-color:{cerne}"></span>'
            f"{escape(cercle.libelle)}</li>"
        )
    return f'<ul class="cercles">{"".join(lignes)}</ul>' if lignes else ""


def _render_reperes(reperes: tuple[Repere, ...]) -> str:
    textes = " · ".join(f"▽{INSECABLE}{escape(r.libelle)}{INSECABLE}: {escape(r.texte)}" for r in reperes)
    return f'<p class="reperes">{textes}</p>' if textes else ""
