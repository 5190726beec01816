"""Blocs de la page d'accueil, en HTML."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from observatoire.app.composants.glossaire import render_terme
from observatoire.app.composants.methode_generale import REFUS
from observatoire.app.composants.typographie import escape_texte
from observatoire.modeles.indicateurs import Nature
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import INSECABLE, format_date, format_nombre, format_periode

if TYPE_CHECKING:
    from observatoire.analyse.etat_donnees import EtatDonnees, PartProblematique, PartSource
    from observatoire.app.composants.glossaire import Glossaire
    from observatoire.app.reglages import Reglages

_NIVEAUX = (Maille.COMMUNE, Maille.EPCI, Maille.DEPARTEMENT)
_MOTS = {Nature.BESOIN: "besoin", Nature.RESSOURCE: "ressource", Nature.CONTEXTE: "repère"}
_PHRASE = (
    "Les besoins des habitants et les ressources des territoires, lus ensemble, sur la même carte, avec l'année et la "
    "source de chaque chiffre."
)
_ELU = "Une carte, la phrase qui la résume, et votre commune à côté de son département."
_OBSERVATION = """Chaque chiffre dit sa formule, sa source, ses limites. Les données se mettent à jour dans
l'Atelier, ou par la ligne de commande."""
_PARTENAIRE = """Besoins et ressources d'un territoire côte à côte. Le tableau de chaque carte se télécharge, son lien
se cite."""
_PORTES = (
    ("Vous êtes élue ou élu", _ELU, (("carte", "Ouvrir la carte"), ("territoire", "Trouver mon territoire"))),
    ("Vous observez", _OBSERVATION, (("methode", "Lire la méthode"), ("#donnees", "État des données"))),
    (
        "Vous êtes partenaire, habitant",
        _PARTENAIRE,
        (("territoire", "Voir un territoire"), ("#themes", "Choisir une question")),
    ),
)


def render_portail(reglages: Reglages, esquisse: str, nom_esquisse: str) -> str:
    """Haut de page : ce que c'est, la recherche, les trois portes.

    Args:
        reglages: nom et partenariat de l'observatoire.
        esquisse: SVG du territoire ; vide sans fond de carte.
        nom_esquisse: ce qu'elle montre (« La Réunion »).
    """
    partenariat = f'<p class="obs-partenariat">{escape_texte(reglages.partenariat)}</p>' if reglages.partenariat else ""
    return (
        '<div class="obs-portail" data-adresse="./"><div class="obs-portail-texte">'
        f"<h1>{escape_texte(reglages.nom)}</h1><p>{escape_texte(_PHRASE)}</p>{partenariat}"
        '<div class="obs-portail-recherche" data-recherche data-vers="territoire"></div></div>'
        f"{_render_esquisse(esquisse, nom_esquisse, reglages.departement)}{_render_portes()}</div>"
    )


def _render_esquisse(svg: str, nom: str, departement: str) -> str:
    if not svg:
        return ""
    adresse = f"carte?{urlencode({'departement': departement})}" if departement else "carte"
    source = b64encode(svg.encode()).decode()
    return (
        f'<a class="obs-esquisse" href="{escape(adresse)}"><img alt="" src="data:image/svg+xml;base64,{source}">'
        f"<span>Carte{INSECABLE}: {escape_texte(nom)}</span></a>"
    )


def _render_portes() -> str:
    blocs = "".join(
        f"<div><h2>{titre}</h2><p>{escape_texte(' '.join(texte.split()))}</p><p>{_render_liens(liens)}</p></div>"
        for titre, texte, liens in _PORTES
    )
    return f'<div class="obs-portes">{blocs}</div>'


def _render_liens(liens: tuple[tuple[str, str], ...]) -> str:
    return "".join(f'<a class="obs-lien" href="{adresse}">{escape_texte(texte)}</a>' for adresse, texte in liens)


def render_problematiques(donnees: EtatDonnees, departement: str, glossaire: Glossaire) -> str:
    """Problématiques : une ligne chacune, besoins et ressources au même rang."""
    lignes = "".join(_render_problematique(p, departement) for p in donnees.problematiques if any(p.effectifs.values()))
    entetes = "".join(
        f'<th scope="col">{t}</th>' for t in ("Problématique", "De quoi il s’agit", "Besoins", "Ressources")
    )
    besoins, ressources = (render_terme(glossaire, t, f"{t}s") for t in ("besoin", "ressource"))
    return (
        '<section class="obs-section" aria-labelledby="themes"><h2 id="themes">Entrer par une question</h2>'
        f'<p class="obs-note">Chaque question montre ses {besoins} et ses {ressources}, au même rang.</p>'
        f'<table class="obs-themes"><thead><tr>{entetes}</tr></thead><tbody>{lignes}</tbody></table></section>'
    )


def _render_problematique(part: PartProblematique, departement: str) -> str:
    portes = "".join(_render_porte(part, nature, departement) for nature in (Nature.BESOIN, Nature.RESSOURCE))
    titre = f'<th scope="row">{escape_texte(part.libelle)}</th>'
    return f"<tr>{titre}<td>{escape_texte(part.description)}</td>{portes}</tr>"


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
        f'<td class="n {nature}"><a href="carte?{escape(urlencode(params))}" '
        f'aria-label="{escape(part.libelle)}{INSECABLE}: {texte}">{texte}</a></td>'
    )


def render_donnees(donnees: EtatDonnees, glossaire: Glossaire) -> str:
    """État des données : ce que la publication contient, de quelles années, et ce qui lui manque."""
    besoins, ressources = donnees.indicateurs[Nature.BESOIN], donnees.indicateurs[Nature.RESSOURCE]
    autres = sum(donnees.indicateurs.values()) - besoins - ressources
    lignes = [
        (besoins, f"{_plural(besoins, 'indicateur')} de besoin"),
        (ressources, f"{_plural(ressources, 'indicateur')} de ressource"),
        (autres, f"{_plural(autres, 'indicateur')} de contexte"),
        *((n, _name(m, n)) for m in _NIVEAUX if (n := donnees.territoires.get(m, 0))),
        (donnees.lieux, f"{_plural(donnees.lieux, 'lieu', 'lieux')} de service situés"),
    ]
    compte = "".join(f"<div><dt>{escape(texte)}</dt><dd>{format_nombre(n)}</dd></div>" for n, texte in lignes if n)
    lacunes = "".join(f"<li>{escape_texte(phrase)}</li>" for phrase in donnees.lacunes)
    manques = f"<h3>Ce qui manque</h3><ul>{lacunes}</ul>" if lacunes else ""
    return (
        '<section class="obs-section" aria-labelledby="donnees"><h2 id="donnees">État des données</h2>'
        f'<div class="obs-donnees"><dl aria-label="Contenu de la publication">{compte}</dl><div>'
        f"<h3>De quand</h3><p>{_write_annees(donnees, glossaire)}</p>{manques}"
        '<p><a href="methode">Limites et précautions de chaque indicateur</a></p></div></div></section>'
    )


def _write_annees(donnees: EtatDonnees, glossaire: Glossaire) -> str:
    jour = format_date(datetime.fromisoformat(donnees.date), en_phrase=True)
    geographie = f"communes au 1er janvier {donnees.cog} ({render_terme(glossaire, 'cog', 'COG')})"
    publication = f"{render_terme(glossaire, 'publication', 'Publication')} du {escape(jour)}, {geographie}."
    ancienne, recente = donnees.annees
    if not ancienne:
        return f"{publication} Aucune valeur n’y est publiée."
    if ancienne == recente:
        return f"Toutes les données sont de {escape(ancienne)}. {publication}"
    return f"La donnée la plus ancienne est de {escape(ancienne)}, la plus récente de {escape(recente)}. {publication}"


def render_refus() -> str:
    """Ce que l'observatoire refuse de faire."""
    lignes = "".join(f"<li>{escape_texte(r)}</li>" for r in REFUS)
    return (
        '<section class="obs-section" aria-labelledby="refus"><h2 id="refus">Ce que cet observatoire ne fait pas</h2>'
        f'<ul class="obs-refus">{lignes}</ul></section>'
    )


def render_sources(donnees: EtatDonnees) -> str:
    """Sources, années, licences."""
    lignes = "".join(_render_source(s) for s in donnees.sources)
    return (
        '<section class="obs-section" aria-labelledby="sources"><h2 id="sources">D’où viennent les chiffres</h2>'
        '<table class="obs-sources"><thead><tr><th scope="col">Source</th><th scope="col">Producteur</th>'
        f'<th scope="col">Années</th><th scope="col">Licence</th></tr></thead><tbody>{lignes}</tbody></table></section>'
    )


def _render_source(source: PartSource) -> str:
    nom = escape_texte(source.libelle)
    titre = (
        f'<a href="{escape(source.url, quote=True)}" rel="noopener" target="_blank">{nom}</a>' if source.url else nom
    )
    annees = ", ".join(format_periode(p) for p in source.periodes)
    cellules = "".join(f"<td>{escape_texte(t)}</td>" for t in (source.producteur, annees, source.licence))
    return f"<tr><td>{titre}</td>{cellules}</tr>"


def _name(maille: Maille, nombre: int) -> str:
    return maille.libelle_pluriel if nombre > 1 else maille.libelle


def _plural(nombre: int, singulier: str, pluriel: str = "") -> str:
    return (pluriel or f"{singulier}s") if nombre > 1 else singulier
