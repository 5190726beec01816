"""Publication que montre un onglet : celle de son ouverture, ou celle que nomme l'adresse, jamais un mélange."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from observatoire.app import cache
from observatoire.errors import PublicationError

if TYPE_CHECKING:
    from observatoire.analyse.consultation import Consultation

_EPINGLE = "_publication"
PARAMETRE = "publication"


def get_consultation() -> Consultation:
    """Publication de cet onglet.

    Une publication nouvelle ne remplace pas celle d'un onglet ouvert : la page le dit (``publication.js``), et
    c'est en la rechargeant que l'on passe à la nouvelle.

    Raises:
        PublicationError: rien n'est publié, ou l'adresse nomme une publication qui n'existe pas.
    """
    demandee = st.query_params.get(PARAMETRE)
    if demandee:
        return cache.get_consultation(demandee)
    epinglee = st.session_state.get(_EPINGLE)
    if epinglee is not None:
        try:
            return cache.get_consultation(epinglee)
        except PublicationError:
            # Elle a été retirée du disque : la courante la remplace, entière.
            del st.session_state[_EPINGLE]
    consultation = cache.get_consultation()
    st.session_state[_EPINGLE] = consultation.publication.id
    return consultation
