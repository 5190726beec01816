"""Verrou : un seul écrivain ; le second sait qui et depuis quand ; la mort du premier libère l'espace."""

import subprocess
import sys
import threading

import pytest

from observatoire.config import Espace
from observatoire.publication.verrou import NOM, EspaceOccupeError, read_occupant, verrou

TENIR = """
import sys, time
from pathlib import Path
from observatoire.config import Espace
from observatoire.publication.verrou import verrou
with verrou(Espace(Path(sys.argv[1])), auteur="obs-07", geste="publication"):
    print("tenu", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def espace(tmp_path):
    return Espace(tmp_path)


def test_second_writer_learns_who_what_and_since_when(espace):
    with verrou(espace, auteur="obs-01", geste="dépôt"):
        with pytest.raises(EspaceOccupeError, match="obs-01 y fait « dépôt » depuis") as refus:
            verrou(espace, auteur="obs-02", geste="publication").__enter__()
        assert (refus.value.auteur, refus.value.geste) == ("obs-01", "dépôt")
        assert refus.value.depuis
        occupant = read_occupant(espace)
        assert occupant is not None
        assert occupant.auteur == "obs-01"


def test_released_after_the_gesture_even_failed(espace):
    with pytest.raises(RuntimeError), verrou(espace, auteur="obs-01", geste="dépôt"):
        raise RuntimeError
    assert read_occupant(espace) is None
    with verrou(espace, auteur="obs-02", geste="publication"):
        pass


def test_reading_the_occupant_of_a_free_space_writes_nothing(espace):
    assert read_occupant(espace) is None
    assert list(espace.racine.iterdir()) == []


def test_killed_process_releases_the_space(espace):
    commande = [sys.executable, "-c", TENIR, str(espace.racine)]
    with subprocess.Popen(commande, stdout=subprocess.PIPE, text=True) as processus:
        assert processus.stdout is not None
        assert processus.stdout.readline() == "tenu\n"
        occupant = read_occupant(espace)
        assert occupant is not None
        assert (occupant.auteur, occupant.geste) == ("obs-07", "publication")
        processus.kill()
    with verrou(espace, auteur="obs-02", geste="dépôt"):
        pass


def test_leftover_text_does_not_hold_the_space(espace):
    (espace.entrepot).mkdir(parents=True)
    (espace.entrepot / NOM).write_text('{"auteur": "obs-01"', "utf-8")
    with verrou(espace, auteur="obs-02", geste="dépôt"):
        pass


def test_among_many_threads_exactly_one_wins(espace):
    depart, fini, gagnants, prevenus = threading.Barrier(8), threading.Event(), [], []

    def essayer(rang):
        depart.wait()
        try:
            with verrou(espace, auteur=f"obs-{rang}", geste="dépôt"):
                gagnants.append(rang)
                fini.wait(5)
        except EspaceOccupeError:
            prevenus.append(rang)
        if len(prevenus) == 7:
            fini.set()

    fils = [threading.Thread(target=essayer, args=(rang,)) for rang in range(8)]
    for f in fils:
        f.start()
    for f in fils:
        f.join()
    assert (len(gagnants), len(prevenus)) == (1, 7)
