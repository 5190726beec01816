"""Première ressource liée à un besoin : sa valeur la plus récente, pour les lignes d'un tableau."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from observatoire.analyse.consultation import Consultation
from observatoire.analyse.resumes import ValeurLue, read_valeur_lue
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.mailles import Maille


class RessourceLiee(NamedTuple):
    """Ressource liée, sa période, et sa valeur dans chaque territoire demandé qui en a une."""

    indicateur: Indicateur
    periode: str
    lues: dict[str, ValeurLue]


def list_liees(consultation: Consultation, besoin: Indicateur, maille: Maille) -> list[tuple[Indicateur, str]]:
    """Ressources liées publiées à ce niveau, dans l'ordre de la fiche, et leur période la plus récente.

    Une catégorie, qui ne tient pas en une valeur, n'en est pas.
    """
    return [
        (ressource, periodes[-1])
        for identifiant in besoin.ressources_liees
        if (ressource := consultation.catalogue.indicateurs.get(identifiant)) is not None
        and (periodes := consultation.list_periodes(identifiant, maille))
        and ressource.type_mesure is not TypeMesure.TYPOLOGIE
    ]


def read_liee(
    consultation: Consultation, besoin: Indicateur, maille: Maille, codes: Sequence[str]
) -> RessourceLiee | None:
    """Première ressource liée publiée à ce niveau ; ``None`` s'il n'y en a pas.

    Args:
        consultation: publication ouverte.
        besoin: indicateur de la carte.
        maille: niveau.
        codes: territoires voulus, ceux des lignes montrées.
    """
    liees = list_liees(consultation, besoin, maille)
    if not liees:
        return None
    ressource, periode = liees[0]
    lues = consultation.read_points(ressource, periode, [(maille, code) for code in codes])
    lignes = ({str(c): v for c, v in ligne.items()} for ligne in lues.to_dict("records"))
    return RessourceLiee(
        ressource, periode, {str(ligne["code_territoire"]): read_valeur_lue(ligne) for ligne in lignes}
    )
