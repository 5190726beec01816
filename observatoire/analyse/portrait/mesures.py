"""Mesures d'un portrait : la valeur la plus récente d'un indicateur, et tout ce qui aide à la lire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from observatoire.analyse.consultation import Consultation
from observatoire.analyse.portrait.comparaison import compare
from observatoire.analyse.portrait.modele import LieuxComptes, Mesure, Sujet, TerritoireReference
from observatoire.analyse.portrait.releves import Releve
from observatoire.analyse.resumes import ValeurLue, write_lecture, write_part_sur
from observatoire.analyse.series import PERIODES_D_UNE_COURBE, Courbe, build_courbe, write_evolution
from observatoire.analyse.situation import Situation
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.statuts import Statut

_ABSENTE = ValeurLue(None, str(Statut.NON_DISPONIBLE))


@dataclass(frozen=True)
class Dossier:
    """Tout ce qui est lu d'un territoire avant d'écrire son portrait.

    Attributes:
        lieux: lieux du territoire, par type.
    """

    consultation: Consultation
    sujet: Sujet
    releve: Releve
    references: tuple[tuple[TerritoireReference, Releve], ...]
    situation: Situation
    lieux: Mapping[str, LieuxComptes]


def build_mesure(dossier: Dossier, indicateur: Indicateur) -> Mesure:
    """Mesure d'un indicateur pour le territoire ; sans observation, elle est « non disponible »."""
    consultation, sujet = dossier.consultation, dossier.sujet
    periodes = list(dossier.releve.lues.get(indicateur.id, {}))
    periode = periodes[-1] if periodes else consultation.list_periodes(indicateur.id, sujet.maille)[-1]
    lues = dossier.releve.lues.get(indicateur.id, {}).get(periode, (_ABSENTE,))
    source = consultation.catalogue.sources[indicateur.source]
    unite = name_denominateur(consultation.catalogue, indicateur)
    part = write_part_sur(indicateur, lues[0], unite)
    entiere = len(lues) == 1
    mesure = Mesure(
        indicateur,
        periode,
        lues,
        unite,
        consultation.name_source(indicateur, periode),
        # Un territoire de plusieurs catégories n'en a aucune à dire en une phrase : ses parts sont écrites.
        phrase=write_lecture(indicateur, periode, sujet.nom, lues[0], avec_effectifs=not part) if entiere else "",
        part_sur=part,
        marques=dossier.releve.marques.get((indicateur.id, periode), ()),
        lieux=dossier.lieux.get(source.ressource.type) if source.ressource else None,
        attente=consultation.find_attente(indicateur),
    )
    return _place(dossier, _compare(dossier, mesure))


def name_denominateur(catalogue: Catalogue, indicateur: Indicateur) -> str:
    """Ce que compte le dénominateur : « ménages », « habitants » ; vide s'il n'y en a pas."""
    if indicateur.type_mesure in {TypeMesure.EFFECTIF, TypeMesure.EVOLUTION}:
        return ""
    variable = indicateur.denominateur or indicateur.poids
    return catalogue.variable(variable).unite if variable else "habitants"


def _compare(dossier: Dossier, mesure: Mesure) -> Mesure:
    """Ajoute à une mesure ses références, de la même période."""
    indicateur, periode = mesure.indicateur, mesure.periode
    comparaisons = (
        compare(indicateur, periode, mesure.lue, reference, releve.find(indicateur.id, periode))
        for reference, releve in dossier.references
    )
    return replace(mesure, comparaisons=tuple(c for c in comparaisons if c is not None))


def _place(dossier: Dossier, mesure: Mesure) -> Mesure:
    """Ajoute à une mesure écrite sa situation, si elle est significative, et son évolution."""
    if not mesure.lue.montrable:
        return mesure
    significative = Statut(mesure.lue.statut) is not Statut.NON_SIGNIFICATIF
    etendue = dossier.situation.find(mesure.indicateur.id, mesure.periode) if significative else None
    courbe, evolution = _trace(dossier, mesure.indicateur)
    return replace(mesure, etendue=etendue, courbe=courbe, evolution=evolution)


def _trace(dossier: Dossier, indicateur: Indicateur) -> tuple[Courbe | None, str]:
    """Courbe s'il y a assez de périodes ; phrase d'évolution de la première à la dernière."""
    series = dossier.releve.series(indicateur.id)
    if len(series) < PERIODES_D_UNE_COURBE - 1:
        return None, ""
    noms = [(dossier.sujet.libelle, series)]
    noms += [(r.court, releve.series(indicateur.id)) for r, releve in dossier.references]
    dates = list(series.items())
    return build_courbe(indicateur, noms), write_evolution(indicateur, dates[0], dates[-1])
