"""Lacunes d'une publication : ce qu'elle ne couvre pas, ce qui est ancien, ce que personne n'a recensé."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from observatoire.modeles.indicateurs import Nature
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import format_nombre

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from observatoire.analyse.consultation import Consultation
    from observatoire.modeles.indicateurs import Indicateur

AGE_ANCIEN = 10
"""Années d'écart avec la donnée la plus récente au-delà desquelles une donnée est dite ancienne."""
_UN = 1


def find_annees(indicateurs: Mapping[str, Mapping[str, Iterable[str]]]) -> tuple[str, str]:
    """Année la plus ancienne et la plus récente d'une publication ; vides si rien n'est publié.

    Args:
        indicateurs: par indicateur, ses périodes par niveau (``Publication.indicateurs``).
    """
    annees = sorted({a for mailles in indicateurs.values() for periodes in mailles.values() for a in _years(periodes)})
    return (annees[0], annees[-1]) if annees else ("", "")


def _years(periodes: Iterable[str]) -> Iterable[str]:
    """Année d'une période ; celle d'arrivée pour une évolution (« 2016-2023 »)."""
    for periode in periodes:
        debut, _, fin = periode.partition("-")
        yield fin if len(fin) == len(debut) and fin.isdigit() else debut


def list_lacunes(consultation: Consultation, publies: Sequence[Indicateur]) -> tuple[str, ...]:
    """Ce qui manque, en phrases : territoires, années, problématiques."""
    return (
        *_list_couvertures(consultation, publies),
        *_list_anciens(consultation, publies),
        *_list_problematiques(consultation, publies),
    )


def _list_couvertures(consultation: Consultation, publies: Sequence[Indicateur]) -> list[str]:
    catalogue = consultation.catalogue
    comptes = Counter(catalogue.sources[i.source].departements for i in publies)
    comptes.pop((), None)
    phrases = []
    for departements, nombre in comptes.most_common():
        ou = _name_departements(consultation, departements)
        phrases.append(f"{_count(nombre)} ne {'couvrent' if nombre > _UN else 'couvre'} que {ou}.")
    return phrases


def _name_departements(consultation: Consultation, departements: tuple[str, ...]) -> str:
    if len(departements) > _UN:
        return f"{format_nombre(len(departements))} départements"
    connus = consultation.territoires.departements().set_index("code").libelle
    return str(connus.get(departements[0], departements[0]))


def _list_anciens(consultation: Consultation, publies: Sequence[Indicateur]) -> list[str]:
    indicateurs = consultation.publication.indicateurs
    _, recente = find_annees(indicateurs)
    derniers = Counter(find_annees({i.id: indicateurs[i.id]})[1] for i in publies)
    phrases = []
    for annee, nombre in sorted(derniers.items()):
        if int(recente) - int(annee) >= AGE_ANCIEN:
            phrases.append(f"{_count(nombre)} {'datent' if nombre > _UN else 'date'} de {annee}.")
    return phrases


def _list_problematiques(consultation: Consultation, publies: Sequence[Indicateur]) -> list[str]:
    """Problématiques sans besoin mesuré, ou sans ressource recensée."""
    phrases = []
    themes = sorted(consultation.catalogue.problematiques.values(), key=lambda p: p.ordre)
    for nature, debut in (
        (Nature.BESOIN, "Aucun besoin n'est mesuré pour"),
        (Nature.RESSOURCE, "Aucune ressource n'est recensée pour"),
    ):
        presentes = {p for i in publies if i.nature is nature for p in i.problematiques}
        employees = {p for i in publies for p in i.problematiques}
        manquent = [p.libelle for p in themes if p.id in employees - presentes]
        if manquent:
            phrases.append(f"{debut} : {', '.join(manquent)}.")
    fins = sum(str(Maille.IRIS) in consultation.publication.indicateurs[i.id] for i in publies)
    if publies and not fins:
        phrases.append("Aucun indicateur ne descend sous la commune.")
    return phrases


def _count(nombre: int) -> str:
    return f"{format_nombre(nombre)} indicateurs" if nombre > _UN else "Un indicateur"
