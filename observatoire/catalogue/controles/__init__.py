"""Contrôles du catalogue : chacun lit le brouillon et rend les fautes qu'il y trouve."""

from collections.abc import Callable, Iterator

from observatoire.catalogue.controles.classes import check_classes
from observatoire.catalogue.controles.glossaire import check_glossaire
from observatoire.catalogue.controles.lecture import check_lecture
from observatoire.catalogue.controles.mailles import check_mailles
from observatoire.catalogue.controles.mesure import check_mesure
from observatoire.catalogue.controles.periodes import check_periodes
from observatoire.catalogue.controles.references import check_references
from observatoire.catalogue.controles.ressources import check_ressources
from observatoire.catalogue.controles.secrets import check_secrets
from observatoire.catalogue.controles.sources import check_sources
from observatoire.catalogue.controles.variables import check_variables
from observatoire.catalogue.fautes import Faute
from observatoire.catalogue.fiches import Brouillon

CONTROLES: tuple[Callable[[Brouillon], Iterator[Faute]], ...] = (
    check_references,
    check_sources,
    check_secrets,
    check_mesure,
    check_variables,
    check_mailles,
    check_periodes,
    check_classes,
    check_lecture,
    check_ressources,
    check_glossaire,
)

__all__ = ["CONTROLES"]
