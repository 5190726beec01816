"""Script principal de Streamlit : la page choisie, dans le cadre commun."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from observatoire.app import cache
from observatoire.app.composants.cadre import make_icone
from observatoire.app.composants.pied import show_pied
from observatoire.app.messages import handle_erreur
from observatoire.app.mode import PAGE as PAGE_ATELIER
from observatoire.app.mode import get_mode
from observatoire.app.publication_vue import get_consultation
from observatoire.errors import PublicationError

PAGES = Path(__file__).parent / "pages"
TITRES = {
    "accueil": "Accueil",
    "carte": "Carte",
    "territoire": "Territoire",
    "methode": "Méthode",
    "mentions": "Mentions légales",
    "accessibilite": "Accessibilité",
}


def main() -> None:
    """Montre la page et son pied ; une erreur de page laisse le cadre en place."""
    reglages = cache.get_reglages()
    # Le menu est celui de l'en-tête (app/entete.py) ; Streamlit ne fait que choisir le script.
    pages = [
        st.Page(PAGES / f"{nom}.py", title=titre, url_path="" if nom == "accueil" else nom, default=nom == "accueil")
        for nom, titre in (TITRES | ({PAGE_ATELIER: "Atelier"} if get_mode().atelier else {})).items()
        if (PAGES / f"{nom}.py").is_file()
    ]
    page = st.navigation(pages, position="hidden")
    nom_page = reglages.nom if page.url_path == "" else f"{page.title} · {reglages.nom}"
    st.set_page_config(page_title=nom_page, page_icon=make_icone(), layout="wide")
    try:
        consultation = get_consultation()
    except PublicationError as erreur:
        # L'Atelier sert aussi à la première publication.
        if page.url_path == PAGE_ATELIER:
            page.run()
        else:
            handle_erreur(erreur)
        show_pied(reglages, None)
        return
    page.run()
    show_pied(reglages, consultation)


main()
