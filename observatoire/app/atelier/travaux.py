"""Travaux longs : ils vont à leur terme même si la page se ferme, et une page rouverte les retrouve."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Progression = Callable[[str], None]


@dataclass
class Travail:
    """Travail en cours ou fini.

    Attributes:
        titre: ce qui se fait, en clair.
        total: nombre d'étapes annoncé ; 0 s'il n'est pas connu.
        etapes: étapes déjà annoncées, dans l'ordre.
        resultat: ce qu'il a rendu.
        erreur: ce qui l'a arrêté.
    """

    titre: str
    total: int = 0
    etapes: list[str] = field(default_factory=list)
    resultat: Any = None
    erreur: BaseException | None = None
    fini: threading.Event = field(default_factory=threading.Event)

    @property
    def part(self) -> float:
        """Part faite, de 0 à 1 ; jamais 1 avant la fin."""
        if self.fini.is_set():
            return 1.0
        faites = max(0, len(self.etapes) - 1)
        # Sans total connu, la barre avance de moins en moins, sans jamais mentir qu'elle est au bout.
        return min(0.97, faites / self.total) if self.total else 1 - 0.8 ** (faites + 1)

    @property
    def dite(self) -> str:
        """Étape en cours."""
        return self.etapes[-1] if self.etapes else self.titre


_TRAVAUX: dict[tuple[str, ...], Travail] = {}
_VERROU = threading.Lock()


def start(
    cle: tuple[str, ...], titre: str, faire: Callable[[Progression], Any], *, total: int | Callable[[], int] = 0
) -> Travail:
    """Lance un travail, ou rend celui qui porte déjà ce nom.

    Args:
        cle: espace, geste, objet.
        titre: ce qui se fait, en clair.
        faire: reçoit de quoi annoncer ses étapes.
        total: nombre d'étapes, ou de quoi le compter (dans le travail, sans faire attendre la page).
    """
    with _VERROU:
        if cle in _TRAVAUX:
            return _TRAVAUX[cle]
        travail = _TRAVAUX[cle] = Travail(titre, 0 if callable(total) else total)

    def run() -> None:
        try:
            if callable(total):
                travail.total = total()
            travail.resultat = faire(travail.etapes.append)
        except BaseException as erreur:  # noqa: BLE001 -- rendue à la page, qui la dit
            travail.erreur = erreur
        finally:
            travail.fini.set()

    # Non démon : un arrêt du serveur laisse finir une publication commencée.
    threading.Thread(target=run, name=f"atelier-{cle[1]}", daemon=False).start()
    return travail


def find(cle: tuple[str, ...]) -> Travail | None:
    """Travail de ce nom, s'il y en a un."""
    return _TRAVAUX.get(cle)


def forget(cle: tuple[str, ...]) -> None:
    """Oublie un travail dont la fin a été dite."""
    with _VERROU:
        _TRAVAUX.pop(cle, None)
