"""Part ou nombre : d'un rapport dont le numérateur est publié, la carte du nombre.

Le compte du catalogue passe devant : s'il existe un indicateur d'effectif sur la même variable, au même
niveau et à la même période, c'est lui qui est montré, avec ses bornes et sa phrase. Sinon le nombre se
déduit du rapport (``derive_nombre``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from observatoire.analyse.portee import Reference, read_references
from observatoire.cartes.nombre import count_numerateur
from observatoire.modeles.indicateurs import Agregation, Classes, Indicateur, TypeMesure

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from observatoire.analyse.consultation import Consultation
    from observatoire.modeles.mailles import Maille

PART, NOMBRE = "part", "nombre"
_PART_DES = "Part des "
_LIBELLE_COURT_MAX = 40
_POPULATION = re.compile(r"^Population (?=de |d')")
_PLURIEL = re.compile(r"^[^\s(]+[sx]\b")


def has_nombre(indicateur: Indicateur) -> bool:
    """Vrai si l'indicateur est un rapport dont on peut aussi montrer le nombre.

    Un rapport « par unité » (€ par personne, m² par personne : multiplicateur 1) est une moyenne : son
    numérateur est une somme d'euros ou de surfaces, pas un compte. Une part pondérée (« Part des
    habitants dont… ») compte ce qui la pondère.
    """
    if indicateur.type_mesure is TypeMesure.DENSITE:
        return True
    if indicateur.type_mesure is TypeMesure.MOYENNE:
        return indicateur.est_part and indicateur.libelle.startswith(_PART_DES)
    rapport = indicateur.type_mesure is TypeMesure.RATIO and indicateur.denominateur is not None
    return rapport and indicateur.multiplicateur > 1


def name_mesure(indicateur: Indicateur) -> str:
    """Nom de la mesure qui n'est pas le nombre : « Part », « Densité » ou « Rapport »."""
    if indicateur.est_part:
        return "Part"
    return "Densité" if indicateur.type_mesure is TypeMesure.DENSITE else "Rapport"


def resolve_mesure(
    consultation: Consultation, indicateur: Indicateur, mesure: str, maille: Maille, periode: str
) -> Indicateur:
    """Fiche de ce qui est montré : l'indicateur, le compte publié de son numérateur, ou la fiche de son nombre."""
    if mesure != NOMBRE or not has_nombre(indicateur):
        return indicateur
    return _find_compte(consultation, indicateur, maille, periode) or _make_fiche(consultation, indicateur)


def read_mesure(
    consultation: Consultation,
    indicateur: Indicateur,
    mesure: str,
    maille: Maille,
    periode: str,
    departement: str | None = None,
) -> tuple[Indicateur, pd.DataFrame]:
    """Fiche et valeurs de la mesure voulue d'un indicateur.

    Args:
        consultation: publication ouverte.
        indicateur: indicateur choisi.
        mesure: ``"part"`` ou ``"nombre"`` ; sans nombre possible, la part.
        maille: niveau.
        periode: période publiée de l'indicateur.
        departement: département couvert, ou ``None`` pour la France.

    Returns:
        La fiche de ce qui est montré, et ses valeurs (``COLONNES_VALEURS``).
    """
    montre = resolve_mesure(consultation, indicateur, mesure, maille, periode)
    if montre.id != indicateur.id:
        return montre, consultation.read_valeurs(montre, maille, periode, departement)
    valeurs = consultation.read_valeurs(indicateur, maille, periode, departement)
    return (montre, valeurs) if montre is indicateur else (montre, count_numerateur(indicateur, valeurs))


def read_references_mesure(
    consultation: Consultation, indicateur: Indicateur, montre: Indicateur, periode: str, departement: str | None
) -> tuple[Reference, ...]:
    """Références (département, France) dans la mesure montrée.

    Args:
        consultation: publication ouverte.
        indicateur: indicateur choisi.
        montre: fiche rendue par ``read_mesure``.
        periode: période montrée.
        departement: département couvert, ou ``None``.
    """
    return read_references(consultation, montre, periode, departement, choose_conversion(indicateur, montre))


def choose_conversion(indicateur: Indicateur, montre: Indicateur) -> Callable[[pd.DataFrame], pd.DataFrame] | None:
    """Passage des observations lues sous ``montre.id`` à la mesure montrée ; ``None`` si elles le sont déjà."""
    # La fiche du nombre garde l'identifiant du rapport dont elle se déduit.
    if montre is indicateur or montre.id != indicateur.id:
        return None
    return lambda valeurs: count_numerateur(indicateur, valeurs)


def derive_nombre(
    consultation: Consultation, indicateur: Indicateur, valeurs: pd.DataFrame
) -> tuple[Indicateur, pd.DataFrame]:
    """Déduit le nombre d'un rapport : symboles proportionnels, unité de la variable comptée, sans décimale.

    Ce qui était masqué, absent ou hors champ le reste. « Non significatif » disparaît : c'est le rapport
    qui tremble sous un petit dénominateur, pas le compte ; les réserves qu'il cachait (``marques``)
    reparaissent. Un compte dont une part du territoire manque est « partiel », dès la première commune
    (``methodes`` §3.4), avec un minimum et sans maximum. Les bornes se déduisent de celles du rapport :
    ``rapport⁻ × dénominateur`` ne dépasse jamais le vrai minimum, ``rapport⁺ × dénominateur`` jamais moins
    que le vrai maximum ; sauf à 100 %, où le rapport a pu être coupé et où le maximum est tu.

    Args:
        consultation: publication ouverte.
        indicateur: rapport (``has_nombre``).
        valeurs: ses valeurs (``COLONNES_VALEURS``).

    Returns:
        La fiche du nombre et ses valeurs, mêmes lignes et mêmes colonnes.
    """
    return _make_fiche(consultation, indicateur), count_numerateur(indicateur, valeurs)


def _find_compte(consultation: Consultation, indicateur: Indicateur, maille: Maille, periode: str) -> Indicateur | None:
    return next(
        (
            i
            for i in consultation.catalogue.indicateurs.values()
            if i.type_mesure is TypeMesure.EFFECTIF
            and i.numerateur == indicateur.numerateur
            and i.multiplicateur == 1
            and periode in consultation.list_periodes(i.id, maille)
        ),
        None,
    )


def _make_fiche(consultation: Consultation, indicateur: Indicateur) -> Indicateur:
    libelle, unite = _name_compte(consultation, indicateur)
    titre = f"{libelle}, nombre"
    return indicateur.model_copy(
        update={
            "libelle": titre,
            "libelle_court": titre if len(titre) <= _LIBELLE_COURT_MAX else f"{indicateur.libelle_court}, nombre",
            "type_mesure": TypeMesure.EFFECTIF,
            "agregation": Agregation.SOMME,
            "unite": unite,
            "decimales": 0,
            "denominateur": None,
            "multiplicateur": 1.0,
            "min_denominateur": None,
            "classes": Classes(),
            "controles": (),
            "lecture": f"En {{periode}}, on comptait {{a_territoire}} {{valeur}} {_write_compte(libelle, unite)}.",
        }
    )


def _name_compte(consultation: Consultation, indicateur: Indicateur) -> tuple[str, str]:
    """Ce qui est compté, et son unité."""
    if indicateur.type_mesure is TypeMesure.MOYENNE:
        reste = indicateur.libelle.removeprefix(_PART_DES)
        poids = consultation.catalogue.variable(indicateur.poids).unite if indicateur.poids else "habitants"
        return reste[0].upper() + reste[1:], poids
    variable = consultation.catalogue.variable(indicateur.numerateur)
    return variable.libelle, variable.unite


def _write_compte(libelle: str, unite: str) -> str:
    """Ce qui est compté, après un nombre : « ménages à bas revenus », « habitants de 75 ans ou plus »."""
    if _POPULATION.match(libelle):
        return _POPULATION.sub(f"{unite} ", libelle)
    minuscule = libelle[0].lower() + libelle[1:]
    # Un libellé au pluriel se compte tel quel (« lycées ») ; un singulier précise son unité.
    return minuscule if _PLURIEL.match(libelle) else f"{unite} ({minuscule})"
