"""Mentions légales : qui publie, qui héberge, sous quelle licence, et ce qui n'est pas recueilli."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from observatoire.app.composants.typographie import escape_texte
from observatoire.app.reglages import FICHIER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from observatoire.app.reglages import Reglages
    from observatoire.modeles.sources import Source

_NOMS = re.compile(r"\b(Leaflet|_streamlit_xsrf|Source Sans)\b")
_MARQUE = r'<span translate="no">\1</span>'
"""Noms qui ne se traduisent pas."""
_IDENTITE = (
    ("Éditeur", "editeur"),
    ("Directeur de la publication", "directeur_publication"),
    ("Hébergeur", "hebergeur"),
)


def render_mentions(reglages: Reglages, sources: Iterable[Source], publication: str) -> str:
    """Page entière.

    Args:
        reglages: identité de l'observatoire.
        sources: sources de la publication montrée.
        publication: son numéro, à citer.
    """
    return (
        '<div class="obs-texte" data-adresse="mentions"><h1>Mentions légales</h1>'
        f"{_render_identite(reglages)}{_render_signalement(reglages)}{_render_licences(sources, publication)}"
        f'<h2 id="donnees-personnelles">Données personnelles</h2>{render_paragraphes(_SANS_TRACEUR)}</div>'
    )


def _render_identite(reglages: Reglages) -> str:
    lignes = [(titre, render_champ(getattr(reglages, champ), champ)) for titre, champ in _IDENTITE]
    lignes.append(("Contact", render_contact(reglages)))
    corps = "".join(f"<div><dt>{titre}</dt><dd>{texte}</dd></div>" for titre, texte in lignes)
    partenariat = f"<p>{escape_texte(reglages.partenariat)}</p>" if reglages.partenariat else ""
    return f"<p>{escape_texte(reglages.nom)}.</p>{partenariat}<dl>{corps}</dl>"


def render_champ(valeur: str, champ: str) -> str:
    """Valeur d'un champ, ou le dire absent et où l'écrire."""
    if valeur:
        return escape_texte(valeur)
    # Un traducteur de page laisserait un nom de champ méconnaissable.
    fichier, nom = (f'<span translate="no">{mot}</span>' for mot in (FICHIER, champ))
    return f'<span class="obs-absent">à renseigner dans {fichier} (champ {nom})</span>'


def render_contact(reglages: Reglages) -> str:
    """Lien vers le contact, ou le dire absent."""
    if not reglages.contact:
        return render_champ("", "contact")
    adresse = reglages.contact if "://" in reglages.contact else f"mailto:{reglages.contact}"
    return f'<a href="{escape(adresse, quote=True)}">{escape(reglages.contact)}</a>'


def render_paragraphes(texte: str) -> str:
    """Paragraphes d'un texte brut, séparés par une ligne vide."""
    blocs = (" ".join(bloc.split()) for bloc in texte.strip().split("\n\n"))
    return "".join(f"<p>{_NOMS.sub(_MARQUE, escape_texte(bloc))}</p>" for bloc in blocs)


def _render_signalement(reglages: Reglages) -> str:
    return f'<h2 id="signaler">Signaler une erreur</h2>{render_paragraphes(_SIGNALER)}<p>{render_contact(reglages)}</p>'


def _render_licences(sources: Iterable[Source], publication: str) -> str:
    producteurs: dict[str, list[str]] = {}
    for source in sorted(sources, key=lambda s: s.producteur):
        noms = producteurs.setdefault(source.licence, [])
        if source.producteur not in noms:
            noms.append(source.producteur)
    lignes = "".join(
        f"<div><dt>{escape_texte(licence)}</dt><dd>{escape_texte(' ; '.join(noms))}</dd></div>"
        for licence, noms in sorted(producteurs.items())
    )
    return (
        '<h2 id="licences">Licences</h2>'
        f"{render_paragraphes(_CITER.format(publication=publication))}<dl>{lignes}</dl>{render_paragraphes(_LOGICIEL)}"
    )


_SIGNALER = """
Un chiffre étonne, une page ne s'affiche pas, un lieu a fermé : écrivez à l'adresse ci-dessous, avec le lien de la page.
Le lien suffit à retrouver le territoire, l'indicateur, l'année et la publication.
"""
_CITER = """
Les données gardent la licence de leur producteur. Pour les reprendre, citez le producteur, l'année et la publication
(celle-ci : {publication}).
"""
_LOGICIEL = """
Le logiciel est libre, sous licence publique de l'Union européenne (EUPL 1.2). Il emploie la police Source Sans 3
(licence SIL OFL 1.1) et la bibliothèque de cartes Leaflet (licence BSD à deux clauses), servies par l'observatoire
lui-même.
"""
_SANS_TRACEUR = """
L'observatoire ne publie aucune donnée sur une personne, et n'en recueille aucune sur ses visiteurs : ni compte, ni
mesure d'audience, ni traceur, ni contenu venu d'un autre site.

« Mon territoire » est gardé par votre navigateur, non par l'observatoire ; pour l'oublier, touchez de nouveau son
étoile, ou effacez les données de ce site. Votre navigateur garde aussi l'habillage de la page, et un témoin technique
(_streamlit_xsrf) qui protège ses échanges avec le serveur ; ils ne servent à rien d'autre.

L'application ne tient pas de journal des visites. L'hébergeur peut tenir le sien, pour la sécurité du service.
"""
