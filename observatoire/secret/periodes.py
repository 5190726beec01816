"""Périodes : deux cumuls qui se chevauchent se soustraient ; la porte ne prouve que des périodes disjointes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from observatoire.errors import PublicationError
from observatoire.secret.rangees import Couple

_FORME = re.compile(r"(\d{4})(?:-(?:T([1-4])|S([12])|(\d{2})(?:-\d{2})?|(\d{4})))?$")


def bound_mois(periode: str) -> tuple[int, int]:
    """Premier et dernier mois d'une période, comptés depuis l'an zéro ; ``(0, -1)`` si l'on ne sait la lire."""
    lue = _FORME.match(periode)
    if lue is None:
        return 0, -1
    annee, trimestre, semestre, mois, fin = lue.groups()
    debut = 12 * int(annee)
    if trimestre:
        return debut + 3 * (int(trimestre) - 1), debut + 3 * int(trimestre) - 1
    if semestre:
        return debut + 6 * (int(semestre) - 1), debut + 6 * int(semestre) - 1
    if mois:
        return debut + int(mois) - 1, debut + int(mois) - 1
    return debut, 12 * int(fin or annee) + 11


def check_periodes(exacts: Iterable[Couple]) -> None:
    """Vérifie que les périodes exactes d'une même variable ne se chevauchent pas.

    Raises:
        PublicationError: deux se chevauchent.
    """
    par_variable: dict[str, list[tuple[int, int, str]]] = {}
    for variable, periode in exacts:
        par_variable.setdefault(variable, []).append((*bound_mois(periode), periode))
    for variable, periodes in sorted(par_variable.items()):
        rangees = sorted(periodes)
        for (_debut, fin, avant), (debut, _fin, apres) in pairwise(rangees):
            if debut <= fin:
                msg = (
                    f"« {variable} » : les effectifs exacts de {avant} et de {apres} se chevauchent ; une soustraction "
                    "rendrait ce que l'un masque et l'autre montre. Rien n'est publié : retirez l'un des deux dépôts, "
                    "ou livrez des périodes disjointes."
                )
                raise PublicationError(msg)
