"""Ressources au même rang que les besoins : aucun besoin, aucune problématique sans ressource à montrer."""

from __future__ import annotations

from collections.abc import Iterator

from observatoire.catalogue.fautes import Faute
from observatoire.catalogue.fiches import Brouillon, Fiche
from observatoire.catalogue.proches import find_proche
from observatoire.modeles.indicateurs import Indicateur, Nature


def check_ressources(brouillon: Brouillon) -> Iterator[Faute]:
    """Tout besoin cite une ressource, tout lien mène à une ressource, toute problématique en montre une."""
    for fiche, indicateur in brouillon.bien_formes():
        yield from _liens(brouillon, fiche, indicateur)
        if indicateur.nature is Nature.BESOIN and not indicateur.ressources_liees:
            message = (
                "« ressources_liees » manque : un besoin se montre toujours avec ses ressources ; "
                "nommez au moins un indicateur de nature « ressource »"
            )
            yield fiche.document.faute(message, "nature")
    yield from _problematiques(brouillon)


def _liens(brouillon: Brouillon, fiche: Fiche[Indicateur], indicateur: Indicateur) -> Iterator[Faute]:
    ressources = [autre.id for _, autre in brouillon.bien_formes() if autre.nature is Nature.RESSOURCE]
    for rang, nom in enumerate(indicateur.ressources_liees):
        liee = brouillon.indicateurs.get(nom)
        if liee is None:
            message = f"« ressources_liees » : aucun indicateur ne s'appelle « {nom} »"
            yield fiche.document.faute(message, "ressources_liees", rang, proche=find_proche(nom, ressources))
        elif liee.objet is not None and liee.objet.nature is not Nature.RESSOURCE:
            message = (
                f"« ressources_liees » : « {nom} » est de nature « {liee.objet.nature} », pas « ressource » ; "
                "nommez un indicateur de ressource"
            )
            yield fiche.document.faute(message, "ressources_liees", rang)


def _problematiques(brouillon: Brouillon) -> Iterator[Faute]:
    natures: dict[str, set[Nature]] = {}
    for _, indicateur in brouillon.bien_formes():
        for problematique in indicateur.problematiques:
            natures.setdefault(problematique, set()).add(indicateur.nature)
    for nom, fiche in brouillon.problematiques.items():
        presentes = natures.get(nom, set())
        if Nature.BESOIN in presentes and Nature.RESSOURCE not in presentes:
            message = (
                f"la problématique « {nom} » montre des besoins sans aucune ressource ; "
                f"ajoutez-lui un indicateur de nature « ressource » (dossier « {nom} » ou « problematiques »)"
            )
            yield fiche.document.faute(message, nom)
