"""Titre, phrase de tête et gestes d'une carte (copier, partager, exporter), en HTML : lus, imprimés, copiés."""

from __future__ import annotations

from datetime import UTC, date, datetime
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from observatoire.analyse.citation import write_citation_courte
from observatoire.analyse.resumes import choose_unite, write_age
from observatoire.app import adresses
from observatoire.app.composants.actions import render_actions
from observatoire.app.composants.mentions_valeur import render_attente
from observatoire.modeles.nombres import format_periode

if TYPE_CHECKING:
    from observatoire.analyse.consultation import Consultation
    from observatoire.app.etat import Etat
    from observatoire.app.vues import VueCarte

_EXPORTES = ("indicateur", "mesure", "maille", "periode", "departement", "territoire")
_FORMATS = {
    "png": "Image (PNG)",
    "svg": "Dessin (SVG)",
    "xlsx": "Tableau (XLSX)",
    "csv": "Tableau (CSV)",
}


def render_entete_carte(consultation: Consultation, vue: VueCarte, etat: Etat) -> str:
    """Titre avec l'année, âge de la donnée, gestes, phrase de tête ; et l'adresse entière de ce qui est montré."""
    methode = f"methode?{urlencode({'indicateur': etat.indicateur})}"
    return (
        f'<div hidden data-adresse="{escape(etat.make_lien(), quote=True)}"></div>'
        '<div class="obs-tete"><h1 class="obs-titre">'
        f"{render_titre(vue, consultation.find_attente(vue.choisi))}"
        f'<a class="obs-info" href="{methode}" aria-label="Définition et méthode">'
        '<span aria-hidden="true">i</span></a></h1>'
        + render_actions_carte(consultation, vue, etat)
        + f'</div><p class="obs-phrase">{escape(vue.resume)}</p>'
    )


def render_titre(vue: VueCarte, attente: int = 0) -> str:
    """Titre d'une carte : indicateur, unité, année, âge de la donnée, livraison attendue.

    Args:
        vue: vue montrée.
        attente: mois depuis lesquels une livraison est attendue (``Consultation.find_attente``).
    """
    indicateur, periode = vue.indicateur, vue.cle.periode
    detail = " · ".join(t for t in (choose_unite(indicateur), format_periode(periode)) if t)
    age = write_age(periode, datetime.now(UTC).date())
    badge = f'<span class="obs-age">{escape(age)}</span>' if age else ""
    return f'{escape(indicateur.libelle)} <span class="unite">{escape(detail)}</span>{badge}{render_attente(attente)}'


def render_actions_carte(consultation: Consultation, vue: VueCarte, etat: Etat) -> str:
    """Gestes de la carte : copier, partager, exporter."""
    lien = etat.make_lien(publication=consultation.publication.id)
    return render_actions(write_citation(consultation, vue), lien, make_exports(consultation, etat))


def make_exports(consultation: Consultation, etat: Etat) -> dict[str, str]:
    """Libellé et adresse de chaque export de la carte ; la publication y est nommée."""
    params = {nom: valeur for nom in _EXPORTES if (valeur := getattr(etat, nom))}
    requete = urlencode(params | {"publication": consultation.publication.id})
    fichiers = {nom: f"{adresses.TELECHARGER[1:]}/carte.{genre}?{requete}" for genre, nom in _FORMATS.items()}
    return fichiers | {"Imprimer (A4)": f"{adresses.IMPRIMER[1:]}/carte?{requete}"}


def write_citation(consultation: Consultation, vue: VueCarte) -> str:
    """Texte à citer : la phrase, la source, la date de publication."""
    source = vue.source.removeprefix("Source : ")
    return write_citation_courte(vue.resume, vue.cle.periode, source, read_jour(consultation))


def read_jour(consultation: Consultation) -> date:
    """Jour de la publication."""
    return datetime.fromisoformat(consultation.publication.date).date()
