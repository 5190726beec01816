"""Intervalle d'une valeur, en peu de place : l'unité n'y est dite qu'une fois."""

from __future__ import annotations

from typing import TYPE_CHECKING

from observatoire.analyse.resumes import ValeurLue, write_intervalle
from observatoire.modeles.indicateurs import TypeMesure
from observatoire.modeles.nombres import format_valeur

if TYPE_CHECKING:
    from observatoire.modeles.indicateurs import Indicateur


def write_intervalle_court(indicateur: Indicateur, lue: ValeurLue, *, avec_unite: bool = True) -> str:
    """« entre 34,0 % et 37,0 % », « entre 973 et 984 ménages », « au moins 120 lieux » ; vide si la valeur est exacte.

    Args:
        indicateur: fiche de ce qui est montré.
        lue: valeur du territoire.
        avec_unite: faux dans un tableau, dont l'en-tête la dit ; « % » est toujours écrit.
    """
    unite = indicateur.unite if avec_unite or indicateur.unite == "%" else ""
    if lue.bornee:
        return write_intervalle(indicateur.model_copy(update={"unite": unite}), lue)
    if not lue.montrable or lue.borne_inf is None or indicateur.type_mesure is TypeMesure.TYPOLOGIE:
        return ""
    if lue.borne_sup is None:
        return f"au moins {format_valeur(lue.borne_inf, unite, indicateur.decimales)}"
    if unite == "%":
        return write_intervalle(indicateur, lue)
    entre = write_intervalle(indicateur.model_copy(update={"unite": ""}), lue)
    haut = format_valeur(lue.borne_sup, unite, indicateur.decimales)
    return f"{entre.rsplit(' ', 1)[0]} {haut}" if entre else ""
