"""Registre des dépôts : ce qui est inscrit se relit, une étape change, un inconnu est nommé."""

import dataclasses

import pytest
import sqlalchemy as sa

from observatoire.config import Espace
from observatoire.errors import AppelError, ConfigurationError
from observatoire.modeles.livraisons import Confidentialite, NatureDepot
from observatoire.registres.base import NOM, open_registres
from observatoire.registres.depots import Depot, StatutDepot, find_depot, insert_depot, list_depots, update_statut

DEPOT = Depot(
    id="20260312-101500-abcdef12",
    source="cnaf",
    fichier="été 2024 (v2).csv",
    sha256="ab" * 32,
    taille=1234,
    lots=(("2023", "commune"), ("2024", "commune"), ("2024", "epci")),
    cog="2025",
    confidentialite=Confidentialite.CONVENTION_PROTEGEE,
    nature=NatureDepot.CORRIGE,
    auteur="obs-01",
    motif="chiffres revus",
    deposee_le="2026-03-12T10:15:00+00:00",
    statut=StatutDepot.BROUILLON,
    rapport={"lignes_lues": 12, "anomalies": [{"code": "saut", "nombre": 2}]},
)


@pytest.fixture
def registres(tmp_path):
    registres = open_registres(Espace(tmp_path))
    with registres.ecriture() as connexion:
        insert_depot(connexion, DEPOT)
    return registres


def test_depot_reads_back_as_written(registres):
    assert find_depot(registres, DEPOT.id) == DEPOT
    assert DEPOT.periodes == ("2023", "2024")
    assert DEPOT.mailles == ("commune", "epci")
    assert DEPOT.chemin == "cnaf/20260312-101500-abcdef12/été 2024 (v2).csv"


def test_list_filters_by_source_bytes_and_step(registres):
    autre = dataclasses.replace(DEPOT, id="20260313-000000-00000000", source="msa", sha256="00" * 32)
    with registres.ecriture() as connexion:
        insert_depot(connexion, autre)
        update_statut(connexion, autre.id, StatutDepot.APPROUVE, approuve_par="obs-02")
    assert [d.source for d in list_depots(registres)] == ["cnaf", "msa"]
    assert [d.source for d in list_depots(registres, source="msa")] == ["msa"]
    assert [d.source for d in list_depots(registres, sha256=DEPOT.sha256)] == ["cnaf"]
    (approuve,) = list_depots(registres, statuts=(StatutDepot.APPROUVE,))
    assert (approuve.source, approuve.approuve_par) == ("msa", "obs-02")


def test_unknown_depot_names_the_closest(registres):
    with pytest.raises(AppelError, match="Vouliez-vous dire « 20260312-101500-abcdef12 »"):
        find_depot(registres, "20260312-101500-abcdef1")


def test_same_identifier_twice_is_refused_whole(registres):
    def insert_deux():
        with registres.ecriture() as connexion:
            insert_depot(connexion, dataclasses.replace(DEPOT, id="nouveau"))
            insert_depot(connexion, DEPOT)

    with pytest.raises(sa.exc.IntegrityError, match="UNIQUE"):
        insert_deux()
    assert [d.id for d in list_depots(registres)] == [DEPOT.id]


def test_unreadable_base_is_explained(tmp_path):
    (tmp_path / NOM).write_bytes(b"pas une base" * 100)
    with pytest.raises(ConfigurationError, match="Restaurez leur dernière copie"):
        open_registres(Espace(tmp_path))


def test_every_step_has_a_word():
    assert all(statut.libelle for statut in StatutDepot)
