"""Liste des indicateurs de la page Méthode : filtres, recherche, une ligne par indicateur."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from observatoire.app.composants.controles import Option, render_liste
from observatoire.app.composants.methode_fiche import NATURES
from observatoire.app.composants.typographie import escape_texte
from observatoire.modeles.indicateurs import Nature
from observatoire.modeles.nombres import INSECABLE, format_nombre

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from observatoire.analyse.methode import GroupeMethode
    from observatoire.app.composants.methode_liens import Liens
    from observatoire.modeles.catalogue import Catalogue
    from observatoire.modeles.indicateurs import Indicateur

TOUTES = "toutes"
"""Valeur de « fiches » qui les déplie toutes."""
FICHE_OUVERTE = ("indicateur",)
"""Un filtre referme la fiche ouverte : c'est la liste que l'on veut voir."""


def render_filtres(catalogue: Catalogue, demande: Mapping[str, str]) -> str:
    """Filtres de la liste, tous dans l'adresse."""
    themes = sorted(catalogue.problematiques.values(), key=lambda p: p.ordre)
    presentes = {i.nature for i in catalogue.indicateurs.values()}
    natures = [Option(str(n), nom, "" if n in presentes else "aucun") for n, nom in NATURES.items()]
    cherche = escape(demande.get("cherche", ""), quote=True)
    return (
        '<div class="obs-methode-filtres" role="search" aria-label="Choisir des indicateurs">'
        + render_liste(
            "problematique",
            "Problématique",
            [Option("", "Toutes"), *(Option(p.id, p.libelle) for p in themes)],
            demande.get("problematique", ""),
            FICHE_OUVERTE,
        )
        + render_liste("nature", "Nature", [Option("", "Toutes"), *natures], demande.get("nature", ""), FICHE_OUVERTE)
        + '<label class="obs-controle"><span>Mots</span><input type="search" data-param="cherche" '
        f'data-oublie="indicateur" value="{cherche}" placeholder="revenus, logement…" autocomplete="off"></label></div>'
    )


def render_compte(groupes: Sequence[GroupeMethode], liens: Liens, *, toutes: bool) -> str:
    """Nombre d'indicateurs gardés, et le lien qui déplie ou replie toutes leurs fiches."""
    gardes = {i.id for groupe in groupes for i in groupe.indicateurs}
    if not gardes:
        efface = f' <a href="{liens.to_methode({}, "indicateurs")}">Effacer les filtres</a>.' if liens.filtres else ""
        return f'<p class="obs-methode-compte" role="status">Aucun indicateur ne répond à ce choix.{efface}</p>'
    adresse = liens.to_methode(liens.filtres if toutes else liens.filtres | {"fiches": TOUTES}, "indicateurs")
    texte = "Replier les fiches" if toutes else "Déplier toutes les fiches, pour imprimer"
    nombre = f"{format_nombre(len(gardes))}{INSECABLE}{'indicateurs' if len(gardes) > 1 else 'indicateur'}"
    return f'<p class="obs-methode-compte"><span role="status">{nombre}.</span> <a href="{adresse}">{texte}</a></p>'


def render_groupe(groupe: GroupeMethode, liens: Liens) -> str:
    """Indicateurs d'une problématique, une ligne chacun."""
    lignes = "".join(_render_ligne(i, liens) for i in groupe.indicateurs)
    return f'<section aria-labelledby="p-{groupe.id}">{render_titre(groupe)}<ul>{lignes}</ul></section>'


def render_titre(groupe: GroupeMethode) -> str:
    """Titre d'un groupe, que le sommaire vise."""
    return f'<h3 id="p-{groupe.id}">{escape_texte(groupe.libelle)}</h3>'


def _render_ligne(indicateur: Indicateur, liens: Liens) -> str:
    courant = ' aria-current="true"' if indicateur.id == liens.demande.get("indicateur") else ""
    return (
        f'<li><a data-cle="fiche" href="{liens.to_fiche(indicateur.id)}"{courant}>'
        f"{escape_texte(indicateur.libelle)}</a>"
        f'<span class="obs-nature {indicateur.nature}">{NATURES[Nature(indicateur.nature)]}</span>'
        f"<p>{escape_texte(indicateur.definition)}</p></li>"
    )
