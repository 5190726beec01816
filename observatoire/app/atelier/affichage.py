"""Montrer du HTML qui peut être vide."""

from __future__ import annotations

import streamlit as st


def show_html(*morceaux: str) -> None:
    """Montre ces morceaux à la suite ; rien s'ils sont tous vides (Streamlit refuse un bloc vide)."""
    corps = "".join(morceaux)
    if corps:
        st.html(corps)
