"""Titre, phrase de tête et citation d'une carte, en HTML : lus, imprimés, copiés."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from observatoire.analyse.resumes import choose_unite, write_age
from observatoire.app import adresses
from observatoire.modeles.nombres import format_date, format_periode

if TYPE_CHECKING:
    from datetime import date

    from observatoire.analyse.consultation import Consultation
    from observatoire.app.etat import Etat
    from observatoire.app.vues import VueCarte


def render_titre(vue: VueCarte, aujourdhui: date) -> str:
    """Titre (indicateur, unité, année), âge de la donnée, phrase de tête."""
    indicateur, periode = vue.indicateur, vue.cle.periode
    detail = " · ".join(t for t in (choose_unite(indicateur), format_periode(periode)) if t)
    age = write_age(periode, aujourdhui)
    badge = f'<span class="obs-age">{escape(age)}</span>' if age else ""
    return (
        f'<h1 class="obs-titre">{escape(indicateur.libelle)} <span class="unite">{escape(detail)}</span>{badge}</h1>'
        f'<p class="obs-phrase">{escape(vue.resume)}</p>'
    )


def make_lien_csv(etat: Etat) -> str:
    """Adresse du CSV de la carte."""
    params = {n: getattr(etat, n) for n in ("indicateur", "maille", "periode", "departement")}
    return f"{adresses.CSV.lstrip('/')}?{urlencode(params)}"


def write_citation(consultation: Consultation, vue: VueCarte, etat: Etat) -> str:
    """Définition, précautions et texte à citer, avec la date de publication et l'adresse."""
    indicateur = vue.indicateur
    source = consultation.catalogue.sources[indicateur.source]
    identifiants = dict.fromkeys((*indicateur.precautions, *source.precautions))
    precautions = [consultation.catalogue.precautions[p] for p in identifiants]
    jour = format_date(datetime.fromisoformat(consultation.publication.date))
    citation = f"{vue.resume} {vue.source} Publication du {jour}."
    lien = f"carte?{urlencode(etat.to_params())}"
    liste = "".join(f"<li><b>{escape(p.libelle)}.</b> {escape(p.texte)}</li>" for p in precautions)
    return (
        f"<h3>Définition</h3><p>{escape(indicateur.definition)}</p><p>Champ : {escape(indicateur.champ)}.</p>"
        + (f"<h3>Précautions</h3><ul>{liste}</ul>" if liste else "")
        + f"<h3>Citer</h3><p>{escape(citation)}</p>"
        f'<p><a href="{escape(lien)}" target="_self">Adresse de cette carte</a></p>'
    )
