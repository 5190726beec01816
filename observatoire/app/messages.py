"""Messages d'erreur : une phrase qui dit quoi faire, jamais une trace technique."""

from __future__ import annotations

import logging
import uuid
from html import escape

import streamlit as st

from observatoire.cartes.palettes import ETATS
from observatoire.errors import ObservatoireError, PublicationError

JOURNAL = logging.getLogger("observatoire.app")


def show_etat(genre: str, titre: str, texte: str) -> None:
    """Montre un message d'état (``bloquant, a_regarder, information, fait``) : un mot, une forme."""
    etat = ETATS[genre]
    role = "alert" if genre == "bloquant" else "status"
    st.html(
        f'<div class="obs-etat" role="{role}" style="color:{etat.encre};background:{etat.fond}">'
        f'<strong><span aria-hidden="true">{etat.forme}</span> {escape(titre)}</strong>'
        f"<p>{escape(texte)}</p></div>"
    )


def handle_erreur(erreur: Exception) -> bool:
    """Montre une erreur du script ; rend toujours vrai : Streamlit n'affiche rien d'autre."""
    if isinstance(erreur, PublicationError):
        JOURNAL.warning("Publication illisible : %s", erreur)
        show_etat("a_regarder", "Aucune donnée à montrer", str(erreur))
    elif isinstance(erreur, ObservatoireError):
        JOURNAL.warning("Demande refusée : %s", erreur)
        show_etat("a_regarder", "Cette page ne peut pas être montrée", str(erreur))
    else:
        incident = uuid.uuid4().hex[:8].upper()
        JOURNAL.error("Incident %s", incident, exc_info=erreur)
        show_etat(
            "bloquant",
            "Cette page n'a pas pu être affichée",
            f"Rechargez-la. Si cela se reproduit, signalez l'incident n° {incident} à l'observatoire : "
            "il est inscrit au journal du serveur.",
        )
    return True
