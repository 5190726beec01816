"""Script principal de Streamlit : le cadre, puis la page choisie."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from observatoire.app import cache
from observatoire.app.composants.cadre import make_icone, show_entete, show_pied
from observatoire.app.messages import handle_erreur
from observatoire.errors import PublicationError

PAGES = Path(__file__).parent / "pages"


def main() -> None:
    """Montre l'en-tête, la page et le pied ; une erreur de page laisse l'en-tête et le pied en place."""
    reglages = cache.get_reglages()
    st.set_page_config(page_title=reglages.nom, page_icon=make_icone(), layout="wide")
    pages = [
        st.Page(PAGES / "accueil.py", title="Accueil", default=True),
        st.Page(PAGES / "carte.py", title="Carte", url_path="carte"),
    ]
    page = st.navigation(pages, position="top")
    show_entete(reglages)
    # Au téléphone, Streamlit cache le menu derrière un bouton : ces liens le remplacent (voir style.py).
    with st.container(key="nav_mobile", horizontal=True):
        for lien in pages:
            st.page_link(lien)
    try:
        consultation = cache.get_consultation()
    except PublicationError as erreur:
        handle_erreur(erreur)
        show_pied(reglages, None)
        return
    page.run()
    show_pied(reglages, consultation)


main()
