"""Lieux de ressource à dessiner : types présents dans un département, et leurs fichiers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from observatoire.cartes.lieux import FORMES, LieuxFichier, name_lieux

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from observatoire.modeles.catalogue import Catalogue
    from observatoire.modeles.sources import RessourceDeclaree


class TypeLieu(NamedTuple):
    """Type de lieu à proposer : son nom, et le signe qu'il a sur la carte."""

    libelle: str
    lettre: str
    forme: str


def list_types(catalogue: Catalogue, fichiers: Mapping[str, LieuxFichier], departement: str) -> dict[str, TypeLieu]:
    """Types qui ont un lieu au moins dans le département."""
    return {
        r.type: TypeLieu(f"{r.libelle_pluriel[0].upper()}{r.libelle_pluriel[1:]}", r.lettre, forme)
        for r, forme in _formes(catalogue).values()
        if name_lieux(r.type, departement) in fichiers
    }


def list_lieux(
    catalogue: Catalogue, fichiers: Mapping[str, LieuxFichier], departement: str, types: Iterable[str]
) -> list[dict[str, str]]:
    """Demandes d'affichage des types choisis, pour ``build_message(lieux=...)``."""
    declarees = _formes(catalogue)
    voulus = [(*declarees[t], fichiers.get(name_lieux(t, departement))) for t in types if t in declarees]
    return [f.to_message(r.lettre, r.libelle, forme) for r, forme, f in voulus if f is not None]


def _formes(catalogue: Catalogue) -> dict[str, tuple[RessourceDeclaree, str]]:
    """Forme de chaque type : elle suit le rang dans le catalogue, et cacher un type ne change pas les autres."""
    return {r.type: (r, FORMES[rang % len(FORMES)]) for rang, r in enumerate(_declarees(catalogue))}


def _declarees(catalogue: Catalogue) -> list[RessourceDeclaree]:
    return sorted((s.ressource for s in catalogue.sources.values() if s.ressource), key=lambda r: r.libelle_pluriel)
