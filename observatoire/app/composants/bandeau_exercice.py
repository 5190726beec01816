"""Bandeau d'un espace d'exercice : chaque page dit que rien n'y est vrai."""

from __future__ import annotations

from typing import TYPE_CHECKING

from observatoire.catalogue.fictif import TAMPON

if TYPE_CHECKING:
    from observatoire.app.reglages import Reglages

_TEXTE = "Exercice : les données marquées ainsi sont inventées."


def render_bandeau_exercice(reglages: Reglages) -> str:
    """Bandeau, sous l'en-tête ; vide hors d'un exercice."""
    if not reglages.exercice:
        return ""
    return (
        f'<div class="obs-exercice" role="region" aria-label="Exercice"><strong>{TAMPON}</strong> '
        f"<span>{_TEXTE}</span></div>"
    )
