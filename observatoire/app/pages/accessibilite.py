"""Accessibilité : l'état déclaré, ce qui a été vérifié, comment signaler un obstacle."""

from __future__ import annotations

import streamlit as st

from observatoire.app import cache
from observatoire.app.composants.accessibilite import render_accessibilite

st.html(render_accessibilite(cache.get_reglages()))
