"""Niveaux d'un espace : ses zonages s'ajoutent aux niveaux publiés des indicateurs qui s'y calculent."""

from __future__ import annotations

from dataclasses import replace

from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Agregation, Indicateur
from observatoire.modeles.mailles import MAILLES_DEPUIS_COMMUNE, MAILLES_ZONAGES, Maille
from observatoire.territoires.referentiel import Referentiel

_PAR_UNITE = {
    Maille.COMMUNE: frozenset(
        {Maille.CARREAU, Maille.RECTANGLE, Maille.IRIS, Maille.COMMUNE, Maille.ARRONDISSEMENT_MUNICIPAL}
    ),
    Maille.IRIS: frozenset({Maille.IRIS}),
}
"""Niveaux de source d'où l'on atteint un zonage, selon qu'il est fait de communes ou d'IRIS."""


def attach_zonages(catalogue: Catalogue, referentiel: Referentiel) -> Catalogue:
    """Ajoute les zonages du référentiel aux niveaux des indicateurs que l'on sait y calculer.

    Un indicateur qu'il est interdit d'agréger n'y est pas ; un quartier fait d'IRIS n'a que ce qui est
    mesuré par IRIS : le déduire de sa commune n'apprendrait rien de lui.
    """
    unites = {m: _find_unite(referentiel, m) for m in MAILLES_ZONAGES if len(referentiel.list_territoires(m))}
    if not unites:
        return catalogue
    indicateurs = {cle: _extend(catalogue, i, unites) for cle, i in catalogue.indicateurs.items()}
    return replace(catalogue, indicateurs=indicateurs)


def _find_unite(referentiel: Referentiel, maille: Maille) -> Maille:
    return Maille.IRIS if len(referentiel.list_liens(Maille.IRIS, maille)) else Maille.COMMUNE


def _extend(catalogue: Catalogue, indicateur: Indicateur, unites: dict[Maille, Maille]) -> Indicateur:
    if indicateur.agregation_retenue is Agregation.INTERDITE or not set(indicateur.mailles) & set(
        MAILLES_DEPUIS_COMMUNE
    ):
        return indicateur
    variables = [v for v in (indicateur.numerateur, indicateur.denominateur, indicateur.poids) if v]
    sources = {catalogue.source_of(v).maille for v in variables}
    neuves = [m for m, u in unites.items() if sources <= _PAR_UNITE[u] and m not in indicateur.mailles]
    return indicateur.model_copy(update={"mailles": (*indicateur.mailles, *neuves)})
