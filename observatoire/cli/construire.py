"""``observatoire construire`` : des données de départ à une publication."""

from __future__ import annotations

import json
import time
from typing import Annotated

import typer

from observatoire.cli.contexte import contexte_of
from observatoire.cli.progression import barre


def construire(
    ctx: typer.Context,
    *,
    force: Annotated[bool, typer.Option("--force", help="Reconstruit même si rien n'a changé.")] = False,
    motif: Annotated[str, typer.Option("--motif", help="Raison de la publication, écrite au journal.")] = (
        "construction depuis les livraisons"
    ),
    auteur: Annotated[str, typer.Option("--auteur", help="Identifiant pseudonyme de l'auteur.")] = "local",
    en_json: Annotated[bool, typer.Option("--json", help="Rend le résultat en JSON.")] = False,
) -> None:
    """Construit l'entrepôt et publie ; ne fait rien si rien n'a changé."""
    from observatoire.publication import construire as chaine

    espace = contexte_of(ctx).espace
    debut = time.perf_counter()
    with barre(chaine.count_etapes(espace), muette=en_json) as avancer:
        resultat = chaine.construire(espace, avancer, auteur=auteur, motif=motif, force=force)
    duree = time.perf_counter() - debut
    publication = resultat.publication
    if en_json:
        contenu = {
            "publication": publication.id,
            "neuve": resultat.neuve,
            "duree_s": round(duree, 1),
            "indicateurs": len(publication.indicateurs),
            "en_attente": list(resultat.en_attente),
            "anomalies": [str(a) for a in resultat.anomalies],
        }
        typer.echo(json.dumps(contenu, ensure_ascii=False))
        return
    for anomalie in resultat.anomalies:
        typer.echo(f"▲ à regarder : {anomalie}")
    if resultat.en_attente:
        typer.echo(f"● En attente d'une livraison : {', '.join(resultat.en_attente)}.")
    if resultat.neuve:
        typer.echo(
            f"✓ Publication {publication.id} : {len(publication.indicateurs)} indicateurs, "
            f"géographie {publication.cog}, en {duree:.0f} s."
        )
    else:
        typer.echo(f"✓ Rien n'a changé : la publication {publication.id} reste en ligne.")
