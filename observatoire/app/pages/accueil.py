"""Accueil : ce qu'est l'observatoire, par où entrer, ce qu'il refuse, d'où viennent ses données."""

from __future__ import annotations

import streamlit as st

from observatoire.analyse.etat_donnees import describe_donnees
from observatoire.analyse.portee import name_portee
from observatoire.app import cache
from observatoire.app.composants import portail
from observatoire.app.publication_vue import get_consultation
from observatoire.cartes.esquisse import draw_esquisse

consultation = get_consultation()
reglages = cache.get_reglages()
donnees = describe_donnees(consultation)
glossaire = consultation.catalogue.glossaire
fonds = cache.get_fonds(consultation)
esquisse = draw_esquisse(consultation.espace.fonds, fonds, reglages.departement)
nom = name_portee(consultation, reglages.departement or None).territoire
st.html(
    portail.render_portail(reglages, esquisse, nom)
    + portail.render_problematiques(donnees, reglages.departement, glossaire)
    + portail.render_donnees(donnees, glossaire)
    + portail.render_refus()
    + portail.render_sources(donnees)
)
