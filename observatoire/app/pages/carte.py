"""Carte : un indicateur, un niveau, une année ; la phrase, la légende, la carte et son tableau."""

from __future__ import annotations

import streamlit as st

from observatoire.app import cache
from observatoire.app.composants import reglages_carte as reglages
from observatoire.app.composants.carte_page import show_cartes
from observatoire.app.composants.entete_carte import render_entete_carte
from observatoire.app.composants.fiche_page import show_fiche
from observatoire.app.composants.lieux import list_types
from observatoire.app.composants.tableau_page import show_tableau
from observatoire.app.messages import show_etat
from observatoire.app.preparation import make_choix
from observatoire.app.publication_vue import get_consultation
from observatoire.app.vues_page import load_vues

consultation = get_consultation()
choix = make_choix(consultation)
etat = choix.resolve(st.query_params.to_dict(), cache.get_reglages().departement)
vues = load_vues(consultation, etat)
indicateur = consultation.find_indicateur(etat.indicateur)

for message in choix.messages:
    show_etat("a_regarder", "Adresse corrigée", message)
st.html(render_entete_carte(consultation, vues.premiere, etat))
with st.container(key="carte_corps"):
    gauche, droite = st.columns([300, 908], gap="medium")
with gauche:
    with st.container(key="choix_indicateur"):
        st.html(reglages.render_indicateur(choix, etat) + reglages.render_mesure(indicateur, etat))
    with st.container(key="fiche"):
        show_fiche(consultation, vues.premiere, etat)
    types = list_types(consultation.catalogue, cache.get_lieux(consultation), etat.departement)
    with st.container(key="reglages"):
        st.html(
            reglages.render_sujet(choix, etat)
            + reglages.render_lieu(choix, etat, indicateur)
            + reglages.render_comparaison(choix, etat, indicateur)
            + reglages.render_lieux(types, etat)
        )
with droite:
    show_cartes(consultation, vues, etat)
show_tableau(consultation, vues.premiere, etat)
