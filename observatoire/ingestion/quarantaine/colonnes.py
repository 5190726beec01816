"""Colonne vue par la quarantaine : ses valeurs distinctes, et de quoi écarter vite ce qui ne peut convenir."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from observatoire.ingestion.quarantaine.entetes import Nature, list_natures, name_forme
from observatoire.ingestion.quarantaine.prenoms import has_prenom

_CHIFFRES_D_UNE_VALEUR = 6
"""Un en-tête qui porte tant de chiffres à la suite peut être une valeur : on ne le cite pas."""

_OCTETS = 256
_DECIMAL = r"^-?\d{1,7}(?:[.,]\d+)?$"
_ENTIER_COURT = 5
_PART_DECIMALE = 0.1
_BLANCS = (9, 10, 13, 32, 0xC2, 0xE2)


@dataclass(frozen=True, eq=False, repr=False)
class Colonne:
    """Colonne réduite à ses valeurs distinctes : chaque motif ne les parcourt qu'une fois.

    Attributes:
        rang: place dans la table, comptée de 1.
        nom: nom écrit dans le fichier.
        distinctes: valeurs distinctes, non vides.
        nombres: nombre de lignes de chaque valeur distincte.
        rangs: par ligne, place de sa valeur dans ``distinctes`` ; −1 si elle est vide.
        entete_sure: faux si l'en-tête de la table semble être une ligne de données.
    """

    rang: int
    nom: str
    distinctes: pa.Array
    nombres: NDArray[np.int64]
    rangs: NDArray[np.int64]
    entete_sure: bool = True

    def __repr__(self) -> str:
        """Nom de la colonne seulement : une valeur n'a pas à paraître dans une trace."""
        return f"Colonne({self.nom_sur!r})"

    @cached_property
    def forme(self) -> str:
        """Nom sans accents ni casse, mots joints par « _ »."""
        return name_forme(self.nom)

    @cached_property
    def natures(self) -> frozenset[Nature]:
        """Ce que l'en-tête annonce."""
        return list_natures(self.forme)

    @cached_property
    def nom_sur(self) -> str:
        """Nom à citer : le rang seul, si l'en-tête peut être une ligne de données."""
        return self.nom if self.entete_sure and not self.has_nom_de_valeur else f"colonne n° {self.rang}"

    @cached_property
    def has_nom_de_valeur(self) -> bool:
        """Vrai si le nom de la colonne ressemble à une valeur : la première ligne a été prise pour un en-tête."""
        sans_espaces = re.sub(r"(?<=\d)[\s.]+(?=\d)", "", self.nom)
        if "@" in self.nom or re.search(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}|\d{4}-\d{2}-\d{2}", self.nom):
            return True
        if max((len(suite) for suite in re.findall(r"\d+", sans_espaces)), default=0) >= _CHIFFRES_D_UNE_VALEUR:
            return True
        prenom = self.lettres > self.chiffres and has_prenom(self.nom)
        return prenom or bool(re.match(r"\d+\s*(bis|ter)?,?\s+[^\W\d]+\s+[^\W\d]+", self.nom))

    @cached_property
    def lignes_remplies(self) -> int:
        """Nombre de lignes non vides."""
        return int(self.nombres.sum())

    @cached_property
    def longueurs(self) -> NDArray[np.int64]:
        """Longueur, en octets, de chaque valeur distincte."""
        return pc.binary_length(self.distinctes).to_numpy(zero_copy_only=False).astype(np.int64)

    @cached_property
    def longueur_max(self) -> int:
        """Plus grande longueur d'une valeur."""
        return int(self.longueurs.max(initial=0))

    @cached_property
    def octets(self) -> NDArray[np.int64]:
        """Nombre d'apparitions de chaque octet dans les valeurs distinctes."""
        tampons = self.distinctes.buffers()
        if len(self.distinctes) == 0 or tampons[2] is None:
            return np.zeros(_OCTETS, dtype=np.int64)
        return np.bincount(np.frombuffer(tampons[2], dtype=np.uint8), minlength=_OCTETS)

    @cached_property
    def chiffres(self) -> int:
        """Nombre de chiffres dans les valeurs distinctes."""
        return int(self.octets[48:58].sum())

    @cached_property
    def lettres(self) -> int:
        """Nombre de lettres (ASCII, ou octets d'une lettre accentuée) dans les valeurs distinctes."""
        return int(self.octets[65:91].sum() + self.octets[97:123].sum() + self.octets[128:].sum() // 2)

    @cached_property
    def decimale(self) -> bool:
        """Vrai si toutes les valeurs sont des nombres à décimales : ni numéro, ni date, ni texte."""
        separateurs = int(self.octets[44] + self.octets[46])
        autres = int(self.octets.sum()) - self.chiffres - separateurs - int(self.octets[45])
        if not separateurs or separateurs > len(self.distinctes) or autres:
            return False
        # Treize chiffres avant le séparateur, ou « .0 » après : un numéro peut s'y cacher.
        return bool((self.match(_DECIMAL) | (self.longueurs <= _ENTIER_COURT)).all())

    @cached_property
    def a_decimales(self) -> bool:
        """Vrai si une part au moins des valeurs ont des décimales, qui ne sont pas toutes « .0 »."""
        if not int(self.octets[44] + self.octets[46]) or self.lettres:
            return False
        decimales = self.match(r"^-?\d*[.,]\d+$")
        if self.share(decimales) <= _PART_DECIMALE:
            return False
        return self.share(self.match(r"^\d+\.0$")) < 1 - _PART_DECIMALE

    @cached_property
    def part_distincte(self) -> float:
        """Part de valeurs distinctes parmi les lignes remplies."""
        return len(self.distinctes) / self.lignes_remplies if self.lignes_remplies else 0.0

    def match(self, motif: str, *, longueur_min: int = 1, longueur_max: int | None = None) -> NDArray[np.bool_]:
        """Valeurs distinctes qui satisfont une expression (syntaxe RE2), parmi celles de bonne longueur.

        Args:
            motif: expression, cherchée n'importe où sauf ancres.
            longueur_min: en deçà, la valeur n'est pas même lue.
            longueur_max: au-delà non plus.
        """
        trouve = np.zeros(len(self.distinctes), dtype=bool)
        bonnes = self.longueurs >= longueur_min
        if longueur_max is not None:
            bonnes &= self.longueurs <= longueur_max
        if not bonnes.any():
            return trouve
        valeurs = self.distinctes if bonnes.all() else self.distinctes.filter(pa.array(bonnes))
        trouve[bonnes] = pc.match_substring_regex(valeurs, motif).to_numpy(zero_copy_only=False)
        return trouve

    def count(self, masque: NDArray[np.bool_]) -> int:
        """Nombre de lignes dont la valeur distincte est retenue."""
        return int(self.nombres[masque].sum())

    def share(self, masque: NDArray[np.bool_]) -> float:
        """Part des lignes remplies dont la valeur distincte est retenue."""
        return self.count(masque) / self.lignes_remplies if self.lignes_remplies else 0.0

    def take(self, masque: NDArray[np.bool_]) -> list[str]:
        """Valeurs distinctes retenues, pour une vérification une à une après un filtre vectorisé."""
        valeurs: list[str] = self.distinctes.filter(pa.array(masque)).to_pylist()
        return valeurs

    @cached_property
    def entiers(self) -> NDArray[np.float64]:
        """Valeur entière de chaque valeur distincte ; ``nan`` si elle n'en est pas une."""
        nombres = np.full(len(self.distinctes), np.nan)
        if self.chiffres == 0:
            return nombres
        bonnes = self.match(r"^\d{1,15}([.,]0+)?$", longueur_max=20)
        if bonnes.any():
            textes: Any = pc.replace_substring_regex(self.distinctes.filter(pa.array(bonnes)), r"[.,]0+$", "")
            nombres[bonnes] = pc.cast(textes, pa.float64()).to_numpy(zero_copy_only=False)
        return nombres


def build_colonne(rang: int, nom: str, valeurs: pa.ChunkedArray) -> Colonne:
    """Réduit une colonne à ses valeurs distinctes, espaces de bord et cellules vides écartées."""
    tableau = valeurs.combine_chunks() if isinstance(valeurs, pa.ChunkedArray) else valeurs
    if not pa.types.is_string(tableau.type):
        tableau = tableau.cast(pa.string())
    encode = tableau.dictionary_encode()
    distinctes = encode.dictionary
    tampon = distinctes.buffers()[2] if len(distinctes) else None
    octets = tampon.to_pybytes() if tampon is not None else b""
    if any(blanc in octets for blanc in _BLANCS):
        distinctes = pc.utf8_trim_whitespace(distinctes)
    indices = pc.fill_null(encode.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    vides = pc.equal(pc.binary_length(distinctes), 0).to_numpy(zero_copy_only=False)
    if vides.any():
        place = np.where(vides, -1, np.cumsum(~vides) - 1)
        indices = np.where(indices >= 0, place[indices], -1)
        distinctes = distinctes.filter(pa.array(~vides))
    nombres = np.bincount(indices[indices >= 0], minlength=len(distinctes)).astype(np.int64)
    return Colonne(rang=rang, nom=nom, distinctes=distinctes, nombres=nombres, rangs=indices)
