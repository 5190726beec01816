"""Portée d'une carte : le territoire couvert, et les valeurs auxquelles on compare."""

from __future__ import annotations

from typing import NamedTuple

from observatoire.analyse.articles import NomTerritoire, name_territoire
from observatoire.analyse.consultation import Consultation
from observatoire.analyse.resumes import ValeurLue, read_valeur_lue
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.mailles import Maille

CODE_FRANCE = "FR"


class Reference(NamedTuple):
    """Valeur d'un territoire auquel on compare."""

    maille: Maille
    libelle: str
    lue: ValeurLue


def name_portee(consultation: Consultation, departement: str | None) -> NomTerritoire:
    """Nom du territoire couvert par une carte : un département, ou la France."""
    if departement is None:
        return name_territoire("France", None, Maille.FRANCE)
    trouve = consultation.territoires.find(Maille.DEPARTEMENT, departement)
    return name_territoire(str(trouve.libelle), trouve.type_liaison, Maille.DEPARTEMENT)


def read_references(
    consultation: Consultation, indicateur: Indicateur, periode: str, departement: str | None
) -> tuple[Reference, ...]:
    """Valeurs du département et de la France, quand l'indicateur y est publié cette année-là.

    Une catégorie ne se compare pas à celle d'un ensemble : une typologie n'a pas de référence.
    """
    if indicateur.type_mesure is TypeMesure.TYPOLOGIE:
        return ()
    voulues = [(Maille.FRANCE, CODE_FRANCE, "France")]
    if departement is not None:
        libelle = consultation.territoires.libelle(Maille.DEPARTEMENT, departement)
        voulues.insert(0, (Maille.DEPARTEMENT, departement, libelle))
    references = []
    for maille, code, libelle in voulues:
        if periode in consultation.list_periodes(indicateur.id, maille):
            lignes = consultation.read_valeur(indicateur, maille, periode, code).to_dict("records")
            references += [
                Reference(maille, libelle, read_valeur_lue({str(c): v for c, v in ligne.items()})) for ligne in lignes
            ]
    return tuple(references)


def find_couverte(references: tuple[Reference, ...], departement: str | None) -> ValeurLue | None:
    """Valeur du territoire couvert par la carte, si elle est publiée."""
    maille = Maille.FRANCE if departement is None else Maille.DEPARTEMENT
    return next((r.lue for r in references if r.maille is maille), None)
