"""``observatoire livraison zonage`` : un découpage de l'espace, livré en liste code → secteur."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from observatoire.cli.contexte import contexte_of
from observatoire.errors import AppelError
from observatoire.modeles.anomalies import Gravite
from observatoire.modeles.mailles import MAILLES_ZONAGES, Maille


def zonage(
    ctx: typer.Context,
    fichier: Annotated[Path, typer.Argument(help="Liste des communes (ou IRIS) et de leur secteur.")],
    *,
    niveau: Annotated[str, typer.Option("--niveau", help=f"Niveau qu'il devient : {', '.join(MAILLES_ZONAGES)}.")],
    colonne_code: Annotated[str, typer.Option("--code", help="Colonne du code de commune ou d'IRIS.")] = "code",
    colonne_secteur: Annotated[str, typer.Option("--secteur", help="Colonne du code de secteur.")] = "secteur",
    colonne_libelle: Annotated[str, typer.Option("--libelle", help="Colonne du nom du secteur.")] = "",
    cog: Annotated[str, typer.Option("--cog", help="Année de la géographie des codes (reconnue sinon).")] = "",
    auteur: Annotated[str, typer.Option("--auteur", help="Identifiant pseudonyme de l'auteur.")] = "local",
    motif: Annotated[str, typer.Option("--motif", help="Raison, écrite au journal.")] = "zonage de l'espace",
    controler: Annotated[bool, typer.Option("--controler", help="Contrôle seulement, sans rien garder.")] = False,
    en_json: Annotated[bool, typer.Option("--json", help="Rend le résultat en JSON.")] = False,
) -> None:
    """Fait d'une liste code → secteur un niveau de l'espace (territoires d'action sociale, secteurs, quartiers)."""
    from observatoire.publication.zonages import controler_zonage, deposer_zonage
    from observatoire.territoires.zonages import ColonnesZonage

    if niveau not in set(MAILLES_ZONAGES):
        msg = f"« {niveau} » n'est pas un niveau de zonage. Permis : {', '.join(MAILLES_ZONAGES)}."
        raise AppelError(msg)
    espace, maille = contexte_of(ctx).espace, Maille(niveau)
    colonnes = ColonnesZonage(colonne_code, colonne_secteur, colonne_libelle)
    if controler:
        resultat = controler_zonage(espace, fichier, maille=maille, colonnes=colonnes, cog=cog)
    else:
        resultat = deposer_zonage(
            espace, fichier, maille=maille, colonnes=colonnes, cog=cog, auteur=auteur, motif=motif
        )
    refuse = bool(resultat.quarantaine) or any(a.gravite is Gravite.BLOQUANT for a in resultat.anomalies)
    if en_json:
        contenu = {
            "garde": resultat.garde,
            "secteurs": len(resultat.zonage.secteurs) if resultat.zonage else 0,
            "unites": len(resultat.zonage.liens) if resultat.zonage else 0,
            "anomalies": [str(a) for a in resultat.anomalies],
            "quarantaine": list(resultat.quarantaine),
        }
        typer.echo(json.dumps(contenu, ensure_ascii=False))
    else:
        for texte in (*resultat.quarantaine, *map(str, resultat.anomalies)):
            typer.echo(f"● {texte}")
        if resultat.zonage and not refuse:
            lu = resultat.zonage
            suite = (
                "Lancez « observatoire construire » pour le voir partout." if resultat.garde else "Rien n'est gardé."
            )
            typer.echo(
                f"✓ {len(lu.secteurs)} {maille.libelle_pluriel}, {len(lu.liens)} {lu.unite.libelle_pluriel} "
                f"(géographie {lu.cog}). {suite}"
            )
        elif refuse:
            typer.echo("Le zonage est refusé ; rien n'est gardé.")
    if refuse:
        raise typer.Exit(1)
