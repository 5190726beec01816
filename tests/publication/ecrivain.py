"""Écrivain qu'on tue : charge tout une fois, puis fait chaque geste dans un processus à lui.

Lit sur son entrée une demande JSON par ligne, écrit le numéro du processus qui la sert, les étapes qu'il
annonce, puis comment il a fini (« fin 0 », ou « fin -9 » s'il a été tué).
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

import observatoire.ingestion.livraison
import observatoire.ingestion.pipeline  # noqa: F401 -- chargés ici une fois pour toutes
from observatoire.publication.deposer import deposer
from observatoire.publication.historique import restore
from observatoire.publication.publier import publier
from tests.publication.petit_espace import PetitEspace

RACINE = Path(__file__).resolve().parents[2]
ATTENTE_S = 120


class Ecrivain:
    """Processus qui sert les gestes, et qu'on interrompt."""

    def __init__(self, base: Path, stderr: int | None = None) -> None:
        commande = [sys.executable, "-m", "tests.publication.ecrivain", str(base)]
        self.processus = subprocess.Popen(
            commande, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, cwd=RACINE, text=True, bufsize=1
        )
        self.recues: list[str] = []
        self.reste = self.fin = ""

    def lance(
        self, demande: dict[str, str], etape: int | None = None, delai: float = ATTENTE_S
    ) -> tuple[int, list[str]]:
        """Fait un geste et, ``delai`` secondes après sa ``etape``-ième étape, le tue.

        Rend sa fin (-9 : tué) et les étapes qu'il a annoncées.
        """
        self.processus.stdin.write(json.dumps(demande) + "\n")
        numero, vues, tue = int(self._read()), [], False
        while True:
            if etape is not None and len(vues) >= etape and not tue:
                # Le geste peut finir avant l'heure : guetter sa fin plutôt que dormir.
                limite = time.monotonic() + delai
                while (reste := limite - time.monotonic()) > 0 and not self._ends_within(reste, vues):
                    pass
                tue = True
                if not self.fin:
                    os.kill(numero, signal.SIGKILL)
            ligne = self.fin or self._read()
            self.fin = ""
            if ligne.startswith("fin "):
                return int(ligne.removeprefix("fin ")), vues
            vues.append(ligne)

    def _ends_within(self, secondes: float, vues: list[str]) -> bool:
        """Vrai si la fin du geste arrive dans ce délai ; les étapes passées d'ici là sont notées."""
        if not self.recues and select.select([self.processus.stdout], [], [], secondes)[0]:
            self._fill()
        while self.recues:
            ligne = self.recues.pop(0)
            if ligne.startswith("fin "):
                self.fin = ligne
                return True
            vues.append(ligne)
        return False

    def _read(self) -> str:
        while not self.recues:
            self._fill()
        return self.recues.pop(0)

    def _fill(self) -> None:
        """Lit ce qui est arrivé, ligne à ligne, sans qu'un tampon en cache la suite à ``select``."""
        recu = os.read(self.processus.stdout.fileno(), 65536)
        assert recu, "l'écrivain s'est arrêté"
        *lignes, self.reste = (self.reste + recu.decode()).split("\n")
        self.recues += lignes

    def close(self) -> None:
        self.processus.stdin.close()
        self.processus.wait(30)
        for flux in (self.processus.stdout, self.processus.stderr):
            if flux is not None:
                flux.close()


def die_at(mort: str) -> None:
    """Prépare la mort du processus juste avant, ou juste après, l'appel d'une fonction."""
    quand, module, nom = mort.split(":")
    cible = import_module(module)
    vraie = getattr(cible, nom)

    def mortelle(*arguments: Any, **options: Any) -> None:
        if quand == "apres":
            vraie(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(cible, nom, mortelle)


def serve(base: Path) -> None:
    """Sert les demandes jusqu'à la fin de l'entrée."""
    for ligne in sys.stdin:
        numero = os.fork()
        if numero == 0:
            os._exit(run(base, json.loads(ligne)))
        print(numero, flush=True)
        print("fin", os.waitstatus_to_exitcode(os.waitpid(numero, 0)[1]), flush=True)


def run(base: Path, demande: dict[str, Any]) -> int:
    petit = PetitEspace(base, ouvrir=True)

    def avancer(etape: str) -> None:
        print(etape, flush=True)

    if mort := demande.get("mort"):
        die_at(mort)
    try:
        with petit.au_travail():
            match demande["geste"]:
                case "deposer":
                    deposer(
                        petit.espace, Path(demande["fichier"]), source="aides", periode=demande["periode"], cog="2026",
                        auteur="obs-01", motif="essai", progression=avancer,
                    )  # fmt: skip
                case "publier":
                    publier(petit.espace, demande["depot"], auteur="obs-02", progression=avancer)
                case "restaurer":
                    restore(petit.espace, demande["publication"], auteur="obs-02")
    except BaseException:  # noqa: BLE001 -- tout doit se voir dans l'essai
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
