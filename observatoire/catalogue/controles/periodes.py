"""Périodes publiées et valeurs de contrôle : elles existent dans la source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from observatoire.catalogue.fautes import Faute
from observatoire.catalogue.fiches import Brouillon, Fiche
from observatoire.catalogue.proches import find_proche
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.sources import Source

_COUPLE = re.compile(r"(?P<debut>[0-9][0-9A-Za-z]*)-(?P<fin>[0-9][0-9A-Za-z]*)")
_PERIODE = re.compile(r"\d{4}(-T[1-4]|-S[12]|-(0[1-9]|1[0-2]))?")
_COUPLE_EXEMPLE = "2016-2023"


def check_periodes(brouillon: Brouillon) -> Iterator[Faute]:
    """Les périodes d'une fiche sont livrées par sa source ; ses contrôles portent sur ce qui est publié.

    Une source sans fichier fourni attend des dépôts : ses périodes ne se connaîtront qu'alors, et seule
    leur écriture se vérifie.
    """
    for fiche, indicateur in brouillon.bien_formes():
        fiche_source = brouillon.sources.get(indicateur.source)
        if fiche_source is None or fiche_source.objet is None:
            continue
        livrees = _livrees(fiche_source.objet)
        if indicateur.type_mesure is TypeMesure.EVOLUTION:
            yield from _couples(fiche, indicateur, livrees)
        else:
            yield from _simples(fiche, indicateur, livrees)
        yield from _controles(fiche, indicateur, livrees)


def _livrees(source: Source) -> list[str]:
    return [livraison.periode for livraison in source.livraisons]


def _simples(fiche: Fiche[Indicateur], indicateur: Indicateur, livrees: list[str]) -> Iterator[Faute]:
    for rang, periode in enumerate(indicateur.periodes):
        yield from _known(fiche, indicateur, periode, livrees, ("periodes", rang))


def _couples(fiche: Fiche[Indicateur], indicateur: Indicateur, livrees: list[str]) -> Iterator[Faute]:
    """Une évolution va d'une période livrée à une autre, plus récente."""
    exemple = f"{livrees[0]}-{livrees[-1]}" if livrees else _COUPLE_EXEMPLE
    if not indicateur.periodes:
        message = f"« periodes » manque : une évolution va d'une période à une autre, comme « {exemple} »"
        yield fiche.document.faute(message)
    for rang, couple in enumerate(indicateur.periodes):
        trouve = _COUPLE.fullmatch(couple)
        if trouve is None:
            message = f"« periodes » : « {couple} » n'est pas un couple ; écrivez comme « {exemple} »"
            yield fiche.document.faute(message, "periodes", rang)
            continue
        debut, fin = trouve["debut"], trouve["fin"]
        if debut >= fin:
            message = f"« periodes » : « {couple} » va à rebours ; la période la plus ancienne vient d'abord"
            yield fiche.document.faute(message, "periodes", rang)
        for periode in (debut, fin):
            yield from _known(fiche, indicateur, periode, livrees, ("periodes", rang))


def _known(
    fiche: Fiche[Indicateur], indicateur: Indicateur, periode: str, livrees: list[str], chemin: tuple[str | int, ...]
) -> Iterator[Faute]:
    """Faute si la période n'est pas livrée ou, quand rien n'est fourni, si elle ne s'écrit pas ainsi."""
    if not livrees:
        yield from _badly_written(fiche, "periodes", periode, chemin)
    elif periode not in livrees:
        message = (
            f"« periodes » : la source « {indicateur.source} » ne livre pas « {periode} » ; "
            f"livrées : {', '.join(livrees)}"
        )
        yield fiche.document.faute(message, *chemin, proche=find_proche(periode, livrees))


def _badly_written(
    fiche: Fiche[Indicateur], champ: str, periode: str, chemin: tuple[str | int, ...]
) -> Iterator[Faute]:
    if not _PERIODE.fullmatch(periode):
        message = f"« {champ} » : « {periode} » n'est pas une période ; écrivez 2024, 2024-T4 ou 2024-12"
        yield fiche.document.faute(message, *chemin)


def _controles(fiche: Fiche[Indicateur], indicateur: Indicateur, livrees: list[str]) -> Iterator[Faute]:
    publiees = indicateur.periodes or livrees
    for rang, controle in enumerate(indicateur.controles):
        if controle.maille not in indicateur.mailles:
            message = (
                f"« controles » : le niveau « {controle.maille} » n'est pas dans « mailles », rien ne serait vérifié"
            )
            yield fiche.document.faute(message, "controles", rang, "maille")
        if not publiees:
            yield from _badly_written(fiche, "controles", controle.periode, ("controles", rang, "periode"))
        elif controle.periode not in publiees:
            message = (
                f"« controles » : la période « {controle.periode} » n'est pas publiée ; "
                f"publiées : {', '.join(publiees)}"
            )
            yield fiche.document.faute(message, "controles", rang, "periode")
