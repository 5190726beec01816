"""Statuts et signes, avec le dessin que la carte leur donne.

Une page Streamlit retire le SVG écrit dans le texte : chaque dessin est une image portée par la page.
"""

from __future__ import annotations

import math
from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING

from observatoire.app.composants.glossaire import render_terme
from observatoire.app.composants.typographie import escape_texte
from observatoire.cartes.lecture import EtatCarte
from observatoire.cartes.legende import DESSINS
from observatoire.cartes.palettes import LIMITE_COMMUNE, RAMPES, TRAMES, Dessin, Motif
from observatoire.modeles.indicateurs import Nature
from observatoire.modeles.statuts import DESCRIPTIONS, Statut

if TYPE_CHECKING:
    from observatoire.app.composants.glossaire import Glossaire

LARGEUR, HAUTEUR = 72, 40
_ETATS = {
    Statut.SECRET: EtatCarte.SECRET,
    Statut.NON_DISPONIBLE: EtatCarte.SANS_DONNEE,
    Statut.NON_SIGNIFICATIF: EtatCarte.NON_SIGNIFICATIF,
    Statut.HORS_CHAMP: EtatCarte.HORS_CHAMP,
}
_TERMES = {
    Statut.SECRET: "secret_statistique",
    Statut.NON_DISPONIBLE: "non_disponible",
    Statut.NON_SIGNIFICATIF: "non_significatif",
    Statut.HORS_CHAMP: "sans_objet",
    Statut.ESTIME: "estime",
    Statut.ARRONDI: "arrondi",
    Statut.PARTIEL: "partiel",
}
_PEINTE = "comme une valeur"


def render_dessin(dessin: Dessin) -> str:
    """Image d'une surface : couleur, trame, cerne ou pointillé."""
    source = b64encode(write_svg(dessin).encode()).decode()
    return (
        f'<img class="obs-dessin" alt="" width="{LARGEUR}" height="{HAUTEUR}" src="data:image/svg+xml;base64,{source}">'
    )


def write_svg(dessin: Dessin) -> str:
    """SVG d'un dessin, aux mesures de la carte."""
    cadre = f'width="{LARGEUR}" height="{HAUTEUR}"'
    tuile = write_tuile(dessin)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {cadre} viewBox="0 0 {LARGEUR} {HAUTEUR}">{tuile}'
        f'<rect {cadre} fill="{"url(#m)" if tuile else dessin.fond}"/>{_write_bord(dessin)}</svg>'
    )


def write_tuile(dessin: Dessin) -> str:
    """Motif « m » à répéter ; vide pour une couleur unie, un cerne ou un pointillé."""
    if dessin.motif not in _TRACES:
        return ""
    pas, epaisseur = TRAMES[dessin.motif]
    # Le pas des hachures se mesure à travers elles : leur tuile est plus grande d'une diagonale.
    cote = pas * math.sqrt(2) if dessin.motif is Motif.HACHURES else pas
    formes = _TRACES[dessin.motif](cote, epaisseur)
    return (
        f'<pattern id="m" width="{cote:.6g}" height="{cote:.6g}" patternUnits="userSpaceOnUse">'
        f'<rect width="99" height="99" fill="{dessin.fond}"/>'
        f'<g fill="{dessin.encre}" stroke="{dessin.encre}" stroke-width="{epaisseur:g}">{formes}</g></pattern>'
    )


def _trace_hachures(cote: float, _epaisseur: float) -> str:
    droites = ((-2, cote + 2), (-cote, cote), (0, 2 * cote))
    return "".join(f'<path d="M{x:.6g} {y:.6g}L{y:.6g} {x:.6g}"/>' for x, y in droites)


def _trace_points(cote: float, epaisseur: float) -> str:
    places = (cote / 4, 3 * cote / 4)
    return "".join(f'<circle cx="{c:g}" cy="{c:g}" r="{epaisseur / 2:g}" stroke="none"/>' for c in places)


def _trace_trait(cote: float, _epaisseur: float) -> str:
    # Au milieu d'un pixel : à cheval sur deux, le trait pâlirait de moitié.
    return f'<path d="M0 {math.floor(cote / 2) + 0.5:g}H{cote:g}"/>'


def _trace_bande(cote: float, epaisseur: float) -> str:
    return f'<rect x="{(cote - epaisseur) / 2:g}" width="{epaisseur:g}" height="{cote:g}" stroke="none"/>'


_TRACES = {
    Motif.HACHURES: _trace_hachures,
    Motif.POINTS: _trace_points,
    Motif.TRAITS: _trace_trait,
    Motif.BANDES: _trace_bande,
}


def _write_bord(dessin: Dessin) -> str:
    """Limite du territoire ; intérieure et forte pour un zéro, pointillée hors du champ."""
    pas, epaisseur = TRAMES.get(dessin.motif, (0, 1))
    if dessin.motif is Motif.CERNE:
        return _write_cadre(1, dessin.encre, epaisseur) + _write_cadre(0, LIMITE_COMMUNE, 1)
    tirets = f' stroke-dasharray="{pas / 2:g}"' if dessin.motif is Motif.POINTILLE else ""
    return _write_cadre(0, LIMITE_COMMUNE, 1, tirets)


def _write_cadre(retrait: float, couleur: str, epaisseur: float, suite: str = "") -> str:
    debut = retrait + epaisseur / 2
    return (
        f'<rect x="{debut:g}" y="{debut:g}" width="{LARGEUR - 2 * debut:g}" height="{HAUTEUR - 2 * debut:g}" '
        f'fill="none" stroke="{couleur}" stroke-width="{epaisseur:g}"{suite}/>'
    )


def render_signes(glossaire: Glossaire) -> str:
    """Table des statuts : dessin sur la carte, mot, signe des tableaux, sens."""
    couleur = Dessin(RAMPES[Nature.BESOIN][2], LIMITE_COMMUNE, Motif.UNI)
    lignes = [_render_ligne(couleur, "valeur publiée", "", DESCRIPTIONS[Statut.PUBLIE].explication)]
    dessin_zero, mot, sens = DESSINS[EtatCarte.ZERO]
    lignes.append(_render_ligne(dessin_zero, mot, "0", sens))
    for statut in reversed(Statut):
        if statut is Statut.PUBLIE:
            continue
        libelle, signe, explication = DESCRIPTIONS[statut]
        terme = render_terme(glossaire, _TERMES[statut], libelle)
        if statut in _ETATS:
            lignes.append(_render_ligne(DESSINS[_ETATS[statut]][0], terme, signe, explication))
        else:
            lignes.append(_render_ligne(None, terme, signe, explication))
    dessin_mixte, mot, sens = DESSINS[EtatCarte.MIXTE]
    lignes.append(_render_ligne(dessin_mixte, mot, "", f"{sens} Pour une carte de catégories seulement."))
    entetes = "".join(f'<th scope="col">{t}</th>' for t in ("Sur la carte", "Mot", "Signe", "Ce que cela veut dire"))
    return f'<table class="obs-signes"><thead><tr>{entetes}</tr></thead><tbody>{"".join(lignes)}</tbody></table>'


def _render_ligne(dessin: Dessin | None, mot: str, signe: str, sens: str) -> str:
    """Ligne de la table ; ``mot`` est déjà du HTML."""
    image = render_dessin(dessin) if dessin is not None else f'<span class="obs-note">{_PEINTE}</span>'
    return (
        f'<tr><td>{image}</td><th scope="row">{mot}</th><td class="signe">{escape(signe)}</td>'
        f"<td>{escape_texte(sens)}</td></tr>"
    )
