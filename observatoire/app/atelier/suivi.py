"""Suivre un travail long : une barre, l'étape en cours, puis son résultat ou la raison de son arrêt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from observatoire.app.atelier import travaux
from observatoire.app.atelier.travaux import Progression, Travail

_PAS_S = 0.15


def run_suivi(
    cle: tuple[str, ...], titre: str, faire: Callable[[Progression], Any], *, total: int | Callable[[], int] = 0
) -> Any:  # noqa: ANN401 -- ce que rend le travail
    """Lance un travail (ou retrouve celui qui porte ce nom), le suit, et rend son résultat.

    Raises:
        Exception: celle qui l'a arrêté.
    """
    return follow(cle, travaux.start(cle, titre, faire, total=total))


def follow(cle: tuple[str, ...], travail: Travail) -> Any:  # noqa: ANN401 -- ce que rend le travail
    """Suit un travail jusqu'à sa fin. La page peut se fermer : il continue, et sera retrouvé."""
    barre = st.empty()
    while not travail.fini.wait(_PAS_S):
        barre.progress(travail.part, text=f"{travail.titre} : {travail.dite}")
    barre.empty()
    travaux.forget(cle)
    if travail.erreur is not None:
        raise travail.erreur
    return travail.resultat
