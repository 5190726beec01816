"""Les mesures tournent en petit ; aucune durée n'est jugée ici."""

import json
import sys

import pytest

from bench import releve
from bench.arbre import run_arbre
from bench.mesure_carte import choose_tours
from bench.rapport import write_rapport
from bench.synthese import PUBLICATION, Taille, ensure_synthese
from observatoire.store.lecture import Lecteur


def test_summary_and_numbers():
    resume = releve.summarise(list(range(1, 101)))
    assert (resume["mediane"], resume["p95"], resume["n"]) == (50.5, 95, 100)
    assert [releve.write_nombre(n) for n in (0, 0.456, 12.34, 1234.5, 40.0)] == ["0", "0,46", "12,3", "1 234", "40"]
    assert releve.judge("x", 21.0, 20, "×", au_moins=True)["tenu"]
    assert not releve.judge("x", 21.0, 20, "ms")["tenu"]


def test_synthetic_store_reads_back(tmp_path):
    """Les deux copies disent la même chose de la même observation."""
    espace, grand = ensure_synthese(Taille(indicateurs=3, periodes=2, territoires=40), tmp_path)
    lecteur = Lecteur(espace, PUBLICATION)
    carte = lecteur.read_carte("indicateur_002", "commune", "2022")
    assert len(carte) == 40
    assert carte.code_territoire.is_monotonic_increasing
    code = carte.code_territoire.iloc[7]
    profil = lecteur.read_territoire("commune", code)
    assert len(profil) == 6
    meme = profil[(profil.indicateur == "indicateur_002") & (profil.periode == "2022")]
    assert meme.statut.iloc[0] == carte.statut.iloc[7]
    assert grand.is_file()
    assert ensure_synthese(Taille(indicateurs=3, periodes=2, territoires=40), tmp_path) == (espace, grand)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="la mémoire d'un arbre se lit dans /proc")
def test_memory_counts_the_children():
    enfant = "b = bytearray(60_000_000); import time; time.sleep(0.6)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {enfant!r}], check=True)"
    passage = run_arbre([sys.executable, "-c", parent])
    assert passage.pic_octets > 60_000_000
    assert passage.processus == 2


def test_report_takes_what_is_there(tmp_path, monkeypatch):
    monkeypatch.setattr(releve, "RESULTATS", tmp_path)
    secondes = {"construction dans un espace neuf": releve.summarise([40.0, 42.0])}
    objectif = releve.judge("construction dans un espace neuf", 41.0, 60, "s")
    contenu = {"secondes": secondes, "pic_octets": {"construction": 2**30, "plancher": 2**29}, "processus": 2}
    chemin = releve.save("construire", 0.5, contenu | {"objectifs": [objectif]})
    assert json.loads(chemin.read_text("utf-8"))["machine"]["coeurs"]
    rapport = write_rapport(tmp_path)
    assert "| construction dans un espace neuf | 2 | 41 | 42 |" in rapport
    assert "| tenu |" in rapport
    assert "Lire l'entrepôt" not in rapport
    assert "Objectifs tenus : 1 sur 1." in rapport


def test_report_says_what_is_missed(tmp_path, monkeypatch):
    monkeypatch.setattr(releve, "RESULTATS", tmp_path)
    temps = releve.summarise([0.2, 1.4])
    couts = {"coeurs": {"serveur": 0.9, "navigateur": 0.0}, "serveur_par_changement": 0.08}
    manque = releve.judge("20 sessions, page reçue, 95e centile", 1.4, 1, "s")
    contenu = {"sessions": 20, "secondes": 60, "resultats": {"20 sessions": {"page": temps} | couts}}
    releve.save("sessions", None, contenu | {"objectifs": [manque]})
    rapport = write_rapport(tmp_path)
    assert "Objectifs tenus : 0 sur 1. Manqués :" in rapport
    assert "- 20 sessions, page reçue, 95e centile : 1,4 (≤ 1 s)" in rapport
    assert "| 20 sessions, page reçue | 2 | 0,8 | 1,4 | 1,4 | 0,9 | 0 | 80 |" in rapport


def test_short_run_does_not_replace_a_measure(tmp_path, monkeypatch):
    monkeypatch.setattr(releve, "RESULTATS", tmp_path)
    monkeypatch.delenv("BENCH_RESULTATS", raising=False)
    releve.save("carte", None, {}, rapide=True)
    assert not list(tmp_path.iterdir())


def test_peer_turns_are_spread():
    assert choose_tours(12, 3) == {0, 4, 8}
    assert choose_tours(2, 5) == {0, 1}
    assert choose_tours(5, 0) == set()
