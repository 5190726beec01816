"""``observatoire valeurs`` : les valeurs d'un indicateur, en tableau ou en JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from observatoire.cli.codes_zone import read_codes
from observatoire.cli.contexte import contexte_of
from observatoire.cli.tableau import print_tableau
from observatoire.errors import AppelError
from observatoire.modeles.nombres import format_valeur
from observatoire.modeles.statuts import Statut

if TYPE_CHECKING:
    from observatoire.analyse.consultation import Consultation


def valeurs(
    ctx: typer.Context,
    *,
    indicateur: Annotated[str, typer.Option("--indicateur", "-i", help="Identifiant de l'indicateur.")],
    maille: Annotated[str | None, typer.Option("--maille", "-m", help="Niveau géographique (commune, epci…).")] = None,
    departement: Annotated[str | None, typer.Option("--departement", "-d", help="Code du département.")] = None,
    periode: Annotated[str | None, typer.Option("--periode", "-p", help="Période (la plus récente sinon).")] = None,
    publication: Annotated[str | None, typer.Option("--publication", help="Publication (la courante sinon).")] = None,
    au: Annotated[
        str | None, typer.Option("--au", help="Tel qu'en ligne ce jour-là (AAAA-MM-JJ).", metavar="<date>")
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option("--zone", help="Communes à réunir (97401,97402 ou @fichier), au lieu d'un niveau."),
    ] = None,
    en_json: Annotated[bool, typer.Option("--json", help="Rend les valeurs en JSON.")] = False,
) -> None:
    """Donne les valeurs d'un indicateur à un niveau, ou sa valeur dans une zone de communes choisies."""
    from observatoire.analyse.export_json import build_valeurs_json
    from observatoire.analyse.territoires import parse_maille

    contexte = contexte_of(ctx)
    if au is not None:
        from observatoire.publication.historique import find_publication_at

        if publication is not None:
            msg = "--au et --publication désignent tous deux une publication : gardez l'un des deux."
            raise AppelError(msg)
        publication = find_publication_at(contexte.espace, au).id
    consultation = contexte.consultation(publication)
    if zone is not None:
        if maille is not None or departement is not None:
            raise AppelError("--zone réunit des communes choisies : elle va sans --maille ni --departement.")
        _print_zone(consultation, indicateur, read_codes(zone), periode, en_json=en_json)
        return
    if maille is None:
        raise AppelError("Il manque « --maille » (un niveau) ou « --zone » (des communes à réunir).")
    contenu = build_valeurs_json(
        consultation, indicateur, parse_maille(maille), periode=periode, departement=departement
    )
    if en_json:
        typer.echo(json.dumps(contenu, ensure_ascii=False, allow_nan=False))
        return
    fiche = consultation.find_indicateur(indicateur)
    meta = contenu["meta"]
    typer.echo(f"{meta['libelle']} ({meta['unite']}), {meta['periode']}\n{meta['source']}")
    lignes = [
        (v["code_territoire"], v["libelle"], v["modalite"], _show(v, fiche), v["statut"], _tell_correction(v))
        for v in contenu["valeurs"]
    ]
    corrigees = any(ligne[-1] for ligne in lignes)
    entetes = ("code", "territoire", "modalité", "valeur", "statut", "correction")
    print_tableau(entetes if corrigees else entetes[:-1], [li if corrigees else li[:-1] for li in lignes])


def _print_zone(
    consultation: Consultation, indicateur: str, codes: tuple[str, ...], periode: str | None, *, en_json: bool
) -> None:
    from observatoire.analyse.zone import build_zone_json, compute_zone

    zone = compute_zone(consultation, indicateur, codes, periode)
    contenu = build_zone_json(consultation, indicateur, zone)
    if en_json:
        typer.echo(json.dumps(contenu, ensure_ascii=False, allow_nan=False))
        return
    fiche, meta, valeur = consultation.find_indicateur(indicateur), contenu["meta"], contenu["valeur"]
    typer.echo(f"{meta['libelle']} ({meta['unite']}), {meta['periode']}\n{meta['source']}")
    bornes = tuple(_write_borne(valeur[b], fiche) for b in ("borne_inf", "borne_sup"))
    marques = ", ".join(Statut(s).libelle for s in (valeur["statut"], *valeur["marques"]))
    print_tableau(
        ("zone", "valeur", "au moins", "au plus", "statut", "habitants publiés"),
        [(f"{len(codes)} communes", _show(valeur, fiche), *bornes, marques, f"{100 * zone.couverture:.0f} %")],
    )
    typer.echo("Somme de ce qui est publié de ces communes ; une commune masquée n'y entre que par ses bornes.")


def _write_borne(borne: float | None, fiche: Any) -> str:  # noqa: ANN401 -- fiche d'indicateur, importée à la demande
    return "" if borne is None else format_valeur(borne, fiche.unite, fiche.decimales)


def _tell_correction(valeur: dict[str, Any]) -> str:
    return str(valeur["correction"]["texte"]) if "correction" in valeur else ""


def _show(valeur: dict[str, Any], fiche: Any) -> str:  # noqa: ANN401 -- fiche d'indicateur, importée à la demande
    if valeur["valeur"] is None:
        return Statut(valeur["statut"]).signe
    # La valeur d'une typologie est la part d'habitants de la classe, quelle que soit son unité.
    return format_valeur(valeur["valeur"], "%" if fiche.modalites else fiche.unite, fiche.decimales)
