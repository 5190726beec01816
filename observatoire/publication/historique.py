"""Historique : lister les publications et en remettre une en ligne."""

from __future__ import annotations

from observatoire.config import Espace
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


def restore(espace: Espace, identifiant: str) -> None:
    """Remet une publication en ligne, si ses données sont toujours là.

    Raises:
        PublicationError: publication inconnue, ou données absentes.
    """
    publication = load_publication(espace, identifiant)
    Lecteur(espace, publication.id)
    switch_publication(espace, publication.id)
