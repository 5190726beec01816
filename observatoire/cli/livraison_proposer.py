"""``observatoire livraison proposer`` : ébauche la déclaration d'un fichier inconnu."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from observatoire.cli.contexte import contexte_of
from observatoire.errors import AppelError


def proposer(
    ctx: typer.Context,
    fichier: Annotated[Path, typer.Argument(help="Fichier reçu, quel que soit son format.")],
    *,
    sortie: Annotated[Path | None, typer.Option("--sortie", "-o", help="Écrit la déclaration dans ce fichier.")] = None,
    en_json: Annotated[bool, typer.Option("--json", help="Rend les faits et la déclaration en JSON.")] = False,
) -> None:
    """Reconnaît un fichier (territoire, millésime, période, marques) et ébauche sa déclaration."""
    from observatoire.ingestion.proposition import propose, render_declaration
    from observatoire.ingestion.proposition.resume import build_json, render_resume
    from observatoire.territoires.referentiel import Referentiel

    if not fichier.exists():
        raise AppelError(f"Le fichier « {fichier} » n'existe pas ; vérifiez son chemin.")
    if sortie is not None and sortie.exists():
        raise AppelError(f"« {sortie} » existe déjà ; choisissez un autre nom, ou retirez-le d'abord.")
    proposition = propose(fichier, Referentiel(contexte_of(ctx).espace.referentiel))
    declaration = render_declaration(proposition)
    if sortie is not None and declaration:
        _write(sortie, declaration)
    if en_json:
        typer.echo(json.dumps(build_json(proposition), ensure_ascii=False, allow_nan=False))
    else:
        typer.echo(render_resume(proposition))
        if declaration and sortie is None:
            typer.echo(f"\n# indicators/_sources/{proposition.identifiant}.yaml\n{declaration}", nl=False)
        elif declaration:
            typer.echo(f"✓ Déclaration écrite : {sortie}. Relisez-la, puis lancez « observatoire verifier ».")
    if proposition.refusee:
        raise typer.Exit(1)


def _write(sortie: Path, declaration: str) -> None:
    try:
        sortie.write_text(declaration, encoding="utf-8")
    except OSError as faute:
        raise AppelError(
            f"« {sortie} » ne peut être écrit : le dossier existe-t-il, et pouvez-vous y écrire ?"
        ) from faute
