"""En-tête de toutes les pages : le nom, les pages, la recherche, « Mon territoire ».

Il est dans la page elle-même, hors de Streamlit : il paraît avant que l'application ait démarré, et ne
disparaît pas d'une page à l'autre.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from observatoire.app import adresses
from observatoire.app.composants.bandeau_exercice import render_bandeau_exercice
from observatoire.app.mode import PAGE as PAGE_ATELIER

if TYPE_CHECKING:
    from observatoire.app.reglages import Reglages

PAGES = {"carte": "Carte", "territoire": "Territoire", "methode": "Méthode"}
"""Pages du menu : adresse et nom."""
BANDEAU = (
    '<div class="atelier-bandeau" role="region" aria-label="Mode du serveur"><strong>Atelier ouvert.</strong> '
    "<span>Ce qui est publié d’ici est vu de tous les lecteurs.</span></div>"
)


def write_entete(reglages: Reglages, chemin: str = "/", *, atelier: bool = False) -> str:
    """En-tête en HTML.

    Args:
        reglages: nom et logo de l'observatoire.
        chemin: adresse de la page, qui est dite courante.
        atelier: vrai si l'Atelier est ouvert : le menu le montre, et un bandeau le dit.
    """
    courante = chemin.strip("/")
    pages = PAGES | ({PAGE_ATELIER: "Atelier"} if atelier else {})
    liens = "".join(
        f'<a href="{adresse}"{" aria-current=page" if adresse == courante else ""}>{nom}</a>'
        for adresse, nom in pages.items()
    )
    logo = f'<img src="{adresses.LOGO.lstrip("/")}" alt="" height="40">' if reglages.logo else ""
    return (
        '<a class="obs-evitement" href="#contenu">Aller au contenu</a>'
        '<header class="obs-entete">'
        f'<a class="obs-nom" href="./"{" aria-current=page" if not courante else ""}>{logo}'
        f"<span>{escape(reglages.nom)}</span></a>"
        '<button type="button" class="obs-menu" aria-expanded="false" aria-controls="obs-pages">Menu</button>'
        f'<nav id="obs-pages" aria-label="Pages">{liens}</nav>'
        f'<div class="obs-champ-recherche" data-recherche data-departement="{escape(reglages.departement)}"></div>'
        '<a class="obs-mien" data-mon-territoire hidden href="territoire"><span aria-hidden="true">★</span> '
        "<span>Mon territoire</span></a>"
        f"</header>{render_bandeau_exercice(reglages)}{BANDEAU if atelier else ''}"
        '<div class="obs-avis" role="status" aria-live="polite"></div>'
        '<div class="obs-nouvelle" role="status" hidden></div>'
    )
