"""Registre des diffusions : ajout seul, un refus sans chiffre, une base d'avant qui reçoit sa table."""

import dataclasses
import sqlite3
import threading

import pytest
import sqlalchemy as sa

from observatoire.config import Espace
from observatoire.registres import journal
from observatoire.registres.base import NOM, open_registres
from observatoire.registres.diffusions import (
    Diffusion,
    DiffusionInvalideError,
    Verdict,
    append_diffusion,
    compute_empreinte,
    find_derniere_accordee,
    list_diffusions,
)

ACCORDEE = Diffusion(
    auteur="obs-01",
    indicateur="part_rsa",
    variables=("foyers", "foyers_rsa"),
    periode="2025",
    publication="20260312-abcdef12",
    unites=("01001", "01004", "2A004"),
    verdict=Verdict.ACCORDEE,
    valeurs={"foyers": 1240.0, "foyers_rsa": 35.0},
)
REFUSEE = dataclasses.replace(ACCORDEE, verdict=Verdict.REFUSEE, valeurs={}, motif="protection des personnes")


@pytest.fixture
def registres(tmp_path):
    return open_registres(Espace(tmp_path))


def append(registres, diffusion, derniere=0):
    return append_diffusion(registres, diffusion, derniere_accordee=derniere, role="valideur")


def test_diffusion_reads_back_as_written(registres):
    inscrite = append(registres, ACCORDEE)
    assert list_diffusions(registres) == [inscrite]
    assert dataclasses.replace(inscrite, numero=0, quand="") == ACCORDEE
    assert (inscrite.numero, inscrite.quand.endswith("+00:00")) == (1, True)


def test_list_filters(registres):
    append(registres, ACCORDEE)
    append(registres, REFUSEE, 1)
    autre = dataclasses.replace(ACCORDEE, variables=("aides",), valeurs={"aides": 10.0}, periode="2024", auteur="b")
    append(registres, autre, 1)
    assert [d.numero for d in list_diffusions(registres, verdict=Verdict.ACCORDEE)] == [1, 3]
    assert [d.numero for d in list_diffusions(registres, variables=["foyers_rsa", "inconnue"])] == [1, 2]
    assert [d.numero for d in list_diffusions(registres, periode="2024")] == [3]
    assert [d.numero for d in list_diffusions(registres, auteur="obs-01")] == [1, 2]
    assert find_derniere_accordee(registres) == 3


@pytest.mark.parametrize(
    "fautive",
    [
        dataclasses.replace(REFUSEE, valeurs={"foyers_rsa": 35.0}),
        dataclasses.replace(ACCORDEE, valeurs={"foyers": 1240.0}),
        dataclasses.replace(ACCORDEE, valeurs={"foyers": 1240.0, "foyers_rsa": 37.0}),
        dataclasses.replace(ACCORDEE, unites=("2A004", "01001")),
    ],
    ids=["refus chiffré", "chiffre manquant", "chiffre exact", "codes en désordre"],
)
def test_what_is_not_public_never_enters(registres, fautive):
    with pytest.raises(DiffusionInvalideError) as erreur:
        append(registres, fautive)
    assert not any(signe.isdigit() for signe in str(erreur.value))
    assert list_diffusions(registres) == []
    assert journal.read(registres) == []


def test_refus_leaves_no_number_anywhere(tmp_path, registres):
    append(registres, REFUSEE)
    (ligne,) = journal.read(registres)
    assert (ligne.geste, ligne.role, ligne.motif) == ("zone", "valideur", "protection des personnes")
    assert set(ligne.details) == {"diffusion", "verdict", "indicateur", "empreinte"}
    with sqlite3.connect(tmp_path / NOM) as base:
        assert base.execute("SELECT valeurs FROM diffusions").fetchall() == [("{}",)]


def test_journal_seals_each_diffusion(registres):
    inscrite = append(registres, ACCORDEE)
    (ligne,) = journal.read(registres)
    assert ligne.details["empreinte"] == compute_empreinte(inscrite)
    autre = dataclasses.replace(inscrite, unites=("01001",))
    assert ligne.details["empreinte"] != compute_empreinte(autre)
    assert journal.verify(registres) == ()


@pytest.mark.parametrize("ordre", ["UPDATE diffusions SET verdict = 'refusee'", "DELETE FROM diffusions"])
def test_database_itself_refuses_to_change_a_line(registres, ordre):
    append(registres, ACCORDEE)
    with pytest.raises(sa.exc.IntegrityError, match="une diffusion ne se modifie pas"), registres.ecriture() as base:
        base.exec_driver_sql(ordre)
    assert len(list_diffusions(registres, verdict=Verdict.ACCORDEE)) == 1


def test_a_zone_granted_meanwhile_asks_to_judge_again(registres):
    append(registres, ACCORDEE)
    assert append(registres, ACCORDEE, derniere=0) is None
    # Un refus entre-temps n'a rien diffusé : le jugement tient.
    append(registres, REFUSEE, derniere=0)
    assert append(registres, ACCORDEE, derniere=1).numero == 3


def test_only_one_of_two_simultaneous_requests_is_inscribed(registres):
    obtenues = []
    fils = [threading.Thread(target=lambda: obtenues.append(append(registres, ACCORDEE))) for _ in range(8)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert [o for o in obtenues if o] == list_diffusions(registres)
    assert len(list_diffusions(registres)) == 1


def test_an_older_base_receives_the_table(tmp_path):
    registres = open_registres(Espace(tmp_path))
    journal.append(registres, journal.Ecriture("obs-01", "valideur", "publication"))
    with sqlite3.connect(tmp_path / NOM) as base:
        base.execute("DROP TABLE diffusions")
    base.close()
    rouverts = open_registres(Espace(tmp_path))
    assert append(rouverts, ACCORDEE).numero == 1
    assert [x.geste for x in journal.read(rouverts)] == ["publication", "zone"]
    with pytest.raises(sa.exc.IntegrityError, match="ne se modifie pas"), rouverts.ecriture() as connexion:
        connexion.exec_driver_sql("DELETE FROM diffusions")
