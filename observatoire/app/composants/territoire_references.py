"""Références d'un portrait : les deux listes, et la clé des signes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from observatoire.app.composants.barre_situation import render_cle
from observatoire.app.composants.controles import Option, render_liste

if TYPE_CHECKING:
    from observatoire.analyse.portrait import Portrait

PARAMETRES = ("ref1", "ref2")
_ETIQUETTES = ("Comparer à", "et à")


def render_references(portrait: Portrait) -> str:
    """Listes des références possibles ; vide quand rien n'est plus large."""
    retenues = [r.cle for r in portrait.references]
    listes = ""
    for rang, (nom, etiquette) in enumerate(zip(PARAMETRES, _ETIQUETTES, strict=True)):
        if rang >= len(retenues):
            break
        autres = {c: "déjà choisie à côté" for c in retenues if c != retenues[rang]}
        options = [Option(c.cle, c.libelle, c.raison or autres.get(c.cle, "")) for c in portrait.choix]
        listes += render_liste(nom, etiquette, options, retenues[rang])
    if not listes and not portrait.portee:
        return ""
    return f'<div class="obs-references">{listes}{render_cle(portrait)}</div>'
