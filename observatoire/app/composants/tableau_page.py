"""Tableau jumeau dans la page : recherche, ordre, pages, téléchargement.

C'est un fragment : le parcourir ne relance ni la carte ni les réglages.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from observatoire.app.composants.entete_carte import make_lien_csv
from observatoire.app.composants.tableau import OrdreNoms, PageTableau, Tri, filter_lignes, order_lignes, render_tableau
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import format_nombre, format_periode

if TYPE_CHECKING:
    from observatoire.app.etat import Etat
    from observatoire.app.vues import VueCarte

_PAGE, _CLE = "tableau_page", "_tableau_cle"


@st.fragment
def show_tableau(vue: VueCarte, noms: OrdreNoms, etat: Etat) -> None:
    """Montre le tableau d'une vue."""
    maille = Maille(etat.maille)
    with st.container(key="outils_tableau"):
        titre, recherche, ordre = st.columns([5, 3, 3], gap="small", vertical_alignment="bottom")
        cherche = recherche.text_input("Chercher dans le tableau", key="tableau_recherche", placeholder="nom ou code")
        tri = Tri(ordre.selectbox("Ordre", [str(t) for t in Tri], key="tableau_tri"))
    rangs = filter_lignes(vue.valeurs, order_lignes(vue.valeurs, noms, tri), noms, cherche or "")
    _reset_page((vue.cle, tri, cherche))
    quand = format_periode(vue.cle.periode)
    legende = f"{vue.indicateur.libelle}, {quand} : {maille.libelle_pluriel} {vue.nom.du_territoire}"
    page = render_tableau(
        vue.valeurs,
        rangs,
        vue.indicateur,
        maille=maille,
        legende=legende,
        unite_denominateur=vue.unite_denominateur,
        page=st.session_state.get(_PAGE, 1),
        selection=etat.territoire,
    )
    quoi = maille.libelle_pluriel if page.total > 1 else maille.libelle
    lien = escape(make_lien_csv(etat), quote=True)
    titre.html(
        f"<h2>Tableau</h2><p class=obs-note>{format_nombre(page.total)} {escape(quoi)} · "
        f"{escape(str(tri))} · <a href='{lien}' download>Télécharger en CSV</a></p>"
    )
    st.html(page.html)
    _show_pagination(page)


def _reset_page(cle: tuple[object, ...]) -> None:
    """Revient à la première page quand ce qui est rangé change."""
    if st.session_state.get(_CLE) != cle:
        st.session_state[_CLE] = cle
        st.session_state[_PAGE] = 1


def _show_pagination(page: PageTableau) -> None:
    if page.pages == 1:
        return
    with st.container(key="pagination", horizontal=True, vertical_alignment="center"):
        st.button("‹ Précédentes", disabled=page.page == 1, on_click=_turn, args=(page.page - 1,), key="page_avant")
        st.html(
            f"<p class=obs-note>Lignes {format_nombre(page.premiere)} à {format_nombre(page.derniere)} "
            f"sur {format_nombre(page.total)}</p>",
            width="content",
        )
        st.button(
            "Suivantes ›", disabled=page.page == page.pages, on_click=_turn, args=(page.page + 1,), key="page_apres"
        )


def _turn(page: int) -> None:
    st.session_state[_PAGE] = page
