"""Profil d'une colonne de textes : valeurs distinctes, comptes, forme des nombres.

Tout se calcule sur les valeurs distinctes : une colonne de 35 000 lignes en a souvent mille.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from observatoire.catalogue.proches import normalise
from observatoire.ingestion.lecteurs.nombres import parse_nombres

_DECIMAL = r"^[+\-]?\d+[.,](\d*[1-9]\d*)$"
_TRACE = 0.01
_ZERO_DE_TETE = r"^0\d+$"
_ENTIER_DECIMAL = r"^(\d+)\.0+$"


@dataclass(frozen=True)
class Profil:
    """Valeurs d'une colonne, sans espaces de bord.

    Attributes:
        nom: nom de la colonne.
        rang: place dans la table.
        indices: rang de la valeur distincte de chaque ligne ; -1 si la cellule est vide.
        valeurs: valeurs distinctes.
        comptes: nombre de lignes de chacune.
    """

    nom: str
    rang: int
    indices: NDArray[np.int64]
    valeurs: pa.Array
    comptes: NDArray[np.int64]

    @property
    def lignes(self) -> int:
        """Nombre de lignes de la table."""
        return len(self.indices)

    @property
    def remplies(self) -> int:
        """Nombre de cellules remplies."""
        return int(self.comptes.sum())

    @property
    def vides(self) -> int:
        """Nombre de cellules vides."""
        return self.lignes - self.remplies

    @cached_property
    def textes(self) -> list[str]:
        """Valeurs distinctes, en chaînes Python (à n'employer que sur peu de valeurs)."""
        return self.valeurs.to_pylist()

    @cached_property
    def codes(self) -> pd.Index:
        """Valeurs distinctes comme codes : « 33063.0 », laissé par un tableur, redevient « 33063 »."""
        sans_decimale = pc.replace_substring_regex(self.valeurs, pattern=_ENTIER_DECIMAL, replacement=r"\1")
        return pd.Index(sans_decimale.to_numpy(zero_copy_only=False), dtype=object)

    @cached_property
    def nombres(self) -> NDArray[np.float64]:
        """Par valeur distincte : le nombre lu, ``nan`` si ce n'en est pas un."""
        return parse_nombres(self.valeurs)[0]

    @cached_property
    def est_nombre(self) -> NDArray[np.bool_]:
        """Par valeur distincte : a la forme d'un nombre."""
        return ~np.isnan(self.nombres)

    @cached_property
    def part_nombres(self) -> float:
        """Part des cellules remplies qui ont la forme d'un nombre."""
        return self.share(self.est_nombre)

    @cached_property
    def a_zero_de_tete(self) -> bool:
        """Vrai si une valeur commence par un zéro inutile : c'est un code, non un nombre."""
        return bool(self.match(_ZERO_DE_TETE).any())

    @cached_property
    def a_decimales(self) -> bool:
        """Vrai si une valeur porte une décimale : ce n'est pas un code."""
        return self.share(self.match(_DECIMAL)) > _TRACE

    @cached_property
    def cle(self) -> str:
        """Nom sans accent ni majuscule, pour y chercher un mot."""
        return re.sub(r"[^a-z0-9]+", "_", normalise(self.nom)).strip("_")

    def match(self, motif: str) -> NDArray[np.bool_]:
        """Par valeur distincte : suit le motif."""
        if not len(self.valeurs):
            return np.zeros(0, dtype=bool)
        return np.asarray(pc.match_substring_regex(self.valeurs, pattern=motif).to_numpy(zero_copy_only=False), bool)

    def share(self, choix: NDArray[np.bool_]) -> float:
        """Part des cellules remplies dont la valeur est choisie."""
        total = self.comptes.sum()
        return float(self.comptes[choix].sum() / total) if total else 0.0

    def rows(self, choix: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Par ligne : sa valeur est choisie (faux pour une cellule vide)."""
        return np.append(choix, False)[self.indices]

    def keep(self, lignes: NDArray[np.bool_]) -> Profil:
        """Profil des lignes choisies ; les valeurs qui n'y paraissent plus ont un compte nul."""
        indices = self.indices[lignes]
        comptes = np.bincount(indices[indices >= 0], minlength=len(self.valeurs)).astype(np.int64)
        gardes = comptes > 0
        nouveaux = np.append(np.cumsum(gardes) - 1, -1)
        nouveaux[:-1][~gardes] = -1
        return Profil(self.nom, self.rang, nouveaux[indices], self.valeurs.filter(pa.array(gardes)), comptes[gardes])


def build_profil(nom: str, rang: int, colonne: pa.ChunkedArray) -> Profil:
    """Dresse le profil d'une colonne de textes.

    Args:
        nom: nom de la colonne.
        rang: sa place.
        colonne: ses cellules.
    """
    propres = pc.utf8_trim_whitespace(colonne.cast(pa.string()))
    propres = pc.if_else(pc.equal(propres, ""), None, propres)
    code = propres.combine_chunks().dictionary_encode()
    if isinstance(code, pa.ChunkedArray):
        code = code.combine_chunks() if code.num_chunks != 1 else code.chunk(0)
    indices = code.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    comptes = np.bincount(indices[indices >= 0], minlength=len(code.dictionary)).astype(np.int64)
    return Profil(nom, rang, indices, code.dictionary, comptes)
