"""Dessin de la page « Secret » : un petit tableau par étape, et ce qu'un lecteur habile y retrouve.

Cases et hachures sont une image ; les mots et les nombres sont du texte posé dessus, à la taille de la page.
Chaque dessin a sa description et son tableau jumeau.
"""

from __future__ import annotations

from base64 import b64encode
from html import escape
from itertools import accumulate, groupby
from typing import TYPE_CHECKING

from observatoire.analyse.secret_exemple import SEUIL, CaseExemple, Genre, build_etapes
from observatoire.app.composants.methode_signes import render_dessin, write_tuile
from observatoire.app.composants.typographie import escape_texte
from observatoire.cartes.palettes import (
    CARTE,
    DESSIN_SECRET,
    ENCRE,
    ETATS,
    LIMITE_COMMUNE,
    PANNEAU,
    Dessin,
    Motif,
)
from observatoire.modeles.nombres import INSECABLE

if TYPE_CHECKING:
    from observatoire.analyse.secret_exemple import Etape

ENTETE, TITRE = 28, 88
"""Hauteur des titres de colonnes, largeur des titres de lignes."""
LARGE, ETROITE = 92, 66
"""Largeur d'une case, selon qu'il y en a une ou deux par ligne, ou davantage."""
SIMPLE, DOUBLE = 40, 60
"""Hauteur d'une case, selon qu'elle porte un nombre seul ou un nom et un nombre."""
_ALERTE = ETATS["a_regarder"]
_TRAIT_FORT = 2.5
_ETIQUETTE = (60, 24)
"""Largeur et hauteur du fond sous ce qui se déduit d'une case masquée : des hachures ne se lisent pas."""
_MOTS = {
    Genre.MONTREE: "",
    Genre.PETITE: "trop petite pour être montrée",
    Genre.MASQUEE: "masquée",
    Genre.RETROUVEE: "masquée, mais retrouvée",
    Genre.TOTAL: "",
}


def render_dessins() -> str:
    """Clé du dessin, puis toutes les étapes, groupe par groupe."""
    groupes, rang = "", 1
    for titre, etapes in groupby(build_etapes(), key=lambda e: e.groupe):
        dessins = [f"<li>{render_etape(etape)}</li>" for etape in etapes]
        # La numérotation se poursuit d'un groupe à l'autre.
        groupes += (
            f"<h3>{escape_texte(titre)}</h3>"
            f'<ol class="obs-secret-etapes n{len(dessins)}" start="{rang}" style="counter-reset:etape {rang - 1}">'
            f"{''.join(dessins)}</ol>"
        )
        rang += len(dessins)
    return render_cle() + groupes


def render_etape(etape: Etape) -> str:
    """Une étape : titre, phrase, dessin, tableau des mêmes nombres."""
    largeurs, hauteurs = _measure(etape)
    largeur, hauteur = sum(largeurs), sum(hauteurs)
    image = b64encode(write_svg(etape).encode()).decode()
    return (
        f'<figure class="obs-secret-etape" id="etape-{etape.cle}">'
        f"<figcaption><h4>{escape_texte(etape.titre)}</h4><p>{escape_texte(etape.phrase)}</p></figcaption>"
        f'<div class="obs-secret-dessin" style="max-width:{largeur}px;height:{hauteur}px">'
        f'<img alt="{escape(write_description(etape), quote=True)}" src="data:image/svg+xml;base64,{image}">'
        f'<div aria-hidden="true">{_render_textes(etape)}</div></div>{_render_tableau(etape)}</figure>'
    )


def write_svg(etape: Etape) -> str:
    """Cases d'une étape ; leurs nombres n'y sont pas."""
    largeurs, hauteurs = _measure(etape)
    lignes = list(accumulate(hauteurs, initial=0))
    colonnes = list(accumulate(largeurs, initial=0))
    cases = "".join(
        _draw_case(case, (colonnes[c + 1], lignes[r + 1], largeurs[c + 1], hauteurs[r + 1]))
        for r, ligne in enumerate(etape.cases)
        for c, case in enumerate(ligne)
    )
    # Les cadres forts passent au-dessus de leurs voisins.
    forts = "".join(
        _draw_cadre(case, (colonnes[c + 1], lignes[r + 1], largeurs[c + 1], hauteurs[r + 1]))
        for r, ligne in enumerate(etape.cases)
        for c, case in enumerate(ligne)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {colonnes[-1]} {lignes[-1]}" '
        f'preserveAspectRatio="none"><title>{escape(etape.titre)}</title>'
        f"<desc>{escape(write_description(etape))}</desc>{write_tuile(DESSIN_SECRET)}{cases}{forts}</svg>"
    )


def write_description(etape: Etape) -> str:
    """Texte de remplacement : chaque ligne du tableau, en mots."""
    lignes = []
    for nom, cases in zip(etape.lignes, etape.cases, strict=True):
        morceaux = [
            f"{colonne} {_write_case(case)}" if len(etape.colonnes) > 1 else _write_case(case)
            for colonne, case in zip(etape.colonnes, cases, strict=True)
        ]
        lignes.append(f"{nom}{INSECABLE}: {', '.join(morceaux)}.")
    return " ".join((f"{etape.titre}.", *lignes))


def render_cle() -> str:
    """Ce que veut dire chaque sorte de case."""
    petite = Dessin(CARTE, ENCRE, Motif.CERNE)
    lignes = (
        (render_dessin(DESSIN_SECRET), "Masquée. Le nombre écrit dessus est ce qu’un lecteur en déduit."),
        (_render_retrouvee(), "Masquée, mais retrouvée : la protection n’a servi à rien."),
        (render_dessin(petite), f"Trop petite pour être montrée : de 1 à {SEUIL - 1}, dans cet exemple."),
    )
    corps = "".join(f"<li>{dessin}<span>{escape_texte(texte)}</span></li>" for dessin, texte in lignes)
    return f'<ul class="obs-secret-cle" aria-label="Clé du dessin">{corps}</ul>'


def _measure(etape: Etape) -> tuple[list[int], list[int]]:
    """Largeurs des colonnes et hauteurs des lignes, titres compris."""
    nombre = len(etape.colonnes)
    case, ligne = (LARGE, SIMPLE) if nombre <= 2 else (ETROITE, DOUBLE)  # noqa: PLR2004 -- une ou deux versions
    hauteurs = [ligne] * (len(etape.lignes) - 1) + [SIMPLE]
    return [TITRE, *[case] * nombre], [ENTETE, *hauteurs]


def _draw_case(case: CaseExemple, place: tuple[int, int, int, int]) -> str:
    x, y, large, haut = place
    masquee = case.genre in (Genre.MASQUEE, Genre.RETROUVEE)
    fond = "url(#m)" if masquee else PANNEAU if case.genre is Genre.TOTAL else CARTE
    cadre = (
        f'<rect x="{x + 0.5}" y="{y + 0.5}" width="{large - 1}" height="{haut - 1}" '
        f'fill="{fond}" stroke="{LIMITE_COMMUNE}"/>'
    )
    if not masquee:
        return cadre
    etiquette = min(_ETIQUETTE[0], large - 12), haut - 12 if case.nom else _ETIQUETTE[1]
    return cadre + (
        f'<rect x="{x + (large - etiquette[0]) / 2:g}" y="{y + (haut - etiquette[1]) / 2:g}" width="{etiquette[0]}" '
        f'height="{etiquette[1]}" fill="{_ALERTE.fond if case.genre is Genre.RETROUVEE else CARTE}"/>'
    )


def _draw_cadre(case: CaseExemple, place: tuple[int, int, int, int]) -> str:
    couleurs = {Genre.PETITE: ENCRE, Genre.RETROUVEE: _ALERTE.encre}
    if case.genre not in couleurs:
        return ""
    x, y, large, haut = place
    bord = _TRAIT_FORT / 2
    return (
        f'<rect x="{x + bord:g}" y="{y + bord:g}" width="{large - 2 * bord:g}" height="{haut - 2 * bord:g}" '
        f'fill="none" stroke="{couleurs[case.genre]}" stroke-width="{_TRAIT_FORT:g}"/>'
    )


def _render_textes(etape: Etape) -> str:
    """Titres et nombres, posés en part de la largeur : le dessin peut se resserrer sur un petit écran."""
    largeurs, hauteurs = _measure(etape)
    bords, lignes = list(accumulate(largeurs)), list(accumulate(hauteurs))
    milieux = [f"left:{100 * (b + large / 2) / bords[-1]:.2f}%" for b, large in zip(bords, largeurs[1:], strict=False)]
    textes = [
        f'<span class="colonne" style="{milieu}">{escape(nom)}</span>'
        for milieu, nom in zip(milieux, etape.colonnes, strict=True)
    ]
    for r, (nom, cases) in enumerate(zip(etape.lignes, etape.cases, strict=True)):
        haut = f"top:{lignes[r] + hauteurs[r + 1] / 2:g}px"
        textes.append(f'<span class="ligne" style="{haut}">{escape(nom)}</span>')
        for milieu, case in zip(milieux, cases, strict=True):
            commune = f"<b>{escape(case.nom)}</b>" if case.nom else ""
            textes.append(
                f'<span class="case {case.genre}" style="{milieu};{haut}">{commune}{_write_nombre(case)}</span>'
            )
    return "".join(textes)


def _write_nombre(case: CaseExemple) -> str:
    if case.genre is Genre.MASQUEE:
        return f"{case.bas}{INSECABLE}à{INSECABLE}{case.haut}"
    return f"▲{INSECABLE}{case.bas}" if case.genre is Genre.RETROUVEE else str(case.bas)


def _write_case(case: CaseExemple) -> str:
    """Case en toutes lettres : « commune A, masquée, de 1 à 20 »."""
    nombre = f"de {case.bas} à {case.haut}" if case.genre is Genre.MASQUEE else str(case.bas)
    commune = f"commune {case.nom}" if case.nom else ""
    return ", ".join(filter(None, (commune, _MOTS[case.genre], nombre)))


def _render_tableau(etape: Etape) -> str:
    entetes = "".join(f"<th scope=col>{escape_texte(nom)}</th>" for nom in etape.colonnes)
    lignes = "".join(
        f"<tr><th scope=row>{escape_texte(nom)}</th>"
        + "".join(f"<td class=texte>{escape_texte(_write_case(case))}</td>" for case in cases)
        + "</tr>"
        for nom, cases in zip(etape.lignes, etape.cases, strict=True)
    )
    titre = escape_texte(etape.titre)
    return (
        "<details class=obs-replie><summary>Les nombres de ce dessin</summary>"
        f'<div class="obs-tableau" role="group" aria-label="{titre}" tabindex="0"><table><caption>{titre}</caption>'
        f"<thead><tr><th scope=col>Territoire</th>{entetes}</tr></thead><tbody>{lignes}</tbody></table></div></details>"
    )


def _render_retrouvee() -> str:
    """Case retrouvée, comme dans le dessin."""
    case, place = CaseExemple(Genre.RETROUVEE, 0, 0), (0, 0, 72, 40)
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="72" height="40" viewBox="0 0 72 40">'
        f"{write_tuile(DESSIN_SECRET)}{_draw_case(case, place)}{_draw_cadre(case, place)}"
        f'<path d="M36 14l7 12H29z" fill="{_ALERTE.encre}"/></svg>'
    )
    source = b64encode(svg.encode()).decode()
    return f'<img class="obs-dessin" alt="" width="72" height="40" src="data:image/svg+xml;base64,{source}">'
