"""Sommaire de la page Méthode et de sa page « Secret », en marge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from observatoire.app.composants.methode_generale import SECTIONS
from observatoire.app.composants.methode_liens import TITRE_SECRET
from observatoire.app.composants.methode_partenaires import ANCRE, TITRE
from observatoire.app.composants.typographie import escape_texte

if TYPE_CHECKING:
    from collections.abc import Mapping

    from observatoire.app.composants.methode_liens import Liens
    from observatoire.modeles.catalogue import Catalogue


def render_sommaire(catalogue: Catalogue, liens: Liens, ici: Mapping[str, str] | None = None) -> str:
    """Problématiques qui ont un indicateur, règles communes, sources, secret.

    Args:
        catalogue: catalogue de la publication montrée.
        liens: adresses à écrire.
        ici: sections de la page « Secret », par ancre, quand c'est elle que l'on lit.
    """
    choisie = liens.demande.get("problematique")
    themes = "".join(
        f'<li><a href="{liens.to_methode({"problematique": p.id}, "indicateurs")}"'
        f"{' aria-current=true' if choisie == p.id else ''}>{escape_texte(p.libelle)}</a></li>"
        for p in sorted(catalogue.problematiques.values(), key=lambda p: p.ordre)
        if catalogue.by_problematique(p.id)
    )
    # D'une autre page, une ancre seule ne mènerait nulle part.
    ancres = {ancre: liens.to_methode({}, ancre) if ici else f"#{ancre}" for ancre in (*SECTIONS, ANCRE)}
    regles = "".join(f'<li><a href="{ancres[ancre]}">{titre}</a></li>' for ancre, titre in SECTIONS.items())
    courante = " aria-current=page" if ici else ""
    return (
        '<nav class="obs-methode-sommaire" aria-label="Sommaire de la méthode">'
        f"{_render_ici(ici)}<h2>Indicateurs</h2><ul>{themes}</ul><h2>Règles communes</h2><ul>{regles}</ul>"
        f'<h2>Données</h2><ul><li><a href="{ancres[ANCRE]}">{TITRE}</a></li>'
        f'<li><a href="{liens.to_secret()}"{courante}>{TITRE_SECRET}</a></li></ul></nav>'
    )


def _render_ici(ici: Mapping[str, str] | None) -> str:
    if not ici:
        return ""
    lignes = "".join(f'<li><a href="#{ancre}">{titre}</a></li>' for ancre, titre in ici.items())
    return f"<h2>Secret</h2><ul>{lignes}</ul>"
