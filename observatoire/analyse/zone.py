"""Zone à la demande : des communes choisies, agrégées depuis la diffusion et rien d'autre.

Sommes des numérateurs et des dénominateurs publiés. Une commune masquée ou absente n'y entre que par ses
bornes, si la diffusion en donne : la zone n'en dit jamais plus que ses communes lues une à une.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from observatoire.analyse.consultation import Consultation
from observatoire.errors import AppelError
from observatoire.mesures.statuts import degrade_for_couverture
from observatoire.modeles.indicateurs import Agregation, Indicateur, TypeMesure
from observatoire.modeles.mailles import Maille
from observatoire.modeles.statuts import STATUTS_SANS_VALEUR, Statut

_RAPPORTS = (Agregation.RATIO_DES_SOMMES, Agregation.MOYENNE_PONDEREE)
_MARQUES = (Statut.ARRONDI, Statut.ESTIME, Statut.PARTIEL)


@dataclass(frozen=True)
class ValeurZone:
    """Valeur d'une zone ; un nombre inconnu est ``nan``.

    Attributes:
        codes: communes de la zone, triées.
        periode: période.
        valeur: valeur montrée.
        borne_inf: ce qu'elle vaut au moins.
        borne_sup: ce qu'elle vaut au plus.
        numerateur: somme publiée.
        denominateur: somme publiée (rapport).
        statut: statut le plus fort.
        marques: statuts plus faibles.
        couverture: part des habitants dont la commune est publiée (0 à 1).
        population: habitants de la zone.
        communes: nombre de communes par statut.
    """

    codes: tuple[str, ...]
    periode: str
    valeur: float
    borne_inf: float
    borne_sup: float
    numerateur: float
    denominateur: float
    statut: Statut
    marques: tuple[Statut, ...]
    couverture: float
    population: float
    communes: dict[str, int]


def check_agregeable(indicateur: Indicateur) -> None:
    """Vérifie qu'une somme de communes a un sens pour l'indicateur.

    Raises:
        AppelError: elle n'en a pas (médiane, indice, typologie, évolution).
    """
    rapport = indicateur.denominateur is not None or indicateur.poids is not None
    somme = indicateur.type_mesure is TypeMesure.EFFECTIF and indicateur.agregation_retenue is Agregation.SOMME
    permis = indicateur.agregation_retenue in _RAPPORTS and indicateur.type_mesure is not TypeMesure.EVOLUTION
    if not somme and not (permis and rapport):
        msg = (
            f"« {indicateur.id} » ({indicateur.type_mesure}) ne s'agrège pas depuis ses communes : une zone n'en a "
            "pas de valeur. Lisez-le commune par commune."
        )
        raise AppelError(msg)


def compute_zone(
    consultation: Consultation, indicateur: str, codes: Sequence[str], periode: str | None = None
) -> ValeurZone:
    """Agrège un indicateur publié sur des communes.

    Args:
        consultation: publication ouverte.
        indicateur: identifiant.
        codes: communes de la zone ; l'ordre et les répétitions ne comptent pas.
        periode: période ; la plus récente par défaut.

    Raises:
        AppelError: indicateur ou période inconnus, zone vide, ou indicateur qui ne s'agrège pas.
        TerritoireInconnuError: un code n'est pas celui d'une commune.
    """
    fiche = consultation.find_indicateur(indicateur)
    check_agregeable(fiche)
    retenue = consultation.resolve_periode(fiche, Maille.COMMUNE, periode)
    voulus = tuple(sorted(set(codes)))
    if not voulus:
        raise AppelError("La zone est vide : donnez au moins un code de commune.")
    population = np.array([float(consultation.territoires.find(Maille.COMMUNE, c)["population"]) for c in voulus])
    lues = consultation.read_points(fiche, retenue, [(Maille.COMMUNE, c) for c in voulus])
    communes = lues.set_index("code_territoire").reindex(list(voulus))
    communes["statut"] = communes.statut.astype("str").where(communes.statut.notna(), str(Statut.NON_DISPONIBLE))
    communes["marques"] = communes.marques.astype("str").where(communes.marques.notna(), "")
    sur = fiche.denominateur is None or consultation.catalogue.variable(fiche.denominateur).arrondi == 0
    return _aggregate(fiche, communes.assign(population=np.nan_to_num(population)), retenue, denominateur_sur=sur)


def build_zone_json(consultation: Consultation, indicateur: str, zone: ValeurZone) -> dict[str, Any]:
    """Contrat JSON d'une zone : ``meta``, ``zone`` et ``valeur``."""
    fiche = consultation.find_indicateur(indicateur)
    publication = consultation.publication

    def nombre(x: float) -> float | None:
        return None if math.isnan(x) else x

    chiffres = ("valeur", "borne_inf", "borne_sup", "numerateur", "denominateur", "couverture")
    return {
        "meta": {
            "indicateur": fiche.id,
            "libelle": fiche.libelle,
            "unite": fiche.unite,
            "type_mesure": str(fiche.type_mesure),
            "periode": zone.periode,
            "cog": publication.cog,
            "source": consultation.describe_source(fiche, zone.periode),
            "methode": "somme des communes publiées",
            "publication": publication.id,
            "date_publication": publication.date,
        },
        "zone": {
            "codes": list(zone.codes),
            "population": nombre(zone.population),
            "communes": zone.communes,
        },
        "valeur": {nom: nombre(getattr(zone, nom)) for nom in chiffres}
        | {"statut": str(zone.statut), "marques": [str(m) for m in zone.marques]},
    }


def _aggregate(fiche: Indicateur, communes: pd.DataFrame, periode: str, *, denominateur_sur: bool) -> ValeurZone:
    effectif = fiche.type_mesure is TypeMesure.EFFECTIF
    muets = communes.statut.isin([str(s) for s in STATUTS_SANS_VALEUR])
    # Là où la question ne se pose pas, rien ne manque.
    concernees = communes[communes.statut != str(Statut.HORS_CHAMP)]
    connues = communes[~muets]
    manquantes = concernees[muets[concernees.index]]
    couverture = _compute_couverture(concernees, connues)
    num = float(connues.numerateur.sum()) if len(connues) else math.nan
    den = float(connues.denominateur.sum()) if len(connues) and not effectif else math.nan
    facteur = fiche.multiplicateur
    if effectif:
        valeur = num * facteur
        inf, sup = _bound_somme(connues, manquantes)
    else:
        valeur = num / den * facteur if den > 0 else math.nan
        inf, sup = _bound_rapport(concernees, denominateur_sur=denominateur_sur)
    statut, marques = _choose_statut(fiche, concernees, manquantes, couverture, valeur, den)
    tait = statut in STATUTS_SANS_VALEUR
    if not tait and statut in {Statut.PUBLIE, Statut.NON_SIGNIFICATIF} and not marques:
        inf = sup = valeur
    return ValeurZone(
        codes=tuple(communes.index),
        periode=periode,
        valeur=math.nan if tait else valeur,
        borne_inf=inf,
        borne_sup=sup,
        numerateur=math.nan if tait else num,
        denominateur=math.nan if tait else den,
        statut=statut,
        marques=marques,
        couverture=couverture,
        population=float(communes.population.sum()),
        communes={str(s): int(n) for s, n in communes.statut.value_counts().sort_index().items()},
    )


def _compute_couverture(concernees: pd.DataFrame, connues: pd.DataFrame) -> float:
    """Part des habitants concernés dont la commune est publiée ; part des communes si personne n'y habite."""
    total = float(concernees.population.sum())
    if total > 0:
        return float((connues.population * connues.couverture.fillna(0.0)).sum()) / total
    return len(connues) / len(concernees) if len(concernees) else 1.0


def _bound_somme(connues: pd.DataFrame, manquantes: pd.DataFrame) -> tuple[float, float]:
    """Bornes d'un effectif : une commune sans borne compte au moins zéro, au plus on ne sait quoi."""
    bas = float(connues.borne_inf.fillna(0.0).sum() + manquantes.borne_inf.fillna(0.0).sum())
    haut = pd.concat([connues.borne_sup, manquantes.borne_sup])
    return bas, float(haut.sum(skipna=False)) if len(haut) else math.nan


def _bound_rapport(concernees: pd.DataFrame, *, denominateur_sur: bool) -> tuple[float, float]:
    """Bornes d'un rapport : celui de la zone est une moyenne de ceux de ses communes.

    Avec des dénominateurs tous connus, la moyenne se calcule ; sinon elle reste entre le plus petit et le plus
    grand. Une seule commune sans borne, et plus rien n'est certain.
    """
    inf, sup, poids = concernees.borne_inf, concernees.borne_sup, concernees.denominateur
    if concernees.empty or inf.isna().any() or sup.isna().any():
        return math.nan, math.nan
    estime = concernees.statut.eq(str(Statut.ESTIME)) | concernees.marques.str.contains(str(Statut.ESTIME))
    if denominateur_sur and poids.notna().all() and poids.sum() > 0 and not estime.any():
        return float((inf * poids).sum() / poids.sum()), float((sup * poids).sum() / poids.sum())
    return float(inf.min()), float(sup.max())


def _choose_statut(
    fiche: Indicateur,
    concernees: pd.DataFrame,
    manquantes: pd.DataFrame,
    couverture: float,
    valeur: float,
    den: float,
) -> tuple[Statut, tuple[Statut, ...]]:
    """Statut le plus fort, et marques plus faibles ; ce qui manque se dit comme à tout autre niveau."""
    if concernees.empty:
        return Statut.HORS_CHAMP, ()
    degre = degrade_for_couverture(
        np.zeros(1, dtype=np.int8), np.array([couverture]), effectif=fiche.type_mesure is TypeMesure.EFFECTIF
    )[0]
    if math.isnan(valeur) or degre == Statut.NON_DISPONIBLE.rang:
        secret = bool((manquantes.statut == str(Statut.SECRET)).any())
        sans_objet = den == 0 and manquantes.empty
        return (Statut.HORS_CHAMP if sans_objet else Statut.SECRET if secret else Statut.NON_DISPONIBLE), ()
    texte = concernees.statut.str.cat(concernees.marques, sep=",")
    presents = [m for m in _MARQUES if texte.str.contains(str(m)).any()]
    # Une zone se demande pour elle-même : la moindre commune qui manque y est dite.
    if degre == Statut.PARTIEL.rang or len(manquantes):
        presents = [*[m for m in presents if m is not Statut.PARTIEL], Statut.PARTIEL]
    if fiche.min_denominateur is not None and den < fiche.min_denominateur:
        return Statut.NON_SIGNIFICATIF, tuple(presents)
    return (presents[-1], tuple(presents[:-1])) if presents else (Statut.PUBLIE, ())


def sum_denominateur(consultation: Consultation, fiche: Indicateur, codes: Sequence[str], periode: str) -> float | None:
    """Dénominateur d'une zone, lu dans l'indicateur publié qui le compte ; ``None`` s'il n'est pas publié en entier.

    Args:
        consultation: publication ouverte.
        fiche: rapport dont on cherche le dénominateur.
        codes: communes de la zone.
        periode: période du rapport.
    """
    points = [(Maille.COMMUNE, code) for code in codes]
    periodes = set(consultation.read_points(fiche, periode, points).periode_denominateur.dropna().astype("str")) - {""}
    for candidat in consultation.catalogue.indicateurs.values():
        compte = candidat.type_mesure is TypeMesure.EFFECTIF and candidat.agregation_retenue is Agregation.SOMME
        if not compte or candidat.numerateur != fiche.denominateur or len(periodes) != 1:
            continue
        if periodes <= set(consultation.list_periodes(candidat.id, Maille.COMMUNE)):
            somme = compute_zone(consultation, candidat.id, codes, *periodes)
            entiere = somme.statut is Statut.PUBLIE
            return somme.numerateur if entiere else None
    return None
