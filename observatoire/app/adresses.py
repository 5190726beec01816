"""Adresses servies à côté des pages."""

from __future__ import annotations

ACTIFS = "/statique-app"
CADRE_CARTE = "/component/streamlit_folium.st_folium/index.html"
CHERCHER = "/chercher"
IMPRIMER = "/imprimer"
LOGO = "/logo"
SANTE = "/sante"
STATIQUE = "/statique"
TELECHARGER = "/telecharger"
CSV = f"{TELECHARGER}/carte.csv"
VIGNETTE = "/vignette"
