"""Tableau texte des commandes : colonnes alignées, sans décor."""

from __future__ import annotations

from collections.abc import Sequence

import typer


def print_tableau(entetes: Sequence[str], lignes: Sequence[Sequence[str]]) -> None:
    """Imprime un tableau ; une colonne entièrement vide n'est pas montrée."""
    gardees = [i for i in range(len(entetes)) if any(ligne[i] for ligne in lignes)] or [0]
    toutes = [[str(ligne[i]) for i in gardees] for ligne in (entetes, *lignes)]
    largeurs = [max(len(ligne[i]) for ligne in toutes) for i in range(len(gardees))]
    for ligne in toutes:
        typer.echo("  ".join(t.ljust(w) for t, w in zip(ligne, largeurs, strict=True)).rstrip())
