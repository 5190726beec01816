"""Temps et mémoire d'une commande, ses processus enfants compris (Linux : lus dans ``/proc``)."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.machine import RACINE

PAS = 0.05
PROC = Path("/proc")


@dataclass(frozen=True)
class Passage:
    """Une exécution."""

    secondes: float
    pic_octets: int
    processus: int
    sortie: str


def run_arbre(commande: list[str], environnement: dict[str, str] | None = None) -> Passage:
    """Lance une commande et relève, vingt fois par seconde, la mémoire résidente de tout son arbre.

    Raises:
        RuntimeError: la commande a échoué ; le message porte la fin de sa sortie.
    """
    with tempfile.TemporaryFile("w+") as journal:
        debut = time.perf_counter()
        processus = subprocess.Popen(
            commande, cwd=RACINE, env=os.environ | (environnement or {}), stdout=journal, stderr=subprocess.STDOUT
        )
        pic = nombre = 0
        while processus.poll() is None:
            tailles = [_read_residente(p) for p in _list_arbre(processus.pid)]
            pic, nombre = max(pic, sum(tailles)), max(nombre, len(tailles))
            time.sleep(PAS)
        secondes = time.perf_counter() - debut
        journal.seek(0)
        sortie = journal.read()
    if processus.returncode:
        msg = f"« {' '.join(commande)} » a échoué ({processus.returncode}) :\n{sortie[-1500:]}"
        raise RuntimeError(msg)
    return Passage(secondes, pic, nombre, sortie)


def read_processeur() -> dict[str, float]:
    """Secondes de processeur déjà prises par ce qu'une mesure a lancé : serveur, navigateur, elle-même."""
    totaux = {"serveur": 0.0, "navigateur": 0.0, "mesure": 0.0}
    for pid in _list_arbre(os.getpid()):
        try:
            commande = (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace")
            # Le nom du programme, entre parenthèses, peut contenir des espaces.
            champs = (PROC / str(pid) / "stat").read_text("ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        qui = "navigateur" if "chrom" in commande else "serveur" if "\0observatoire\0" in commande else "mesure"
        totaux[qui] += (int(champs[11]) + int(champs[12])) / os.sysconf("SC_CLK_TCK")
    return totaux


def wait_calme(limite: float = 30, part: float = 0.05) -> None:
    """Attend que le serveur ait fini de se préparer : ce qu'il charge au démarrage n'est pas le prix d'un choix."""
    fin = time.monotonic() + limite
    avant = read_processeur()["serveur"]
    while time.monotonic() < fin:
        time.sleep(1)
        apres = read_processeur()["serveur"]
        if apres > 1 and apres - avant < part:
            return
        avant = apres


def _list_arbre(racine: int) -> list[int]:
    trouves, a_voir = [], [racine]
    while a_voir:
        pid = a_voir.pop()
        trouves.append(pid)
        for fil in (PROC / str(pid) / "task").glob("*/children"):
            try:
                a_voir += map(int, fil.read_text("ascii").split())
            except OSError:
                continue  # le processus vient de finir
    return trouves


def _read_residente(pid: int) -> int:
    try:
        pages = int((PROC / str(pid) / "statm").read_text("ascii").split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
