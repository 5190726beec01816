"""Ce que la carte montre de chaque territoire : un état, une classe, jamais un simple nombre."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from observatoire.cartes.classes import Decoupage, choose_classes, find_classes
from observatoire.modeles.indicateurs import Indicateur, Representation, TypeMesure
from observatoire.modeles.statuts import Statut

if TYPE_CHECKING:
    import pandas as pd


class EtatCarte(StrEnum):
    """Manière de dessiner un territoire."""

    CLASSE = "classe"
    ZERO = "zero"
    NON_SIGNIFICATIF = "non_significatif"
    SECRET = "secret"  # noqa: S105 -- statut statistique
    SANS_DONNEE = "sans_donnee"
    HORS_CHAMP = "hors_champ"


_ETAT_PAR_STATUT = {
    Statut.SECRET: EtatCarte.SECRET,
    Statut.NON_DISPONIBLE: EtatCarte.SANS_DONNEE,
    Statut.HORS_CHAMP: EtatCarte.HORS_CHAMP,
    Statut.NON_SIGNIFICATIF: EtatCarte.NON_SIGNIFICATIF,
}


@dataclass(frozen=True)
class LectureCarte:
    """Territoires de la carte, dans l'ordre des contours, et leur découpage.

    ``table`` a pour index le code du territoire et, en plus des colonnes reçues, ``etat`` et ``classe``
    (−1 hors classe ; rang de la modalité pour une typologie).
    """

    indicateur: Indicateur
    table: pd.DataFrame
    decoupage: Decoupage

    @property
    def en_symboles(self) -> bool:
        """Vrai si la carte se dessine en symboles proportionnels."""
        return self.indicateur.representation_retenue is Representation.SYMBOLES

    @property
    def en_typologie(self) -> bool:
        """Vrai si les classes sont des catégories sans ordre."""
        return self.indicateur.type_mesure is TypeMesure.TYPOLOGIE

    def effectif(self, etat: EtatCarte) -> int:
        """Nombre de territoires dans un état."""
        return int((self.table["etat"] == etat).sum())

    @property
    def etendue(self) -> tuple[float, float] | None:
        """Plus petite et plus grande valeur montrées, zéros compris."""
        vues = self.table.loc[self.table["etat"].isin([EtatCarte.CLASSE, EtatCarte.ZERO]), "valeur"].dropna()
        return (float(vues.min()), float(vues.max())) if len(vues) else None


def read_carte(indicateur: Indicateur, valeurs: pd.DataFrame, codes: pd.Series[str]) -> LectureCarte:
    """Range les valeurs dans l'ordre des contours et leur donne état et classe.

    Un contour sans ligne de valeurs est « sans donnée » ; une ligne sans contour n'est pas dessinée
    (elle reste dans le tableau jumeau, que l'appelant construit depuis ``valeurs``).
    """
    lignes = _keep_dominante(valeurs) if indicateur.type_mesure is TypeMesure.TYPOLOGIE else valeurs
    table = lignes.drop_duplicates("code_territoire").set_index("code_territoire").reindex(codes)
    brutes = table["valeur"].to_numpy(dtype=np.float64, na_value=np.nan)
    etats = [_read_etat(s, v) for s, v in zip(table["statut"].tolist(), brutes, strict=True)]
    # Un zéro n'est « vrai » que publié tel quel : arrondi ou estimé, il reste une petite valeur.
    publies = np.array([s == Statut.PUBLIE for s in table["statut"].tolist()], dtype=np.bool_)
    classables = np.array([e is EtatCarte.CLASSE for e in etats], dtype=np.bool_)
    vues = np.where(classables, brutes, np.nan)
    zeros = (vues == 0) & publies & (not bool(np.any(vues < 0)))
    if indicateur.type_mesure is TypeMesure.TYPOLOGIE:
        zeros = np.zeros_like(classables)
    etats = [EtatCarte.ZERO if z else e for e, z in zip(etats, zeros, strict=True)]
    decoupage = choose_classes(vues, indicateur.classes, zeros)
    if indicateur.type_mesure is TypeMesure.TYPOLOGIE:
        rangs = {m.code: i for i, m in enumerate(indicateur.modalites)}
        classes = np.array([rangs.get(str(m), -1) for m in table["modalite"].tolist()], dtype=np.int64)
    else:
        classes = find_classes(np.where(zeros, np.nan, vues), decoupage.bornes)
    return LectureCarte(indicateur, table.assign(etat=etats, classe=classes), decoupage)


def _read_etat(statut: object, valeur: float) -> EtatCarte:
    if not isinstance(statut, str):
        return EtatCarte.SANS_DONNEE
    etat = _ETAT_PAR_STATUT.get(Statut(statut), EtatCarte.CLASSE)
    # Un statut qui promet une valeur et n'en a pas (couverture insuffisante) : rien à colorer.
    return EtatCarte.SANS_DONNEE if etat is EtatCarte.CLASSE and not np.isfinite(valeur) else etat


def _keep_dominante(valeurs: pd.DataFrame) -> pd.DataFrame:
    """Pour une typologie, garde la modalité la plus présente de chaque territoire."""
    return valeurs.sort_values(["code_territoire", "valeur"], ascending=[True, False], kind="stable")
