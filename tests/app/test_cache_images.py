"""Cache des fichiers : un seul calcul par clé, deux à la fois, une taille bornée, des écritures entières."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from observatoire.app import cache_images
from observatoire.app.cache_images import EN_MEME_TEMPS, CacheImages, TropDeDemandesError, get_cache, make_cle
from observatoire.config import Espace


@pytest.fixture
def images(tmp_path):
    return CacheImages(tmp_path / "images")


def test_a_second_demand_reads_the_disk(images):
    appels = []
    produce = lambda: appels.append(1) or b"abc"  # noqa: E731
    assert [images.get("k", "png", produce) for _ in range(3)] == [b"abc"] * 3
    assert len(appels) == 1
    # Le cache survit au processus.
    assert CacheImages(images.dossier).get("k", "png", produce) == b"abc"
    assert len(appels) == 1
    assert [f.name for f in images.dossier.iterdir()] == ["k.png"]


def test_ten_people_asking_together_cost_one_drawing(images):
    appels, depart = [], threading.Barrier(10)

    def produce():
        appels.append(1)
        time.sleep(0.2)
        return b"x"

    def ask(_):
        depart.wait()
        return images.get("k", "png", produce)

    with ThreadPoolExecutor(10) as equipe:
        assert set(equipe.map(ask, range(10))) == {b"x"}
    assert len(appels) == 1


def test_two_drawings_at_most_advance_together(images):
    ensemble, record, verrou = 0, [], threading.Lock()

    def produce():
        nonlocal ensemble
        with verrou:
            ensemble += 1
            record.append(ensemble)
        time.sleep(0.05)
        with verrou:
            ensemble -= 1
        return b"x"

    with ThreadPoolExecutor(8) as equipe:
        list(equipe.map(lambda i: images.get(f"k{i}", "png", produce), range(8)))
    assert max(record) == EN_MEME_TEMPS == 2


def test_a_full_queue_is_said_and_empties(images):
    libre, entres = threading.Event(), threading.Semaphore(0)

    def produce():
        entres.release()
        libre.wait(10)
        return b"x"

    places = EN_MEME_TEMPS + cache_images.EN_ATTENTE
    with ThreadPoolExecutor(places + 1) as equipe:
        futurs = [equipe.submit(images.get, f"k{i}", "png", produce) for i in range(places)]
        for _ in range(EN_MEME_TEMPS):
            assert entres.acquire(timeout=5)
        while images._attente.acquire(blocking=False):
            images._attente.release()
            time.sleep(0.01)
        with pytest.raises(TropDeDemandesError, match="Réessayer"):
            images.get("de trop", "png", produce)
        libre.set()
        assert [f.result(10) for f in futurs] == [b"x"] * places
    assert images.get("de trop", "png", produce) == b"x"


def test_an_error_is_not_kept_and_frees_its_place(images):
    def fail():
        raise ZeroDivisionError

    for _ in range(30):
        with pytest.raises(ZeroDivisionError):
            images.get("k", "png", fail)
    assert images.get("k", "png", lambda: b"x") == b"x"


def test_least_recently_served_files_leave_first(tmp_path):
    images = CacheImages(tmp_path, octets_max=100, fichiers_max=3)
    for rang, cle in enumerate("abc"):
        images.get(cle, "png", lambda: b"x" * 20)
        os.utime(tmp_path / f"{cle}.png", (rang, rang))
    images.get("a", "png", lambda: pytest.fail("déjà gardé"))
    images.get("d", "png", lambda: b"x" * 20)
    assert sorted(f.name for f in tmp_path.iterdir()) == ["a.png", "c.png", "d.png"]
    images.get("e", "png", lambda: b"x" * 90)
    assert [f.name for f in tmp_path.iterdir()] == ["e.png"]


def test_a_file_heavier_than_the_limit_is_served_all_the_same(tmp_path):
    images = CacheImages(tmp_path, octets_max=10)
    assert images.get("k", "png", lambda: b"x" * 50) == b"x" * 50


def test_a_disk_that_refuses_does_not_prevent_answering(tmp_path):
    (tmp_path / "images").write_text("un fichier à la place du dossier")
    assert CacheImages(tmp_path / "images").get("k", "png", lambda: b"x") == b"x"


def test_a_space_that_cannot_be_written_gets_a_temporary_folder(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "entrepot").write_text("un fichier à la place du dossier")
    images = get_cache(Espace(tmp_path))
    assert images.get("k", "png", lambda: b"x") == b"x"
    assert tmp_path not in images.dossier.parents
    assert (images.dossier / "k.png").read_bytes() == b"x"


def test_key_depends_on_everything_said_and_on_the_code(monkeypatch):
    cles = {make_cle({"a": "1"}), make_cle({"a": "2"}), make_cle({"a": "1", "b": ""})}
    assert len(cles) == 3
    assert make_cle({"a": "1", "b": "2"}) == make_cle({"b": "2", "a": "1"})
    avant = make_cle({"a": "1"})
    monkeypatch.setattr(cache_images, "_hash_code", lambda: "autre code")
    assert make_cle({"a": "1"}) != avant
