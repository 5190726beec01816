"""Territoire : un territoire, ses besoins et ses ressources en regard, situés parmi les autres."""

from __future__ import annotations

import streamlit as st

from observatoire.analyse.portrait.demande import read_demande
from observatoire.app import cache
from observatoire.app.composants.territoire_accueil import render_accueil
from observatoire.app.composants.territoire_page import make_rendu, render_corps, render_entete
from observatoire.app.messages import show_etat
from observatoire.app.publication_vue import get_consultation

consultation = get_consultation()
adresse = st.query_params.to_dict()
demande = read_demande(consultation, adresse.get("territoire", ""))
if demande.message:
    titre = "Adresse corrigée" if demande.lien else "Ce territoire n'existe pas"
    show_etat("a_regarder", titre, demande.message)
if demande.lien is None:
    st.html(render_accueil(consultation, demande.proches, adresse.get("publication", "")))
else:
    references = (adresse.get("ref1", ""), adresse.get("ref2", ""))
    portrait = cache.get_portrait(consultation, str(demande.lien.maille), demande.lien.code, references)
    for message in portrait.messages:
        show_etat("a_regarder", "Référence corrigée", message)
    rendu = make_rendu(consultation, portrait, adresse.get("publication", ""))
    dessin = cache.get_dessin_situation(consultation, str(portrait.sujet.maille), portrait.sujet.code)
    st.html(render_entete(rendu, dessin))
    for bloc in render_corps(rendu):
        st.html(bloc)
