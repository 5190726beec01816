"""Courbe d'un territoire et de ses références : une image, des noms au bout des traits, un tableau.

Les traits sont un dessin étiré à la largeur de la page ; les mots et les points sont du texte, à la taille
de la page : ils restent lisibles sur un téléphone, et sont lus par un lecteur d'écran.
"""

from __future__ import annotations

import math
from base64 import b64encode
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from observatoire.analyse.portrait.comparaison import shorten_unite
from observatoire.analyse.resumes import format_valeur_lue
from observatoire.app.composants.mentions_valeur import render_corrige
from observatoire.cartes.palettes import ENCRE, ENCRE_SECONDE, FILET
from observatoire.modeles.nombres import INSECABLE, format_nombre, format_periode, format_unite
from observatoire.modeles.statuts import DESCRIPTIONS, Statut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from observatoire.analyse.series import Courbe, Point, Serie

TRAITS = ((ENCRE, 2.5, ""), (ENCRE_SECONDE, 1.75, "7 4"), (ENCRE_SECONDE, 1.75, "1.5 3.5"))
"""Couleur, épaisseur et pointillé du territoire puis des références : la forme les distingue, pas la couleur."""
HAUTEUR = 180
_LIGNE = 20
"""Hauteur d'une étiquette, en pixels : deux noms ne se recouvrent pas."""
_PART_DE_ZERO = 0.25
"""L'axe part de zéro si la courbe garde alors un quart de la hauteur ; sinon il est coupé, et c'est dit."""
_ECART_ANNEES, _ECART_ANNEES_ETROIT = 0.11, 0.22
"""Part de la largeur entre deux périodes écrites ; sur un téléphone, les classes « large » sont cachées."""
_PAS = (1.0, 2.0, 2.5, 5.0, 10.0)
_GRADUATIONS = 3


@dataclass(frozen=True)
class Axe:
    """Axe vertical : ses bouts et ses graduations."""

    bas: float
    haut: float
    graduations: tuple[float, ...]

    def place(self, valeur: float) -> float:
        """Hauteur d'un nombre, en % depuis le haut."""
        return 100 * (self.haut - valeur) / (self.haut - self.bas)


def render_courbe(courbe: Courbe, cle: str) -> str:
    """Courbe, étiquettes, et tableau des mêmes nombres.

    Args:
        courbe: séries à tracer.
        cle: identifiant unique dans la page.
    """
    hauteurs = [p.hauteur for s in courbe.series for p in s.traces if p.hauteur is not None]
    axe = make_axe(hauteurs, 10.0**-courbe.decimales)
    debut, fin = courbe.series[0].points[0].date, courbe.series[0].points[-1].date
    dessin = _render_svg(courbe, axe, debut, fin)
    return (
        f'<figure class="obs-courbe" id="{escape(cle, quote=True)}"><figcaption>{escape(_write_titre(courbe))}'
        f"</figcaption>"
        f'<div class="obs-courbe-corps" style="height:{HAUTEUR}px">'
        f'<div class="obs-courbe-axe" aria-hidden="true">{_render_graduations(courbe, axe)}</div>'
        f'<div class="obs-courbe-trace"><img alt="{escape(write_description(courbe), quote=True)}" src="{dessin}">'
        f'<div aria-hidden="true">{_render_points(courbe, axe, debut, fin)}'
        f"{_render_annees(courbe, debut, fin)}</div></div>"
        f'<div class="obs-courbe-noms" aria-hidden="true">{_render_noms(courbe, axe)}</div></div>'
        f"{_render_note(courbe, axe)}{_render_tableau(courbe)}</figure>"
    )


def make_axe(hauteurs: Sequence[float], pas_minimal: float = 0.0) -> Axe:
    """Axe qui contient tous les nombres, gradué en nombres ronds ; de zéro s'il se peut.

    Args:
        hauteurs: nombres tracés.
        pas_minimal: plus petit écart qui s'écrit ; graduer plus finement répéterait le même nombre.
    """
    bas, haut = min(hauteurs), max(hauteurs)
    if bas >= 0 and (haut - bas >= _PART_DE_ZERO * haut or haut == bas):
        bas = 0.0
    if haut == bas:
        haut = bas + 1.0
    pas = max(_choose_pas((haut - bas) / _GRADUATIONS), pas_minimal)
    premier, dernier = math.floor(bas / pas + 1e-9), math.ceil(haut / pas - 1e-9)
    # Multiplier l'entier, plutôt que d'ajouter le pas, évite 0,30000000000000004.
    graduations = tuple(n * pas for n in range(premier, dernier + 1))
    return Axe(graduations[0], graduations[-1], graduations)


def write_description(courbe: Courbe) -> str:
    """Texte de remplacement : chaque série, de son premier à son dernier nombre."""
    morceaux = []
    for serie in courbe.series:
        premier, dernier = serie.traces[0], serie.traces[-1]
        nombres = (_format_point(courbe, premier), _format_point(courbe, dernier))
        quand = f"{format_periode(premier.periode)} à {format_periode(dernier.periode)}"
        morceaux.append(f"{serie.libelle}, de {quand}{INSECABLE}: de {nombres[0]} à {nombres[1]}")
    return f"{_write_titre(courbe)}. {'. '.join(morceaux)}."


def _choose_pas(voulu: float) -> float:
    ordre = 10.0 ** math.floor(math.log10(voulu))
    return next(p * ordre for p in _PAS if p * ordre >= voulu * (1 - 1e-9))


def _write_titre(courbe: Courbe) -> str:
    libelle = courbe.indicateur.libelle
    if courbe.base:
        return f"{libelle}, indice 100 en {format_periode(courbe.base)}"
    unite = format_unite(courbe.unite)
    return f"{libelle}, en {unite}" if unite and unite.lower() not in libelle.lower() else libelle


def _format_point(courbe: Courbe, point: Point) -> str:
    return format_nombre(point.hauteur or 0.0, courbe.decimales)


def _place_date(date: float, debut: float, fin: float) -> float:
    return 100 * (date - debut) / (fin - debut) if fin > debut else 0.0


def _render_svg(courbe: Courbe, axe: Axe, debut: float, fin: float) -> str:
    """Grille et traits, en image : les pages n'acceptent pas de dessin vectoriel dans leur texte."""
    grille = "".join(
        f'<path d="M0 {axe.place(g):.2f}H100" stroke="{FILET}" stroke-width="1"/>' for g in axe.graduations
    )
    lignes = ""
    # Le territoire est tracé en dernier : il passe au-dessus de ses références.
    for serie, (couleur, largeur, tirets) in reversed(list(zip(courbe.series, TRAITS, strict=False))):
        pointille = f' stroke-dasharray="{tirets}"' if tirets else ""
        chemin = _write_chemin(serie, axe, debut, fin)
        lignes += f'<path d="{chemin}" stroke="{couleur}" stroke-width="{largeur}"{pointille}/>'
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" preserveAspectRatio="none">'
        f"<title>{escape(_write_titre(courbe))}</title><desc>{escape(write_description(courbe))}</desc>"
        "<style>path{vector-effect:non-scaling-stroke;fill:none;stroke-linejoin:round}</style>"
        f"{grille}{lignes}</svg>"
    )
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


def _write_chemin(serie: Serie, axe: Axe, debut: float, fin: float) -> str:
    """Trait d'une série ; il s'interrompt là où une période manque."""
    chemin, leve = "", True
    for point in serie.points:
        if point.hauteur is None:
            leve = True
            continue
        chemin += f"{'M' if leve else 'L'}{_place_date(point.date, debut, fin):.2f} {axe.place(point.hauteur):.2f}"
        leve = False
    return chemin


def _render_points(courbe: Courbe, axe: Axe, debut: float, fin: float) -> str:
    return "".join(
        f'<i class="s{rang}" style="left:{_place_date(p.date, debut, fin):.2f}%;top:{axe.place(p.hauteur):.2f}%"></i>'
        for rang, serie in enumerate(courbe.series)
        for p in serie.traces
    )


def _render_graduations(courbe: Courbe, axe: Axe) -> str:
    decimales = 0 if all(float(g).is_integer() for g in axe.graduations) else max(1, courbe.decimales)
    return "".join(
        f'<span style="top:{axe.place(g):.2f}%">{escape(format_nombre(g, decimales))}</span>' for g in axe.graduations
    )


def _render_annees(courbe: Courbe, debut: float, fin: float) -> str:
    """Périodes sous le tracé, à leur place dans le temps ; la dernière passe avant celles qui la gêneraient."""
    points = courbe.series[0].points
    etroites = _space(points, debut, fin, _ECART_ANNEES_ETROIT)
    return "".join(
        f'<b class="{"" if p in etroites else "large"}" style="left:{_place_date(p.date, debut, fin):.2f}%">'
        f"{escape(_shorten(p.periode))}</b>"
        for p in _space(points, debut, fin, _ECART_ANNEES)
    )


def _space(points: Sequence[Point], debut: float, fin: float, ecart: float) -> list[Point]:
    """Points assez loin les uns des autres pour que leurs périodes s'écrivent : les deux bouts d'abord."""
    montres: list[Point] = []
    for point in (points[-1], *points[:-1]):
        place = _place_date(point.date, debut, fin)
        if all(abs(place - _place_date(p.date, debut, fin)) >= 100 * ecart for p in montres):
            montres.append(point)
    return montres


def _shorten(periode: str) -> str:
    """« 2016-2023 » tient mal sous un point : son année de fin suffit, le tableau dit le reste."""
    return periode[-4:] if periode[:4].isdigit() and periode[-4:].isdigit() else periode


def _render_noms(courbe: Courbe, axe: Axe) -> str:
    """Nom et dernier nombre de chaque série, écartés s'ils se recouvrent."""
    places = [(axe.place(s.traces[-1].hauteur) * HAUTEUR / 100, rang, s) for rang, s in enumerate(courbe.series)]
    hauteur, noms = -math.inf, ""
    places.sort(key=lambda p: p[:2])
    debordement = max(0.0, _LIGNE * (len(places) - 0.5) - HAUTEUR)
    for place, rang, serie in places:
        hauteur = max(place - debordement, hauteur + _LIGNE)
        texte = f"{serie.libelle} {_format_point(courbe, serie.traces[-1])}"
        noms += f'<span class="s{rang}" style="top:{hauteur:.0f}px">{escape(texte)}</span>'
    return noms


def _render_note(courbe: Courbe, axe: Axe) -> str:
    notes = []
    if axe.bas > 0:
        notes.append(f"L'axe ne part pas de zéro, mais de {format_nombre(axe.bas, 0 if axe.bas % 1 == 0 else 1)}.")
    if any(p.hauteur is None for s in courbe.series for p in s.points):
        notes.append("Un trait interrompu est une année sans valeur.")
    return f'<p class="obs-note">{escape(" ".join(notes))}</p>' if notes else ""


def _render_tableau(courbe: Courbe) -> str:
    """Les nombres publiés, quand bien même la courbe trace des indices."""
    entetes = "".join(f"<th scope=col>{escape(s.libelle)}</th>" for s in courbe.series)
    lignes = "".join(
        f"<tr><th scope=row>{escape(format_periode(periode))}</th>"
        + "".join(f"<td>{_render_cellule(courbe, s.points[rang])}</td>" for s in courbe.series)
        + "</tr>"
        for rang, periode in enumerate(courbe.periodes)
    )
    titre = escape(courbe.indicateur.libelle)
    longue = format_unite(courbe.indicateur.unite)
    unite = f" ({longue})" if longue and not shorten_unite(longue) else ""
    return (
        f'<details class="obs-replie"><summary>Les nombres de cette courbe{escape(unite)}</summary>'
        f'<div class="obs-tableau" role="group" aria-label="{titre}" tabindex="0"><table><caption>{titre}</caption>'
        f"<thead><tr><th scope=col>Période</th>{entetes}</tr></thead><tbody>{lignes}</tbody></table></div></details>"
    )


def _render_cellule(courbe: Courbe, point: Point) -> str:
    if point.lue.montrable:
        # L'unité longue est dite une fois, au-dessus du tableau.
        unite = shorten_unite(courbe.indicateur.unite)
        nombre = escape(format_valeur_lue(courbe.indicateur.model_copy(update={"unite": unite}), point.lue))
        return f"{nombre}{render_corrige(point.lue)}"
    description = DESCRIPTIONS[Statut(point.lue.statut)]
    return f'<abbr title="{escape(description.libelle)}">{escape(description.signe)}</abbr>'
