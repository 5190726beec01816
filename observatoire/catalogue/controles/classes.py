"""Découpage de la légende en classes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from observatoire.catalogue.fautes import Faute
from observatoire.catalogue.fiches import Brouillon
from observatoire.modeles.indicateurs import Classes, MethodeClasses


def check_classes(brouillon: Brouillon) -> Iterator[Faute]:
    """Des classes fixes ont leurs bornes, croissantes et en bon nombre ; les autres n'en ont pas."""
    for fiche, indicateur in brouillon.bien_formes():
        for message in _messages(indicateur.classes):
            yield fiche.document.faute(message, "classes", "bornes")


def _messages(classes: Classes) -> Iterator[str]:
    bornes = classes.bornes
    if classes.methode is not MethodeClasses.FIXES:
        if bornes:
            yield (
                f"« classes » : la méthode « {classes.methode} » calcule ses bornes ; "
                "retirez « bornes » ou écrivez « methode: fixes »"
            )
        return
    if not bornes:
        yield "« classes » : la méthode « fixes » demande « bornes », les limites entre deux classes voisines"
        return
    if any(suivante <= borne for borne, suivante in pairwise(bornes)):
        yield "« classes » : les bornes doivent aller en croissant, sans répétition"
    nombre = len(bornes) + 1
    if "nombre" in classes.model_fields_set and classes.nombre != nombre:
        yield f"« classes » : {len(bornes)} bornes font {nombre} classes, et « nombre » en annonce {classes.nombre}"
