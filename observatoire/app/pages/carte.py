"""Carte : un indicateur, un niveau, une année ; la phrase, la légende, la carte et son tableau."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from observatoire.app import cache
from observatoire.app.composants import choix as reglages_carte
from observatoire.app.composants.carte import show_carte
from observatoire.app.composants.entete_carte import render_titre, write_citation
from observatoire.app.composants.fiche import render_fiche
from observatoire.app.composants.lieux import list_lieux, list_types
from observatoire.app.composants.tableau_page import show_tableau
from observatoire.app.messages import show_etat
from observatoire.app.preparation import make_choix
from observatoire.app.vues import CleVue
from observatoire.cartes.couche import build_message

consultation = cache.get_consultation()
choix = make_choix(consultation)
etat = reglages_carte.read_etat(choix, cache.get_reglages().departement)
reglages_carte.write_adresse(etat)
vue = cache.get_vue(consultation, CleVue(etat.indicateur, etat.maille, etat.periode, etat.departement))

for message in choix.messages:
    show_etat("a_regarder", "Adresse corrigée", message)
st.html(render_titre(vue, datetime.now(UTC).date()))

with st.container(key="carte_corps"):
    gauche, droite = st.columns([300, 908], gap="medium")

with gauche:
    with st.container(key="reglages_theme"):
        reglages_carte.show_choix_theme(choix)
    with st.container(key="choix_indicateur"):
        reglages_carte.show_choix_indicateur(choix, etat)
    with st.container(key="reglages"):
        reglages_carte.show_choix_lieu(consultation, choix, etat, vue.indicateur)
        types = list_types(consultation.catalogue, cache.get_lieux(consultation), etat.departement)
        montres = reglages_carte.show_choix_lieux(types, etat)
    fiche = st.container(key="fiche")

with droite:
    with st.container(key="legende"):
        st.html(vue.legende)
    if vue.message:
        lieux = list_lieux(consultation.catalogue, cache.get_lieux(consultation), etat.departement, montres)
        clique = show_carte(build_message(**vue.message, lieux=lieux, selection=etat.territoire or None))
        st.html(f'<p class="obs-source">{vue.source_html}</p>')
        if clique and clique != etat.territoire:
            reglages_carte.choose_territoire(clique)
            st.rerun()
    else:
        show_etat("information", "Pas de fond de carte à ce niveau", "Les valeurs sont dans le tableau.")

with fiche:
    if etat.territoire:
        st.html(render_fiche(consultation, vue, etat.territoire))
    elif vue.message:
        st.html('<p class="obs-note">Toucher un territoire pour lire sa valeur.</p>')

show_tableau(vue, cache.get_ordre_noms(consultation, etat.maille, etat.departement), etat)
with st.expander("Définition, précautions, citation"):
    st.html(write_citation(consultation, vue, etat))
