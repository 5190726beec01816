"""``observatoire app`` : sert l'application."""

from __future__ import annotations

from typing import Annotated

import typer

from observatoire.cli.contexte import contexte_of


def servir(
    ctx: typer.Context,
    *,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port d'écoute.")] = 8501,
    hote: Annotated[str, typer.Option("--hote", help="Adresse d'écoute (la machine seule, par défaut).")] = "127.0.0.1",
    ouvrir: Annotated[bool, typer.Option("--ouvrir", help="Ouvre le navigateur.")] = False,
) -> None:
    """Sert l'application (http://localhost:8501 par défaut)."""
    from observatoire.app.serveur import run

    run(contexte_of(ctx).espace, host=hote, port=port, ouvrir=ouvrir)
