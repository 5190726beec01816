"""Anomalie : une faute dans les données, qui est une valeur et non une exception."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Gravite(StrEnum):
    """Gravité d'une anomalie."""

    BLOQUANT = "bloquant"
    A_REGARDER = "a_regarder"
    INFORMATION = "information"


@dataclass(frozen=True)
class Anomalie:
    """Faute constatée dans un fichier.

    Attributes:
        code: identifiant stable de la règle enfreinte (``code_inconnu``).
        gravite: effet sur la livraison.
        fichier: nom du fichier reçu.
        ligne: numéro de ligne du producteur, s'il a un sens.
        colonne: nom de la colonne.
        valeur: valeur fautive, telle que lue.
        message: quoi, où, pourquoi.
        suggestion: que faire, et la valeur valide la plus proche.
        territoire: territoire en cause et sa période, tels que le message les nomme, s'il y en a un.
    """

    code: str
    gravite: Gravite
    fichier: str
    message: str
    ligne: int | None = None
    colonne: str | None = None
    valeur: str | None = None
    suggestion: str | None = None
    territoire: str | None = None

    def __str__(self) -> str:
        """Une ligne lisible : fichier, ligne, colonne, faute, suggestion."""
        lieu = self.fichier + (f", ligne {self.ligne}" if self.ligne is not None else "")
        lieu += f", colonne « {self.colonne} »" if self.colonne else ""
        suite = f" {self.suggestion}" if self.suggestion else ""
        return f"{lieu} : {self.message}{suite}"
