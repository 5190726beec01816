"""Lieux de ressource à dessiner : types présents dans un département, et leurs fichiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from observatoire.cartes.lieux import FORMES, LieuxFichier, name_lieux

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from observatoire.modeles.catalogue import Catalogue
    from observatoire.modeles.sources import RessourceDeclaree


def list_types(catalogue: Catalogue, fichiers: Mapping[str, LieuxFichier], departement: str) -> dict[str, str]:
    """Libellé de chaque type qui a un lieu au moins dans le département."""
    return {
        r.type: f"{r.libelle_pluriel[0].upper()}{r.libelle_pluriel[1:]}"
        for r in _declarees(catalogue)
        if name_lieux(r.type, departement) in fichiers
    }


def list_lieux(
    catalogue: Catalogue, fichiers: Mapping[str, LieuxFichier], departement: str, types: Iterable[str]
) -> list[dict[str, str]]:
    """Demandes d'affichage des types choisis, pour ``build_message(lieux=...)``."""
    # La forme suit le rang dans le catalogue : cacher un type ne change pas celle des autres.
    declarees = {r.type: (r, FORMES[rang % len(FORMES)]) for rang, r in enumerate(_declarees(catalogue))}
    voulus = [(*declarees[t], fichiers.get(name_lieux(t, departement))) for t in types if t in declarees]
    return [f.to_message(r.lettre, r.libelle, forme) for r, forme, f in voulus if f is not None]


def _declarees(catalogue: Catalogue) -> list[RessourceDeclaree]:
    return sorted((s.ressource for s in catalogue.sources.values() if s.ressource), key=lambda r: r.libelle_pluriel)
