"""Page d'essai : les composants de Streamlit qui portent des textes anglais, pour vérifier qu'on n'en lit aucun."""

from datetime import date, datetime, time

import pandas as pd
import streamlit as st

tableau = pd.DataFrame({
    "Commune": ["Saint-Denis", "Le Port", "Salazie"],
    "Ménages": [61_000, 13_000, 2_500],
    "Part": [31.5, 40.2, 46.8],
    "Relevé": pd.to_datetime(["2010-01-01", "2011-06-01", "2012-09-30"]),
    "Littoral": [True, True, False],
    "Avis": pd.Categorical(["juste", "à revoir", "juste"]),
})  # fmt: skip

st.title("Composants")
st.header("Dépôt", help="Ce que l'on peut déposer.")
st.file_uploader("Un fichier", type=["csv", "xlsx"], max_upload_size=1, key="un")
st.file_uploader("Plusieurs fichiers", accept_multiple_files=True, key="plusieurs", help="Autant que l'on veut.")
st.file_uploader("Un dossier", accept_multiple_files="directory", key="dossier")

st.header("Tableaux")
st.dataframe(tableau, key="lecture", on_select="rerun", selection_mode=["multi-row", "multi-column"])
st.data_editor(tableau, key="saisie", num_rows="dynamic")
st.table(tableau)

st.header("Choix")
st.selectbox("Commune", ["Saint-Denis", "Le Port"], index=None)
st.selectbox("Commune nouvelle", ["Saint-Denis"], index=None, accept_new_options=True)
st.multiselect("Communes", ["Saint-Denis", "Le Port", "Salazie"])
st.multiselect("Une commune au plus", ["Saint-Denis", "Le Port"], default=["Le Port"], max_selections=1)
st.multiselect("Rien à choisir", [])
st.radio("Rien non plus", [])
st.pills("Lieux", ["Mairies", "Écoles"], selection_mode="multi")
st.segmented_control("Mesure", ["Part", "Nombre"])
st.select_slider("Année", [2016, 2017, 2018])
st.slider("Seuil", 0, 100, 20)
st.checkbox("Retenir", help="Garder ce choix.")
st.toggle("Comparer")
st.color_picker("Couleur")
st.feedback("stars")
st.pagination(30)

st.header("Saisie")
st.text_input("Nom", max_chars=10, placeholder="Votre nom")
st.text_input("Mot de passe", type="password")
st.text_area("Motif", max_chars=50)
st.number_input("Part", 0, 100, 20)
st.number_input("Part sans valeur", value=None)
st.date_input("Jour", date(2026, 3, 12), format="DD/MM/YYYY", min_value=date(2026, 1, 1), max_value=date(2026, 12, 31))
st.date_input("Période", (date(2026, 3, 1), date(2026, 3, 12)))
st.date_input("Sans date", None)
st.time_input("Heure", time(9, 30))
st.datetime_input("Passage", datetime(2026, 3, 12, 9, 30))  # noqa: DTZ001 -- heure de la page
with st.form("formulaire"):
    st.text_input("Auteur")
    st.text_area("Remarque")
    st.form_submit_button("Envoyer")

st.header("Le reste")
st.download_button("Télécharger", "a;b", "essai.csv")
st.link_button("Ouvrir", "/")
with st.popover("Réglages"):
    st.write("Réglages de la carte.")
st.menu_button("Actions", ["Partager", "Imprimer"])
for onglet, nom in zip(st.tabs([f"Onglet numéro {n}" for n in range(1, 31)]), range(1, 31), strict=True):
    onglet.write(f"Contenu {nom}")
with st.expander("Précautions"):
    st.write("Lire avec soin.")
st.metric("Part", "31,5 %", "1,2")
st.code("observatoire app", language=None)
st.json({"commune": "97411", "valeurs": [1, 2]})
st.progress(40, "Calcul")
with st.status("Contrôle du fichier"):
    st.write("Lecture.")
st.error("La ligne 18 n'existe pas.")
if st.button("Prévenir"):
    st.toast("Publication faite.", duration="infinite")
if st.button("Faire échouer"):
    st.exception(ValueError("ligne 18"))
if st.button("Attendre"):
    with st.spinner():
        st.write("Fait.")


@st.dialog("Publier")
def confirm():
    st.write("Trois indicateurs changent.")


if st.button("Confirmer"):
    confirm()
