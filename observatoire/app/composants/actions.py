"""Gestes d'une page : copier la phrase, partager le lien, exporter (``actions.js``)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def render_actions(citation: str, lien: str, exports: Mapping[str, str]) -> str:
    """Boutons Copier et Partager, menu Exporter.

    Args:
        citation: texte copié (phrase, année, source) ; l'adresse y est ajoutée.
        lien: adresse relative et durable de ce qui est montré, publication comprise.
        exports: libellé et adresse de chaque export.
    """
    lien_sur = escape(lien, quote=True)
    liens = "".join(f"<li>{_render_export(nom, adresse)}</li>" for nom, adresse in exports.items())
    image = '<li><button type="button" data-copier-image>Copier l’image</button></li>'
    menu = (
        f'<details class="obs-menu-actions"><summary>Exporter</summary><ul>{liens}{image}</ul></details>'
        if exports
        else ""
    )
    return (
        '<div class="obs-actions">'
        f'<button type="button" data-copier="{escape(citation, quote=True)}" data-lien="{lien_sur}">Copier</button>'
        f'<button type="button" data-partager data-lien="{lien_sur}">Partager</button>{menu}</div>'
    )


def _render_export(nom: str, adresse: str) -> str:
    cible = ' target="_blank" rel="noopener"' if nom.startswith("Imprimer") else " download"
    return f'<a href="{escape(adresse, quote=True)}"{cible}>{escape(nom)}</a>'
