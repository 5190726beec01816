"""Repères d'un territoire : contexte et accompagnement, en tableau sobre ; leurs courbes dessous."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from observatoire.analyse.portrait.comparaison import shorten_unite
from observatoire.analyse.portrait.questions import PORTRAIT
from observatoire.analyse.resumes import format_valeur_lue, write_deduction
from observatoire.app.composants.territoire_mesure import render_evolution, render_info, render_valeur
from observatoire.modeles.indicateurs import Nature
from observatoire.modeles.nombres import INSECABLE, format_periode
from observatoire.modeles.statuts import Statut

if TYPE_CHECKING:
    from observatoire.analyse.portrait.modele import Comparaison, Mesure, Question
    from observatoire.app.composants.territoire_mesure import Rendu


def render_reperes(rendu: Rendu, question: Question) -> str:
    """Tableau des repères d'une question ; vide s'il n'y en a pas."""
    if not question.reperes:
        return ""
    references = rendu.portrait.references
    entetes = "".join(f"<th scope=col>{escape(r.court)}</th>" for r in references)
    titre = escape(f"Repères : {question.libelle}", quote=True)
    lignes = "".join(_render_ligne(rendu, m, question.id) for m in question.reperes)
    return (
        f'<div class="obs-tableau obs-reperes" role="region" aria-label="{titre}" tabindex="0"><table>'
        f"<caption>{titre}</caption><thead><tr><th scope=col>Repère</th>"
        f"<th scope=col>{escape(rendu.portrait.sujet.libelle)}</th>{entetes}<th scope=col>Année</th></tr></thead>"
        f"<tbody>{lignes}</tbody></table></div>{_render_courbes(question)}"
    )


def _render_ligne(rendu: Rendu, mesure: Mesure, question: str) -> str:
    indicateur = mesure.indicateur
    par_cle = {c.reference.cle: c for c in mesure.comparaisons}
    cellules = "".join(
        f'<td data-nom="{escape(r.court, quote=True)}">{_render_reference(mesure, par_cle.get(r.cle))}</td>'
        for r in rendu.portrait.references
    )
    sorte = ' <span class="obs-sorte">accompagnement</span>' if indicateur.nature is Nature.ACCOMPAGNEMENT else ""
    return (
        f'<tr><th scope=row><a href="{rendu.liens.make_carte(mesure, question)}">{escape(indicateur.libelle)}</a>'
        f"{render_info(rendu.liens, mesure)}{sorte}</th>"
        f'<td class="ici">{render_valeur(mesure)}{_render_deduction(mesure)}</td>{cellules}'
        f'<td data-nom="Année">{escape(format_periode(mesure.periode))}</td></tr>'
    )


def _render_deduction(mesure: Mesure) -> str:
    """Bornes d'une valeur masquée, sous son mot."""
    deduction = write_deduction(mesure.indicateur, mesure.lue)
    return f'<p class="obs-note">{escape(deduction)}</p>' if deduction else ""


def _render_reference(mesure: Mesure, comparaison: Comparaison | None) -> str:
    """Valeur d'une référence ; « /// » quand la question ne se pose pas pour elle."""
    indicateur = mesure.indicateur
    if comparaison is None:
        sans = Statut.HORS_CHAMP
        return f'<abbr title="{escape(sans.libelle, quote=True)}">{escape(sans.signe)}</abbr>'
    if comparaison.lue is None or not comparaison.lue.montrable:
        statut = Statut(comparaison.lue.statut) if comparaison.lue is not None else Statut.NON_DISPONIBLE
        return f'<abbr title="{escape(statut.libelle, quote=True)}">{escape(statut.signe)}</abbr>'
    # L'unité longue est déjà dite par la valeur du territoire, à côté.
    sans_unite_longue = indicateur.model_copy(update={"unite": shorten_unite(indicateur.unite)})
    return escape(format_valeur_lue(sans_unite_longue, comparaison.lue))


def _render_courbes(question: Question) -> str:
    """Évolutions des repères ; celle de la population est ouverte en tête."""
    traces = [m for m in question.reperes if m.evolution or m.courbe]
    return "".join(
        f'<details class="obs-replie obs-evolution"{" open" if question.id == PORTRAIT and not rang else ""}>'
        f"<summary>Évolution{INSECABLE}: {escape(m.indicateur.libelle)}</summary>"
        f"{render_evolution(m, f'c-{question.id}-{m.indicateur.id}')}</details>"
        for rang, m in enumerate(traces)
    )
