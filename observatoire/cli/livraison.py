"""``observatoire livraison`` : contrôler, déposer, comparer, approuver, publier un fichier reçu."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from observatoire.cli import livraison_bon, livraison_modele, livraison_proposer, livraison_zonage
from observatoire.cli.contexte import contexte_of
from observatoire.cli.francais import CommandeFrancaise, GroupeFrancais
from observatoire.cli.progression import barre
from observatoire.cli.rapport_livraison import print_differences, print_rapport
from observatoire.cli.tableau import print_tableau
from observatoire.errors import AppelError
from observatoire.modeles.livraisons import Confidentialite, NatureDepot
from observatoire.modeles.mailles import Maille

if TYPE_CHECKING:
    from collections.abc import Callable

    from observatoire.publication.construire import Resultat
    from observatoire.registres.depots import Depot

groupe = typer.Typer(
    cls=GroupeFrancais,
    help="Livraisons : proposer, contrôler, déposer, comparer, approuver, publier un fichier reçu.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Fichier = Annotated[Path, typer.Argument(help="Fichier reçu.")]
Identifiant = Annotated[str, typer.Argument(help="Identifiant du dépôt (livraison lister).")]
SourceVoulue = Annotated[str, typer.Option("--source", "-s", help="Source déclarée (_sources/<source>.yaml).")]
Periode = Annotated[str | None, typer.Option("--periode", "-p", help="Période du fichier (celle qu'il porte sinon).")]
Niveau = Annotated[str | None, typer.Option("--maille", "-m", help="Niveau des lignes (celui de la source sinon).")]
Cog = Annotated[str, typer.Option("--cog", help="Année de la géographie des codes (reconnue sinon).")]
Auteur = Annotated[str, typer.Option("--auteur", help="Identifiant pseudonyme de l'auteur.")]
Motif = Annotated[str, typer.Option("--motif", help="Raison, écrite au journal.")]
Regime = Annotated[
    str,
    typer.Option("--confidentialite", help="ouverte, convention ou convention_protegee (déjà masquée ou arrondie)."),
]
EnJson = Annotated[bool, typer.Option("--json", help="Rend le résultat en JSON.")]


groupe.command("proposer", cls=CommandeFrancaise)(livraison_proposer.proposer)


@groupe.command("controler", cls=CommandeFrancaise)
def controler(
    ctx: typer.Context,
    fichier: Fichier,
    source: SourceVoulue,
    *,
    periode: Periode = None,
    maille: Niveau = None,
    cog: Cog = "",
    confidentialite: Regime = "ouverte",
    en_json: EnJson = False,
) -> None:
    """Contrôle un fichier sans rien écrire ; sort 1 s'il serait refusé."""
    from observatoire.publication.brouillons import dump_rapport
    from observatoire.publication.deposer import controler as chaine

    rapport = chaine(
        contexte_of(ctx).espace,
        fichier,
        source=source,
        periode=periode,
        maille=_parse_maille(maille),
        cog=cog,
        confidentialite=_parse_regime(confidentialite),
    )
    if en_json:
        _print_json(dump_rapport(rapport))
    else:
        print_rapport(rapport)
    if rapport.refusee:
        raise typer.Exit(1)


@groupe.command("deposer", cls=CommandeFrancaise)
def deposer(
    ctx: typer.Context,
    fichier: Fichier,
    source: SourceVoulue,
    *,
    periode: Periode = None,
    maille: Niveau = None,
    cog: Cog = "",
    nature: Annotated[
        str | None, typer.Option("--nature", help="nouvelle, remplace, complete ou corrige (déduite sinon).")
    ] = None,
    confidentialite: Regime = "ouverte",
    auteur: Auteur = "local",
    motif: Motif = "dépôt",
    en_json: EnJson = False,
) -> None:
    """Contrôle un fichier, en scelle les octets, prépare un brouillon ; rien n'est encore en ligne."""
    from observatoire.publication.brouillons import dump_rapport
    from observatoire.publication.deposer import ETAPES
    from observatoire.publication.deposer import deposer as chaine

    niveau, regime, choix = _parse_maille(maille), _parse_regime(confidentialite), _parse_nature(nature)
    with barre(len(ETAPES), muette=en_json) as avancer:
        resultat = chaine(
            contexte_of(ctx).espace,
            fichier,
            source=source,
            periode=periode,
            maille=niveau,
            cog=cog,
            nature=choix,
            confidentialite=regime,
            auteur=auteur,
            motif=motif,
            progression=avancer,
        )
    depot = resultat.depot
    if en_json:
        fiche = _dump_depot(ctx, depot) if depot else None
        _print_json(
            {
                "depot": fiche,
                "accepte": resultat.accepte,
                "deja_depose": resultat.deja_depose,
                "raison_nature": resultat.raison_nature,
                "rapport": dump_rapport(resultat.rapport),
            }
        )
    elif depot is not None and resultat.deja_depose:
        typer.echo(f"● Ce fichier est déjà déposé : {depot.id}, {depot.statut.libelle}, par {depot.auteur}.")
    else:
        print_rapport(resultat.rapport)
        if depot is not None and resultat.accepte:
            typer.echo(
                f"✓ Dépôt {depot.id} ({_name_nature(depot.nature)} : {resultat.raison_nature}). Rien n'est encore en "
                f"ligne : voyez « livraison differences {depot.id} », puis « livraison publier {depot.id} »."
            )
    if not resultat.accepte:
        raise typer.Exit(1)


@groupe.command("differences", cls=CommandeFrancaise)
def differences(
    ctx: typer.Context,
    depot: Identifiant,
    *,
    limite: Annotated[int, typer.Option("--limite", min=0, help="Lignes montrées au plus (0 : toutes).")] = 20,
    en_json: EnJson = False,
) -> None:
    """Montre ce que le dépôt changerait à ce qui est en ligne."""
    from observatoire.publication.differences import compute_differences

    trouvees = compute_differences(contexte_of(ctx).espace, depot)
    if en_json:
        _print_json(trouvees.to_dict(limite))
    else:
        print_differences(trouvees, limite)


@groupe.command("approuver", cls=CommandeFrancaise)
def approuver(ctx: typer.Context, depot: Identifiant, *, auteur: Auteur = "local", motif: Motif = "") -> None:
    """Approuve un brouillon ; avec le double visa, par une autre personne que celle du dépôt."""
    from observatoire.publication.publier import approuver as geste

    geste(contexte_of(ctx).espace, depot, auteur=auteur, motif=motif)
    typer.echo(f"✓ Dépôt {depot} approuvé par {auteur}.")


@groupe.command("publier", cls=CommandeFrancaise)
def publier(
    ctx: typer.Context,
    depots: Annotated[list[str], typer.Argument(help="Un ou plusieurs dépôts (livraison lister).")],
    *,
    auteur: Auteur = "local",
    motif: Motif = "",
    en_json: EnJson = False,
) -> None:
    """Reconstruit avec ces dépôts et les met en ligne d'un seul geste."""
    from observatoire.publication.publier import publier_ensemble

    _rebuild(ctx, publier_ensemble, depots, auteur=auteur, motif=motif, en_json=en_json)


@groupe.command("retirer", cls=CommandeFrancaise)
def retirer(
    ctx: typer.Context, depot: Identifiant, motif: Motif, *, auteur: Auteur = "local", en_json: EnJson = False
) -> None:
    """Reconstruit sans ce dépôt ; ceux qu'il avait remplacés reviennent."""
    from observatoire.publication.publier import retirer as geste

    _rebuild(ctx, geste, depot, auteur=auteur, motif=motif, en_json=en_json)


def _rebuild(
    ctx: typer.Context,
    geste: Callable[..., Resultat],
    depots: list[str] | str,
    *,
    auteur: str,
    motif: str,
    en_json: bool,
) -> None:
    """Joue un geste qui reconstruit, sous sa barre de progression, et dit ce qu'il a fait."""
    from observatoire.publication.construire import count_etapes

    espace = contexte_of(ctx).espace
    with barre(count_etapes(espace), muette=en_json) as avancer:
        resultat = geste(espace, depots, auteur=auteur, motif=motif, progression=avancer)
    _tell_publication(resultat, en_json)


@groupe.command("rejeter", cls=CommandeFrancaise)
def rejeter(ctx: typer.Context, depot: Identifiant, motif: Motif, *, auteur: Auteur = "local") -> None:
    """Rejette un brouillon ; ses octets scellés et le journal restent."""
    from observatoire.publication.publier import rejeter as geste

    geste(contexte_of(ctx).espace, depot, auteur=auteur, motif=motif)
    typer.echo(f"✓ Dépôt {depot} rejeté. Ce qui est en ligne n'a pas changé.")


@groupe.command("lister", cls=CommandeFrancaise)
def lister(
    ctx: typer.Context,
    *,
    source: Annotated[str, typer.Option("--source", "-s", help="Une source (toutes sinon).")] = "",
    en_json: EnJson = False,
) -> None:
    """Liste les dépôts, le plus récent en dernier."""
    from observatoire.publication.historique import list_livraisons

    livraisons = list_livraisons(contexte_of(ctx).espace, source)
    if en_json:
        _print_json({"livraisons": [_dump_depot(ctx, d) | {"en_ligne": en_ligne} for d, en_ligne in livraisons]})
        return
    print_tableau(
        ("dépôt", "source", "fichier", "périodes", "nature", "auteur", "étape", ""),
        [
            (
                d.id,
                d.source,
                d.fichier,
                ", ".join(d.periodes),
                _name_nature(d.nature),
                d.auteur,
                d.statut.libelle,
                "en ligne" if en_ligne else "",
            )
            for d, en_ligne in livraisons
        ],
    )


groupe.command("modele", cls=CommandeFrancaise)(livraison_modele.modele)
groupe.command("bon", cls=CommandeFrancaise)(livraison_bon.bon)
groupe.command("zonage", cls=CommandeFrancaise)(livraison_zonage.zonage)


def _tell_publication(resultat: Any, en_json: bool) -> None:  # noqa: ANN401 -- type importé à la demande
    publication = resultat.publication
    if en_json:
        _print_json(
            {
                "publication": publication.id,
                "indicateurs": len(publication.indicateurs),
                "livraisons": [a.depot for a in publication.livraisons],
                "en_attente": list(resultat.en_attente),
                "anomalies": [str(a) for a in resultat.anomalies],
            }
        )
        return
    typer.echo(f"✓ Publication {publication.id} en ligne : {len(publication.indicateurs)} indicateurs.")
    if resultat.en_attente:
        typer.echo(f"● En attente d'une livraison : {', '.join(resultat.en_attente)}.")


def _dump_depot(ctx: typer.Context, depot: Depot) -> dict[str, Any]:
    """Dépôt prêt pour JSON ; ce qui aiderait à essayer un fichier d'effectifs exacts n'y est pas."""
    from dataclasses import asdict

    from observatoire.registres.depots import hide_depot

    montre = asdict(depot) | hide_depot(contexte_of(ctx).espace.racine, depot)
    return montre | {"periodes": list(depot.periodes), "mailles": list(depot.mailles)}


def _name_nature(nature: NatureDepot) -> str:
    return {
        NatureDepot.NOUVELLE: "nouvelle période",
        NatureDepot.REMPLACE: "remplace",
        NatureDepot.COMPLETE: "complète",
        NatureDepot.CORRIGE: "corrige",
    }[nature]


def _parse_maille(mot: str | None) -> Maille | None:
    from observatoire.analyse.territoires import parse_maille

    return parse_maille(mot) if mot else None


def _parse_regime(mot: str) -> Confidentialite:
    return Confidentialite(_parse_mot(mot, [str(c) for c in Confidentialite], "régime"))


def _parse_nature(mot: str | None) -> NatureDepot | None:
    return NatureDepot(_parse_mot(mot, [str(n) for n in NatureDepot], "nature")) if mot else None


def _parse_mot(mot: str, permis: list[str], quoi: str) -> str:
    if mot not in permis:
        msg = f"« {mot} » n'est pas un mot permis ({quoi}). Choisissez : {', '.join(permis)}."
        raise AppelError(msg)
    return mot


def _print_json(contenu: object) -> None:
    typer.echo(json.dumps(contenu, ensure_ascii=False, default=str))
