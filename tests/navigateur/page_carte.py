"""Page minuscule des essais : 24 communes de La Réunion, deux indicateurs, le territoire cliqué ou choisi."""

import os
from pathlib import Path

import streamlit as st

from observatoire.app.composants.carte import show_carte
from observatoire.cartes.couche import build_message, describe_fond
from observatoire.cartes.fond import load_index
from observatoire.cartes.valeurs import dessin_aplats, encode_valeurs, make_textes

BESOIN = ["#FFF3DC", "#FBCF8B", "#EE9A3E", "#C2601A", "#7A300D"]
RESSOURCE = ["#E6F4F7", "#A0CFDA", "#5BA5B9", "#27758D", "#0B4358"]
BORNES = [5.0, 10.0, 15.0, 20.0]
STATUTS = {0: "secret", 1: "non_disponible", 2: "non_significatif"}

fonds = load_index(Path(os.environ["ESSAI_FONDS"]))
codes = fonds["commune-974"].codes
choix = st.radio("Indicateur", ["Besoin", "Ressource"])
valeurs = [float(i) if choix == "Besoin" else float(len(codes) - i) for i in range(len(codes))]
valeurs[3] = 0.0
message = build_message(
    describe_fond(fonds, "commune", "974"),
    encode_valeurs(valeurs, [STATUTS.get(i, "publie") for i in range(len(codes))], decimales=1, bornes_classes=BORNES),
    dessin_aplats(BESOIN if choix == "Besoin" else RESSOURCE, BORNES),
    make_textes(choix, "%", 1),
    aria=f"Carte : {choix}",
    selection=st.session_state.get("choisi", ""),
)
st.button("Choisir Cilaos", on_click=st.session_state.update, args=({"choisi": "97424"},))
st.button("Ne rien choisir", on_click=st.session_state.update, args=({"choisi": ""},))
clic = show_carte(message)
if clic:
    st.session_state["choisi"] = clic
st.session_state["passages"] = st.session_state.get("passages", 0) + 1
st.write(f"Choisi : {st.session_state.get('choisi') or 'rien'} · passages : {st.session_state['passages']}")
