"""Tête d'un portrait : fil territorial, nom, population, gestes, composition, voisins, carte de situation."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING

from observatoire.app.composants.glossaire import render_terme
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import INSECABLE, format_nombre, format_periode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from observatoire.analyse.portrait import Portrait
    from observatoire.analyse.portrait.modele import Sujet
    from observatoire.analyse.voisinage import Lien
    from observatoire.app.composants.territoire_liens import Liens
    from observatoire.app.composants.territoire_mesure import Rendu

_HORS_DU_FIL = (Maille.CANTON_VILLE, Maille.ARRONDISSEMENT)
"""Découpages qui ne sont pas sur le chemin de la France à la commune : nommés à part."""
_SANS_CODE = (Maille.FRANCE,)
_VOISINS_EN_VUE = 14
"""Au-delà (Paris en a 29), les voisins se replient : la page commence par ses nombres."""


def render_fil(portrait: Portrait, liens: Liens) -> str:
    """France › région › département › EPCI › commune, chaque maillon cliquable."""
    maillons = "".join(
        f"<li>{_render_lien(_distinguish(p, portrait), liens)}</li>"
        for p in portrait.parents
        if p.maille not in _HORS_DU_FIL
    )
    if not maillons:
        return ""
    ici = f'<li><span aria-current="page">{escape(portrait.sujet.libelle)}</span></li>'
    return f'<nav class="obs-fil" aria-label="Fil territorial"><ol>{maillons}{ici}</ol></nav>'


def render_tete(rendu: Rendu, dessin: str) -> str:
    """Titre, population, gestes, composition, voisins ; carte de situation à droite.

    Args:
        rendu: portrait et ses liens.
        dessin: carte de situation (SVG) ; vide si elle n'existe pas à ce niveau.
    """
    portrait, liens, sujet = rendu.portrait, rendu.liens, rendu.portrait.sujet
    carte = (
        f'<img class="obs-situation" width="280" height="200" src="{_encode(dessin)}" '
        f'alt="{escape(f"Carte de situation : {sujet.libelle}", quote=True)}">'
        if dessin
        else ""
    )
    return (
        f'<div class="obs-territoire-tete"><div><h1>{escape(sujet.libelle)}</h1>'
        f'<p class="obs-eyebrow">{_render_identite(portrait)}</p>{_render_gestes(rendu)}'
        f"{_render_autres(portrait, liens)}{_render_voisins(portrait, liens)}{_render_composition(portrait, liens)}"
        f"</div>{carte}</div>"
    )


def _distinguish(lien: Lien, portrait: Portrait) -> Lien:
    """Ajoute son niveau à un parent qui a le même nom qu'un autre : La Réunion, région et département."""
    noms = [portrait.sujet.libelle, *(p.libelle for p in portrait.parents if p.maille not in _HORS_DU_FIL)]
    return lien if noms.count(lien.libelle) == 1 or lien.detail else lien._replace(detail=lien.maille.libelle)


def write_population(sujet: Sujet) -> str:
    """« 7 268 habitants en 2023 » ; vide si elle n'est pas connue."""
    if sujet.population is None:
        return ""
    mot = "habitants" if sujet.population >= 2 else "habitant"  # noqa: PLR2004 -- en français, le pluriel commence à deux
    quand = f" en {format_periode(sujet.annee_population)}" if sujet.annee_population else ""
    estimee = ", valeur estimée" if sujet.population_estimee else ""
    return f"{format_nombre(sujet.population)}{INSECABLE}{mot}{quand}{estimee}"


def _render_identite(portrait: Portrait) -> str:
    sujet = portrait.sujet
    libelle = "pays" if sujet.maille is Maille.FRANCE else sujet.maille.libelle
    niveau = render_terme(portrait.catalogue.glossaire, str(sujet.maille), libelle)
    code = "" if sujet.maille in _SANS_CODE else f"code{INSECABLE}{escape(sujet.code)}"
    return " · ".join(t for t in (niveau, code, escape(write_population(sujet))) if t)


def _render_gestes(rendu: Rendu) -> str:
    sujet = rendu.portrait.sujet
    identite = ", ".join(t for t in (sujet.maille.libelle, write_population(sujet)) if t)
    texte = escape(f"{sujet.libelle} ({identite}) : besoins et ressources.", quote=True)
    lien = escape(rendu.adresse, quote=True)
    carte = f'<a class="obs-bouton" href="{rendu.liens.make_carte_generale()}">Voir sur la carte</a>'
    if rendu.portrait.vide:
        carte = ""
    return (
        '<div class="obs-actions">'
        f"{carte}"
        f'<button type="button" data-copier="{texte}" data-lien="{lien}">Copier</button>'
        f'<button type="button" data-partager data-lien="{lien}">Partager</button>'
        '<button type="button" data-imprimer>Imprimer</button>'
        f'<button type="button" data-retenir="{escape(sujet.cle, quote=True)}" '
        f'data-nom="{escape(sujet.libelle, quote=True)}" aria-pressed="false">☆ En faire mon territoire</button></div>'
    )


def _render_autres(portrait: Portrait, liens: Liens) -> str:
    """Canton et arrondissement, hors du fil."""
    autres = [p for p in portrait.parents if p.maille in _HORS_DU_FIL]
    texte = ", ".join(f"{escape(p.maille.libelle)} {_render_lien(p, liens)}" for p in autres)
    return f'<p class="obs-note">Aussi{INSECABLE}: {texte}</p>' if texte else ""


def _render_voisins(portrait: Portrait, liens: Liens) -> str:
    if not portrait.voisins:
        return f'<p class="obs-note">{escape(portrait.sans_voisin)}</p>' if portrait.sans_voisin else ""
    niveau = portrait.sujet.maille.libelle_pluriel
    titre = f"{niveau[0].upper()}{niveau[1:]} autour" if portrait.sujet.maille is not Maille.COMMUNE else ""
    liste = _render_pastilles(portrait.voisins, liens)
    if len(portrait.voisins) > _VOISINS_EN_VUE:
        nom = f"{titre or 'Communes voisines'}{INSECABLE}: {len(portrait.voisins)}"
        return (
            f'<details class="obs-replie"><summary>{escape(nom)}</summary>'
            f'<ul class="obs-pastilles">{liste}</ul></details>'
        )
    return (
        f'<div class="obs-voisins"><p id="voisins">{escape(titre or "Communes voisines")}</p>'
        f'<ul aria-labelledby="voisins">{liste}</ul></div>'
    )


def _render_composition(portrait: Portrait, liens: Liens) -> str:
    """Une liste repliée par niveau : « 5 communes »."""
    return "".join(
        f'<details class="obs-replie"><summary>Composition{INSECABLE}: {format_nombre(len(siens))} '
        f"{escape(m.libelle_pluriel if len(siens) > 1 else m.libelle)}</summary>"
        f'<ul class="obs-pastilles">{_render_pastilles(siens, liens)}</ul></details>'
        for m, siens in portrait.composants.items()
    )


def _render_pastilles(territoires: Iterable[Lien], liens: Liens) -> str:
    return "".join(f"<li>{_render_lien(t, liens)}</li>" for t in territoires)


def _render_lien(lien: Lien, liens: Liens) -> str:
    detail = f' <span class="obs-detail">({escape(lien.detail)})</span>' if lien.detail else ""
    return f'<a href="{liens.make_territoire(lien)}">{escape(lien.libelle)}{detail}</a>'


def _encode(svg: str) -> str:
    """Dessin en image : les pages n'acceptent pas de dessin vectoriel dans leur texte."""
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
