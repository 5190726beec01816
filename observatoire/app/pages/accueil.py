"""Accueil : ce qu'est l'observatoire, par où entrer, ce qu'il refuse, d'où viennent ses données."""

from __future__ import annotations

import streamlit as st

from observatoire.analyse.etat_donnees import describe_donnees
from observatoire.app import cache
from observatoire.app.composants.portail import (
    render_donnees,
    render_portail,
    render_portes,
    render_problematiques,
    render_refus,
)

consultation = cache.get_consultation()
reglages = cache.get_reglages()
donnees = describe_donnees(consultation)
st.html(
    render_portail(reglages, donnees)
    + render_problematiques(donnees, reglages.departement)
    + render_portes()
    + render_refus()
    + render_donnees(donnees)
)
