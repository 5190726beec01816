"""Historique : lister les publications, en remettre une en ligne, retrouver celle d'un jour, vérifier le journal."""

from __future__ import annotations

import datetime as dt

from observatoire.config import Espace
from observatoire.errors import AppelError, PublicationError
from observatoire.modeles.anomalies import Anomalie
from observatoire.publication.droits import Role, check_droit, load_regles
from observatoire.publication.reprise import GESTES_DE_MISE_EN_LIGNE, ecrivain, inscribe_publication
from observatoire.registres.base import open_registres
from observatoire.registres.depots import Depot, StatutDepot, list_depots
from observatoire.registres.journal import Ecriture, LigneJournal, read, verify
from observatoire.store.lecture import Lecteur
from observatoire.store.publications import (
    Publication,
    current_id,
    list_publications,
    load_publication,
    switch_publication,
)


def list_historique(espace: Espace) -> list[tuple[Publication, bool]]:
    """Publications, la plus récente en dernier ; le booléen dit laquelle est en ligne."""
    courante = current_id(espace)
    return [(load_publication(espace, i), i == courante) for i in list_publications(espace)]


def list_livraisons(espace: Espace, source: str = "") -> list[tuple[Depot, bool]]:
    """Dépôts, le plus ancien d'abord ; le booléen dit lesquels sont en ligne."""
    en_ligne = {a.depot for a in load_publication(espace).livraisons} if current_id(espace) else set()
    return [(d, d.id in en_ligne) for d in list_depots(open_registres(espace), source=source)]


def restore(espace: Espace, identifiant: str, *, auteur: str = "local", motif: str = "") -> None:
    """Remet une publication en ligne, avec ses dépôts, si ses données sont toujours là.

    Raises:
        DroitError: l'auteur n'a pas le rôle voulu.
        EspaceOccupeError: un autre écrivain tient l'espace.
        PublicationError: publication inconnue, ou données absentes.
    """
    role = check_droit(load_regles(espace), auteur, Role.VALIDEUR, "restaurer")
    with ecrivain(espace, auteur=auteur, geste="restauration") as registres:
        publication = load_publication(espace, identifiant)
        Lecteur(espace, publication.id)
        avant = load_publication(espace) if current_id(espace) else None
        switch_publication(espace, publication.id)
        presents = {a.depot for a in publication.livraisons}
        sortis = [a.depot for a in (avant.livraisons if avant else ()) if a.depot not in presents]
        ecriture = Ecriture(auteur, str(role), "restauration", motif, details={"avant": avant.id if avant else ""})
        inscribe_publication(registres, publication, ecriture, dict.fromkeys(sortis, StatutDepot.RETIRE))


def find_publication_at(espace: Espace, date: str) -> Publication:
    """Publication qui était en ligne un jour donné (à sa fin), ou à un instant.

    Args:
        espace: espace de travail.
        date: ``AAAA-MM-JJ``, ou date et heure ISO 8601.

    Raises:
        AppelError: la date est illisible, ou antérieure à la première publication.
    """
    instant = _parse_instant(date)
    mises_en_ligne = [
        (dt.datetime.fromisoformat(x.quand), x.publication)
        for x in read(open_registres(espace))
        if x.publication and x.geste in GESTES_DE_MISE_EN_LIGNE
    ]
    connues = {p.id: dt.datetime.fromisoformat(p.date) for p, _courante in list_historique(espace)}
    inscrites = {identifiant for _quand, identifiant in mises_en_ligne}
    # Une publication d'avant le journal vaut par sa propre date.
    mises_en_ligne += [(quand, i) for i, quand in connues.items() if i not in inscrites]
    candidates = sorted((q, i) for q, i in mises_en_ligne if q <= instant and i in connues)
    if not candidates:
        premiere = min(connues.values(), default=None)
        suite = f" La première est du {premiere.astimezone():%d/%m/%Y à %H:%M}." if premiere else ""
        msg = f"Aucune publication n'était en ligne au {date}.{suite}"
        raise AppelError(msg)
    return load_publication(espace, candidates[-1][1])


def read_journal(espace: Espace, *, depot: str = "", publication: str = "", derniers: int = 0) -> list[LigneJournal]:
    """Lignes du journal, la plus ancienne d'abord."""
    return read(open_registres(espace), depot=depot, publication=publication, derniers=derniers)


def verify_journal(espace: Espace) -> tuple[Anomalie, ...]:
    """Vérifie la chaîne du journal, et que les lignes notées dans les publications y sont encore."""
    ancres = []
    for identifiant in list_publications(espace):
        try:
            ancres.append(load_publication(espace, identifiant).journal)
        except (PublicationError, TypeError, ValueError):
            continue
    return verify(open_registres(espace), [a for a in ancres if a])


def _parse_instant(date: str) -> dt.datetime:
    try:
        if len(date) == len("AAAA-MM-JJ"):
            jour = dt.date.fromisoformat(date)
            return dt.datetime.combine(jour, dt.time.max).astimezone()
        return dt.datetime.fromisoformat(date).astimezone()
    except ValueError:
        msg = f"« {date} » n'est pas une date. Écrivez-la comme 2026-03-12."
        raise AppelError(msg) from None
