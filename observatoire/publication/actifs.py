"""Dépôts actifs : ceux d'une publication, augmentés ou diminués d'un dépôt, joints au catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from observatoire.catalogue.loader import load_catalogue
from observatoire.config import Espace
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.livraisons import NatureDepot
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import LivraisonDeclaree
from observatoire.registres.cle import make_empreinte
from observatoire.registres.depots import Depot
from observatoire.store.publications import LivraisonActive, current_id, load_publication

ENTIERES = frozenset({NatureDepot.NOUVELLE, NatureDepot.REMPLACE})
"""Natures qui prennent la place de tout ce qu'il y avait pour leur période et leur niveau."""


def list_actives(espace: Espace) -> list[LivraisonActive]:
    """Dépôts de la publication courante ; aucun s'il n'y en a pas."""
    return load_publication(espace).livraisons if current_id(espace) else []


def build_active(espace: Espace, depot: Depot) -> LivraisonActive:
    """Ce qu'une publication retient d'un dépôt ; l'empreinte d'un fichier d'effectifs exacts y est à clé."""
    return LivraisonActive(
        depot=depot.id,
        source=depot.source,
        fichier=depot.chemin,
        sha256=make_empreinte(espace.racine, depot.sha256, depot.confidentialite, depot.chemin),
        nature=str(depot.nature),
        lots=depot.lots,
        cog=depot.cog,
    )


def add_active(
    espace: Espace, actives: Sequence[LivraisonActive], depot: Depot
) -> tuple[list[LivraisonActive], list[str]]:
    """Ajoute un dépôt à la liste ; ceux qu'il remplace tout entiers en sortent.

    Returns:
        La liste nouvelle, et les identifiants des dépôts remplacés.
    """
    lots = set(depot.lots) if depot.nature in ENTIERES else set()
    autres = [a for a in actives if a.depot != depot.id]
    remplaces = [a.depot for a in autres if a.source == depot.source and set(a.lots) <= lots]
    gardes = [a for a in autres if a.depot not in remplaces]
    return [*gardes, build_active(espace, depot)], remplaces


def load_catalogue_actif(espace: Espace, actives: Iterable[LivraisonActive]) -> Catalogue:
    """Charge le catalogue de l'espace et joint à ses sources les dépôts actifs.

    Raises:
        CatalogueError: le catalogue est fautif.
    """
    # L'ingestion lit des classeurs, des couches… : elle ne se charge que pour s'en servir.
    from observatoire.ingestion.depots import attach_depots

    catalogue = load_catalogue(espace.dossiers_catalogue())
    par_source: dict[str, list[LivraisonDeclaree]] = {}
    for active in actives:
        par_source.setdefault(active.source, []).extend(build_declarees(active))
    return attach_depots(catalogue, par_source) if par_source else catalogue


def build_declarees(active: LivraisonActive) -> list[LivraisonDeclaree]:
    """Une livraison déclarée par période et par niveau d'un dépôt."""
    return [
        LivraisonDeclaree(
            fichier=active.fichier,
            periode=periode,
            maille=Maille(maille),
            cog=active.cog,
            depot=active.depot,
            nature=NatureDepot(active.nature),
        )
        for periode, maille in active.lots
    ]
