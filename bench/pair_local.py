"""Lance le pair sans internet : ses bibliothèques viennent d'un serveur local, rien d'autre ne change.

folium les demande à des réseaux de diffusion. Leurs adresses sont remplacées au dernier moment par celles
d'un petit serveur (``BENCH_PAIR_CDN``) que le navigateur met en cache comme un réseau de diffusion.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import streamlit_folium

from bench.pair_streamlit_folium import main

CDN = os.environ.get("BENCH_PAIR_CDN", "")


def localise(adresse: str) -> str:
    """Adresse locale d'un fichier de réseau de diffusion."""
    # Deux versions de d3 : seule l'adresse les distingue.
    nom = "d3.v4.min.js" if "d3.v4" in adresse else adresse.rpartition("/")[2].partition("?")[0]
    return f"{CDN}/{nom}"


if CDN and not hasattr(streamlit_folium, "_bench_distant"):
    streamlit_folium._bench_distant = streamlit_folium._component_func  # noqa: SLF001 -- dernier point avant le navigateur

    def _component_local(**arguments: Any) -> Any:
        for sorte in ("js_links", "css_links"):
            arguments[sorte] = [localise(a) for a in arguments[sorte]]
        return streamlit_folium._bench_distant(**arguments)  # noqa: SLF001

    streamlit_folium._component_func = _component_local  # noqa: SLF001

main()
