"""Preuves d'un indicateur : les valeurs que le calcul doit retrouver, et sa phrase lue sur un territoire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from observatoire.analyse.articles import name_territoire
from observatoire.analyse.portee import CODE_FRANCE
from observatoire.analyse.resumes import ValeurLue, read_valeur_lue, write_lecture
from observatoire.errors import TerritoireInconnuError
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import INSECABLE, format_nombre, format_periode, format_valeur

if TYPE_CHECKING:
    from collections.abc import Iterator

    from observatoire.analyse.consultation import Consultation
    from observatoire.modeles.indicateurs import Controle, Indicateur


@dataclass(frozen=True)
class ControleLu:
    """Valeur attendue d'un territoire, confrontée à celle de la publication.

    Attributes:
        attendu: valeur, territoire et année, en clair.
        verdict: ce que la publication en dit.
        retrouve: vrai si la publication donne cette valeur, à la tolérance près.
        origine: d'où vient la valeur attendue.
    """

    attendu: str
    verdict: str
    retrouve: bool
    origine: str


def check_controles(consultation: Consultation, indicateur: Indicateur) -> tuple[ControleLu, ...]:
    """Confronte chaque valeur déclarée à la publication ; rien n'est tenu pour acquis."""
    return tuple(_check(consultation, indicateur, controle) for controle in indicateur.controles)


def _check(consultation: Consultation, indicateur: Indicateur, controle: Controle) -> ControleLu:
    decimales = max(indicateur.decimales, _count_decimales(controle.valeur))
    valeur = format_valeur(controle.valeur, indicateur.unite, decimales, en_phrase=True)
    quand = format_periode(controle.periode)
    lieu = _name_lieu(consultation, controle.maille, controle.territoire)
    attendu = f"{valeur} {lieu}, {quand if quand.startswith('de ') else f'en {quand}'}"
    lue = _read(consultation, indicateur, controle.maille, controle.periode, controle.territoire)
    if lue is None or lue.valeur is None:
        return ControleLu(attendu, "aucune valeur publiée à cet endroit", retrouve=False, origine=controle.origine)
    # La marge d'un flottant : 31,55 − 31,5 vaut un peu plus que 0,05.
    retrouve = abs(lue.valeur - controle.valeur) <= controle.tolerance + 1e-9
    if not retrouve:
        publie = format_valeur(lue.valeur, indicateur.unite, decimales, en_phrase=True)
        return ControleLu(attendu, f"la publication donne {publie}", retrouve=False, origine=controle.origine)
    return ControleLu(attendu, _write_retrouve(controle.tolerance), retrouve=True, origine=controle.origine)


def _write_retrouve(tolerance: float) -> str:
    if not tolerance:
        return "retrouvé exactement"
    return f"retrouvé à {format_nombre(tolerance, _count_decimales(tolerance))} près"


def _count_decimales(nombre: float) -> int:
    _, _, fraction = f"{nombre:.6f}".rstrip("0").partition(".")
    return len(fraction)


def _name_lieu(consultation: Consultation, maille: Maille, code: str) -> str:
    try:
        trouve = consultation.territoires.find(maille, code)
    except TerritoireInconnuError:
        return f"({maille.libelle}{INSECABLE}{code})"
    lieu = name_territoire(str(trouve.libelle), trouve.type_liaison, maille).a_territoire
    return lieu if maille is Maille.FRANCE else f"{lieu} ({maille.libelle})"


def write_exemple(consultation: Consultation, indicateur: Indicateur, departement: str = "") -> str:
    """Phrase de lecture remplie pour le premier territoire qui a une valeur ; la phrase à trous sinon."""
    for maille, code in _list_candidats(consultation, indicateur, departement):
        periodes = consultation.list_periodes(indicateur.id, maille)
        lue = _read(consultation, indicateur, maille, periodes[-1], code) if periodes else None
        if lue is None:
            continue
        territoire = consultation.territoires.find(maille, code)
        nom = name_territoire(str(territoire.libelle), territoire.type_liaison, maille)
        phrase = write_lecture(indicateur, periodes[-1], nom, lue)
        if phrase:
            return phrase
    return ""


def _list_candidats(
    consultation: Consultation, indicateur: Indicateur, departement: str
) -> Iterator[tuple[Maille, str]]:
    """Territoires à essayer : le département de l'observatoire, la France, puis ce que la source couvre."""
    departements = consultation.territoires.departements()
    codes = set(departements.code)
    couverts = consultation.catalogue.sources[indicateur.source].departements
    voulus = [c for c in (departement, *couverts) if c in codes]
    if not indicateur.modalites:
        yield from ((Maille.DEPARTEMENT, c) for c in voulus[:1])
        yield Maille.FRANCE, CODE_FRANCE
        yield from ((Maille.DEPARTEMENT, c) for c in voulus[1:])
        return
    # Un ensemble est le plus souvent mixte : une catégorie se lit sur une commune.
    chefs_lieux = dict(zip(departements.code, departements.chef_lieu, strict=True))
    yield from ((Maille.COMMUNE, chefs_lieux[c]) for c in (*voulus, *chefs_lieux) if chefs_lieux[c])


def _read(
    consultation: Consultation, indicateur: Indicateur, maille: Maille, periode: str, code: str
) -> ValeurLue | None:
    """Valeur d'un territoire ; ``None`` s'il n'en a pas, ou s'il réunit plusieurs catégories."""
    if periode not in consultation.list_periodes(indicateur.id, maille):
        return None
    lignes = consultation.read_valeur(indicateur, maille, periode, code).to_dict("records")
    modalites = {m.code: m.libelle for m in indicateur.modalites}
    lues = [read_valeur_lue({str(c): v for c, v in ligne.items()}, modalites) for ligne in lignes]
    return lues[0] if len(lues) == 1 else None


def read_periode_denominateur(
    consultation: Consultation, indicateur: Indicateur, departement: str = ""
) -> tuple[str, str]:
    """Périodes de ce qui est mesuré et de ce à quoi on rapporte, lues dans la publication."""
    for maille, code in _list_candidats(consultation, indicateur, departement):
        for periode in reversed(consultation.list_periodes(indicateur.id, maille)):
            lue = _read(consultation, indicateur, maille, periode, code)
            if lue is not None and lue.periode_denominateur:
                return periode, lue.periode_denominateur
    return "", ""
