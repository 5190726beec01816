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
    atelier: Annotated[
        bool, typer.Option("--atelier", help="Ouvre l'Atelier (déposer, publier), sur cette machine seulement.")
    ] = False,
    mandataire_identite: Annotated[
        str,
        typer.Option(
            "--mandataire-identite", help="En-tête par lequel un serveur mandataire dit qui parle (avec --atelier)."
        ),
    ] = "",
    mandataire_adresse: Annotated[
        list[str] | None,
        typer.Option("--mandataire-adresse", help="Adresse IP de ce serveur mandataire (127.0.0.1 par défaut)."),
    ] = None,
) -> None:
    """Sert l'application (http://localhost:8501 par défaut) ; sans --atelier, elle ne sait que lire."""
    from observatoire.app.mode import make_mode
    from observatoire.app.serveur import run

    mode = make_mode(hote, atelier=atelier, en_tete=mandataire_identite, mandataires=tuple(mandataire_adresse or ()))
    run(contexte_of(ctx).espace, host=hote, port=port, ouvrir=ouvrir, mode=mode)
