"""Accessibilité : l'état déclaré, ce qui a été vérifié, ce qui ne l'a pas été, et la carte au clavier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from observatoire.app.composants.mentions import render_contact, render_paragraphes
from observatoire.app.composants.typographie import escape_texte

if TYPE_CHECKING:
    from collections.abc import Iterable

    from observatoire.app.reglages import Reglages

_VERIFIE = (
    (
        "Contrastes des textes, écarts entre les couleurs d'une carte, y compris pour trois daltonismes et en gris : "
        "recalculés par un essai à chaque version."
    ),
    ("Secret, donnée absente, valeur non significative et zéro : un mot et un dessin chacun, jamais la couleur seule."),
    "Toute carte a sa phrase et son tableau, dans la page, en texte : un lecteur d'écran peut les lire.",
    "Pages en français, titres ordonnés, réglages natifs du navigateur avec leur étiquette, lien d'évitement.",
)
_NON_VERIFIE = (
    "Aucun audit de conformité au référentiel général d'amélioration de l'accessibilité (RGAA).",
    "Aucun essai suivi avec NVDA, JAWS, VoiceOver ou TalkBack, ni avec une plage braille.",
    "Aucun essai par des personnes concernées.",
    (
        "La carte annonce ce qui est sous sa visée, sans avoir été essayée avec un lecteur d'écran : son tableau donne "
        "les mêmes valeurs."
    ),
    "Les images exportées n'ont pas de description ; leur titre, leur source et leur note y sont écrits.",
)
_TOUCHES = (
    (("←", "↑", "→", "↓"), "déplacer la carte sous la visée ; trois fois plus loin avec Maj"),
    (("+", "−"), "agrandir, réduire"),
    (("Entrée",), "choisir le territoire ou le lieu sous la visée"),
    (("Début",), "tout voir"),
)


_ETAT = """
Aucun audit n'a été fait. Sans audit, un service public se déclare non conforme, même conçu avec soin ; cette page dit
où il en est.
"""
_OBSTACLE = "Un contenu vous est inaccessible : dites-le, avec le lien de la page, et demandez une autre forme."
_RECOURS = """
Si votre demande reste sans réponse, vous pouvez saisir le Défenseur des droits, en ligne ou par courrier gratuit, sans
timbre : Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.
"""


def render_accessibilite(reglages: Reglages) -> str:
    """Page entière."""
    sections = (
        ("verifie", "Ce qui a été vérifié", _render_liste(_VERIFIE)),
        ("non-verifie", "Ce qui ne l’a pas été", _render_liste(_NON_VERIFIE)),
        ("clavier", "La carte au clavier", _render_touches()),
        ("signaler", "Signaler un obstacle", f"{render_paragraphes(_OBSTACLE)}<p>{render_contact(reglages)}</p>"),
        ("recours", "Sans réponse", render_paragraphes(_RECOURS) + _DEFENSEUR),
    )
    return (
        '<div class="obs-texte" data-adresse="accessibilite"><h1>Accessibilité\u00a0: non conforme</h1>'
        + render_paragraphes(_ETAT)
        + "".join(f'<h2 id="{ancre}">{titre}</h2>{corps}' for ancre, titre, corps in sections)
        + "</div>"
    )


_DEFENSEUR = (
    '<p><a href="https://www.defenseurdesdroits.fr" target="_blank" rel="noopener">defenseurdesdroits.fr</a></p>'
)


def _render_liste(lignes: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape_texte(ligne)}</li>' for ligne in lignes)}</ul>"


def _render_touches() -> str:
    lignes = "".join(
        f"<div><dt>{' '.join(f'<kbd>{t}</kbd>' for t in touches)}</dt><dd>{escape_texte(effet)}</dd></div>"
        for touches, effet in _TOUCHES
    )
    return (
        "<p>Atteindre la carte par la touche de tabulation, puis\u00a0:</p>"
        f"<dl>{lignes}</dl><p>Sans la carte, le tableau donne les mêmes valeurs et mène aux mêmes territoires.</p>"
    )
