"""Feuille ODS : son étendue réelle, dont une cellule ou une ligne se répète d'un seul attribut."""

from __future__ import annotations

from observatoire.ingestion.lecteurs.limites import Garde

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TEXTE = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_CELLULES = frozenset((f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"))
_GENRES = frozenset(("float", "currency", "percentage", "string", "boolean", "date", "time", "void"))
_ATTRIBUTS = frozenset(
    (
        *("value-type", "value", "date-value", "time-value", "boolean-value", "string-value", "currency", "formula"),
        *("style-name", "default-cell-style-name", "content-validation-name", "protect", "protected", "visibility"),
        *("id", "number-matrix-columns-spanned", "number-matrix-rows-spanned"),
        *(f"number-{sens}-{quoi}" for sens in ("columns", "rows") for quoi in ("repeated", "spanned")),
    )
)


class EtendueOds:
    """Suit les éléments d'un ``content.xml`` et contrôle la grille qu'ils demandent.

    Attributes:
        inconnu: vrai si une ligne ou une cellule emploie un mot inconnu : une valeur y serait tue.
    """

    def __init__(self, garde: Garde) -> None:
        """Part d'une feuille vide."""
        self._garde = garde
        self._lignes = self._vides = self._repetee = self._colonne = self._large_ligne = self._large = 0
        self._pile: list[str] = []
        self._typee = False
        self.inconnu = False

    def open(self, nom: str, attributs: dict[str, str]) -> None:
        """Compte ce qu'ouvre un élément."""
        parent = self._pile[-1] if self._pile else ""
        self._pile.append(nom)
        if nom == f"{_TABLE}table":
            self._lignes = self._vides = self._large = 0
        elif nom == f"{_TABLE}table-row":
            self._check_attributs(attributs)
            self._repetee, self._colonne, self._large_ligne = self._repetition(attributs, "rows"), 0, 0
        elif nom in _CELLULES:
            self._check_attributs(attributs)
            self._colonne += self._repetition(attributs, "columns")
            self._typee = f"{_OFFICE}value-type" in attributs
            if self._typee:
                self._large_ligne = self._colonne
        elif nom == f"{_TEXTE}p":
            self._large_ligne = self._colonne
            if parent in _CELLULES:
                self.inconnu |= not self._typee or any(cle != f"{_TEXTE}style-name" for cle in attributs)
        if parent == f"{_TABLE}table-row":
            self.inconnu |= nom not in _CELLULES

    def close(self, nom: str) -> None:
        """À la fin d'une ligne, contrôle la grille qu'elle demande."""
        self._pile.pop()
        if nom != f"{_TABLE}table-row":
            return
        if not self._large_ligne:
            self._vides += self._repetee
            return
        self._lignes += self._vides + self._repetee
        self._vides = 0
        self._large = max(self._large, self._large_ligne)
        self._garde.check_grille(self._lignes, self._large, tableur=True)

    def _check_attributs(self, attributs: dict[str, str]) -> None:
        for cle, valeur in attributs.items():
            if cle == f"{_OFFICE}value-type":
                self.inconnu |= valeur not in _GENRES
            elif cle.startswith((_OFFICE, _TABLE)) or " " not in cle:
                self.inconnu |= cle.rpartition(" ")[2] not in _ATTRIBUTS
        # Une valeur sans genre : l'attribut s'est perdu.
        if f"{_OFFICE}value" in attributs and f"{_OFFICE}value-type" not in attributs:
            self.inconnu = True

    def _repetition(self, attributs: dict[str, str], sens: str) -> int:
        dit = attributs.get(f"{_TABLE}number-{sens}-repeated", "1")
        if not dit.isdecimal() or not dit.isascii() or len(dit) > 9 or int(dit) == 0:  # noqa: PLR2004
            self.inconnu = True
            return 1
        return int(dit)
