"""Termes expliqués en place : un mot, un ⓘ, et sa définition au clic, au clavier ou au doigt.

Le bouton porte sa définition : ``glossaire.js`` n'a rien à demander au serveur pour la montrer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from observatoire.app.composants.typographie import escape_texte
from observatoire.catalogue.proches import normalise
from observatoire.modeles.nombres import INSECABLE

if TYPE_CHECKING:
    from observatoire.modeles.sources import Terme

Glossaire = Mapping[str, "Terme"]


def render_terme(glossaire: Glossaire, identifiant: str, texte: str = "") -> str:
    """Mot suivi d'un ⓘ qui ouvre sa définition.

    Une publication d'avant le glossaire n'a pas de définition à montrer : le mot reste, seul.

    Args:
        glossaire: ``catalogue.glossaire`` de la publication montrée.
        identifiant: terme de ``indicators/_glossaire.yaml``.
        texte: écriture du mot dans la phrase ; le libellé du terme à défaut.
    """
    terme = glossaire.get(identifiant)
    if terme is None:
        return escape_texte(texte or identifiant.replace("_", " "))
    mot = escape_texte(texte or terme.libelle)
    # Le dernier mot et le signe ne se séparent pas : un ⓘ seul en début de ligne ne veut rien dire.
    debut, espace, fin = mot.rpartition(" ")
    return (
        f'<button type="button" class="obs-terme" aria-expanded="false" data-terme="{escape(identifiant, quote=True)}" '
        f'data-titre="{escape_texte(terme.libelle)}" data-definition="{escape_texte(terme.texte)}">'
        f'{debut}{espace}<span class="obs-terme-fin">{fin}<span class="obs-terme-i" aria-hidden="true">i</span></span>'
        '<span class="obs-lu"> (définition)</span></button>'
    )


def mark_termes(glossaire: Glossaire, texte: str, deja: set[str] | None = None) -> str:
    """Texte en HTML, où la première écriture de chaque terme connu ouvre sa définition.

    Args:
        glossaire: ``catalogue.glossaire`` de la publication montrée.
        texte: texte brut.
        deja: termes déjà expliqués plus haut dans la même fiche ; complété au passage.
    """
    vus = deja if deja is not None else set()
    motif, identifiants = _compile(tuple((i, t.formes) for i, t in sorted(glossaire.items())))
    if motif is None:
        return escape_texte(texte)
    morceaux, position = [], 0
    for trouve in motif.finditer(texte):
        identifiant = _identify(trouve.group(), identifiants)
        if identifiant is None or identifiant in vus:
            continue
        vus.add(identifiant)
        morceaux += [
            escape_texte(texte[position : trouve.start()]),
            render_terme(glossaire, identifiant, trouve.group()),
        ]
        position = trouve.end()
    return "".join(morceaux) + escape_texte(texte[position:])


@lru_cache(maxsize=8)
def _compile(
    formes: tuple[tuple[str, tuple[str, ...]], ...],
) -> tuple[re.Pattern[str] | None, Mapping[str, str]]:
    """Motif de toutes les écritures, la plus longue d'abord, et le terme de chacune."""
    identifiants = {forme: i for i, ecritures in formes for forme in ecritures}
    if not identifiants:
        return None, {}
    longues = sorted(identifiants, key=len, reverse=True)
    # « RSA » est un sigle, « rsa » au milieu d'un mot ne l'est pas ; une phrase peut commencer par un terme.
    choix = "|".join(re.escape(f) if f.isupper() else f"(?i:{re.escape(f)})" for f in longues)
    return re.compile(rf"(?<![\w-])(?:{choix})(?![\w-])"), identifiants


def _identify(ecriture: str, identifiants: Mapping[str, str]) -> str | None:
    if ecriture in identifiants:
        return identifiants[ecriture]
    return next((i for forme, i in identifiants.items() if forme.casefold() == ecriture.casefold()), None)


def render_glossaire(glossaire: Glossaire) -> str:
    """Tous les termes, par ordre alphabétique ; chacun a son ancre (``#terme-iris``)."""
    ranges = sorted(glossaire.values(), key=lambda t: normalise(t.libelle))
    lignes = "".join(
        f'<div id="terme-{t.id}"><dt>{escape_texte(t.libelle)}</dt>'
        f"<dd>{escape_texte(t.texte)}{_render_voisins(glossaire, t)}</dd></div>"
        for t in ranges
    )
    return f'<dl class="obs-glossaire">{lignes}</dl>' if lignes else ""


def _render_voisins(glossaire: Glossaire, terme: Terme) -> str:
    voisins = [glossaire[v] for v in terme.voir if v in glossaire]
    liens = ", ".join(f'<a href="#terme-{v.id}">{escape_texte(v.libelle)}</a>' for v in voisins)
    return f' <span class="voir">Voir aussi{INSECABLE}: {liens}</span>' if liens else ""
