"""Vues d'une page : celle que l'adresse demande, et la seconde carte s'il y en a une."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from observatoire.app import cache
from observatoire.app.etat import NOMBRE, PART, Etat
from observatoire.app.vues import CleVue, VueCarte
from observatoire.cartes.mesures import has_nombre
from observatoire.modeles.mailles import Maille

if TYPE_CHECKING:
    from observatoire.analyse.consultation import Consultation


@dataclass(frozen=True)
class Vues:
    """La carte demandée, et celle qui est à côté."""

    premiere: VueCarte
    seconde: VueCarte | None = None

    @property
    def toutes(self) -> tuple[VueCarte, ...]:
        """Une ou deux vues, dans l'ordre de la page."""
        return (self.premiere,) if self.seconde is None else (self.premiere, self.seconde)


def load_vues(consultation: Consultation, etat: Etat) -> Vues:
    """Vues d'un état ; deux années du même indicateur partagent leurs classes."""
    sorte, _, valeur = etat.comparer.partition(":")
    partagee = valeur if sorte == "periode" else ""
    cle = CleVue(etat.indicateur, etat.maille, etat.periode, etat.departement, etat.mesure or PART, partagee)
    premiere = cache.get_vue(consultation, cle)
    if sorte == "periode":
        return Vues(premiere, cache.get_vue(consultation, cle._replace(periode=valeur, classes_avec=etat.periode)))
    if sorte == "indicateur":
        return Vues(premiere, cache.get_vue(consultation, _make_cle_voisine(consultation, etat, valeur)))
    return Vues(premiere)


def _make_cle_voisine(consultation: Consultation, etat: Etat, identifiant: str) -> CleVue:
    """Autre indicateur du même lieu, à l'année publiée la plus proche."""
    indicateur = consultation.find_indicateur(identifiant)
    periodes = consultation.list_periodes(identifiant, Maille(etat.maille))
    proche = min(reversed(periodes), key=lambda p: abs(int(p[:4]) - int(etat.periode[:4])))
    mesure = NOMBRE if etat.mesure == NOMBRE and has_nombre(indicateur) else PART
    return CleVue(identifiant, etat.maille, proche, etat.departement, mesure)
