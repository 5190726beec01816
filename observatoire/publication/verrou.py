"""Verrou d'un espace : un seul écrivain à la fois ; le second sait tout de suite qui écrit, et depuis quand.

Le verrou est tenu par le système, non par la présence d'un fichier : la mort du processus le libère.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from observatoire.config import Espace
from observatoire.errors import PublicationError

NOM = "ecriture.verrou"
_OCTET_TENU = 1 << 20
"""Windows verrouille des octets et en interdit la lecture : on tient un octet loin du texte."""


class EspaceOccupeError(PublicationError):
    """Un autre écrivain tient l'espace.

    Attributes:
        auteur: qui écrit.
        geste: ce qu'il fait.
        depuis: date et heure de début (ISO 8601, UTC) ; vide si inconnue.
    """

    def __init__(self, auteur: str, geste: str, depuis: str) -> None:
        """Rédige le message : qui, quoi, depuis quand, que faire."""
        self.auteur, self.geste, self.depuis = auteur, geste, depuis
        quand = f" depuis {_format_heure(depuis)}" if depuis else ""
        super().__init__(
            f"L'espace est occupé : {auteur or 'un autre poste'} y fait « {geste or 'une écriture'} »{quand}. "
            "Rien n'a été changé ; recommencez quand ce sera fini."
        )


@contextmanager
def verrou(espace: Espace, *, auteur: str, geste: str) -> Iterator[None]:
    """Tient l'espace en écriture, le temps d'un geste.

    Args:
        espace: espace de travail.
        auteur: identifiant pseudonyme, montré au second écrivain.
        geste: ce qui se fait (« publication », « dépôt »).

    Raises:
        EspaceOccupeError: un autre écrivain le tient.
    """
    chemin = espace.entrepot / NOM
    chemin.parent.mkdir(parents=True, exist_ok=True)
    with chemin.open("a+", encoding="utf-8") as flux:
        if not _lock(flux):
            raise _occupant(chemin)
        fiche = {"auteur": auteur, "geste": geste, "depuis": dt.datetime.now(dt.UTC).isoformat(timespec="seconds")}
        _write(flux, json.dumps(fiche, ensure_ascii=False))
        try:
            yield
        finally:
            _write(flux, "")
            _unlock(flux)


def read_occupant(espace: Espace) -> EspaceOccupeError | None:
    """Dit qui tient l'espace, sans rien écrire ; ``None`` s'il est libre."""
    chemin = espace.entrepot / NOM
    if not chemin.is_file():
        return None
    with chemin.open("a+", encoding="utf-8") as flux:
        if not _lock(flux):
            return _occupant(chemin)
        _unlock(flux)
    return None


def _occupant(chemin: Path) -> EspaceOccupeError:
    try:
        fiche = json.loads(chemin.read_text("utf-8"))
        return EspaceOccupeError(str(fiche["auteur"]), str(fiche["geste"]), str(fiche["depuis"]))
    except (OSError, ValueError, KeyError, TypeError):
        return EspaceOccupeError("", "", "")


def _write(flux: IO[str], texte: str) -> None:
    flux.seek(0)
    flux.truncate()
    flux.write(texte)
    flux.flush()


def _format_heure(depuis: str) -> str:
    local = dt.datetime.fromisoformat(depuis).astimezone()
    jour = "" if local.date() == dt.datetime.now().astimezone().date() else f"le {local:%d/%m/%Y} à "
    return f"{jour}{local:%H:%M:%S}"


if sys.platform == "win32":
    import msvcrt

    def _lock(flux: IO[str]) -> bool:
        flux.seek(_OCTET_TENU)
        try:
            msvcrt.locking(flux.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(flux: IO[str]) -> None:
        flux.seek(_OCTET_TENU)
        msvcrt.locking(flux.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(flux: IO[str]) -> bool:
        try:
            fcntl.flock(flux.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(flux: IO[str]) -> None:
        fcntl.flock(flux.fileno(), fcntl.LOCK_UN)
