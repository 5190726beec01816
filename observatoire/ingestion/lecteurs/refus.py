"""Refuser ou signaler : les anomalies de lecture, et l'arrêt qui les porte jusqu'à ``read_fichier``."""

from __future__ import annotations

from typing import NoReturn

from observatoire.modeles.anomalies import Anomalie, Gravite


class LectureRefusee(Exception):  # noqa: N818 -- un refus, pas une erreur de code
    """Arrêt interne d'une lecture ; ``read_fichier`` en fait une anomalie, il ne sort jamais du paquet."""

    def __init__(self, anomalie: Anomalie) -> None:
        """Garde l'anomalie bloquante."""
        super().__init__(anomalie.message)
        self.anomalie = anomalie


def refuse(
    code: str, fichier: str, message: str, *, suggestion: str | None = None, ligne: int | None = None
) -> NoReturn:
    """Arrête la lecture sur une anomalie bloquante.

    Args:
        code: règle enfreinte.
        fichier: nom du fichier reçu.
        message: quoi, où, pourquoi.
        suggestion: que faire.
        ligne: ligne du producteur, si elle est connue.

    Raises:
        LectureRefusee: toujours.
    """
    raise LectureRefusee(Anomalie(code, Gravite.BLOQUANT, fichier, message, ligne=ligne, suggestion=suggestion))


def warn(code: str, fichier: str, message: str, *, suggestion: str | None = None, ligne: int | None = None) -> Anomalie:
    """Anomalie à regarder : la lecture continue."""
    return Anomalie(code, Gravite.A_REGARDER, fichier, message, ligne=ligne, suggestion=suggestion)


def inform(code: str, fichier: str, message: str, *, suggestion: str | None = None) -> Anomalie:
    """Anomalie d'information : rien n'est en cause."""
    return Anomalie(code, Gravite.INFORMATION, fichier, message, suggestion=suggestion)
