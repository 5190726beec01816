"""Fiche du territoire choisi, à gauche de la carte : sa valeur, ses références, ses ressources, et où aller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from observatoire.analyse.resumes import (
    ValeurLue,
    format_valeur_lue,
    write_couverture,
    write_deduction,
    write_lecture,
    write_note_correction,
    write_note_statut,
    write_part_sur,
)
from observatoire.app.composants.fiche_lecture import TerritoireChoisi, read_choisi
from observatoire.app.composants.intervalle import write_intervalle_court
from observatoire.app.composants.mentions_valeur import render_attente, render_corrige
from observatoire.modeles.nombres import INSECABLE, format_nombre, format_periode
from observatoire.modeles.statuts import Statut

if TYPE_CHECKING:
    from observatoire.analyse.consultation import Consultation
    from observatoire.app.vues import VueCarte

_LONGUEUR_EN_GRAND = 16
"""Au-delà, une valeur ne tient pas en 40 px dans la colonne."""


def _lien_indicateur(identifiant: str) -> str:
    return f"carte?{urlencode({'indicateur': identifiant})}"


@dataclass(frozen=True)
class ContexteFiche:
    """Ce que la page ajoute à la fiche.

    Attributes:
        lien_de: adresse de la carte d'un autre indicateur, d'après son identifiant.
        lien_territoire: adresse de la page du territoire ; celle d'usage à défaut.
        copie: texte que met « Copier » dans le presse-papiers ; sans texte, pas de bouton.
        lien: adresse copiée avec lui.
        courbe: HTML de la courbe, s'il y a assez de périodes.
    """

    lien_de: Callable[[str], str] = _lien_indicateur
    lien_territoire: str = ""
    copie: str = ""
    lien: str = ""
    courbe: str = ""


SANS_CONTEXTE = ContexteFiche()


def render_fiche(consultation: Consultation, vue: VueCarte, code: str, contexte: ContexteFiche = SANS_CONTEXTE) -> str:
    """Fiche d'un territoire de la carte ; l'invitation à en toucher un si ``code`` est vide."""
    if not code:
        return '<p class="obs-note">Toucher un territoire pour lire sa valeur.</p>' if vue.message else ""
    choisi = read_choisi(consultation, vue, code)
    principale = choisi.lues[0] if choisi.lues else ValeurLue(None, str(Statut.NON_DISPONIBLE))
    corps = (
        _render_valeur(vue, principale),
        _render_phrases(vue, choisi, principale),
        _render_references(vue, choisi),
        f'<div class="courbe">{contexte.courbe}</div>' if contexte.courbe else "",
        _render_liees(choisi, contexte),
        _render_lieux(choisi),
        _render_notes(vue, principale),
        render_attente(consultation.find_attente(vue.choisi)),
        _render_gestes(choisi, contexte),
    )
    nom = escape(choisi.libelle, quote=True)
    return (
        f'<section class="obs-fiche" aria-live="polite" aria-label="{nom}">'
        f'<p class="obs-eyebrow">{escape(choisi.maille.libelle)} · {escape(code)}</p>'
        f"<h2>{escape(choisi.libelle)}</h2>{''.join(corps)}</section>"
    )


def _render_valeur(vue: VueCarte, lue: ValeurLue) -> str:
    statut = Statut(lue.statut)
    texte = format_valeur_lue(vue.indicateur, lue)
    classes = ["valeur"]
    if not lue.montrable or len(texte) >= _LONGUEUR_EN_GRAND:
        classes.append("mots")
    if statut is Statut.NON_SIGNIFICATIF:
        classes.append("ns")
    signe = (
        f'{INSECABLE}<abbr title="{escape(statut.libelle, quote=True)}">{escape(statut.signe)}</abbr>'
        if lue.montrable and statut.signe
        else ""
    )
    return f'<p class="{" ".join(classes)}">{escape(texte)}{signe}</p>'


def _render_phrases(vue: VueCarte, choisi: TerritoireChoisi, lue: ValeurLue) -> str:
    part = write_part_sur(vue.indicateur, lue, vue.unite_denominateur)
    # Une valeur non significative se lit, mais ne fait pas une phrase que l'on citerait.
    fragile = lue.statut == str(Statut.NON_SIGNIFICATIF)
    # « n sur N » n'est dit qu'une fois.
    lecture = write_lecture(vue.indicateur, vue.cle.periode, choisi.nom, lue, avec_effectifs=not part)
    intervalle = write_deduction(vue.indicateur, lue) or write_intervalle_court(vue.indicateur, lue)
    phrases = (part, intervalle, "" if fragile else lecture)
    return "".join(f"<p>{escape(p)}</p>" for p in phrases if p)


def _render_references(vue: VueCarte, choisi: TerritoireChoisi) -> str:
    lignes = "".join(
        f"<dt>{escape(r.libelle)}</dt>"
        f"<dd>{escape(format_valeur_lue(vue.indicateur, r.lue))}{render_corrige(r.lue)}</dd>"
        for r in choisi.references
    )
    return f"<dl>{lignes}</dl>" if lignes else ""


def _render_liees(choisi: TerritoireChoisi, contexte: ContexteFiche) -> str:
    """Ressources en face de ce besoin ; un besoin n'est jamais montré seul."""
    if not choisi.liees:
        return ""
    lignes = "".join(
        f'<dt><a href="{escape(contexte.lien_de(r.indicateur.id), quote=True)}">'
        f"{escape(r.indicateur.libelle_court)}</a> <span>{escape(format_periode(r.periode))}</span></dt>"
        f"<dd>{escape(format_valeur_lue(r.indicateur, r.lue))}{render_corrige(r.lue)}</dd>"
        for r in choisi.liees
    )
    nombre = len(choisi.liees)
    titre = "Ressource liée" if nombre == 1 else f"Ressources liées{INSECABLE}: {nombre}"
    return f'<h3>{titre}</h3><dl class="liees">{lignes}</dl>'


def _render_lieux(choisi: TerritoireChoisi) -> str:
    if not choisi.lieux:
        return ""
    texte = " · ".join(f"{format_nombre(lieu.nombre)}{INSECABLE}{lieu.libelle}" for lieu in choisi.lieux)
    return f'<p class="lieux">Lieux recensés ici{INSECABLE}: {escape(texte)}.</p>'


def _render_notes(vue: VueCarte, lue: ValeurLue) -> str:
    notes = (write_note_correction(lue), write_note_statut(lue), write_couverture(lue), _write_denominateur(vue, lue))
    return "".join(f'<p class="obs-note">{escape(n)}</p>' for n in notes if n)


def _render_gestes(choisi: TerritoireChoisi, contexte: ContexteFiche) -> str:
    usage = f"territoire?{urlencode({'territoire': f'{choisi.maille}-{choisi.code}'})}"
    lien = escape(contexte.lien_territoire or usage, quote=True)
    copier = (
        f'<button type="button" class="obs-bouton" data-copier="{escape(contexte.copie, quote=True)}" '
        f'data-lien="{escape(contexte.lien, quote=True)}">Copier</button>'
        if contexte.copie
        else ""
    )
    return f'<p class="gestes"><a class="obs-bouton" href="{lien}">Voir le territoire</a>{copier}</p>'


def _write_denominateur(vue: VueCarte, lue: ValeurLue) -> str:
    """Dit l'année du dénominateur quand ce n'est pas celle du numérateur."""
    if not lue.periode_denominateur or lue.periode_denominateur == vue.cle.periode:
        return ""
    quand = format_periode(lue.periode_denominateur)
    if not vue.unite_denominateur:
        return f"Dénominateur de {quand}."
    return f"Rapporté aux {vue.unite_denominateur} de {quand}."
