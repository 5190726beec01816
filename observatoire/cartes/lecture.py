"""Ce que la carte montre de chaque territoire : un état, une classe, jamais un simple nombre."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from observatoire.cartes.categories import reduce_categories
from observatoire.cartes.classes import Decoupage, choose_classes, find_classes
from observatoire.modeles.indicateurs import Indicateur, Representation, TypeMesure
from observatoire.modeles.statuts import Statut

if TYPE_CHECKING:
    from numpy.typing import NDArray


class EtatCarte(StrEnum):
    """Manière de dessiner un territoire."""

    CLASSE = "classe"
    MIXTE = "mixte"
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
    (−1 hors classe ; pour une typologie, rang de la modalité, et leur nombre si le territoire est mixte).
    Celle d'une typologie a aussi ``parts``, les classes d'un territoire mixte.
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
    def categories(self) -> tuple[tuple[str, int], ...]:
        """Libellé et nombre de territoires de chaque modalité d'une typologie, les mixtes à part."""
        comptes = self.table.loc[self.table["etat"] == EtatCarte.CLASSE, "classe"].value_counts()
        return tuple((m.libelle, int(comptes.get(i, 0))) for i, m in enumerate(self.indicateur.modalites))

    @property
    def parts_mixtes(self) -> dict[int, str]:
        """Classes de chaque territoire mixte (« A 60 %, C 40 % »), par rang dans la carte."""
        mixtes = np.flatnonzero(self.table["etat"] == EtatCarte.MIXTE)
        return {int(i): str(self.table["parts"].iloc[i]) for i in mixtes}

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
    en_typologie = indicateur.type_mesure is TypeMesure.TYPOLOGIE
    lignes = reduce_categories(indicateur, valeurs) if en_typologie else valeurs
    table = lignes.drop_duplicates("code_territoire").set_index("code_territoire").reindex(codes)
    brutes = table["valeur"].to_numpy(dtype=np.float64, na_value=np.nan)
    etats = _read_etats(table["statut"], brutes)
    # Un zéro n'est « vrai » que publié tel quel : arrondi ou estimé, il reste une petite valeur.
    vues = np.where(etats == EtatCarte.CLASSE, brutes, np.nan)
    publies = (table["statut"] == Statut.PUBLIE).to_numpy(dtype=np.bool_, na_value=False)
    zeros = (vues == 0) & publies & (not bool(np.any(vues < 0))) & (not en_typologie)
    etats = np.where(zeros, EtatCarte.ZERO, etats)
    decoupage = choose_classes(vues, indicateur.classes, zeros)
    if en_typologie:
        classes = _rank_modalites(indicateur, table)
        etats = _read_etats_categories(etats, classes, len(indicateur.modalites))
    else:
        classes = find_classes(np.where(zeros, np.nan, vues), decoupage.bornes)
    return LectureCarte(indicateur, table.assign(etat=etats, classe=classes), decoupage)


def _read_etats(statuts: pd.Series[str], valeurs: NDArray[np.float64]) -> NDArray[np.object_]:
    """État de chaque territoire ; un statut qui promet une valeur et n'en a pas n'a rien à colorer."""
    rangs, distincts = pd.factorize(statuts)
    possibles = [_ETAT_PAR_STATUT.get(Statut(s), EtatCarte.CLASSE) for s in distincts.tolist()]
    # Le rang −1 (pas de ligne) désigne le dernier de la liste.
    etats = np.array([*possibles, EtatCarte.SANS_DONNEE], dtype=object)[rangs]
    return np.where((etats == EtatCarte.CLASSE) & ~np.isfinite(valeurs), EtatCarte.SANS_DONNEE, etats)


def _rank_modalites(indicateur: Indicateur, table: pd.DataFrame) -> NDArray[np.int64]:
    rangs = {m.code: i for i, m in enumerate(indicateur.modalites)}
    classes = [rangs.get(str(m), -1) for m in table["modalite"].tolist()]
    mixtes = [m is True for m in table["mixte"].tolist()]
    return np.where(mixtes, len(rangs), classes).astype(np.int64)


def _read_etats_categories(etats: NDArray[np.object_], classes: NDArray[np.int64], nombre: int) -> NDArray[np.object_]:
    """Une modalité que le catalogue ne connaît pas n'a ni couleur ni nom."""
    colores = etats == EtatCarte.CLASSE
    etats = np.where(colores & (classes == nombre), EtatCarte.MIXTE, etats)
    return np.where(colores & ((classes < 0) | (classes > nombre)), EtatCarte.SANS_DONNEE, etats)
