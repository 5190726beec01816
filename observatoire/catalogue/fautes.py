"""Faute du catalogue : où, quoi, que faire, et le mot valide le plus proche."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Faute:
    """Faute d'une fiche du catalogue.

    Attributes:
        fichier: chemin de la fiche, à partir du dossier du catalogue.
        message: quoi, pourquoi, que faire.
        ligne: ligne de la fiche, si la faute en a une.
        proche: mot valide le plus proche de celui qui est refusé.
    """

    fichier: str
    message: str
    ligne: int | None = None
    proche: str | None = None

    def __str__(self) -> str:
        """Une ligne lisible.

        Examples:
            >>> str(Faute("indicators/habitat/x.yaml", "clé inconnue « unité »", 12, "unite"))
            'indicators/habitat/x.yaml, ligne 12 : clé inconnue « unité » ; vouliez-vous dire « unite » ?'
        """
        lieu = self.fichier + (f", ligne {self.ligne}" if self.ligne is not None else "")
        suite = f" ; vouliez-vous dire « {self.proche} » ?" if self.proche else ""
        return f"{lieu} : {self.message}{suite}"
