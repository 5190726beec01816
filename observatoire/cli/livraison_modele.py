"""``observatoire livraison modele`` : le classeur à envoyer au service producteur."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from observatoire.cli.contexte import contexte_of
from observatoire.errors import AppelError


def modele(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(help="Source déclarée (_sources/<source>.yaml).")],
    *,
    sortie: Annotated[Path, typer.Option("--sortie", "-o", help="Classeur à écrire (.xlsx).")],
    periode: Annotated[str, typer.Option("--periode", "-p", help="Période demandée.")] = "",
    departement: Annotated[
        str, typer.Option("--departement", "-d", help="Département (celui de la source sinon).")
    ] = "",
) -> None:
    """Écrit un classeur pré-rempli : codes, noms, colonnes expliquées ; il revient sans retouche."""
    from observatoire.app.reglages import load_reglages
    from observatoire.catalogue.loader import load_catalogue
    from observatoire.publication.modele_classeur import write_modele
    from observatoire.publication.modele_fichier import build_modele

    if sortie.suffix.lower() != ".xlsx":
        msg = f"« {sortie.name} » n'est pas un classeur : donnez un nom qui finit par .xlsx."
        raise AppelError(msg)
    if not sortie.parent.is_dir():
        msg = f"Le dossier « {sortie.parent} » n'existe pas : créez-le, ou choisissez un autre endroit."
        raise AppelError(msg)
    espace = contexte_of(ctx).espace
    prepare = build_modele(
        espace,
        load_catalogue(espace.dossiers_catalogue()),
        source,
        periode=periode,
        departement=departement,
        observatoire=load_reglages(espace).nom,
        jour=dt.datetime.now(dt.UTC).date(),
    )
    sortie.write_bytes(write_modele(prepare))
    a_remplir = sum(c.role in ("mesure", "libre") for c in prepare.colonnes)
    typer.echo(f"✓ Modèle écrit : {sortie} ({len(prepare.lignes)} lignes, {a_remplir} colonnes à remplir).")
