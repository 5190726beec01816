"""Montrer en texte un rapport de contrôle et des différences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from observatoire.cli.tableau import print_tableau
from observatoire.modeles.anomalies import Gravite
from observatoire.modeles.lots import RapportLivraison
from observatoire.modeles.nombres import format_nombre

if TYPE_CHECKING:
    from observatoire.publication.differences import Differences

_SIGNES = {Gravite.BLOQUANT: "■", Gravite.A_REGARDER: "▲", Gravite.INFORMATION: "●"}
_PAR_GRAVITE = 50
"""Fautes montrées au plus, par gravité ; ``--json`` les donne toutes."""


def print_rapport(rapport: RapportLivraison) -> None:
    """Imprime un rapport : ce qui a été reconnu, les fautes par gravité, le verdict."""
    if rapport.quarantaine:
        typer.echo("■ Ce fichier décrit des personnes : il est refusé, et rien n'en est gardé.")
        for motif in rapport.quarantaine:
            typer.echo(f"  - {motif}")
        return
    if rapport.reconnu:
        typer.echo("Reconnu : " + " ; ".join(f"{cle} {valeur}" for cle, valeur in rapport.reconnu.items()))
    for gravite, signe in _SIGNES.items():
        siennes = [a for a in rapport.anomalies if a.gravite is gravite]
        for anomalie in siennes[:_PAR_GRAVITE]:
            typer.echo(f"{signe} {anomalie}")
        if len(siennes) > _PAR_GRAVITE:
            typer.echo(f"{signe} … et {len(siennes) - _PAR_GRAVITE} de plus (--json les donne toutes).")
    verdict = "■ Refusé" if rapport.refusee else "✓ Recevable"
    lots = ", ".join(f"{lot.periode} ({lot.maille.libelle}, {len(lot.codes)})" for lot in rapport.lots)
    lues, retenues = format_nombre(rapport.lignes_lues), format_nombre(rapport.lignes_retenues)
    typer.echo(f"{verdict} : {lues} lignes lues, {retenues} retenues{f' ; {lots}' if lots else ''}.")


def print_differences(differences: Differences, limite: int) -> None:
    """Imprime des différences : le résumé par indicateur, puis les plus fortes révisions."""
    from observatoire.publication.comparaison import Changement

    for indicateur, motif in differences.refus.items():
        typer.echo(f"■ {indicateur} : {motif}")
    if differences.vide:
        typer.echo("✓ Rien ne change : les valeurs sont les mêmes.")
        return
    if differences.nouveaux:
        typer.echo(f"Indicateurs nouveaux : {', '.join(differences.nouveaux)}.")
    if differences.retires:
        typer.echo(f"Indicateurs retirés : {', '.join(differences.retires)}.")
    noms = [str(c) for c in Changement]
    print_tableau(
        ("indicateur", "niveau", "période", *(c.libelle for c in Changement), "plus forte révision"),
        [
            (
                str(ligne["indicateur"]),
                str(ligne["maille"]),
                str(ligne["periode"]),
                *(str(ligne[nom] or "") for nom in noms),
                f"{format_nombre(100 * ligne['ampleur_max'], 1)} %" if ligne["ampleur_max"] else "",
            )
            for ligne in differences.resume.to_dict("records")
        ],
    )
    revisions = differences.revisions.head(limite) if limite else differences.revisions
    if not revisions.empty:
        typer.echo("Plus fortes révisions :")
        textes = revisions[["indicateur", "maille", "code_territoire", "periode"]].astype(str)
        textes["avant"], textes["apres"] = revisions.avant.map(_show), revisions.apres.map(_show)
        print_tableau(("indicateur", "niveau", "code", "période", "avant", "après"), textes.to_numpy().tolist())
    typer.echo(f"{len(differences.territoires)} territoires touchés.")


def _show(valeur: float) -> str:
    return f"{valeur:.6g}".replace(".", ",")
