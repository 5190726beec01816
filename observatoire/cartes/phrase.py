"""Phrase de tête d'une carte : la même à l'écran, sur l'image et pour un lecteur d'écran."""

from __future__ import annotations

from observatoire.analyse.articles import NomTerritoire
from observatoire.analyse.portee import Reference, find_couverte
from observatoire.analyse.resumes import write_resume, write_resume_typologie
from observatoire.cartes.lecture import EtatCarte, LectureCarte
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import INSECABLE, format_periode


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
    dite = couverte is not None and couverte.montrable
    if lecture.etendue is None and not dite and lecture.effectif(EtatCarte.NON_SIGNIFICATIF):
        texte = format_periode(periode)
        quand = texte if texte.startswith("de ") else f"en {texte}"
        # Des valeurs sont publiées : dire qu'il n'y en a pas serait faux.
        return (
            f"{lecture.indicateur.libelle}, {quand}{INSECABLE}: pour les {maille.libelle_pluriel} "
            f"{nom.du_territoire}, trop peu de cas pour conclure."
        )
    valeurs = lecture.effectif(EtatCarte.CLASSE) + lecture.effectif(EtatCarte.ZERO)
    seule_sur = len(lecture.table) if valeurs == 1 else 0
    return write_resume(lecture.indicateur, periode, nom, couverte, lecture.etendue, maille, seule_sur)
