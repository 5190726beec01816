"""Phrase de tête d'une carte : la même à l'écran, sur l'image et pour un lecteur d'écran."""

from __future__ import annotations

from observatoire.analyse.articles import NomTerritoire
from observatoire.analyse.portee import Reference, find_couverte
from observatoire.analyse.resumes import write_resume, write_resume_typologie
from observatoire.cartes.lecture import EtatCarte, LectureCarte
from observatoire.modeles.mailles import Maille


def write_phrase(
    lecture: LectureCarte,
    periode: str,
    nom: NomTerritoire,
    references: tuple[Reference, ...],
    maille: Maille,
    departement: str | None,
) -> str:
    """Résume une carte en une phrase, sans nommer ni le plus haut ni le plus bas.

    Args:
        lecture: ce que la carte montre.
        periode: période montrée.
        nom: territoire couvert.
        references: valeurs auxquelles on compare.
        maille: niveau montré.
        departement: département couvert, ou ``None`` pour la France.
    """
    if lecture.en_typologie:
        mixtes = lecture.effectif(EtatCarte.MIXTE)
        return write_resume_typologie(lecture.indicateur, periode, nom, lecture.categories, maille, mixtes)
    couverte = find_couverte(references, departement)
    return write_resume(lecture.indicateur, periode, nom, couverte, lecture.etendue, maille)
