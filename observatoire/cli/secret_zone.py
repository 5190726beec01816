"""``observatoire secret zone`` : la valeur exacte, arrondie, d'une zone à la demande, là où est le socle."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from observatoire.cli.codes_zone import read_codes
from observatoire.cli.contexte import contexte_of
from observatoire.cli.tableau import print_tableau
from observatoire.modeles.nombres import format_nombre, format_valeur

if TYPE_CHECKING:
    from observatoire.analyse.consultation import Consultation
    from observatoire.modeles.indicateurs import Indicateur
    from observatoire.secret.zones import ReponseZone


def zone(
    ctx: typer.Context,
    indicateur: Annotated[str, typer.Argument(help="Identifiant de l'indicateur.")],
    *,
    communes: Annotated[str, typer.Option("--zone", help="Communes à réunir (97401,97402 ou @fichier).")],
    auteur: Annotated[str, typer.Option("--auteur", help="Identifiant pseudonyme de qui demande.")],
    periode: Annotated[str | None, typer.Option("--periode", "-p", help="Période (la plus récente sinon).")] = None,
    en_json: Annotated[bool, typer.Option("--json", help="Rend la réponse en JSON.")] = False,
) -> None:
    """Donne, arrondie, la valeur d'une zone si rien ne s'en déduit ; réservé aux valideurs, inscrit au registre."""
    from observatoire.modeles.mailles import Maille
    from observatoire.publication.droits import Role, check_droit, load_regles
    from observatoire.publication.reprise import ecrivain
    from observatoire.secret.zones import AccesZones, DemandeZone, request_zone

    contexte = contexte_of(ctx)
    codes = read_codes(communes)
    role = check_droit(load_regles(contexte.espace), auteur, Role.VALIDEUR, "diffuser une zone")
    # Une publication ne doit pas changer pendant qu'on juge d'après elle.
    with ecrivain(contexte.espace, auteur=auteur, geste="zone") as registres:
        consultation = contexte.consultation()
        fiche = consultation.find_indicateur(indicateur)
        retenue = consultation.resolve_periode(fiche, Maille.COMMUNE, periode)
        for code in codes:
            consultation.territoires.find(Maille.COMMUNE, code)
        communes_publiees = consultation.territoires.list_territoires(Maille.COMMUNE)
        acces = AccesZones(
            espace=contexte.espace,
            registres=registres,
            catalogue=consultation.catalogue,
            publication=consultation.publication.id,
            habitants=communes_publiees.set_index("code").population,
        )
        reponse = request_zone(acces, DemandeZone(fiche, retenue, codes, auteur, str(role)))
    contenu = _build_contenu(consultation, fiche, retenue, codes, reponse)
    if en_json:
        typer.echo(json.dumps(contenu, ensure_ascii=False, allow_nan=False))
    else:
        _print_reponse(fiche, contenu)
    if not reponse.accordee:
        raise typer.Exit(1)


def _build_contenu(
    consultation: Consultation, fiche: Indicateur, periode: str, codes: tuple[str, ...], reponse: ReponseZone
) -> dict[str, Any]:
    from observatoire.analyse.zone import sum_denominateur

    denominateur = None
    if reponse.accordee and fiche.denominateur is not None:
        exact = reponse.valeurs.get(fiche.denominateur)
        denominateur = exact if exact is not None else sum_denominateur(consultation, fiche, codes, periode)
    numerateur = reponse.valeurs.get(fiche.numerateur)
    taux = numerateur / denominateur * fiche.multiplicateur if numerateur is not None and denominateur else None
    return {
        "indicateur": fiche.id,
        "periode": periode,
        "publication": consultation.publication.id,
        "codes": list(codes),
        "accordee": reponse.accordee,
        "numero": reponse.numero,
        "message": reponse.message,
        "arrondi": reponse.pas,
        "valeurs": reponse.valeurs,
        "numerateur": numerateur,
        "denominateur": denominateur,
        "taux": taux,
    }


def _print_reponse(fiche: Indicateur, contenu: dict[str, Any]) -> None:
    if not contenu["accordee"]:
        typer.echo(f"■ Zone refusée. {contenu['message']} (demande n° {contenu['numero']})")
        return
    noms = {fiche.numerateur: "numérateur", fiche.denominateur: "dénominateur"}
    lignes = [(noms.get(v, v), format_nombre(x)) for v, x in contenu["valeurs"].items()]
    if contenu["taux"] is not None:
        lignes.append((fiche.libelle_court, format_valeur(contenu["taux"], fiche.unite, fiche.decimales)))
    typer.echo(f"{fiche.libelle}, {contenu['periode']}, {len(contenu['codes'])} communes")
    print_tableau(("", "valeur"), lignes)
    typer.echo(
        f"✓ Effectifs arrondis au multiple de {contenu['arrondi']} le plus proche ; diffusion n° {contenu['numero']}, "
        "inscrite au registre : elle compte dans le jugement des suivantes."
    )
