"""Page HTML qui porte l'application : celle de Streamlit, en français, avec notre en-tête et nos feuilles."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from observatoire.app.actifs import write_liens
from observatoire.app.entete import write_entete

if TYPE_CHECKING:
    from observatoire.app.reglages import Reglages

_ADRESSE_DU_SERVEUR = "<script>window.__streamlit = {BACKEND_BASE_URL: location.origin + '/'};</script>"
_TITRE, _CORPS = "<!--observatoire-titre-->", "<!--observatoire-corps-->"


def compose_page(
    reglages: Reglages, chemin: str = "/", balises: str = "", premiere: str = "", *, atelier: bool = False
) -> str:
    """Page complète.

    Args:
        reglages: nom et logo de l'observatoire.
        chemin: adresse de la page.
        balises: titre et annonce du lien, en HTML ; le nom de l'observatoire à défaut.
        premiere: ce qui se lit avant que l'application ait démarré, en HTML.
        atelier: vrai si l'Atelier est ouvert sur ce serveur.
    """
    page = _load_modele().replace(_TITRE, balises or f"<title>{escape(reglages.nom)}</title>", 1)
    return page.replace(_CORPS, write_entete(reglages, chemin, atelier=atelier) + premiere, 1)


@cache
def _load_modele() -> str:
    """Page de Streamlit : langue, titre, texte sans JavaScript remplacés ; nos fichiers liés."""
    import streamlit

    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    page = re.sub(r"<!--(?!observatoire).*?-->", "", page, flags=re.DOTALL)
    page = re.sub(r'<html lang="[^"]*"', '<html lang="fr"', page, count=1)
    # Cette adresse décrit en anglais un service que nous n'offrons pas.
    page = re.sub(r'\s*<link rel="service-desc"[^>]*>', "", page)
    sans_script = "<noscript><p>Cette page a besoin de JavaScript pour s’afficher.</p></noscript>"
    page = re.sub(r"<noscript>.*?</noscript>", sans_script, page, count=1, flags=re.DOTALL)
    feuilles, scripts = write_liens()
    # Dire l'adresse du serveur évite que la page la cherche à tâtons, par des demandes refusées (404).
    page = re.sub(r"<title>.*?</title>", _TITRE + _ADRESSE_DU_SERVEUR, page, count=1, flags=re.DOTALL)
    # Les feuilles sont dans le corps : elles passent ainsi après celles que Streamlit ajoute en tête.
    return re.sub(r"<body[^>]*>", f"<body>{feuilles}{_CORPS}{scripts}", page, count=1)
