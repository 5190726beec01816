"""Pair de la carte : l'application streamlit-folium qu'on écrit d'ordinaire.

Une liste d'indicateurs, un ``folium.Choropleth`` avec info-bulle, affiché par ``st_folium``. Les données
sont gardées en cache et la toile (``prefer_canvas``) est demandée : ce pair est bien écrit, pas naïf.
``streamlit run bench/pair_streamlit_folium.py``, avec ``BENCH_PAIR`` pour dossier de données.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import folium
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

DOSSIER = Path(os.environ.get("BENCH_PAIR", "."))


@st.cache_data
def load_geojson(cas: str) -> dict[str, Any]:
    """Géométries et noms des territoires."""
    return json.loads((DOSSIER / f"{cas}.geojson").read_text("utf-8"))


@st.cache_data
def load_valeurs(cas: str) -> pd.DataFrame:
    """Une colonne par indicateur."""
    return pd.read_parquet(DOSSIER / f"{cas}.parquet")


def main() -> None:
    """La page."""
    st.set_page_config(layout="wide")
    cas = st.query_params["cas"]
    valeurs = load_valeurs(cas)
    indicateur = st.selectbox("Indicateur", [c for c in valeurs.columns if c not in {"code", "nom"}])
    geojson = load_geojson(cas)
    par_code = dict(zip(valeurs.code, valeurs[indicateur], strict=True))
    for entite in geojson["features"]:
        valeur = par_code.get(entite["id"])
        entite["properties"]["valeur"] = None if pd.isna(valeur) else round(valeur, 1)
    carte = folium.Map(tiles=None, prefer_canvas=True)
    choroplethe = folium.Choropleth(
        geo_data=geojson,
        data=valeurs,
        columns=["code", indicateur],
        key_on="feature.id",
        fill_color="YlOrBr",
        line_weight=0.5,
        legend_name=indicateur,
    ).add_to(carte)
    folium.GeoJsonTooltip(["nom", "valeur"], aliases=["Territoire", indicateur]).add_to(choroplethe.geojson)
    carte.fit_bounds(st.session_state.setdefault("bornes", choroplethe.geojson.get_bounds()))
    st_folium(carte, key="carte", height=600, use_container_width=True, returned_objects=[])


if __name__ == "__main__":
    main()
