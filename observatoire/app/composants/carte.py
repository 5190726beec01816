"""Composant carte : affiche un message de valeurs, rend le territoire cliqué."""

from __future__ import annotations

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
    bien que changer d'indicateur, de niveau ou de département ne la recharge jamais.

    Args:
        message: rendu par ``observatoire.cartes.couche.build_message``.
        cle: clé du composant ; une par carte de la page.
        prefixe: adresse du montage statique.
    """
    memoire = f"_{cle}_dernier_clic"
    dernier = st.session_state.get(memoire, "")
    envoye = dict(message)
    if envoye.get("selection") == dernier.partition("|")[0]:
        # La carte l'a déjà cerné : le taire garde le message identique, donc rien à renvoyer.
        del envoye["selection"]
    _set_hauteur()
    retour = st_folium(
        build_carte(prefixe=prefixe),
        key=cle,
        height=HAUTEUR,
        use_container_width=True,
        returned_objects=[RETOUR],
        feature_group_to_add=Valeurs(envoye),
    )
    jeton = (retour or {}).get(RETOUR) or ""
    if not jeton or jeton == dernier:
        return None
    st.session_state[memoire] = jeton
    return str(jeton).partition("|")[0]


def _set_hauteur() -> None:
    """Hauteur du cadre selon la largeur de l'écran, que Python ne connaît pas."""
    cadre = 'iframe[title="streamlit_folium.st_folium"]'
    st.html(
        f"<style>{cadre}{{height:{HAUTEUR}px!important;border:0}}"
        f"@media(max-width:{LARGEUR_MOBILE}px){{{cadre}{{height:{HAUTEUR_MOBILE}px!important}}}}</style>"
    )
