"""Cadre commun des pages : le nom de l'observatoire en tête, l'état des données en pied."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from observatoire.app.style import write_style
from observatoire.cartes.palettes import ENCRE
from observatoire.modeles.nombres import format_date

if TYPE_CHECKING:
    from observatoire.analyse.consultation import Consultation
    from observatoire.app.reglages import Reglages


def show_entete(reglages: Reglages) -> None:
    """Pose la feuille de style et le nom de l'observatoire dans l'en-tête."""
    nom = reglages.nom.replace("\\", "").replace('"', "”").replace("<", "")
    st.html(
        write_style() + "<style>[data-testid=stHeader]::before{"
        f'content:"{nom}";color:{ENCRE};font-weight:600;font-size:16px;align-self:center;white-space:nowrap;'
        "overflow:hidden;text-overflow:ellipsis;flex:0 0 auto;max-width:60vw;margin-right:24px}"
        "[data-testid=stHeader]{display:flex}</style>"
    )
    if reglages.logo is not None:
        st.logo(str(reglages.logo))


def show_pied(reglages: Reglages, consultation: Consultation | None) -> None:
    """Pied de toutes les pages."""
    morceaux = []
    if consultation is not None:
        publication = consultation.publication
        jour = format_date(datetime.fromisoformat(publication.date))
        sources = consultation.catalogue.sources
        licence, _ = Counter(s.licence for s in sources.values()).most_common(1)[0]
        morceaux += [
            f"Données au {jour}",
            f"publication n° {publication.id}",
            f'<a href="./#sources" target="_self">{len(sources)} sources</a>',
            escape(licence),
        ]
    morceaux.append("Accessibilité : non conforme")
    if reglages.contact:
        lien = reglages.contact if "://" in reglages.contact else f"mailto:{reglages.contact}"
        morceaux.append(f'<a href="{escape(lien, quote=True)}">Signaler une erreur</a>')
    corps = "".join(f"<span>{m}</span>" for m in morceaux if m)
    st.html(f'<div class="obs-pied" role="contentinfo">{corps}</div>')


def make_icone() -> str:
    """Icône de l'onglet : deux tons, besoins et ressources à parts égales."""
    dessin = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        '<rect width="32" height="32" rx="4" fill="#FAF9F6"/>'
        '<path d="M16 4v24H7a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3z" fill="#C2601A"/>'
        '<path d="M16 4v24h9a3 3 0 0 0 3-3V7a3 3 0 0 0-3-3z" fill="#27758D"/></svg>'
    )
    return "data:image/svg+xml;base64," + b64encode(dessin.encode()).decode()
