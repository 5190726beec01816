"""Légende en HTML : lue par un lecteur d'écran, imprimée, identique dans l'application et les exports."""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from observatoire.cartes.legende import write_note
from observatoire.cartes.legende_modele import SIGNE_CHOISI
from observatoire.cartes.palettes import ENCRE, ENCRE_SECONDE, OPACITE_SYMBOLE, TRAMES, Dessin, Motif
from observatoire.modeles.nombres import INSECABLE, format_nombre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from observatoire.cartes.legende import Cercle, EntreeLegende, Legende, Repere

RAYON_MAX_PX = 26
LARGEUR_CLASSE_REM = 6
ECART_REPERES = 0.2
"""Distance minimale de deux repères, en largeurs de classe : 14 px là où une classe en a 71."""
_UNITE_COURTE = 2
"""Longueur d'une unité qui tient à côté de la dernière borne (« % »)."""

STYLE_LEGENDE = f"""
.legende{{color:{ENCRE};font-size:.875rem;line-height:1.25rem;font-variant-numeric:tabular-nums lining-nums}}
.legende ul{{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:4px 16px}}
.legende li{{margin:0;padding:0}}
.legende .echelle{{position:relative;width:min(100%,calc(var(--n)*{LARGEUR_CLASSE_REM}rem));padding-top:16px}}
.legende .classes{{display:grid;grid-template-columns:repeat(var(--n),minmax(0,1fr));gap:0}}
.legende .classes .dessin{{display:block;width:auto;height:16px;border-right-width:0}}
.legende .classes li:last-child .dessin{{border-right-width:1px}}
.legende .classes .texte{{display:block;padding-right:4px}}
.legende .effectif{{color:{ENCRE_SECONDE}}}
.legende .classes .effectif{{display:block}}
.legende .entree{{display:block}}
.legende .dessin{{display:inline-block;box-sizing:border-box;width:24px;height:16px;vertical-align:-3px;
border:1px solid #6B7178;forced-color-adjust:none;print-color-adjust:exact;-webkit-print-color-adjust:exact}}
.legende .repere,.legende .choisi{{position:absolute;transform:translateX(-50%);pointer-events:none}}
.legende .repere{{top:0;line-height:16px}}
.legende .choisi{{top:18px;width:12px;height:12px;box-sizing:border-box;border:2px solid #fff;border-radius:50%;
background:{ENCRE};forced-color-adjust:none;print-color-adjust:exact;-webkit-print-color-adjust:exact}}
.legende .categories .dessin,.legende .etats .dessin{{margin-right:6px}}
.legende .corps{{display:flex;flex-wrap:wrap;align-items:flex-end;gap:4px 32px}}
.legende .cote{{flex:1 1 16rem;min-width:0}}
.legende p{{margin:4px 0;color:{ENCRE_SECONDE}}}
.legende .reperes,.legende .ici{{color:{ENCRE}}}
.legende .reperes span{{white-space:nowrap}}
.legende .cercles{{align-items:center;gap:4px 20px}}
.legende .cercles li{{display:flex;align-items:center;white-space:nowrap}}
.legende .cercle{{display:inline-block;border:1px solid;border-radius:50%;box-sizing:border-box;vertical-align:bottom;
margin-right:6px}}
.legende .cercles .ici .cercle{{border:2px solid {ENCRE}!important}}
.legende .lu{{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}}
"""


def _write_fonds() -> dict[Motif, str]:
    """Fond CSS de chaque motif, aux mesures de ``TRAMES``."""
    hachures, points, traits, bandes, cerne, pointille = (
        TRAMES[m] for m in (Motif.HACHURES, Motif.POINTS, Motif.TRAITS, Motif.BANDES, Motif.CERNE, Motif.POINTILLE)
    )
    rayon = points.epaisseur / 2
    debut = (bandes.pas - bandes.epaisseur) / 2
    fin = debut + bandes.epaisseur
    return {
        Motif.UNI: "{fond}",
        Motif.HACHURES: f"repeating-linear-gradient(135deg,{{encre}} 0 {hachures.epaisseur}px,"
        f"{{fond}} {hachures.epaisseur}px {hachures.pas}px)",
        Motif.POINTS: ",".join(
            f"radial-gradient(circle at {place} {place},{{encre}} {rayon}px,transparent {rayon + 0.25}px)"
            f" 0 0/{points.pas}px {points.pas}px"
            for place in ("25%", "75%")
        )
        + ",{fond}",
        Motif.TRAITS: f"repeating-linear-gradient(0deg,{{encre}} 0 {traits.epaisseur}px,"
        f"{{fond}} {traits.epaisseur}px {traits.pas}px)",
        Motif.BANDES: f"repeating-linear-gradient(90deg,{{fond}} 0 {debut}px,{{encre}} {debut}px {fin}px,"
        f"{{fond}} {fin}px {bandes.pas}px)",
        Motif.CERNE: f"{{fond}};border:{cerne.epaisseur}px solid {{encre}}",
        Motif.POINTILLE: f"{{fond}};border:{pointille.epaisseur}px dashed {{encre}}",
    }


_FONDS_CSS = _write_fonds()


def render_legende_html(
    legende: Legende,
    *,
    couleurs_cercle: tuple[str, str] = ("#FFFFFF", ENCRE),
    cliquable: bool = False,
    vue: str = "",
    cercles_ailleurs: bool = False,
) -> str:
    """Rend la légende, dont la feuille ``STYLE_LEGENDE`` est à mettre une fois dans la page.

    Args:
        legende: ce qu'il faut écrire.
        couleurs_cercle: fond et cerne des symboles.
        cliquable: chaque classe est un bouton (``legende.js``) ; la portée et la source sont alors
            écrites sous la carte par la page, et l'unité dans son titre.
        vue: nom de la carte que ces boutons allument (attribut ``data-vue``).
        cercles_ailleurs: les cercles étalons sont dans le dessin, à sa taille.
    """
    titre = f"Légende : {legende.titre}"
    unite = f'<p class="unite">en {escape(legende.unite)}</p>' if legende.unite and not cliquable else ""
    etats = _render_liste("etats", legende.etats, legende, cliquable=cliquable)
    corps = [
        _render_echelle(legende, cliquable=cliquable) if legende.ordonnee else "",
        "" if legende.ordonnee else _render_liste("categories", legende.entrees, legende, cliquable=cliquable),
        "" if cercles_ailleurs else _render_cercles(legende.cercles, couleurs_cercle),
        _render_vide(legende),
        f'<div class="cote">{_render_reperes(legende.reperes)}{etats}</div>',
    ]
    notes = "" if cliquable else f"<p>{escape(write_note(legende))}</p><p>{escape(legende.source)}</p>"
    marque = f' data-vue="{escape(vue, quote=True)}"' if vue else ""
    classe = "legende obs-legende" if cliquable else "legende"
    return (
        f'<section class="{classe}"{marque} aria-label="{escape(titre, quote=True)}">{unite}'
        f'<div class="corps">{"".join(corps)}</div>{notes}</section>'
    )


def style_css(dessin: Dessin) -> str:
    """Fond CSS d'un dessin : couleur unie, hachures, points, traits ou cerne."""
    return f"background:{_FONDS_CSS[dessin.motif].format(encre=dessin.encre, fond=dessin.fond)}"


def spread_reperes(places: Sequence[float], ecart: float = ECART_REPERES) -> list[float]:
    """Écarte les repères trop proches pour être lus, sans changer leur ordre.

    Args:
        places: place de chacun sur l'échelle.
        ecart: distance minimale.
    """
    ordre = sorted(range(len(places)), key=lambda i: places[i])
    rendues = list(places)
    for avant, apres in pairwise(ordre):
        manque = ecart - (rendues[apres] - rendues[avant])
        if manque > 0:
            rendues[avant] -= manque / 2
            rendues[apres] += manque / 2
    return rendues


def _render_echelle(legende: Legende, *, cliquable: bool) -> str:
    """Classes bord à bord, et les repères à leur place au-dessus."""
    nombre = len(legende.entrees)
    if not nombre:
        return ""
    lignes = []
    for i, entree in enumerate(legende.entrees):
        derniere = i == nombre - 1
        unite = legende.unite if derniere and cliquable and len(legende.unite) <= _UNITE_COURTE else ""
        compte = legende.unites_comptees if entree.effectif > 1 else legende.unite_seule
        compte = f'<span class="unites"> {escape(compte)}</span>' if derniere and cliquable else ""
        lignes.append(f"<li>{_render_classe(entree, legende, unite, compte, cliquable=cliquable)}</li>")
    references = [r for r in legende.reperes if r.signe != SIGNE_CHOISI]
    places = spread_reperes([r.classe + r.part for r in references])
    marques = "".join(
        f'<span class="repere" aria-hidden="true" style="left:{100 * place / nombre:.1f}%">{r.signe}</span>'
        for r, place in zip(references, places, strict=True)
    )
    # Le territoire choisi est un disque posé sur la couleur : il ne couvre aucun autre repère.
    marques += "".join(
        f'<span class="choisi" aria-hidden="true" style="left:{100 * (r.classe + r.part) / nombre:.1f}%"></span>'
        for r in legende.reperes
        if r.signe == SIGNE_CHOISI
    )
    return f'<div class="echelle" style="--n:{nombre}"><ul class="classes">{"".join(lignes)}</ul>{marques}</div>'


def _render_classe(entree: EntreeLegende, legende: Legende, unite: str, compte: str, *, cliquable: bool) -> str:
    nombre = format_nombre(entree.effectif)
    vu = f"{entree.libelle}{INSECABLE}{unite}" if unite else entree.libelle
    # Le texte lu dit l'intervalle en toutes lettres ; le texte vu reste court.
    contenu = (
        f'<span class="dessin" aria-hidden="true" style="{style_css(entree.dessin)}"></span>'
        f'<span class="texte" aria-hidden="true">{escape(vu)} '
        f'<span class="effectif">{nombre}{compte}</span></span>'
        f'<span class="lu">{escape(entree.lecture)} ; {escape(legende.unites_comptees)} : {nombre}.</span>'
    )
    return _wrap(entree, contenu, cliquable=cliquable)


def _render_liste(genre: str, entrees: tuple[EntreeLegende, ...], legende: Legende, *, cliquable: bool) -> str:
    lignes = "".join(f"<li>{_render_entree(e, legende, cliquable=cliquable)}</li>" for e in entrees)
    return f'<ul class="{genre}">{lignes}</ul>' if lignes else ""


def _render_entree(entree: EntreeLegende, legende: Legende, *, cliquable: bool) -> str:
    contenu = (
        f'<span class="dessin" aria-hidden="true" style="{style_css(entree.dessin)}"></span>'
        f'{escape(entree.libelle)} <span class="effectif">{format_nombre(entree.effectif)}'
        f'<span class="lu"> {escape(legende.unites_comptees)}</span></span>'
    )
    ici = f' <span class="ici">{SIGNE_CHOISI}{INSECABLE}{escape(entree.choisie)}</span>' if entree.choisie else ""
    return _wrap(entree, contenu, cliquable=cliquable) + ici


def _wrap(entree: EntreeLegende, contenu: str, *, cliquable: bool) -> str:
    """Bouton si la classe a quelque chose à allumer, simple texte sinon."""
    aide = f' title="{escape(entree.lecture, quote=True)}"' if ":" in entree.lecture else ""
    if not cliquable or not entree.effectif:
        return f'<span class="entree"{aide}>{contenu}</span>'
    return (
        f'<button type="button" class="entree" data-classe="{entree.cle}" aria-pressed="false"{aide}>{contenu}</button>'
    )


def _render_vide(legende: Legende) -> str:
    if legende.entrees or legende.cercles:
        return ""
    return '<p class="vide">Aucune valeur à montrer à ce niveau.</p>'


def _render_cercles(cercles: tuple[Cercle, ...], couleurs: tuple[str, str]) -> str:
    fond, cerne = couleurs
    lignes = []
    for cercle in cercles:
        cote = 2 * RAYON_MAX_PX * cercle.rayon
        ici = f' class="ici"><span aria-hidden="true">{SIGNE_CHOISI}{INSECABLE}</span' if cercle.choisi else ""
        # Un disque en CSS plutôt qu'en SVG : une page Streamlit retire le SVG.
        lignes.append(
            f'<li{ici}><span class="cercle" aria-hidden="true" style="width:{cote:.1f}px;height:{cote:.1f}px;'
            f'background:color-mix(in srgb,{fond} {OPACITE_SYMBOLE:.0%},transparent);border-color:{cerne}"></span>'
            f"{escape(cercle.libelle)}</li>"
        )
    return f'<ul class="cercles">{"".join(lignes)}</ul>' if lignes else ""


def _render_reperes(reperes: tuple[Repere, ...]) -> str:
    textes = " · ".join(
        f"<span>{r.signe}{INSECABLE}{escape(r.libelle)}{INSECABLE}{escape(r.texte)}</span>" for r in reperes
    )
    return f'<p class="reperes">{textes}</p>' if textes else ""
