"""Page du cadre de carte : celle de streamlit-folium, en français, qui demande d'emblée ce dont la carte a besoin."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from observatoire.cartes.couche import REUNIS, url_web


@cache
def compose_cadre() -> str:
    """Page du cadre ; les fichiers de la carte partent en même temps que le script de streamlit-folium."""
    paquet = Path(str(find_spec("streamlit_folium").origin)).parent
    page = (paquet / "frontend" / "build" / "index.html").read_text("utf-8")
    page = re.sub(r'<html lang="[^"]*"', '<html lang="fr"', page, count=1)
    page = re.sub(r"<title>.*?</title>", "<title>Carte</title>", page, count=1)
    page = re.sub(r'<meta name="description"[^>]*>', "", page)
    page = re.sub(r"<noscript>.*?</noscript>", "", page, flags=re.DOTALL)
    genres = {".js": "script", ".css": "style"}
    liens = "".join(f'<link rel="preload" as="{genres[Path(f).suffix]}" href="{url_web(f)}">' for f in REUNIS)
    return page.replace("</head>", f"{liens}</head>", 1)
