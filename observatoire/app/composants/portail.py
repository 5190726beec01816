"""Blocs de la page d'accueil, en HTML."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from observatoire.modeles.indicateurs import Nature
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import INSECABLE, format_date, format_nombre, format_periode

if TYPE_CHECKING:
    from observatoire.analyse.etat_donnees import EtatDonnees, PartProblematique, PartSource
    from observatoire.app.reglages import Reglages

_NIVEAUX = (Maille.COMMUNE, Maille.EPCI, Maille.DEPARTEMENT)
_REFUS = (
    "Aucun dossier individuel : la plus petite unité est un territoire.",
    "Aucune lutte contre la fraude, aucun contrôle.",
    "Aucun ciblage de personnes ou de quartiers.",
    "Aucune prédiction, aucun score de risque.",
    "Pas de palmarès : les territoires sont rangés par ordre alphabétique, sauf si vous demandez autre chose.",
    "Pas de note globale : un territoire ne se résume pas à un nombre.",
)


_MOTS = {Nature.BESOIN: "besoin", Nature.RESSOURCE: "ressource", Nature.CONTEXTE: "repère"}
_PORTES = (
    (
        "Vous êtes élu",
        "Ouvrir une carte, lire la phrase qui la résume, toucher sa commune : valeur, effectif, département.",
        "carte",
        "Voir la carte",
    ),
    (
        "Vous êtes un service d’observation",
        "Toute carte a son tableau et son fichier CSV. Publier se fait par la ligne de commande.",
        "#sources",
        "Voir l’état des données",
    ),
    (
        "Vous êtes partenaire, association, habitant",
        "Chaque carte est à une adresse qui se cite : niveau, année et territoire y sont écrits.",
        "#themes",
        "Choisir une question",
    ),
)


def render_portail(reglages: Reglages, donnees: EtatDonnees) -> str:
    """Ce qu'est l'observatoire, et ce qu'il contient."""
    besoins, ressources = donnees.indicateurs[Nature.BESOIN], donnees.indicateurs[Nature.RESSOURCE]
    autres = sum(donnees.indicateurs.values()) - besoins - ressources
    lignes = [
        (besoins, f"{_plural(besoins, 'indicateur')} de besoin"),
        (ressources, f"{_plural(ressources, 'indicateur')} de ressource"),
        (autres, f"{_plural(autres, 'indicateur')} de contexte"),
        *((n, _name(m, n)) for m in _NIVEAUX if (n := donnees.territoires.get(m, 0))),
        *([(donnees.lieux, f"{_plural(donnees.lieux, 'lieu', 'lieux')} de service situés")] if donnees.lieux else []),
    ]
    compte = "".join(f"<div><dt>{escape(texte)}</dt><dd>{format_nombre(n)}</dd></div>" for n, texte in lignes if n)
    jour = format_date(datetime.fromisoformat(donnees.date), en_phrase=True)
    return (
        f'<div class="obs-portail"><div><h1>{escape(reglages.nom)}</h1>'
        "<p>Les besoins des habitants et les ressources des territoires, lus ensemble, sur la même carte, "
        "avec l’année et la source de chaque chiffre.</p>"
        '<a class="obs-action" href="carte" target="_self">Ouvrir la carte</a></div>'
        f'<div><dl aria-label="Contenu de la publication">{compte}</dl>'
        f'<p class="obs-note" style="font-size:14px;line-height:20px;margin-top:8px">Données publiées le {jour}, '
        f"géographie au 01/01/{escape(donnees.cog)}.</p></div></div>"
    )


def render_problematiques(donnees: EtatDonnees, departement: str) -> str:
    """Problématiques : une ligne chacune, besoins et ressources au même rang."""
    lignes = "".join(_render_problematique(p, departement) for p in donnees.problematiques if any(p.effectifs.values()))
    entetes = "".join(
        f'<th scope="col">{t}</th>' for t in ("Problématique", "De quoi il s’agit", "Besoins", "Ressources")
    )
    return (
        '<section class="obs-section" aria-labelledby="themes"><h2 id="themes">Entrer par une question</h2>'
        f'<table class="obs-themes"><thead><tr>{entetes}</tr></thead><tbody>{lignes}</tbody></table></section>'
    )


def _render_problematique(part: PartProblematique, departement: str) -> str:
    portes = "".join(_render_porte(part, nature, departement) for nature in (Nature.BESOIN, Nature.RESSOURCE))
    titre = f'<th scope="row">{escape(part.libelle)}</th>'
    return f"<tr>{titre}<td>{escape(part.description)}</td>{portes}</tr>"


def _render_porte(part: PartProblematique, nature: Nature, departement: str) -> str:
    """Porte vers la carte ; sans besoin déclaré, ce sont les repères de contexte qui y mènent."""
    if nature is Nature.BESOIN and not part.effectifs[nature] and part.effectifs[Nature.CONTEXTE]:
        nature = Nature.CONTEXTE
    nombre = part.effectifs[nature]
    if not nombre:
        return f'<td class="n">{"aucune recensée" if nature is Nature.RESSOURCE else "aucun recensé"}</td>'
    params = {"problematique": part.id, "nature": str(nature)} | ({"departement": departement} if departement else {})
    texte = f"{nombre}{INSECABLE}{_plural(nombre, _MOTS[nature])}"
    return (
        f'<td class="n {nature}"><a href="carte?{escape(urlencode(params))}" target="_self" '
        f'aria-label="{escape(part.libelle)} : {texte}">{texte}</a></td>'
    )


def render_portes() -> str:
    """Pour qui : trois façons d'employer l'observatoire, avec ce qui existe."""
    blocs = "".join(
        f'<div><h3>{titre}</h3><p>{texte}</p><a class="obs-lien" href="{adresse}" target="_self">{lien}</a></div>'
        for titre, texte, adresse, lien in _PORTES
    )
    return (
        '<section class="obs-section" aria-labelledby="pour-qui"><h2 id="pour-qui">Pour qui</h2>'
        f'<div class="obs-trois">{blocs}</div></section>'
    )


def render_refus() -> str:
    """Ce que l'observatoire refuse de faire."""
    lignes = "".join(f"<li>{r}</li>" for r in _REFUS)
    return (
        '<section class="obs-section" aria-labelledby="refus"><h2 id="refus">Ce que cet observatoire ne fait pas</h2>'
        f'<ul class="obs-refus">{lignes}</ul></section>'
    )


def render_donnees(donnees: EtatDonnees) -> str:
    """Sources, années, licences."""
    lignes = "".join(_render_source(s) for s in donnees.sources)
    return (
        '<section class="obs-section" aria-labelledby="sources"><h2 id="sources">D’où viennent les chiffres</h2>'
        '<table class="obs-sources"><thead><tr><th scope="col">Source</th><th scope="col">Producteur</th>'
        f'<th scope="col">Années</th><th scope="col">Licence</th></tr></thead><tbody>{lignes}</tbody></table></section>'
    )


def _render_source(source: PartSource) -> str:
    nom = escape(source.libelle)
    titre = (
        f'<a href="{escape(source.url, quote=True)}" rel="noopener" target="_blank">{nom}</a>' if source.url else nom
    )
    annees = ", ".join(format_periode(p) for p in source.periodes)
    cellules = "".join(f"<td>{escape(t)}</td>" for t in (source.producteur, annees, source.licence))
    return f"<tr><td>{titre}</td>{cellules}</tr>"


def _name(maille: Maille, nombre: int) -> str:
    return maille.libelle_pluriel if nombre > 1 else maille.libelle


def _plural(nombre: int, singulier: str, pluriel: str = "") -> str:
    return (pluriel or f"{singulier}s") if nombre > 1 else singulier
