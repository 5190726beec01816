"""Partenariat : qui a promis quoi, à quel rythme, et ce qui tarde ; l'onglet paraît si le registre est là."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import streamlit as st

from observatoire.app.messages import show_etat

if TYPE_CHECKING:
    from observatoire.app.atelier.contexte import Contexte

_COMPOSANT = "observatoire.app.composants.partenariat"


def has_partenariat() -> bool:
    """Vrai si le registre du partenariat et son composant sont là."""
    return importlib.util.find_spec(_COMPOSANT) is not None


def show_partenariat(contexte: Contexte) -> None:
    """Montre le registre."""
    if not has_partenariat():
        show_etat("information", "Pas encore de registre", "Le partenariat se déclare dans la fiche de chaque source.")
        return
    from observatoire.app.composants import partenariat

    st.html(partenariat.render_partenariat(contexte.espace))
