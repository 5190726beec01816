"""Réglages de la carte : ce qui se choisit, et ce qui ne se choisit pas avec sa raison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from observatoire.app.composants.controles import Option, render_bascule, render_cases, render_curseur, render_liste
from observatoire.app.etat import FRANCE, NOMBRE, PART
from observatoire.cartes.mesures import has_nombre
from observatoire.modeles.indicateurs import Indicateur, Nature
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import format_periode

if TYPE_CHECKING:
    from observatoire.app.composants.lieux import TypeLieu
    from observatoire.app.etat import Choix, Etat

_NATURES = {
    Nature.BESOIN: "Besoins",
    Nature.RESSOURCE: "Ressources",
    Nature.CONTEXTE: "Contexte",
    Nature.ACCOMPAGNEMENT: "Accompagnement",
}
_AUTRE_SUJET = ("indicateur", "comparer", "tri", "page", "cherche", "mesure")
_AUTRE_LIEU = ("territoire", "comparer", "tri", "page", "cherche")
_CURSEUR_DES = 3
"""Nombre de périodes à partir duquel un curseur sert mieux qu'une liste seule."""


def render_sujet(choix: Choix, etat: Etat) -> str:
    """Problématique, puis nature : besoins et ressources au même rang."""
    problematiques = [Option(p, nom) for p, nom in choix.problematiques().items()]
    presentes = choix.natures(etat.problematique)
    natures = [
        Option(str(n), _NATURES[n], "" if n in presentes else "aucun indicateur dans les données ouvertes")
        for n in Nature
        if n in presentes or n in (Nature.BESOIN, Nature.RESSOURCE)
    ]
    return render_liste(
        "problematique", "Problématique", problematiques, etat.problematique, ("nature", *_AUTRE_SUJET)
    ) + render_bascule("nature", "Ce que l’on regarde", natures, etat.nature, _AUTRE_SUJET)


def render_indicateur(choix: Choix, etat: Etat) -> str:
    """Indicateur ; celui que la source ne couvre pas ici le dit."""
    options = [
        Option(i.id, i.libelle_court + ("" if choix.covers(i, etat.departement) else " · sans donnée ici"))
        for i in choix.indicateurs(etat.problematique, etat.nature)
    ]
    return render_liste("indicateur", "Indicateur", options, etat.indicateur, ("comparer", "tri", "page"))


def render_mesure(indicateur: Indicateur, etat: Etat) -> str:
    """« Part » ou « Nombre », quand l'indicateur est un rapport dont le numérateur est publié."""
    if not has_nombre(indicateur):
        return ""
    nom = "Part" if indicateur.est_part else "Rapport"
    options = [Option(PART, nom), Option(NOMBRE, "Nombre")]
    return render_bascule("mesure", "Part ou nombre", options, etat.mesure, ("tri", "page"))


def render_lieu(choix: Choix, etat: Etat, indicateur: Indicateur) -> str:
    """Territoire couvert, niveau, année."""
    departements = choix.consultation.territoires.departements()
    couverts = [Option(FRANCE, "France entière")] + [
        Option(code, f"{libelle} ({code})" + ("" if choix.covers(indicateur, code) else " · sans donnée"))
        for code, libelle in zip(departements.code, departements.libelle, strict=True)
    ]
    niveaux = [
        Option(str(m), _capitalise(m.libelle_pluriel), raison)
        for m, raison in choix.niveaux(indicateur, etat.departement)
    ]
    periodes = choix.periodes(indicateur, Maille(etat.maille))
    annees = [Option(p, format_periode(p), raison) for p, raison in reversed(periodes)]
    publiees = [p for p, raison in periodes if not raison]
    curseur = ""
    if len(publiees) >= _CURSEUR_DES:
        curseur = render_curseur("periode", "Année", publiees, etat.periode, format_periode(etat.periode))
    return (
        render_liste("departement", "Territoire couvert", couverts, etat.departement, _AUTRE_LIEU)
        + '<div class="obs-deux">'
        + render_liste("maille", "Niveau", niveaux, etat.maille, _AUTRE_LIEU)
        + render_liste("periode", "Année", annees, etat.periode, ("comparer",))
        + f"</div>{curseur}"
    )


def render_lieux(types: dict[str, TypeLieu], etat: Etat) -> str:
    """Lieux de ressource à montrer sur la carte."""
    if etat.departement == FRANCE:
        return '<p class="obs-note">Pour voir les lieux de ressource, choisir un département.</p>'
    if not types:
        return '<p class="obs-note">Aucun lieu de ressource recensé ici dans les données ouvertes.</p>'
    options = [Option(t, lieu.libelle, signe=(lieu.forme, lieu.lettre)) for t, lieu in types.items()]
    return render_cases("lieux", "Lieux à montrer", options, etat.types_de_lieux)


def render_comparaison(choix: Choix, etat: Etat, indicateur: Indicateur) -> str:
    """Seconde carte : une autre année, ou ce qui répond au même sujet."""
    autres = [
        Option(f"periode:{p}", format_periode(p), groupe="Une autre année")
        for p, raison in reversed(choix.periodes(indicateur, Maille(etat.maille)))
        if not raison and p != etat.periode
    ]
    groupe = "Ressource liée" if etat.nature == Nature.BESOIN else "Besoin lié"
    lies = [
        Option(f"indicateur:{i.id}", i.libelle_court, raison, groupe)
        for i, raison in choix.indicateurs_lies(indicateur, Maille(etat.maille), etat.departement)
    ]
    if not autres and not lies:
        return ""
    options = [Option("", "Une seule carte"), *lies, *autres]
    return render_liste("comparer", "Seconde carte, à côté", options, etat.comparer)


def _capitalise(texte: str) -> str:
    return texte[0].upper() + texte[1:]
