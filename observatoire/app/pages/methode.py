"""Méthode : chaque indicateur, sa règle, sa source, ses limites ; les règles communes, le glossaire, le secret."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from observatoire.app import cache
from observatoire.app.composants.methode_liens import SECRET, SECTION
from observatoire.app.composants.methode_page import render_methode
from observatoire.app.messages import show_etat
from observatoire.app.publication_vue import get_consultation
from observatoire.errors import AppelError

consultation = get_consultation()
departement = cache.get_reglages().departement
demande = st.query_params.to_dict()
# L'âge d'une donnée se compte en années : l'heure du serveur suffit.
aujourdhui = dt.datetime.now(dt.UTC).date()
try:
    if demande.get(SECTION) == SECRET:
        # Son exemple se calcule : le solveur n'est chargé que pour elle.
        from observatoire.app.composants.methode_secret import render_secret

        page = render_secret(consultation, demande, departement)
    else:
        page = render_methode(consultation, demande, aujourdhui, departement)
except AppelError as erreur:
    show_etat("a_regarder", "Adresse corrigée", str(erreur))
    sans_fiche = {nom: valeur for nom, valeur in demande.items() if nom != "indicateur"}
    page = render_methode(consultation, sans_fiche, aujourdhui, departement)
st.html(page)
