"""Ce que la carte montre de chaque territoire : un état, une classe, jamais un simple nombre."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from observatoire.cartes.categories import reduce_categories
from observatoire.cartes.classes import Decoupage, choose_classes, find_classes, share_classes
from observatoire.modeles.indicateurs import Indicateur, Representation, TypeMesure
from observatoire.modeles.statuts import Statut

if TYPE_CHECKING:
    from collections.abc import Sequence

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


RANGS_ETATS = {etat: rang for rang, etat in enumerate(EtatCarte)}
CLES_ETATS = {
    EtatCarte.ZERO: "z",
    EtatCarte.NON_SIGNIFICATIF: "n",
    EtatCarte.SECRET: "s",
    EtatCarte.SANS_DONNEE: "d",
    EtatCarte.HORS_CHAMP: "h",
}
"""Clé d'un état hors classe, la même dans la légende, dans la carte et dans le tableau."""
CLE_SYMBOLE = "v"
_ETATS = tuple(EtatCarte)
_ETAT_PAR_STATUT = {
    Statut.SECRET: EtatCarte.SECRET,
    Statut.NON_DISPONIBLE: EtatCarte.SANS_DONNEE,
    Statut.HORS_CHAMP: EtatCarte.HORS_CHAMP,
    Statut.NON_SIGNIFICATIF: EtatCarte.NON_SIGNIFICATIF,
}
_NOMS_ETATS = pd.Index([str(etat) for etat in _ETATS], dtype=object)


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
        return self._effectifs[RANGS_ETATS[etat]]

    @cached_property
    def etats(self) -> NDArray[np.int8]:
        """Rang de l'état de chaque territoire (``RANGS_ETATS``)."""
        return np.asarray(self.table["etat"].cat.codes, dtype=np.int8)

    @cached_property
    def _effectifs(self) -> list[int]:
        return np.bincount(self.etats, minlength=len(RANGS_ETATS)).tolist()

    @cached_property
    def categories(self) -> tuple[tuple[str, int], ...]:
        """Libellé et nombre de territoires de chaque modalité d'une typologie, les mixtes à part."""
        seules = self.table["classe"].to_numpy()[self.etats == RANGS_ETATS[EtatCarte.CLASSE]]
        modalites = self.indicateur.modalites
        comptes = np.bincount(seules, minlength=len(modalites)).tolist()
        return tuple((m.libelle, comptes[i]) for i, m in enumerate(modalites))

    @property
    def parts_mixtes(self) -> dict[int, str]:
        """Classes de chaque territoire mixte (« A 60 %, C 40 % »), par rang dans la carte."""
        mixtes = np.flatnonzero(self.etats == RANGS_ETATS[EtatCarte.MIXTE])
        parts = self.table["parts"].iloc[mixtes].tolist()
        return {int(i): str(part) for i, part in zip(mixtes.tolist(), parts, strict=True)}

    @cached_property
    def etendue(self) -> tuple[float, float] | None:
        """Plus petite et plus grande valeur montrées, zéros compris."""
        vues = np.isin(self.etats, [RANGS_ETATS[EtatCarte.CLASSE], RANGS_ETATS[EtatCarte.ZERO]])
        nombres = self.table["valeur"].to_numpy(dtype=np.float64, na_value=np.nan)[vues]
        connus = nombres[np.isfinite(nombres)]
        return (float(connus.min()), float(connus.max())) if connus.size else None

    def cle_of(self, code: str) -> str:
        """Clé de légende d'un territoire : rang de sa classe, ou lettre de son état ; vide s'il n'est pas dessiné.

        Un symbole n'a pas de classe : sa clé est ``CLE_SYMBOLE``.
        """
        rang = self._find(code)
        if rang is None:
            return ""
        etat = _ETATS[int(self.etats[rang])]
        if etat in CLES_ETATS:
            return CLES_ETATS[etat]
        return CLE_SYMBOLE if self.en_symboles else str(int(self.table["classe"].iloc[rang]))

    def valeur_of(self, code: str) -> float | None:
        """Valeur qu'un territoire montre ; ``None`` s'il n'en montre pas (zéro vrai compris : il en montre une)."""
        rang = self._find(code)
        montres = (RANGS_ETATS[EtatCarte.CLASSE], RANGS_ETATS[EtatCarte.ZERO])
        return None if rang is None or self.etats[rang] not in montres else float(self.table["valeur"].iloc[rang])

    def _find(self, code: str) -> int | None:
        # Un dictionnaire de 35 000 codes coûterait cent fois plus à la première demande.
        try:
            place = self.table.index.get_loc(code)
        except KeyError:
            return None
        return place if isinstance(place, int) else None


def read_carte(
    indicateur: Indicateur, valeurs: pd.DataFrame, codes: Sequence[str], avec: pd.DataFrame | None = None
) -> LectureCarte:
    """Range les valeurs dans l'ordre des contours et leur donne état et classe.

    Un contour sans ligne de valeurs est « sans donnée » ; une ligne sans contour n'est pas dessinée
    (elle reste dans le tableau jumeau, que l'appelant construit depuis ``valeurs``).

    Args:
        indicateur: fiche.
        valeurs: colonnes ``COLONNES_VALEURS``, ou rendues par ``reduce_categories``.
        codes: territoires dessinés, dans l'ordre des contours.
        avec: valeurs d'une autre période ; les deux cartes ont alors les mêmes classes, ou la même
            échelle de symboles.
    """
    en_typologie = indicateur.type_mesure is TypeMesure.TYPOLOGIE
    a_reduire = en_typologie and "mixte" not in valeurs
    table = _align(reduce_categories(indicateur, valeurs) if a_reduire else valeurs, codes)
    ici = _read_lignes(table)
    if en_typologie:
        classes = _rank_modalites(indicateur, table)
        etats = _read_etats_categories(ici.etats, classes, len(indicateur.modalites))
        decoupage = choose_classes(ici.vues, indicateur.classes, ici.publies & False)
    else:
        ailleurs = _read_lignes(_align(avec, codes)) if avec is not None else None
        # Dans une série qui descend sous zéro, le zéro n'est qu'un milieu.
        descend = any(bool(np.any(s.vues < 0)) for s in (ici, ailleurs) if s is not None)
        zeros = ici.find_zeros(descend=descend)
        if ailleurs is None:
            decoupage = choose_classes(ici.vues, indicateur.classes, zeros)
        else:
            autres = (ailleurs.vues, ailleurs.find_zeros(descend=descend))
            decoupage = share_classes((ici.vues, zeros), autres, indicateur.classes)
        classes = find_classes(np.where(zeros, np.nan, ici.vues), decoupage.bornes)
        etats = np.where(zeros, RANGS_ETATS[EtatCarte.ZERO], ici.etats).astype(np.int8)
    montres = pd.Categorical.from_codes(etats, categories=_NOMS_ETATS, validate=False)
    return LectureCarte(indicateur, table.assign(etat=montres, classe=classes), decoupage)


class _Lignes(NamedTuple):
    """Lignes d'une carte : état de chacune, valeur à classer (``nan`` ailleurs), statut « publié »."""

    etats: NDArray[np.int8]
    vues: NDArray[np.float64]
    publies: NDArray[np.bool_]

    def find_zeros(self, *, descend: bool) -> NDArray[np.bool_]:
        """Zéros vrais : publiés tels quels. Arrondi ou estimé, un zéro reste une petite valeur."""
        return (self.vues == 0) & self.publies & (not descend)


def _align(lignes: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    recus = lignes["code_territoire"].tolist()
    if recus == list(codes):
        return lignes.set_axis(pd.Index(recus, dtype=object, name="code_territoire"))
    return lignes.drop_duplicates("code_territoire").set_index("code_territoire").reindex(list(codes))


def _read_lignes(table: pd.DataFrame) -> _Lignes:
    brutes = table["valeur"].to_numpy(dtype=np.float64, na_value=np.nan)
    statuts, distincts = pd.factorize(table["statut"])
    etats = _read_etats(statuts, distincts.tolist(), brutes)
    vues = np.where(etats == RANGS_ETATS[EtatCarte.CLASSE], brutes, np.nan)
    return _Lignes(etats, vues, np.array([*(s == Statut.PUBLIE for s in distincts), False])[statuts])


def _read_etats(statuts: NDArray[np.intp], distincts: list[str], valeurs: NDArray[np.float64]) -> NDArray[np.int8]:
    """État de chaque territoire ; un statut qui promet une valeur et n'en a pas n'a rien à colorer."""
    possibles = [RANGS_ETATS[_ETAT_PAR_STATUT.get(Statut(s), EtatCarte.CLASSE)] for s in distincts]
    # Le rang −1 (pas de ligne) désigne le dernier de la liste.
    etats = np.array([*possibles, RANGS_ETATS[EtatCarte.SANS_DONNEE]], dtype=np.int8)[statuts]
    vides = (etats == RANGS_ETATS[EtatCarte.CLASSE]) & ~np.isfinite(valeurs)
    return np.where(vides, RANGS_ETATS[EtatCarte.SANS_DONNEE], etats).astype(np.int8)


def _rank_modalites(indicateur: Indicateur, table: pd.DataFrame) -> NDArray[np.int64]:
    rangs = {m.code: i for i, m in enumerate(indicateur.modalites)}
    modalites, distinctes = pd.factorize(table["modalite"])
    classes = np.array([*(rangs.get(str(m), -1) for m in distinctes.tolist()), -1])[modalites]
    mixtes = table["mixte"].to_numpy(dtype=object) == True  # noqa: E712 -- « absent » n'est pas « mixte »
    return np.where(mixtes, len(rangs), classes).astype(np.int64)


def _read_etats_categories(etats: NDArray[np.int8], classes: NDArray[np.int64], nombre: int) -> NDArray[np.int8]:
    """Une modalité que le catalogue ne connaît pas n'a ni couleur ni nom."""
    colores = etats == RANGS_ETATS[EtatCarte.CLASSE]
    etats = np.where(colores & (classes == nombre), RANGS_ETATS[EtatCarte.MIXTE], etats)
    inconnus = colores & ((classes < 0) | (classes > nombre))
    return np.where(inconnus, RANGS_ETATS[EtatCarte.SANS_DONNEE], etats).astype(np.int8)
