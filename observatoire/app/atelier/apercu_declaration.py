"""Aperçu de ce qui sera écrit dans une déclaration, et ses fautes, en HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from observatoire.app.atelier.declaration import list_changements
from observatoire.cartes.palettes import ETATS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from observatoire.catalogue.fautes import Faute


def render_changements(avant: str, apres: str, fichier: str) -> str:
    """Lignes ajoutées et ôtées."""
    lignes = "".join(
        f'<li class="{"atelier-plus" if signe == "+" else "atelier-moins"}"><span class="atelier-signe">{signe}</span>'
        f'<span class="atelier-rang">{numero}</span><code translate="no">{escape(texte) or " "}</code></li>'
        for signe, numero, texte in list_changements(avant, apres)
    )
    titre = f'Ce qui sera écrit dans <span translate="no">{escape(fichier)}</span>'
    return f'<div class="atelier-apercu"><h3>{titre}</h3><ol>{lignes}</ol></div>'


def render_fautes(fautes: Sequence[Faute]) -> str:
    """Fautes d'une déclaration, ligne à ligne."""
    if not fautes:
        return ""
    etat = ETATS["bloquant"]
    lignes = "".join(f"<li>{_render_faute(f)}</li>" for f in fautes)
    titre = "1 faute à corriger" if len(fautes) == 1 else f"{len(fautes)} fautes à corriger"
    return (
        f'<div class="obs-etat atelier-refus" role="alert" style="color:{etat.encre};background:{etat.fond}">'
        f'<strong><span aria-hidden="true">{etat.forme}</span> {titre}</strong><ul>{lignes}</ul></div>'
    )


def _render_faute(faute: Faute) -> str:
    ou = f"Ligne {faute.ligne} : " if faute.ligne else ""
    proche = f' Vouliez-vous dire « <span translate="no">{escape(faute.proche)}</span> » ?' if faute.proche else ""
    return f"<strong>{ou}</strong>{escape(faute.message)}.{proche}"
