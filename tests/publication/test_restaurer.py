"""Revenir en arrière : l'ancienne publication revient telle quelle, et l'on peut en repartir."""

import pytest

from observatoire.publication.historique import list_livraisons, read_journal, restore, verify_journal
from observatoire.store.publications import current_id, list_publications
from tests.publication.petit_espace import AIDES


@pytest.fixture
def petit(petit_neuf):
    return petit_neuf


def copies(petit, publication):
    dossier = petit.espace.diffusion / "copies" / publication
    return {p.relative_to(dossier).as_posix(): p.read_bytes() for p in sorted(dossier.rglob("*.parquet"))}


def test_publish_then_restore_is_bit_identical(petit):
    ancienne = current_id(petit.espace)
    octets = copies(petit, ancienne)
    assert len(octets) > 10
    depot = petit.deposer(AIDES, "2024").depot
    neuve = petit.publier(depot.id).publication.id
    restore(petit.espace, ancienne, auteur="obs-02", motif="essai")
    assert current_id(petit.espace) == ancienne
    assert copies(petit, ancienne) == octets
    assert petit.read_aides("2024") == {}
    assert {d.id: (str(d.statut), en_ligne) for d, en_ligne in list_livraisons(petit.espace)} == {
        depot.id: ("retire", False)
    }
    # Ses dépôts sont ceux d'alors : construire n'y remet pas celui qu'on vient d'ôter.
    assert petit.construire(force=True).publication.livraisons == []
    # Et l'on peut revenir à la neuve, ou republier le dépôt : mêmes valeurs.
    avec = petit.read_aides("2024", neuve)
    restore(petit.espace, ancienne, auteur="obs-02")
    petit.publier(depot.id)
    assert petit.read_aides("2024") == avec
    assert [x.geste for x in read_journal(petit.espace)].count("restauration") == 2
    assert verify_journal(petit.espace) == ()


def test_publications_of_one_second_are_distinct_and_in_order(petit):
    faites = [petit.construire(force=True).publication.id for _ in range(3)]
    assert len(set(faites)) == 3
    assert list_publications(petit.espace)[-3:] == faites
