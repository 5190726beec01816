"""Une ou deux cartes dans la page : légende, carte, source ; à deux, elles bougent ensemble."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from observatoire.app import cache
from observatoire.app.composants.carte import show_carte
from observatoire.app.composants.entete_carte import render_actions_carte
from observatoire.app.composants.lieux import list_lieux
from observatoire.app.composants.mentions_valeur import render_attente
from observatoire.app.messages import show_etat
from observatoire.app.vues import render_legende
from observatoire.cartes.couche import build_message
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import format_periode

if TYPE_CHECKING:
    from observatoire.analyse.consultation import Consultation
    from observatoire.app.etat import Etat
    from observatoire.app.vues import VueCarte
    from observatoire.app.vues_page import Vues


def show_cartes(consultation: Consultation, vues: Vues, etat: Etat) -> None:
    """Montre la carte, ou deux cartes de même échelle côte à côte."""
    if vues.seconde is None:
        _show_carte(consultation, vues.premiere, etat, "carte")
    else:
        with st.container(key="deux_cartes"):
            for colonne, vue, cle in zip(st.columns(2, gap="small"), vues.toutes, ("carte", "seconde"), strict=True):
                with colonne:
                    titre = f"{vue.indicateur.libelle_court}, {format_periode(vue.cle.periode)}"
                    pastille = render_attente(consultation.find_attente(vue.choisi))
                    st.html(f'<h2 class="obs-titre-carte">{escape(titre)}{pastille}</h2>')
                    _show_carte(consultation, vue, etat, cle, groupe="page")
    st.html(f'<div class="obs-actions-etroit">{render_actions_carte(consultation, vues.premiere, etat)}</div>')


def _show_carte(consultation: Consultation, vue: VueCarte, etat: Etat, cle: str, groupe: str = "") -> None:
    with st.container(key=f"legende_{cle}"):
        st.html(render_legende(vue, etat.territoire, _name_choisi(consultation, etat)))
    if not vue.message:
        show_etat("information", "Pas de fond de carte à ce niveau", "Les valeurs sont dans le tableau.")
        return
    lieux = list_lieux(consultation.catalogue, cache.get_lieux(consultation), etat.departement, etat.types_de_lieux)
    message = build_message(**vue.message, lieux=lieux, selection=etat.territoire)
    show_carte(message | {"groupe": groupe, "publication": consultation.publication.id}, cle=cle)
    st.html(f'<p class="obs-source">{vue.source_html}</p>')


def _name_choisi(consultation: Consultation, etat: Etat) -> str:
    return consultation.territoires.libelle(Maille(etat.maille), etat.territoire) if etat.territoire else ""
