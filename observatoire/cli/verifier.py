"""``observatoire verifier`` : toutes les fautes du catalogue, d'un coup."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from observatoire.cli.contexte import contexte_of


def verifier(
    ctx: typer.Context,
    *,
    en_json: Annotated[bool, typer.Option("--json", help="Rend les fautes en JSON.")] = False,
) -> None:
    """Vérifie le catalogue : fichier, ligne, faute, mot valide le plus proche."""
    from observatoire.catalogue.loader import find_fautes, load_catalogue
    from observatoire.catalogue.usages import find_inutilises

    dossiers = contexte_of(ctx).espace.dossiers_catalogue()
    fautes = find_fautes(dossiers)
    if en_json:
        typer.echo(json.dumps({"fautes": [str(f) for f in fautes]}, ensure_ascii=False))
    elif fautes:
        for faute in fautes:
            typer.echo(f"■ {faute}")
        pluriel = "s" if len(fautes) > 1 else ""
        typer.echo(f"{len(fautes)} faute{pluriel} à corriger. La publication en ligne n'est pas touchée.")
    else:
        catalogue = load_catalogue(dossiers)
        for remarque in [*catalogue.surcharges, *find_inutilises(catalogue)]:
            typer.echo(f"● {remarque}")
        typer.echo(
            f"✓ Catalogue sans faute : {len(catalogue.indicateurs)} indicateurs, {len(catalogue.sources)} sources."
        )
    if fautes:
        raise typer.Exit(1)
