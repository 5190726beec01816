"""Type de mesure : chaque type a ses champs obligatoires, et refuse ceux qu'il n'emploierait pas."""

from __future__ import annotations

from collections.abc import Iterator

from observatoire.catalogue.fautes import Faute
from observatoire.catalogue.fiches import Brouillon
from observatoire.modeles.indicateurs import (
    AGREGATIONS_PERMISES,
    Agregation,
    Indicateur,
    Nature,
    Representation,
    TypeMesure,
)

_CHAMPS = {
    "denominateur": frozenset({TypeMesure.RATIO, TypeMesure.DENSITE}),
    "poids": frozenset({TypeMesure.MOYENNE, TypeMesure.ACCESSIBILITE}),
    "modalites": frozenset({TypeMesure.TYPOLOGIE}),
}
"""Champs obligatoires de certains types ; ailleurs, rien ne les lirait."""

_FACULTATIFS = {("poids", TypeMesure.INDICE)}
_MANQUES = {
    "denominateur": "il faut dire à quoi le numérateur est rapporté",
    "poids": "sans poids, la moyenne d'un territoire donnerait autant à un village qu'à une ville",
    "modalites": "il faut énumérer les classes, avec leur libellé",
}
_TYPES_NON_MOYENNABLES = frozenset({TypeMesure.QUANTILE, TypeMesure.TYPOLOGIE})


def check_mesure(brouillon: Brouillon) -> Iterator[Faute]:
    """Champs, agrégation, dessin et polarité cohérents avec le type de mesure et la nature."""
    for fiche, indicateur in brouillon.bien_formes():
        for champ, message in (*_champs(indicateur), *_agregation(indicateur), *_sens(indicateur)):
            yield fiche.document.faute(message, champ)


def _champs(indicateur: Indicateur) -> Iterator[tuple[str, str]]:
    """Champs qui manquent ou qui sont de trop."""
    genre = indicateur.type_mesure
    for champ, types in _CHAMPS.items():
        present = bool(getattr(indicateur, champ))
        if genre in types and not present:
            yield champ, f"« {champ} » manque pour le type_mesure « {genre} » : {_MANQUES[champ]} ; ajoutez « {champ} »"
        elif present and genre not in types and (champ, genre) not in _FACULTATIFS:
            yield champ, f"« {champ} » ne sert pas au type_mesure « {genre} » ; retirez-le ou changez de type_mesure"


def _agregation(indicateur: Indicateur) -> Iterator[tuple[str, str]]:
    """Agrégation permise par le type, et dessin que la carte suivra vraiment."""
    genre, agregation = indicateur.type_mesure, indicateur.agregation
    permises = AGREGATIONS_PERMISES[genre]
    if agregation is not None and agregation not in permises:
        raison = (
            "on ne fait pas la moyenne d'une médiane ou d'une classe"
            if genre in _TYPES_NON_MOYENNABLES and agregation is Agregation.MOYENNE_PONDEREE
            else "le résultat n'aurait pas de sens"
        )
        refus = f"agregation « {agregation} » refusée pour le type_mesure « {genre} » : {raison}"
        yield "agregation", f"{refus} ; permis : {', '.join(permises)}"
    if agregation is Agregation.MOYENNE_PONDEREE and genre is TypeMesure.INDICE and not indicateur.poids:
        yield "poids", "« poids » manque : un indice moyenné se pondère, par les effectifs que prévoit son producteur"
    voulue, suivie = indicateur.representation, indicateur.representation_retenue
    if voulue is not None and voulue is not suivie:
        raison = (
            "un effectif ne se met jamais en aplats, car un grand territoire paraîtrait toujours plus concerné ; "
            "écrivez « representation: symboles » ou retirez la ligne"
            if suivie is Representation.SYMBOLES
            else "seul un effectif se dessine en symboles ; écrivez « representation: aplats » ou retirez la ligne"
        )
        yield "representation", f"representation « {voulue} » refusée pour le type_mesure « {genre} » : {raison}"


def _sens(indicateur: Indicateur) -> Iterator[tuple[str, str]]:
    """Polarité : un contexte n'est jamais jugé, une ressource n'est jamais un mal."""
    if indicateur.nature is Nature.CONTEXTE and indicateur.polarite != 0:
        yield "polarite", "un indicateur de contexte ne porte pas de jugement ; écrivez « polarite: 0 »"
    if indicateur.nature is Nature.RESSOURCE and indicateur.polarite < 0:
        yield "polarite", "une ressource ne peut pas être défavorable ; écrivez « polarite: 1 » ou « polarite: 0 »"
    if indicateur.est_part and indicateur.decimales > 1:
        yield "decimales", "un pourcentage s'écrit avec une décimale au plus ; écrivez « decimales: 1 »"
