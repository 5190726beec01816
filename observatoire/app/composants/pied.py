"""Pied de toutes les pages : l'état des données, ce que dit la loi, où signaler une erreur."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from observatoire.modeles.nombres import format_date

if TYPE_CHECKING:
    from observatoire.analyse.consultation import Consultation
    from observatoire.app.reglages import Reglages


def show_pied(reglages: Reglages, consultation: Consultation | None) -> None:
    """Montre le pied ; ``data-publication`` dit à la page quelle publication elle montre."""
    morceaux = _describe_donnees(consultation) if consultation is not None else []
    morceaux += [
        '<a href="mentions">Mentions légales</a>',
        '<a href="accessibilite">Accessibilité : non conforme</a>',
        _render_signalement(reglages),
    ]
    corps = "".join(f"<span>{m}</span>" for m in morceaux)
    publication = consultation.publication.id if consultation is not None else ""
    st.html(
        f'<div class="obs-pied" role="region" aria-label="Pied de page" data-publication="{escape(publication)}">'
        f"{corps}</div>"
    )


def _describe_donnees(consultation: Consultation) -> list[str]:
    publication = consultation.publication
    jour = format_date(datetime.fromisoformat(publication.date))
    sources = consultation.catalogue.sources
    licence, _ = Counter(s.licence for s in sources.values()).most_common(1)[0]
    return [
        f"Données au {jour}",
        f"publication n° {escape(publication.id)}",
        f'<a href="./#sources">{len(sources)} sources</a>',
        escape(licence),
    ]


def _render_signalement(reglages: Reglages) -> str:
    """Lien de signalement ; la page y ajoute sa propre adresse (``signaler.js``)."""
    if not reglages.contact:
        return '<a href="mentions#signaler">Signaler une erreur</a>'
    genre = reglages.contact if "://" in reglages.contact else f"mailto:{reglages.contact}"
    return f'<a href="{escape(genre, quote=True)}" data-signaler>Signaler une erreur</a>'
