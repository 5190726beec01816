"""``observatoire carte`` : une carte en image ou en page autonome."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from observatoire.cli.contexte import contexte_of
from observatoire.modeles.nombres import format_nombre

_MO = 1_000_000


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
    from observatoire.analyse.territoires import parse_maille
    from observatoire.app.reglages import load_reglages
    from observatoire.cartes.preparation import prepare_carte
    from observatoire.cartes.statique import check_sortie, draw_carte

    genre = check_sortie(sortie)
    contexte = contexte_of(ctx)
    demande = prepare_carte(
        contexte.consultation(publication),
        indicateur,
        parse_maille(maille),
        departement=departement,
        periode=periode,
        observatoire=load_reglages(contexte.espace).nom,
    )
    draw_carte(demande, sortie)
    typer.echo(f"✓ Carte écrite : {sortie} ({genre}, {_format_taille(sortie.stat().st_size)})")


def _format_taille(octets: int) -> str:
    return f"{format_nombre(max(octets / _MO, 0.1), 1)} Mo"
