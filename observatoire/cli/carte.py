"""``observatoire carte`` : une carte en image ou en page autonome."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

FORMATS = ("png", "svg", "pdf", "html")


def carte(
    ctx: typer.Context,
    indicateur: Annotated[str, typer.Argument(help="Identifiant de l'indicateur.")],
    *,
    maille: Annotated[str, typer.Option("--maille", "-m", help="Niveau géographique (commune, epci…).")],
    sortie: Annotated[Path, typer.Option("--sortie", "-o", help="Fichier à écrire (.png, .svg, .pdf, .html).")],
    departement: Annotated[
        str | None, typer.Option("--departement", "-d", help="Code du département (France sinon).")
    ] = None,
    periode: Annotated[str | None, typer.Option("--periode", "-p", help="Période (la plus récente sinon).")] = None,
    publication: Annotated[str | None, typer.Option("--publication", help="Publication (la courante sinon).")] = None,
) -> None:
    """Dessine une carte qui se suffit : titre, légende, source, millésime, note."""
    raise NotImplementedError
