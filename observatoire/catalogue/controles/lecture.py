"""Phrase de lecture : ses trous existent, et elle dit où, combien et quand."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from observatoire.catalogue.fautes import Faute
from observatoire.catalogue.fiches import Brouillon
from observatoire.catalogue.proches import find_proche
from observatoire.modeles.indicateurs import VARIABLES_LECTURE, VARIABLES_TERRITOIRE, Indicateur


def check_lecture(brouillon: Brouillon) -> Iterator[Faute]:
    """Chaque trou de la phrase est connu, rempli pour cet indicateur, et rien d'essentiel ne manque."""
    for fiche, indicateur in brouillon.bien_formes():
        for message, proche in _messages(indicateur):
            yield fiche.document.faute(f"« lecture » : {message}", "lecture", proche=proche)


def _messages(indicateur: Indicateur) -> Iterator[tuple[str, str | None]]:
    try:
        trous = [nom for _, nom, _, _ in Formatter().parse(indicateur.lecture) if nom is not None]
    except ValueError:
        yield "une accolade est restée ouverte ou fermée seule ; un trou s'écrit {valeur}", None
        return
    for nom in trous:
        if nom not in VARIABLES_LECTURE:
            proche = find_proche(nom, VARIABLES_LECTURE)
            yield f"variable inconnue « {{{nom}}} » ; permises : {', '.join(VARIABLES_LECTURE)}", proche
    if "denominateur" in trous and indicateur.denominateur is None:
        yield "{denominateur} est cité, mais l'indicateur n'a pas de dénominateur", None
    manquants = [nom for nom in ("valeur", "periode") if nom not in trous]
    if not set(trous) & set(VARIABLES_TERRITOIRE):
        manquants.insert(0, "territoire")
    if manquants:
        absents = ", ".join(f"{{{nom}}}" for nom in manquants)
        yield f"il manque {absents} ; la phrase doit dire où, combien et quand", None
