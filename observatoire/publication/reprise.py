"""Reprise : remettre d'équerre ce qu'un écrivain mort a laissé, avant d'écrire à nouveau.

Les octets scellés ne sont jamais effacés. Un dépôt inscrit mais inachevé est achevé si tout est là, refusé
sinon ; une publication mise en ligne sans avoir été inscrite l'est.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from observatoire.config import Espace
from observatoire.errors import PublicationError
from observatoire.publication.brouillons import has_brouillon, remove_brouillon
from observatoire.publication.scelle import clean_en_cours, is_sealed
from observatoire.publication.verrou import verrou
from observatoire.registres.base import Registres, open_registres
from observatoire.registres.cle import make_empreinte
from observatoire.registres.depots import Depot, StatutDepot, insert_depot, list_depots, update_statut
from observatoire.registres.journal import Ecriture, LigneJournal, append_in, read, write_tete
from observatoire.store.publications import Publication, current_id, list_publications, load_publication

GESTES_DE_MISE_EN_LIGNE = frozenset({"construction", "publication", "retrait", "restauration", "reprise"})
"""Gestes du journal qui ont mis une publication en ligne."""


@contextmanager
def ecrivain(espace: Espace, *, auteur: str, geste: str) -> Iterator[Registres]:
    """Tient l'espace en écriture et ouvre ses registres, ce qu'un écrivain mort a laissé remis d'équerre.

    Raises:
        EspaceOccupeError: un autre écrivain le tient.
    """
    with verrou(espace, auteur=auteur, geste=geste):
        registres = open_registres(espace)
        _resume_depots(espace, registres)
        _resume_publication(espace, registres)
        yield registres


def inscribe(
    registres: Registres,
    ecriture: Ecriture,
    *,
    statuts: dict[str, StatutDepot] | None = None,
    nouveau: Depot | None = None,
    approuve_par: str | None = None,
) -> LigneJournal:
    """Inscrit un geste au journal et ses effets sur les dépôts, ensemble ou pas du tout."""
    with registres.ecriture() as connexion:
        if nouveau is not None:
            insert_depot(connexion, nouveau)
        for identifiant, statut in (statuts or {}).items():
            update_statut(connexion, identifiant, statut, approuve_par=approuve_par)
        ligne = append_in(connexion, ecriture)
    write_tete(registres, ligne)
    return ligne


def inscribe_publication(
    registres: Registres, publication: Publication, ecriture: Ecriture, sortis: Mapping[str, StatutDepot]
) -> None:
    """Inscrit une mise en ligne : ses dépôts deviennent publiés, ceux qui en sortent remplacés ou retirés."""
    connus = {d.id for d in list_depots(registres)}
    statuts = {a.depot: StatutDepot.PUBLIE for a in publication.livraisons if a.depot in connus}
    statuts |= {d: statut for d, statut in sortis.items() if d in connus}
    inscribe(registres, replace(ecriture, publication=publication.id), statuts=statuts)


def last_inscribed(registres: Registres) -> str:
    """Dernière publication que le journal a vue mise en ligne ; vide s'il n'en a vu aucune."""
    lignes = (x for x in reversed(read(registres)) if x.publication and x.geste in GESTES_DE_MISE_EN_LIGNE)
    return next((x.publication for x in lignes), "")


def _resume_depots(espace: Espace, registres: Registres) -> None:
    clean_en_cours(espace)
    for depot in list_depots(registres, statuts=(StatutDepot.DEPOSE,)):
        entier = is_sealed(espace, depot) and has_brouillon(espace, depot.id)
        if not entier:
            remove_brouillon(espace, depot.id)
        ecriture = Ecriture(
            auteur=depot.auteur,
            role="",
            geste="depot" if entier else "refus",
            motif=f"{depot.motif} (interrompu, {'repris entier' if entier else 'abandonné : à déposer de nouveau'})",
            depot=depot.id,
            sha256=make_empreinte(espace.racine, depot.sha256, depot.confidentialite, depot.chemin),
        )
        statut = StatutDepot.BROUILLON if entier else StatutDepot.REFUSE
        inscribe(registres, ecriture, statuts={depot.id: statut})


def _resume_publication(espace: Espace, registres: Registres) -> None:
    courante = current_id(espace)
    if courante is None or (derniere := last_inscribed(registres)) == courante:
        return
    publication = load_publication(espace)
    remplaces: set[str] = set()
    if derniere in list_publications(espace):
        presents = {a.depot for a in publication.livraisons}
        remplaces = {a.depot for a in _load_livraisons(espace, derniere)} - presents
    motif = (
        "mise en ligne interrompue avant d'être inscrite" if derniere else "en ligne avant l'ouverture de ce journal"
    )
    ecriture = Ecriture(auteur=publication.auteur, role="", geste="reprise", motif=motif)
    inscribe_publication(registres, publication, ecriture, dict.fromkeys(remplaces, StatutDepot.REMPLACE))


def _load_livraisons(espace: Espace, identifiant: str) -> list:  # type: ignore[type-arg]
    try:
        return load_publication(espace, identifiant).livraisons
    except PublicationError:
        return []
