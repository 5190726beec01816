"""``observatoire territoires`` : les territoires publiés."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from observatoire.cli.contexte import contexte_of
from observatoire.cli.tableau import print_tableau


def territoires(
    ctx: typer.Context,
    *,
    maille: Annotated[str | None, typer.Option("--maille", "-m", help="Niveau (tous sinon).")] = None,
    departement: Annotated[str | None, typer.Option("--departement", "-d", help="Code du département.")] = None,
    publication: Annotated[str | None, typer.Option("--publication", help="Publication (la courante sinon).")] = None,
    en_json: Annotated[bool, typer.Option("--json", help="Rend les territoires en JSON.")] = False,
) -> None:
    """Liste les territoires d'un niveau, ou de tous."""
    from observatoire.analyse.export_json import build_territoires_json
    from observatoire.analyse.territoires import parse_maille

    consultation = contexte_of(ctx).consultation(publication)
    niveau = parse_maille(maille) if maille else None
    contenu = build_territoires_json(consultation, niveau, departement)
    if en_json:
        typer.echo(json.dumps(contenu, ensure_ascii=False, allow_nan=False))
        return
    print_tableau(
        ("niveau", "code", "territoire", "département"),
        [(t["maille"], t["code"], t["libelle"], t["code_departement"] or "") for t in contenu["territoires"]],
    )
