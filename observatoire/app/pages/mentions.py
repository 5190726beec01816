"""Mentions légales : éditeur, hébergeur, licences, données personnelles."""

from __future__ import annotations

import streamlit as st

from observatoire.app import cache
from observatoire.app.composants.mentions import render_mentions
from observatoire.app.publication_vue import get_consultation

consultation = get_consultation()
st.html(render_mentions(cache.get_reglages(), consultation.catalogue.sources.values(), consultation.publication.id))
