"""``observatoire publication`` : lister les publications, revenir à une ancienne."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from observatoire.cli.contexte import contexte_of
from observatoire.cli.francais import CommandeFrancaise, GroupeFrancais
from observatoire.cli.tableau import print_tableau

groupe = typer.Typer(
    cls=GroupeFrancais, help="Publications : lister, restaurer.", no_args_is_help=True, rich_markup_mode=None
)


@groupe.command("lister", cls=CommandeFrancaise)
def lister(
    ctx: typer.Context,
    *,
    en_json: Annotated[bool, typer.Option("--json", help="Rend la liste en JSON.")] = False,
) -> None:
    """Liste les publications, la plus récente en dernier."""
    from observatoire.publication.historique import list_historique

    historique = list_historique(contexte_of(ctx).espace)
    if en_json:
        contenu = [asdict(p) | {"courante": courante} for p, courante in historique]
        typer.echo(json.dumps({"publications": contenu}, ensure_ascii=False))
        return
    print_tableau(
        ("publication", "date", "auteur", "motif", ""),
        [(p.id, p.date, p.auteur, p.motif, "en ligne" if courante else "") for p, courante in historique],
    )


@groupe.command("restaurer", cls=CommandeFrancaise)
def restaurer(
    ctx: typer.Context, identifiant: Annotated[str, typer.Argument(help="Publication à remettre en ligne.")]
) -> None:
    """Remet en ligne une ancienne publication, telle qu'elle était."""
    from observatoire.publication.historique import restore

    restore(contexte_of(ctx).espace, identifiant)
    typer.echo(f"✓ La publication {identifiant} est de nouveau en ligne.")
