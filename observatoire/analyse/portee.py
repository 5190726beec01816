"""Portée d'une carte : le territoire couvert, et les valeurs auxquelles on compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from observatoire.analyse.articles import NomTerritoire, name_territoire
from observatoire.analyse.consultation import Consultation
from observatoire.analyse.resumes import ValeurLue, read_valeur_lue
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.mailles import Maille

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

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
    consultation: Consultation,
    indicateur: Indicateur,
    periode: str,
    departement: str | None,
    convert: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
) -> tuple[Reference, ...]:
    """Valeurs du département et de la France, quand l'indicateur y est publié cette année-là.

    Une catégorie ne se compare pas à celle d'un ensemble : une typologie n'a pas de référence.

    Args:
        consultation: publication ouverte.
        indicateur: fiche.
        periode: période montrée.
        departement: département couvert, ou ``None`` pour la France.
        convert: passage à une autre mesure (de la part au nombre), s'il en faut un.
    """
    if indicateur.type_mesure is TypeMesure.TYPOLOGIE:
        return ()
    voulues = [(Maille.FRANCE, CODE_FRANCE, "France")]
    if departement is not None:
        libelle = consultation.territoires.libelle(Maille.DEPARTEMENT, departement)
        voulues.insert(0, (Maille.DEPARTEMENT, departement, libelle))
    publiees = [v for v in voulues if periode in consultation.list_periodes(indicateur.id, v[0])]
    if not publiees:
        return ()
    lues = consultation.read_points(indicateur, periode, [(maille, code) for maille, code, _ in publiees])
    lignes = {str(ligne["maille"]): ligne for ligne in (convert(lues) if convert else lues).to_dict("records")}
    return tuple(
        Reference(maille, libelle, read_valeur_lue({str(c): v for c, v in lignes[str(maille)].items()}))
        for maille, _, libelle in publiees
        if str(maille) in lignes
    )


def find_couverte(references: tuple[Reference, ...], departement: str | None) -> ValeurLue | None:
    """Valeur du territoire couvert par la carte, si elle est publiée."""
    maille = Maille.FRANCE if departement is None else Maille.DEPARTEMENT
    return next((r.lue for r in references if r.maille is maille), None)
