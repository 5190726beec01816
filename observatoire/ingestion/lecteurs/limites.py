"""Gardes de lecture : ce qu'un fichier reçu ne peut pas dépasser."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from observatoire.ingestion.lecteurs.refus import refuse

_MEBI = 1024 * 1024
_DEVELOPPE_SANS_SOUPCON = 64 * _MEBI
"""En deçà, un fort taux d'expansion n'a rien d'une bombe : un tableur vide se compresse très bien."""


@dataclass(frozen=True)
class Limites:
    """Plus grandes tailles admises pour un fichier lu en entier.

    Attributes:
        taille: octets du fichier.
        developpe: octets, une fois toute l'archive décompressée.
        taux: octets décompressés pour un octet compressé.
        membres: fichiers d'une archive.
        lignes: lignes d'une table.
        colonnes: colonnes d'une table.
        cellules: cellules d'une table.
        cellules_tableur: cellules d'une feuille de classeur, vides comprises.
        temps: secondes de lecture.
    """

    taille: int = 400 * _MEBI
    developpe: int = 1024 * _MEBI
    taux: int = 200
    membres: int = 2000
    lignes: int = 5_000_000
    colonnes: int = 16_384
    cellules: int = 100_000_000
    cellules_tableur: int = 30_000_000
    temps: float = 120.0


LIMITES = Limites()


@dataclass
class Garde:
    """Limites d'une lecture en cours, et ce qu'elle a déjà consommé."""

    fichier: str
    limites: Limites
    debut: float = field(default_factory=time.monotonic)
    developpe: int = 0
    membres: int = 0

    def check_temps(self) -> None:
        """Refuse une lecture trop longue."""
        if time.monotonic() - self.debut > self.limites.temps:
            refuse(
                "lecture_trop_longue",
                self.fichier,
                f"la lecture dépasse {self.limites.temps:g} secondes ; elle est arrêtée.",
                suggestion="Découpez le fichier, ou demandez un export CSV.",
            )

    def check_taille(self, octets: int) -> None:
        """Refuse un fichier trop gros."""
        if octets > self.limites.taille:
            refuse(
                "fichier_trop_gros",
                self.fichier,
                f"le fichier pèse {_mega(octets)}, plus que les {_mega(self.limites.taille)} lus d'un bloc.",
                suggestion="Demandez un extrait limité au territoire ou à l'année, ou un CSV, lu par morceaux.",
            )

    def check_grille(self, lignes: int, colonnes: int, *, table: str = "", tableur: bool = False) -> None:
        """Refuse une table démesurée."""
        limites = self.limites
        cellules = limites.cellules_tableur if tableur else limites.cellules
        ou = f"la table « {table} »" if table else "la table"
        if lignes > limites.lignes or colonnes > limites.colonnes or lignes * colonnes > cellules:
            refuse(
                "table_demesuree",
                self.fichier,
                f"{ou} s'étend sur {lignes} lignes et {colonnes} colonnes, plus que les {limites.lignes} lignes, "
                f"{limites.colonnes} colonnes et {cellules} cellules admises.",
                suggestion="Effacez les cellules égarées loin du tableau, ou demandez un extrait.",
            )

    def add_membres(self, nombre: int) -> None:
        """Compte des fichiers d'archive ; refuse au-delà de la limite."""
        self.membres += nombre
        if self.membres > self.limites.membres:
            refuse(
                "archive_trop_de_membres",
                self.fichier,
                f"l'archive contient plus de {self.limites.membres} fichiers.",
                suggestion="Ne gardez dans l'archive que les fichiers de données.",
            )

    def add_developpe(self, octets: int) -> None:
        """Compte des octets décompressés ; refuse une archive qui grossit sans fin."""
        self.developpe += octets
        if self.developpe > self.limites.developpe:
            self._refuse_explosive(f"elle dépasse {_mega(self.limites.developpe)} une fois décompressée")
        self.check_temps()

    def check_taux(self, octets: int, *, compresse: int, membre: str) -> None:
        """Refuse un membre d'archive qui grossit démesurément en se décompressant."""
        if octets > _DEVELOPPE_SANS_SOUPCON and octets > self.limites.taux * max(compresse, 1):
            self._refuse_explosive(f"« {membre} » grossit plus de {self.limites.taux} fois en se décompressant")

    def _refuse_explosive(self, cause: str) -> None:
        refuse(
            "archive_explosive",
            self.fichier,
            f"l'archive n'est pas lue : {cause}.",
            suggestion="Demandez au producteur le fichier lui-même, hors de l'archive.",
        )


def _mega(octets: int) -> str:
    return f"{octets / _MEBI:.0f} Mio" if octets >= _MEBI else f"{octets} octets"
