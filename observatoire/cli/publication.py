"""``observatoire publication`` : lister, comparer, restaurer les publications ; lire et vérifier le journal."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from observatoire.cli.contexte import contexte_of
from observatoire.cli.francais import CommandeFrancaise, GroupeFrancais
from observatoire.cli.tableau import print_tableau

groupe = typer.Typer(
    cls=GroupeFrancais,
    help="Publications : lister, comparer, restaurer, lire le journal.",
    no_args_is_help=True,
    rich_markup_mode=None,
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


@groupe.command("comparer", cls=CommandeFrancaise)
def comparer(
    ctx: typer.Context,
    avant: Annotated[str, typer.Argument(help="Publication de départ.")],
    apres: Annotated[str | None, typer.Argument(help="Publication d'arrivée (celle en ligne sinon).")] = None,
    *,
    indicateur: Annotated[str | None, typer.Option("--indicateur", "-i", help="Un indicateur (tous sinon).")] = None,
    limite: Annotated[int, typer.Option("--limite", min=0, help="Lignes montrées au plus (0 : toutes).")] = 20,
    en_json: Annotated[bool, typer.Option("--json", help="Rend les différences en JSON.")] = False,
) -> None:
    """Compare deux publications, valeur par valeur."""
    from observatoire.cli.rapport_livraison import print_differences
    from observatoire.publication.differences import compare_publications
    from observatoire.store.publications import load_publication

    espace = contexte_of(ctx).espace
    depart, arrivee = load_publication(espace, avant), load_publication(espace, apres)
    trouvees = compare_publications(espace, depart, arrivee, [indicateur] if indicateur else None)
    if en_json:
        typer.echo(json.dumps(trouvees.to_dict(limite), ensure_ascii=False))
    else:
        print_differences(trouvees, limite)


@groupe.command("restaurer", cls=CommandeFrancaise)
def restaurer(
    ctx: typer.Context,
    identifiant: Annotated[str, typer.Argument(help="Publication à remettre en ligne.")],
    *,
    auteur: Annotated[str, typer.Option("--auteur", help="Identifiant pseudonyme de l'auteur.")] = "local",
    motif: Annotated[str, typer.Option("--motif", help="Raison, écrite au journal.")] = "",
) -> None:
    """Remet en ligne une ancienne publication, telle qu'elle était."""
    from observatoire.publication.historique import restore

    restore(contexte_of(ctx).espace, identifiant, auteur=auteur, motif=motif)
    typer.echo(f"✓ La publication {identifiant} est de nouveau en ligne.")


@groupe.command("journal", cls=CommandeFrancaise)
def journal(
    ctx: typer.Context,
    *,
    derniers: Annotated[int, typer.Option("--derniers", min=0, help="Dernières lignes (0 : toutes).")] = 50,
    depot: Annotated[str, typer.Option("--depot", help="Lignes d'un dépôt.")] = "",
    en_json: Annotated[bool, typer.Option("--json", help="Rend le journal en JSON.")] = False,
) -> None:
    """Montre le journal et vérifie sa chaîne ; sort 1 s'il a été changé."""
    from observatoire.publication.historique import read_journal, verify_journal

    espace = contexte_of(ctx).espace
    lignes = read_journal(espace, depot=depot, derniers=derniers)
    fautes = verify_journal(espace)
    if en_json:
        contenu = {"lignes": [asdict(x) for x in lignes], "fautes": [asdict(f) for f in fautes], "intact": not fautes}
        typer.echo(json.dumps(contenu, ensure_ascii=False))
    else:
        print_tableau(
            ("n°", "quand", "auteur", "rôle", "geste", "dépôt", "publication", "motif"),
            [(str(x.numero), x.quand[:19], x.auteur, x.role, x.geste, x.depot, x.publication, x.motif) for x in lignes],
        )
        for faute in fautes:
            typer.echo(f"■ {faute}")
        if not fautes:
            typer.echo("✓ Le journal est intact : chaque ligne suit la précédente, et la dernière est là.")
    if fautes:
        raise typer.Exit(1)
