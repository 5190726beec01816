"""Tables de l'historique, en HTML."""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import TYPE_CHECKING

from observatoire.app.atelier.etat import Etape, EtatAtelier, lien_vers
from observatoire.modeles.nombres import format_periode
from observatoire.registres.depots import StatutDepot

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from observatoire.modeles.sources import Source
    from observatoire.registres.depots import Depot
    from observatoire.registres.journal import LigneJournal
    from observatoire.store.publications import Publication

GESTES = {
    "depot": "dépôt", "depot_commence": "dépôt commencé", "refus": "refus", "quarantaine": "quarantaine",
    "approbation": "approbation", "publication": "publication", "rejet": "rejet", "retrait": "retrait",
    "restauration": "retour en arrière", "reprise": "reprise", "construction": "construction",
    "declaration": "déclaration changée", "zone": "territoire à la demande", "consultation": "explication lue",
    "consultation_refusee": "explication refusée",
}  # fmt: skip
_ATTENTE = frozenset({StatutDepot.BROUILLON, StatutDepot.APPROUVE})


def format_instant(iso: str) -> str:
    """Date et heure locales : « 12/03/2026 à 14:05 »."""
    return f"{dt.datetime.fromisoformat(iso).astimezone():%d/%m/%Y à %H:%M}"


def render_publications(historique: Sequence[tuple[Publication, bool]], *, peut_restaurer: bool) -> str:
    """Publications, la plus récente d'abord ; un lien ouvre la confirmation d'un retour."""
    lignes = "".join(_render_publication(p, en_ligne, peut_restaurer) for p, en_ligne in reversed(historique))
    return _wrap("Publications", ("Date", "Motif", "Par", "Dépôts", "Lire", "Revenir"), lignes)


def _render_publication(publication: Publication, en_ligne: bool, peut_restaurer: bool) -> str:  # noqa: FBT001 -- privée
    identifiant = escape(publication.id, quote=True)
    retour = escape(EtatAtelier(etape=Etape.HISTORIQUE, retour=publication.id).make_lien(), quote=True)
    quand = format_instant(publication.date)
    if en_ligne:
        geste = '<strong class="atelier-en-ligne"><span aria-hidden="true">●</span> en ligne</strong>'
    elif peut_restaurer:
        geste = f'<a href="{retour}" aria-label="Revenir à la publication du {quand}">Revenir à celle-ci</a>'
    else:
        geste = ""
    return (
        f'<tr data-publication="{identifiant}"><th scope=row data-titre="Date">{quand}<br>'
        f'<span class="obs-note" translate="no">{identifiant}</span></th>'
        f'<td data-titre="Motif">{escape(publication.motif)}</td>'
        f'<td data-titre="Par" translate="no">{escape(publication.auteur)}</td>'
        f'<td data-titre="Dépôts" class="atelier-nombre">{len(publication.livraisons)}</td>'
        f'<td data-titre="Lire"><a href="carte?publication={identifiant}" aria-label="Lire la publication du {quand}">'
        f'Telle quelle</a></td><td data-titre="Revenir">{geste}</td></tr>'
    )


def render_depots(depots: Sequence[tuple[Depot, bool]], sources: dict[str, Source]) -> str:
    """Dépôts, le plus récent d'abord."""
    if not depots:
        return '<p class="obs-note">Aucun dépôt encore : les données en ligne sont celles fournies au départ.</p>'
    lignes = "".join(_render_depot(d, en_ligne, sources) for d, en_ligne in reversed(depots))
    return _wrap("Dépôts", ("Date", "Source", "Période", "Fichier", "Par", "État"), lignes)


def _render_depot(depot: Depot, en_ligne: bool, sources: dict[str, Source]) -> str:  # noqa: FBT001 -- privée
    source = sources.get(depot.source)
    statut = escape(depot.statut.libelle) + (", en ligne" if en_ligne else "")
    if depot.statut in _ATTENTE:
        statut = f'<a href="{escape(lien_vers(Etape.COMPARER, depot.id), quote=True)}">{statut}</a>'
    quand = ", ".join(format_periode(p) for p in depot.periodes)
    return (
        f'<tr><th scope=row data-titre="Date">{format_instant(depot.deposee_le)}</th>'
        f'<td data-titre="Source">{escape(source.libelle if source else depot.source)}</td>'
        f'<td data-titre="Période">{escape(quand)}</td>'
        f'<td data-titre="Fichier" translate="no">{escape(depot.fichier)}</td>'
        f'<td data-titre="Par" translate="no">{escape(depot.auteur)}</td><td data-titre="État">{statut}</td></tr>'
    )


def render_journal(lignes: Iterable[LigneJournal]) -> str:
    """Lignes du journal, dans l'ordre reçu."""
    corps = "".join(
        f'<tr><td data-titre="Numéro" class="atelier-nombre">{ligne.numero}</td>'
        f'<td data-titre="Date">{format_instant(ligne.quand)}</td>'
        f'<td data-titre="Par"><span translate="no">{escape(ligne.auteur)}</span> ({escape(ligne.role)})</td>'
        f'<td data-titre="Geste">{escape(GESTES.get(ligne.geste, ligne.geste))}</td>'
        f'<td data-titre="Motif">{escape(ligne.motif)}</td>'
        f'<td data-titre="Objet" translate="no">{escape(ligne.publication or ligne.depot)}</td></tr>'
        for ligne in lignes
    )
    if not corps:
        return '<p class="obs-note">Le journal est vide.</p>'
    return _wrap("Journal", ("N°", "Date", "Par", "Geste", "Motif", "Objet"), corps)


def _wrap(nom: str, entetes: tuple[str, ...], lignes: str) -> str:
    tetes = "".join(f"<th scope=col>{t}</th>" for t in entetes)
    return (
        f'<div class="atelier-table" role="region" aria-label="{nom}" tabindex="0"><table>'
        f"<thead><tr>{tetes}</tr></thead><tbody>{lignes}</tbody></table></div>"
    )
