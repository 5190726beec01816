"""Une problématique d'un portrait : besoins à gauche, ressources à droite, ligne à ligne."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from observatoire.app.composants.territoire_mesure import NATURES, make_ancre, render_mesure
from observatoire.app.composants.territoire_reperes import render_reperes
from observatoire.modeles.indicateurs import Nature
from observatoire.modeles.nombres import INSECABLE

if TYPE_CHECKING:
    from observatoire.analyse.portrait.modele import Ligne, Portrait, Question
    from observatoire.app.composants.territoire_mesure import Rendu

SANS_RESSOURCE = "Aucune ressource recensée pour cette question dans les données ouvertes ; à compléter."
SANS_BESOIN = "Aucun besoin chiffré pour cette question dans les données ouvertes ; à compléter."
SANS_LIEN = "Aucune ressource n'est liée à ce besoin dans les données ouvertes ; à compléter."
RESSOURCES_SEULES = "Autres ressources de cette question, sans besoin chiffré en face à ce niveau."
RESSOURCES_AILLEURS = "Aucune ressource publiée à ce niveau : celles d'un niveau plus large sont nommées plus bas."
BESOINS_AILLEURS = "Aucun besoin publié à ce niveau : ceux d'un autre niveau sont nommés plus bas."
SANS_TERRAIN = "Aucune lecture de terrain à ce jour."


def render_sommaire(portrait: Portrait) -> str:
    """Sommaire des problématiques, en ancres."""
    lignes = "".join(f'<li><a href="#q-{q.id}">{escape(q.libelle)}</a></li>' for q in portrait.questions)
    return f'<nav class="obs-sommaire" aria-label="Problématiques"><ul>{lignes}</ul></nav>'


def render_contexte(rendu: Rendu, question: Question) -> str:
    """Portrait : les seuls repères, sans colonnes."""
    return (
        f'<section class="obs-contexte" id="q-{question.id}" aria-labelledby="t-{question.id}">'
        f'<h2 id="t-{question.id}">{escape(question.libelle)}</h2>{render_reperes(rendu, question)}'
        f"{_render_non_publies(rendu, question)}{_render_precautions(question)}</section>"
    )


def render_question(rendu: Rendu, question: Question) -> str:
    """Problématique entière ; elle se replie (``territoire.js`` la replie d'emblée sur un téléphone)."""
    reperes = render_reperes(rendu, question)
    replie = (
        f'<details class="obs-replie"><summary>Repères ({len(question.reperes)})</summary>{reperes}</details>'
        if reperes
        else ""
    )
    return (
        f'<details class="obs-question" id="q-{question.id}" open><summary><h2>{escape(question.libelle)}</h2>'
        f'<span class="obs-note">{_write_compte(question)}</span></summary>'
        f'<p class="obs-note">{escape(question.description)}</p>{_render_regard(rendu, question)}{replie}'
        f"{_render_non_publies(rendu, question)}{_render_precautions(question)}"
        f'<p class="obs-note obs-terrain">Lecture de terrain{INSECABLE}: {SANS_TERRAIN}</p></details>'
    )


def _render_regard(rendu: Rendu, question: Question) -> str:
    """Les deux colonnes ; une colonne vide dit pourquoi, une fois."""
    entetes = '<div class="obs-regard-tete" aria-hidden="true"><p>Besoins</p><p>Ressources</p></div>'
    autres = "".join(render_mesure(rendu, m, question.id) for m in question.autres_ressources)
    if question.has(Nature.RESSOURCE):
        lignes = "".join(_render_ligne(rendu, question, ligne) for ligne in question.lignes)
        if autres:
            seules = RESSOURCES_SEULES if lignes else _find_vide(question, Nature.BESOIN)
            lignes += _render_cote(_render_vide(seules, Nature.BESOIN), autres)
    else:
        # Une colonne vide le dit une fois, en face de tous les besoins.
        besoins = "".join(render_mesure(rendu, ligne.besoin, question.id) for ligne in question.lignes)
        lignes = _render_cote(
            besoins or _render_vide(_find_vide(question, Nature.BESOIN), Nature.BESOIN),
            _render_vide(_find_vide(question, Nature.RESSOURCE), Nature.RESSOURCE),
        )
    return f'<div class="obs-regard">{entetes}{lignes}</div>'


def _find_vide(question: Question, nature: Nature) -> str:
    """Pourquoi une colonne est vide : rien de recensé, ou rien à ce niveau."""
    ailleurs = any(n.indicateur.nature is nature for n in question.non_publies)
    if nature is Nature.RESSOURCE:
        return RESSOURCES_AILLEURS if ailleurs else SANS_RESSOURCE
    return BESOINS_AILLEURS if ailleurs else SANS_BESOIN


def _render_ligne(rendu: Rendu, question: Question, ligne: Ligne) -> str:
    besoin = render_mesure(rendu, ligne.besoin, question.id)
    if ligne.ressources:
        return _render_cote(besoin, "".join(render_mesure(rendu, m, question.id) for m in ligne.ressources))
    if ligne.ailleurs:
        liens = ", ".join(
            f'<a href="#{make_ancre(question.id, i.id)}">{escape(i.libelle_court)}</a>' for i in ligne.ailleurs
        )
        phrase = f"Ressources liées, montrées plus haut{INSECABLE}: {liens}."
        return _render_cote(besoin, f'<p class="obs-vide">{phrase}</p>')
    return _render_cote(besoin, _render_vide(SANS_LIEN, Nature.RESSOURCE))


def _render_cote(gauche: str, droite: str) -> str:
    return f'<div class="obs-regard-ligne"><div>{gauche}</div><div>{droite}</div></div>'


def _render_vide(texte: str, nature: Nature) -> str:
    return (
        f'<div class="obs-vide {nature}"><p class="obs-mesure-nature">{NATURES[nature]}</p><p>{escape(texte)}</p></div>'
    )


def _write_compte(question: Question) -> str:
    besoins = len(question.lignes)
    ressources = len(question.autres_ressources) + sum(len(ligne.ressources) for ligne in question.lignes)
    mots = [(besoins, "besoin"), (ressources, "ressource"), (len(question.reperes), "repère")]
    return " · ".join(f"{n}{INSECABLE}{mot}{'s' if n > 1 else ''}" for n, mot in mots if n)


def _render_non_publies(rendu: Rendu, question: Question) -> str:
    lignes = "".join(
        f'<li><a href="{rendu.liens.make_carte_de(n.indicateur, question.id)}">{escape(n.indicateur.libelle)}</a>'
        f"{INSECABLE}: {escape(n.raison)}.</li>"
        for n in question.non_publies
    )
    titre = f"Non publié à ce niveau ({len(question.non_publies)})"
    return _render_replie(titre, lignes)


def _render_precautions(question: Question) -> str:
    lignes = "".join(f"<li><b>{escape(p.libelle)}.</b> {escape(p.texte)}</li>" for p in question.precautions)
    return _render_replie("Précautions de lecture", lignes)


def _render_replie(titre: str, lignes: str) -> str:
    return f'<details class="obs-replie"><summary>{titre}</summary><ul>{lignes}</ul></details>' if lignes else ""
