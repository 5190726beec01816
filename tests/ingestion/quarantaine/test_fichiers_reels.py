"""Fichiers réels d'organismes : tous légitimes, aucune de leurs tables n'est refusée."""

import os
from pathlib import Path

import pytest

from observatoire.ingestion.lecteurs import find_forme, name_table, read_fichier
from observatoire.ingestion.quarantaine import inspect_table

DONNEES = Path(__file__).resolve().parents[3] / "../shared/donnees"
ANNEXES = {".md", ".prj", ".shx", ".dbf", ".cpg"}
FICHIERS = (
    sorted(f for f in DONNEES.rglob("*") if f.is_file() and f.suffix.lower() not in ANNEXES) if DONNEES.is_dir() else []
)
LONGS = os.environ.get("OBSERVATOIRE_ESSAIS_LONGS") == "1"
ECHANTILLON = FICHIERS if LONGS else [f for f in FICHIERS if f.stat().st_size < 1_500_000]


@pytest.mark.reel
@pytest.mark.skipif(not FICHIERS, reason="les fichiers réels ne sont pas à côté du dépôt")
@pytest.mark.parametrize("fichier", ECHANTILLON, ids=lambda f: f.name)
def test_legitimate_file_passes(fichier):
    for brute in read_fichier(fichier).tables:
        forme = find_forme(brute)
        if forme is not None:
            refus = [m for m in inspect_table(name_table(brute, forme)) if m.bloquant]
            assert refus == [], brute.nom
