"""Barre de progression des commandes longues."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

LARGEUR_ETAPE = 34


@contextmanager
def barre(total: int, *, muette: bool = False) -> Iterator[Callable[[str], None]]:
    """Ouvre une barre sur la sortie d'erreur et rend la fonction qui l'avance d'une étape nommée.

    Args:
        total: nombre d'étapes.
        muette: ne montre rien (sortie destinée à un programme).
    """
    if muette:
        yield lambda _etape: None
        return
    console = Console(stderr=True)
    colonnes = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*colonnes, console=console, transient=True) as progression:
        tache = progression.add_task(" " * LARGEUR_ETAPE, total=total)

        def avancer(etape: str) -> None:
            texte = etape if len(etape) <= LARGEUR_ETAPE else etape[: LARGEUR_ETAPE - 1] + "…"
            progression.update(tache, description=texte.ljust(LARGEUR_ETAPE), advance=1)

        yield avancer
