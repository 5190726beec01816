"""En même temps : deux écrivains, dont un seul gagne ; un lecteur, qui ne voit jamais un mélange."""

import json
import subprocess
import threading

import pytest

from observatoire.publication.historique import verify_journal
from observatoire.publication.verrou import read_occupant
from observatoire.store.publications import current_id, list_publications
from tests.publication.ecrivain import Ecrivain
from tests.publication.petit_espace import AIDES


@pytest.fixture
def petit(petit_livre):
    return petit_livre


@pytest.fixture
def deux_ecrivains(petit):
    ecrivains = [Ecrivain(petit.base, stderr=subprocess.PIPE) for _ in range(2)]
    yield ecrivains
    for ecrivain in ecrivains:
        ecrivain.close()


def test_of_two_writers_one_wins_and_the_other_is_told(petit, deux_ecrivains):
    depots = [petit.deposer(dict.fromkeys(AIDES, str(n)), "2023").depot.id for n in (111, 222)]
    avant = current_id(petit.espace)
    fins = [None, None]

    def publie(rang):
        fins[rang] = deux_ecrivains[rang].lance({"geste": "publier", "depot": depots[rang]})[0]

    fils = [threading.Thread(target=publie, args=(rang,)) for rang in range(2)]
    for f in fils:
        f.start()
    for f in fils:
        f.join()
    assert sorted(fins) == [0, 1]
    perdant, gagnant = fins.index(1), fins.index(0)
    deux_ecrivains[perdant].processus.stdin.close()
    message = deux_ecrivains[perdant].processus.stderr.read()
    assert "EspaceOccupeError" in message
    assert "obs-02 y fait « publication » depuis" in message
    assert current_id(petit.espace) != avant
    assert petit.read_aides("2023")["97401"] == ((111, 222)[gagnant], "publie")
    assert read_occupant(petit.espace) is None
    assert verify_journal(petit.espace) == ()


def test_reader_never_sees_a_mixture(petit, deux_ecrivains):
    """Chaque lecture rend un état entier : 500 partout, ou 600 partout, jamais les deux."""
    attendus = {json.dumps(petit.read_aides("2023"))}
    depots = []
    for valeur in ("500", "600"):
        depots.append(petit.deposer(dict.fromkeys(AIDES, valeur), "2023").depot.id)
        attendus.add(json.dumps(dict.fromkeys(AIDES, (float(valeur), "publie"))))
    vus, fini = [], threading.Event()

    def lire():
        while not fini.is_set():
            vus.append(json.dumps(petit.read_aides("2023")))
        vus.append(json.dumps(petit.read_aides("2023")))

    lecteur = threading.Thread(target=lire)
    lecteur.start()
    for depot in depots:
        assert deux_ecrivains[0].lance({"geste": "publier", "depot": depot})[0] == 0
    fini.set()
    lecteur.join()
    assert len(vus) > 10
    assert set(vus) == attendus
    assert len(list_publications(petit.espace)) == 4
