"""Attente : un indicateur dont une source n'a encore rien livré n'est ni une erreur, ni un trou."""

from __future__ import annotations

from dataclasses import replace

from observatoire.calculs.moteur import POPULATION
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.sources import Source


def list_variables(indicateur: Indicateur) -> set[str]:
    """Variables qu'un indicateur emploie."""
    # Les parts d'une typologie sont des parts de population, sauf avis contraire.
    poids = indicateur.poids or (POPULATION if indicateur.modalites else None)
    return {v for v in (indicateur.numerateur, indicateur.denominateur, poids) if v}


def split_en_attente(catalogue: Catalogue) -> tuple[Catalogue, tuple[str, ...]]:
    """Met de côté les indicateurs dont une source, ou toutes les périodes, manquent encore.

    Args:
        catalogue: catalogue auquel les dépôts actifs sont joints.

    Returns:
        Le catalogue sans eux (ni leurs sources vides, ni les renvois vers eux), et leurs identifiants.
    """
    livrees = {i: s for i, s in catalogue.sources.items() if s.livraisons}
    gardes: dict[str, Indicateur] = {}
    for identifiant, indicateur in catalogue.indicateurs.items():
        sources = [catalogue.source_of(v) for v in list_variables(indicateur)]
        if any(s.id not in livrees for s in sources):
            continue
        livre = _keep_periodes(indicateur, catalogue.source_of(indicateur.numerateur))
        if livre is not None:
            gardes[identifiant] = livre
    attente = tuple(i for i in catalogue.indicateurs if i not in gardes)
    if not attente and len(livrees) == len(catalogue.sources):
        return catalogue, ()
    sans_renvoi = {i: _cut_renvois(f, gardes.keys()) for i, f in gardes.items()}
    return replace(catalogue, indicateurs=sans_renvoi, sources=livrees), attente


def _keep_periodes(indicateur: Indicateur, source: Source) -> Indicateur | None:
    """L'indicateur, limité à ses périodes déclarées qui sont livrées ; ``None`` s'il n'en reste aucune."""
    if not indicateur.periodes:
        return indicateur
    livrees = {livraison.periode for livraison in source.livraisons}
    couples = indicateur.type_mesure is TypeMesure.EVOLUTION
    gardees = tuple(p for p in indicateur.periodes if livrees.issuperset(p.split("-") if couples else [p]))
    if gardees == indicateur.periodes:
        return indicateur
    return indicateur.model_copy(update={"periodes": gardees}) if gardees else None


def _cut_renvois(indicateur: Indicateur, presents: object) -> Indicateur:
    gardes = tuple(i for i in indicateur.ressources_liees if i in presents)  # type: ignore[operator]
    if gardes == indicateur.ressources_liees:
        return indicateur
    return indicateur.model_copy(update={"ressources_liees": gardes})
