"""``observatoire secret`` : rejouer la preuve, dire pourquoi une case est masquée, juger une zone."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from observatoire.cli import secret_zone
from observatoire.cli.contexte import contexte_of
from observatoire.cli.francais import CommandeFrancaise, GroupeFrancais
from observatoire.cli.progression import barre
from observatoire.cli.tableau import print_tableau
from observatoire.modeles.nombres import format_nombre

if TYPE_CHECKING:
    from observatoire.publication.secret import Audit, Explication
    from observatoire.secret.expliquer import Motif

groupe = typer.Typer(
    cls=GroupeFrancais,
    help="Secret : rejouer la preuve d'une publication, dire pourquoi une case est masquée, juger une zone.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

PROTEGEES_MONTREES = 8
"""Cases protégées nommées au plus ; ``--json`` les donne toutes."""

EnJson = Annotated[bool, typer.Option("--json", help="Rend le résultat en JSON.")]
Publiee = Annotated[str | None, typer.Option("--publication", help="Publication (la courante sinon).")]


@groupe.command("auditer", cls=CommandeFrancaise)
def auditer(ctx: typer.Context, *, publication: Publiee = None, en_json: EnJson = False) -> None:
    """Rejoue toute la preuve du secret d'une publication ; sort 1 si une case cède. N'écrit aucune valeur."""
    from observatoire.publication import secret

    espace = contexte_of(ctx).espace
    with barre(secret.count_etapes(espace, publication), muette=en_json) as avancer:
        audit = secret.auditer(espace, publication, avancer)
    if en_json:
        typer.echo(json.dumps(asdict(audit) | {"tient": audit.tient}, ensure_ascii=False))
    else:
        _print_audit(audit)
    if not audit.tient:
        raise typer.Exit(1)


@groupe.command("expliquer", cls=CommandeFrancaise)
def expliquer(
    ctx: typer.Context,
    cellule: Annotated[str, typer.Argument(help="Case : indicateur:niveau:code:periode[:modalite].")],
    *,
    auteur: Annotated[str, typer.Option("--auteur", help="Identifiant pseudonyme de qui demande.")] = "local",
    publication: Publiee = None,
    en_json: EnJson = False,
) -> None:
    """Dit pourquoi une case est masquée ou non ; réservé aux valideurs, inscrit au journal."""
    from observatoire.publication import secret

    explication = secret.expliquer(contexte_of(ctx).espace, cellule, auteur=auteur, publication=publication)
    if en_json:
        typer.echo(json.dumps(explication.to_dict(), ensure_ascii=False, allow_nan=False))
    else:
        _print_explication(explication)


groupe.command("zone", cls=CommandeFrancaise)(secret_zone.zone)


def _print_audit(audit: Audit) -> None:
    if not audit.systemes:
        typer.echo(f"● La publication {audit.publication} n'emploie aucun effectif exact : il n'y a rien à prouver.")
    else:
        print_tableau(
            ("source", "période", "cases", "masquées", "éprouvées", "refaites en entiers", "fautes"),
            [
                (
                    s.source,
                    s.periode,
                    format_nombre(s.cases),
                    format_nombre(s.masquees),
                    format_nombre(s.eprouvees),
                    format_nombre(s.rejouees),
                    format_nombre(s.fautes),
                )
                for s in audit.systemes
            ],
        )
    for s in audit.systemes:
        if s.incoherence:
            typer.echo(f"■ {s.source}, {s.periode} : {s.incoherence}.")
    for ecart in audit.ecarts:
        typer.echo(f"■ {ecart}")
    if audit.tient:
        typer.echo(f"✓ Publication {audit.publication} : toute case masquée tient sa promesse.")
    else:
        typer.echo(
            "■ La preuve ne tient pas. Retirez ou restaurez (« livraison retirer », « publication restaurer »), puis "
            "reconstruisez ; ne diffusez plus cette publication."
        )


def _print_explication(explication: Explication) -> None:
    etat = "masquée" if explication.masquee else "publiée" if explication.publiee else "sans valeur"
    typer.echo(f"{explication.libelle}, {explication.territoire}, {explication.periode} : case {etat}.")
    for motif in explication.motifs:
        _print_motif(motif)
    if not explication.motifs:
        typer.echo(f"  Données déjà protégées par leur producteur : rien n'y est ajouté. Règle : {explication.regle}.")
        return
    typer.echo(f"  Règle : {explication.regle}. {explication.reference}")
    typer.echo("▲ Cette réponse est réservée : elle est inscrite au journal, et ne se recopie pas.")


def _print_motif(motif: Motif) -> None:
    typer.echo(f"  {motif.role} ({motif.libelle}, {motif.periode}) : {motif.texte}")
    if motif.protegees:
        noms = ", ".join(motif.protegees[:PROTEGEES_MONTREES])
        reste = len(motif.protegees) - PROTEGEES_MONTREES
        typer.echo(f"    Elle protège : {noms}{f' et {reste} de plus' if reste > 0 else ''}.")
    if motif.masquee:
        typer.echo(f"    Un lecteur déduit : {_show_intervalle(motif.borne_inf, motif.borne_sup)}.")
        if motif.promesse:
            typer.echo(f"    Promesse : {motif.promesse}.")


def _show_intervalle(bas: float | None, haut: float | None) -> str:
    if bas is None and haut is None:
        return "rien"
    if haut is None:
        return f"au moins {format_nombre(bas or 0)}"
    return f"de {format_nombre(bas or 0)} à {format_nombre(haut)}"
