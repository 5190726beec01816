"""Composant carte : affiche un message de valeurs, rend le territoire cliqué."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit_folium import st_folium

from observatoire.cartes.couche import PREFIXE, Valeurs, build_carte

if TYPE_CHECKING:
    from collections.abc import Mapping

HAUTEUR = 600
HAUTEUR_MOBILE = 400
LARGEUR_MOBILE = 640
RETOUR = "last_object_clicked_tooltip"
"""Seul champ que le composant renvoie : déplacer la carte ne relance rien."""


def show_carte(message: Mapping[str, Any], *, cle: str = "carte", prefixe: str = PREFIXE) -> str | None:
    """Montre la carte et rend le code du territoire qui vient d'être cliqué, une seule fois.

    La page de la carte est toujours la même : géométries et valeurs voyagent dans ``message``, si
    bien que changer d'indicateur, de niveau ou de département ne la recharge jamais. Le territoire
    choisi voyage à part : en choisir un autre ne renvoie pas les valeurs.

    Rien n'est rendu si la page s'est chargée du clic (évènement ``observatoire:choix``).

    Args:
        message: rendu par ``observatoire.cartes.couche.build_message``. Une page de deux cartes y ajoute
            ``groupe`` : celles d'un même groupe ont la même vue et le même survol.
        cle: clé du composant ; une par carte de la page.
        prefixe: adresse du montage statique.
    """
    valeurs = {nom: partie for nom, partie in message.items() if nom != "selection"} | {"cle": cle}
    st.html(_render_reglages(cle, message.get("selection")))
    retour = st_folium(
        build_carte(prefixe=prefixe),
        key=cle,
        height=HAUTEUR,
        use_container_width=True,
        returned_objects=[RETOUR],
        feature_group_to_add=Valeurs(valeurs),
    )
    memoire = f"_{cle}_dernier_clic"
    jeton = (retour or {}).get(RETOUR) or ""
    if not jeton or jeton == st.session_state.get(memoire):
        return None
    st.session_state[memoire] = jeton
    return str(jeton).partition("|")[0]


def _render_reglages(cle: str, selection: str | None) -> str:
    """Hauteur du cadre selon la largeur de l'écran, que Python ne connaît pas, et territoire choisi.

    La carte lit le choix dans la page (``cartes/web/choix_page.js``).
    """
    cadre = 'iframe[src*="streamlit_folium"]'
    style = (
        f"<style>{cadre}{{height:{HAUTEUR}px!important;border:0}}"
        f"@media(max-width:{LARGEUR_MOBILE}px){{{cadre}{{height:{HAUTEUR_MOBILE}px!important}}}}"
        "[data-testid=stElementContainer]:has(.obs-choix){display:none}</style>"
    )
    if selection is None:
        return style
    return f'{style}<span class="obs-choix" data-carte="{escape(cle)}" data-code="{escape(selection)}"></span>'
