"""Mentions qui suivent un chiffre ou un titre : corrigé, livraison attendue. Du texte, jamais la seule couleur."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from observatoire.analyse.partenariat import write_attente

if TYPE_CHECKING:
    from observatoire.analyse.resumes import ValeurLue


def render_corrige(lue: ValeurLue) -> str:
    """« corrigé le 12/03/2026, était 12,4 % », après un chiffre ; vide s'il ne l'a pas été."""
    return f' <span class="obs-corrige">({escape(lue.correction)})</span>' if lue.correction else ""


def render_attente(mois: int) -> str:
    """Pastille « Livraison attendue depuis 3 mois » ; vide si rien n'est attendu."""
    texte = write_attente(mois)
    return f'<span class="obs-age obs-attente">{escape(texte)}</span>' if texte else ""
