"""``observatoire livraison bon`` : la feuille que le partenaire approuve avant la publication."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from observatoire.cli.contexte import contexte_of
from observatoire.errors import AppelError

FORMATS = (".html", ".xlsx")


def bon(
    ctx: typer.Context,
    depot: Annotated[str, typer.Argument(help="Identifiant du dépôt (livraison lister).")],
    *,
    sortie: Annotated[Path, typer.Option("--sortie", "-o", help="Feuille à écrire (.html ou .xlsx).")],
    departement: Annotated[
        str, typer.Option("--departement", "-d", help="Département montré (celui de l'espace sinon).")
    ] = "",
) -> None:
    """Écrit la feuille « bon à publier » d'un brouillon : ce qui paraîtra, ce qui est masqué, ce qui change."""
    from observatoire.app.reglages import load_reglages
    from observatoire.publication.bon_a_publier import build_bon
    from observatoire.publication.bon_classeur import write_bon
    from observatoire.publication.bon_html import render_bon

    genre = sortie.suffix.lower()
    if genre not in FORMATS:
        msg = f"Format « {genre} » inconnu pour {sortie.name} : choisir {' ou '.join(FORMATS)}."
        raise AppelError(msg)
    if not sortie.parent.is_dir():
        msg = f"Le dossier « {sortie.parent} » n'existe pas : créez-le, ou choisissez un autre endroit."
        raise AppelError(msg)
    espace = contexte_of(ctx).espace
    reglages = load_reglages(espace)
    prepare = build_bon(
        espace,
        depot,
        observatoire=reglages.nom,
        departement=departement or reglages.departement,
        jour=dt.datetime.now(dt.UTC).date(),
    )
    sortie.write_bytes(write_bon(prepare) if genre == ".xlsx" else render_bon(prepare).encode())
    typer.echo(f"✓ Bon à publier écrit : {sortie} ({len(prepare.parts)} indicateurs).")
