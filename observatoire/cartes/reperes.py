"""Repères d'une légende : la valeur d'un territoire, à sa place sur l'échelle, en cercle, ou devant son état."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from observatoire.cartes.legende_modele import (
    SIGNE_CHOISI,
    SIGNES_REFERENCES,
    Cercle,
    ContexteLegende,
    Legende,
    Repere,
)
from observatoire.modeles.nombres import INSECABLE, format_valeur

if TYPE_CHECKING:
    from observatoire.cartes.lecture import LectureCarte


def build_reperes(lecture: LectureCarte, contexte: ContexteLegende) -> tuple[Repere, ...]:
    """Repères des territoires de référence, à leur place sur l'échelle ; aucun sans classe."""
    if not lecture.decoupage.nombre:
        return ()
    return tuple(
        _place_repere(lecture, libelle, valeur, SIGNES_REFERENCES[min(rang, len(SIGNES_REFERENCES) - 1)])
        for rang, (libelle, valeur) in enumerate(contexte.reperes)
    )


def _place_repere(lecture: LectureCarte, libelle: str, valeur: float, signe: str) -> Repere:
    decoupage, indicateur = lecture.decoupage, lecture.indicateur
    classe = sum(valeur > borne for borne in decoupage.bornes)
    bas, haut = decoupage.bornes_de(classe)
    part = min(1.0, max(0.0, (valeur - bas) / (haut - bas))) if haut > bas else 0.5
    texte = format_valeur(valeur, indicateur.unite, indicateur.decimales)
    return Repere(libelle, valeur, texte, classe, part, signe)


def mark_territoire(legende: Legende, lecture: LectureCarte, code: str, libelle: str) -> Legende:
    """Ajoute à une légende le repère d'un territoire : sur l'échelle, en cercle, ou devant son état.

    La légende reçue ne change pas : elle se garde en mémoire, et seul le repère suit le clic.

    Args:
        legende: légende de la carte.
        lecture: ce que la carte montre.
        code: territoire choisi.
        libelle: son nom.
    """
    cle = lecture.cle_of(code)
    if not cle:
        return legende
    valeur = lecture.valeur_of(code)
    if valeur is not None and lecture.en_symboles:
        return replace(legende, cercles=(*legende.cercles, _make_cercle(lecture, libelle, valeur)))
    if valeur is not None and cle.isdigit() and not lecture.en_typologie:
        return replace(legende, reperes=(*legende.reperes, _place_repere(lecture, libelle, valeur, SIGNE_CHOISI)))
    entrees, etats = (
        tuple(replace(e, choisie=libelle) if e.cle == cle else e for e in liste)
        for liste in (legende.entrees, legende.etats)
    )
    return replace(legende, entrees=entrees, etats=etats)


def _make_cercle(lecture: LectureCarte, libelle: str, valeur: float) -> Cercle:
    maximum = lecture.decoupage.maximum or valeur
    texte = format_valeur(valeur, lecture.indicateur.unite, lecture.indicateur.decimales)
    part = max(0.0, valeur / maximum) if maximum > 0 else 0.0
    return Cercle(valeur, f"{libelle}{INSECABLE}: {texte}", part, choisi=True)
