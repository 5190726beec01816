"""Une mesure d'un portrait : valeur, effectif, année, situation, phrase, comparaisons, courbe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape
from typing import TYPE_CHECKING

from observatoire.analyse.resumes import (
    write_age,
    write_couverture,
    write_deduction,
    write_intervalle,
    write_note_correction,
    write_note_statut,
)
from observatoire.app.composants.barre_situation import render_barre
from observatoire.app.composants.courbe import render_courbe
from observatoire.app.composants.mentions_valeur import render_attente, render_corrige
from observatoire.cartes.categories import shorten_libelle
from observatoire.modeles.indicateurs import Nature, TypeMesure
from observatoire.modeles.nombres import INSECABLE, compute_decimales, format_nombre, format_periode, format_unite
from observatoire.modeles.statuts import DESCRIPTIONS, Statut

if TYPE_CHECKING:
    from observatoire.analyse.portrait import Portrait
    from observatoire.analyse.portrait.modele import Comparaison, Mesure
    from observatoire.analyse.resumes import ValeurLue
    from observatoire.app.composants.territoire_liens import Liens

NATURES = {
    Nature.BESOIN: "Besoin",
    Nature.RESSOURCE: "Ressource",
    Nature.CONTEXTE: "Repère",
    Nature.ACCOMPAGNEMENT: "Accompagnement",
}


@dataclass(frozen=True)
class Rendu:
    """Ce qu'il faut pour écrire une mesure : le portrait, ses liens, le jour où on le lit.

    Attributes:
        adresse: adresse durable de la page, publication comprise.
    """

    portrait: Portrait
    liens: Liens
    aujourdhui: date
    adresse: str


def make_ancre(question: str, indicateur: str) -> str:
    """Ancre d'une mesure dans la page ; la même mesure peut paraître sous plusieurs problématiques."""
    return f"m-{question}-{indicateur}"


def render_mesure(rendu: Rendu, mesure: Mesure, question: str) -> str:
    """Mesure complète, besoin ou ressource."""
    indicateur = mesure.indicateur
    ancre = make_ancre(question, indicateur.id)
    corps = (
        render_valeur(mesure) + _render_effectif(mesure) + _render_annee(rendu, mesure) + _render_attente(mesure),
        render_barre(rendu.portrait, mesure),
        _render_phrase(rendu, mesure, ancre),
        _render_comparaisons(mesure),
        render_evolution(mesure, f"{ancre}-courbe"),
        _render_nombre(rendu, mesure, question),
        _render_lieux(rendu, mesure, question),
        render_notes(mesure),
    )
    return (
        f'<article class="obs-mesure {indicateur.nature}" id="{ancre}">'
        f'<p class="obs-mesure-nature">{NATURES[indicateur.nature]}</p>'
        f'<h3><a href="{rendu.liens.make_carte(mesure, question)}">{escape(indicateur.libelle)}</a>'
        f'{render_info(rendu.liens, mesure)}</h3><p class="obs-chiffre">{corps[0]}</p>{"".join(corps[1:])}</article>'
    )


def render_info(liens: Liens, mesure: Mesure) -> str:
    """Lien ⓘ vers la définition et la méthode."""
    nom = escape(f"Définition et méthode : {mesure.indicateur.libelle_court}", quote=True)
    return (
        f'<a class="obs-info" href="{liens.make_methode(mesure.indicateur)}" aria-label="{nom}">'
        '<span aria-hidden="true">i</span></a>'
    )


def render_valeur(mesure: Mesure) -> str:
    """Nombre et unité, catégorie, ou mots du statut ; le signe du statut suit."""
    statut = Statut(mesure.lue.statut)
    signe = (
        f'{INSECABLE}<abbr title="{escape(statut.libelle, quote=True)}">{escape(statut.signe)}</abbr>'
        if statut.signe
        else ""
    )
    if not mesure.lue.montrable:
        return f'<span><span class="valeur mots">{escape(statut.libelle)}</span>{signe}</span>'
    if mesure.indicateur.type_mesure is TypeMesure.TYPOLOGIE:
        return f'<span><span class="valeur mots">{escape(_write_categories(mesure))}</span>{signe}</span>'
    nombre, unite = _split_valeur(mesure)
    # « % » et « € » tiennent au nombre ; une unité longue se lit à la taille du texte.
    courte = unite in {"%", "€"}
    colle = f"{INSECABLE}{escape(unite)}" if courte else ""
    longue = f' <span class="unite">{escape(unite)}</span>' if unite and not courte else ""
    return f'<span><span class="valeur">{escape(nombre)}{colle}</span>{signe}</span>{longue}'


def render_evolution(mesure: Mesure, cle: str) -> str:
    """Courbe et phrase d'évolution ; la phrase seule sous trois périodes."""
    phrase = f"<p>{escape(mesure.evolution)}</p>" if mesure.evolution else ""
    return phrase + (render_courbe(mesure.courbe, cle) if mesure.courbe else "")


def render_notes(mesure: Mesure) -> str:
    """Ce qui limite la valeur : intervalle, statut, marques, couverture, année du dénominateur."""
    intervalle = write_intervalle(mesure.indicateur, mesure.lue)
    notes = [
        write_note_correction(mesure.lue),
        write_deduction(mesure.indicateur, mesure.lue)
        or (f"Intervalle certain{INSECABLE}: {intervalle}." if intervalle else ""),
        _write_statut(mesure.lue, intervalle),
        _write_marques(mesure),
        write_couverture(mesure.lue),
        _write_denominateur(mesure),
    ]
    return "".join(f'<p class="obs-note">{escape(n)}</p>' for n in notes if n)


def _write_statut(lue: ValeurLue, intervalle: str) -> str:
    """Explication du statut ; une estimation sans intervalle ne peut pas y renvoyer."""
    if Statut(lue.statut) is Statut.ESTIME and not intervalle:
        return "Valeur estimée."
    return write_note_statut(lue)


def _split_valeur(mesure: Mesure) -> tuple[str, str]:
    indicateur, lue = mesure.indicateur, mesure.lue
    nombre = format_nombre(lue.valeur or 0.0, compute_decimales(indicateur.decimales, lue.denominateur))
    return nombre, format_unite(indicateur.unite)


def _write_categories(mesure: Mesure) -> str:
    """Catégorie du territoire ; s'il en a plusieurs, leurs parts, sans élire la plus grande."""
    if len(mesure.lues) == 1:
        return mesure.lue.modalite
    return f"mixte{INSECABLE}: " + ", ".join(
        f"{shorten_libelle(lue.modalite)}{INSECABLE}{_format_part(lue)}" for lue in mesure.lues if lue.valeur
    )


def _format_part(lue: ValeurLue) -> str:
    part = lue.valeur or 0.0
    if part < 1:
        return f"moins de 1{INSECABLE}%"
    return f"plus de 99{INSECABLE}%" if part > 99 else f"{format_nombre(part)}{INSECABLE}%"  # noqa: PLR2004


def _render_effectif(mesure: Mesure) -> str:
    return f' <span class="effectif">{escape(mesure.part_sur)}</span>' if mesure.part_sur else ""


def _render_annee(rendu: Rendu, mesure: Mesure) -> str:
    """Année, et badge d'âge au-delà de cinq ans : l'un ou l'autre suffit, ils disent la même année."""
    age = write_age(mesure.periode, rendu.aujourdhui)
    if age:
        return f' <span class="obs-age">{escape(age)}</span>'
    return f' <span class="annee">{escape(format_periode(mesure.periode))}</span>'


def _render_attente(mesure: Mesure) -> str:
    pastille = render_attente(mesure.attente)
    return f" {pastille}" if pastille else ""


def _render_phrase(rendu: Rendu, mesure: Mesure, ancre: str) -> str:
    if not mesure.phrase:
        return ""
    citation = f"{mesure.phrase} Source : {mesure.source}."
    nom = escape(f"Copier la phrase : {mesure.indicateur.libelle_court}", quote=True)
    return (
        f'<p class="obs-lecture">{escape(mesure.phrase)} <button type="button" class="obs-copier" '
        f'data-copier="{escape(citation, quote=True)}" data-lien="{escape(rendu.adresse, quote=True)}#{ancre}" '
        f'aria-label="{nom}">Copier</button></p>'
    )


def _render_comparaisons(mesure: Mesure) -> str:
    lignes = "".join(
        f'<li><span class="obs-signe r{rang}" aria-hidden="true"></span>{_render_comparaison(c)}</li>'
        for rang, c in enumerate(mesure.comparaisons, 1)
        if c.phrase
    )
    return f'<ul class="obs-comparaisons">{lignes}</ul>' if lignes else ""


def _render_comparaison(comparaison: Comparaison) -> str:
    corrige = render_corrige(comparaison.lue) if comparaison.lue is not None else ""
    phrase = escape(comparaison.phrase)
    # La ligne range ses morceaux côte à côte : la mention reste avec sa phrase.
    return f"<span>{phrase}{corrige}</span>" if corrige else phrase


def _render_nombre(rendu: Rendu, mesure: Mesure, question: str) -> str:
    """Nombre du même sujet : le même numérateur, sur la même ligne, avec sa carte."""
    nombre = mesure.nombre
    if nombre is None:
        return ""
    lien = f'<a href="{rendu.liens.make_carte(nombre, question)}">{escape(nombre.indicateur.libelle)}</a>'
    # « 901 sur 7 244 habitants » a déjà dit le nombre.
    if mesure.part_sur or not nombre.lue.montrable:
        return f'<p class="obs-note">Voir aussi{INSECABLE}: {lien}</p>'
    valeur, unite = _split_valeur(nombre)
    signe = Statut(nombre.lue.statut).signe
    texte = " ".join(t for t in (f"Soit {valeur}", unite, signe) if t)
    return f'<p class="obs-note">{escape(texte)}{render_corrige(nombre.lue)}{INSECABLE}: {lien}</p>'


def _render_lieux(rendu: Rendu, mesure: Mesure, question: str) -> str:
    lieux = mesure.lieux
    if lieux is None or not lieux.situes:
        return ""
    texte = f"{format_nombre(lieux.nombre)} {lieux.libelle} ici"
    if lieux.situes < lieux.nombre:
        texte += f" ({format_nombre(lieux.situes)} sur la carte)"
    adresse = rendu.liens.make_carte_lieux(mesure, question, lieux.type)
    if not adresse:
        return f'<p class="obs-note">{escape(texte)}.</p>'
    nom = escape(f"Voir sur la carte : {texte}", quote=True)
    lien = f'<a href="{adresse}" aria-label="{nom}">voir sur la carte</a>'
    return f'<p class="obs-note">{escape(texte)}{INSECABLE}: {lien}</p>'


def _write_marques(mesure: Mesure) -> str:
    mots = [DESCRIPTIONS[m].libelle for m in mesure.marques]
    return f"Aussi{INSECABLE}: {', '.join(mots)}." if mots else ""


def _write_denominateur(mesure: Mesure) -> str:
    periode = mesure.lue.periode_denominateur
    if not mesure.lue.montrable or not periode or periode == mesure.periode or not mesure.unite_denominateur:
        return ""
    return f"Rapporté aux {mesure.unite_denominateur} de {format_periode(periode)}."
