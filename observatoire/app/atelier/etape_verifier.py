"""Étape 2 : le rapport, le classeur des fautes, l'assistant de correspondance, puis garder le fichier."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from observatoire.app.atelier.affichage import show_html
from observatoire.app.atelier.assistant import show_assistant
from observatoire.app.atelier.contexte import get_en_cours, go_to, say_ensuite, set_en_cours
from observatoire.app.atelier.correspondances import find_ecarts
from observatoire.app.atelier.etape_deposer import NATURES
from observatoire.app.atelier.etat import Etape, lien_vers
from observatoire.app.atelier.rapport_html import (
    render_anomalies,
    render_ecartes,
    render_quarantaine,
    render_reconnu,
    render_synthese,
)
from observatoire.app.atelier.verification import default_motif, depose_fichier, verify_fichier
from observatoire.app.messages import show_etat
from observatoire.exports.noms_fichiers import simplify_nom

if TYPE_CHECKING:
    from observatoire.app.atelier.contexte import Contexte
    from observatoire.app.atelier.en_cours import EnCours
    from observatoire.modeles.lots import RapportLivraison

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_verifier(contexte: Contexte) -> None:
    """Montre le rapport du fichier en cours."""
    en_cours = get_en_cours()
    if en_cours is None:
        show_etat(
            "information",
            "Aucun fichier en cours",
            "La copie de travail a été effacée, ou la page a été rechargée. Déposez de nouveau le fichier.",
        )
        st.html(f'<p><a class="obs-bouton" href="{lien_vers(Etape.DEPOSER)}">Déposer un fichier</a></p>')
        return
    if not en_cours.reponses.source:
        go_to(Etape.SOURCE)
    if en_cours.rapport is None:
        verify_fichier(contexte, en_cours)
    rapport = en_cours.rapport
    if rapport.quarantaine:
        st.html(render_quarantaine(rapport.quarantaine))
        set_en_cours(None)
        st.html(f'<p><a class="obs-bouton" href="{lien_vers(Etape.DEPOSER)}">Déposer un autre fichier</a></p>')
        return
    source = contexte.catalogue.sources[en_cours.reponses.source]
    st.html(
        f'<p class="atelier-fichier"><strong translate="no">{escape(rapport.fichier)}</strong> · '
        f"{escape(source.libelle)}</p>{render_synthese(rapport)}"
    )
    ecarts = find_ecarts(source, en_cours.reponses, en_cours.colonnes, rapport, contexte.referentiel)
    _show_suite(contexte, en_cours, rapport)
    if not ecarts.vides:
        show_assistant(contexte, en_cours, source, ecarts)
    if rapport.anomalies:
        st.html('<h2 class="atelier-titre">Points du contrôle</h2>')
        if en_cours.classeur is not None:
            with st.container(key="atelier_classeur"):
                st.download_button(
                    "Télécharger le classeur des points à corriger",
                    en_cours.classeur,
                    file_name=f"a-corriger-{simplify_nom(rapport.fichier.rsplit('.', 1)[0])}.xlsx",
                    mime=_XLSX,
                    key="atelier_telecharger",
                    on_click="ignore",
                )
                st.html(
                    '<p class="obs-note">Tableur : les lignes en cause à leur numéro d’origine, la cellule colorée, la '
                    "raison en commentaire. À renvoyer au service qui a produit le fichier.</p>"
                )
        st.html(render_anomalies(rapport.anomalies, contexte.etat))
    noms = {nom: v.libelle for nom, v in source.variables.items()}
    show_html(render_ecartes(rapport.ecartes, noms), render_reconnu(rapport))


def _show_suite(contexte: Contexte, en_cours: EnCours, rapport: RapportLivraison) -> None:
    """Ce qu'on peut faire maintenant : garder le fichier s'il est juste, sinon pourquoi non."""
    if rapport.refusee:
        show_etat(
            "bloquant",
            "Ce fichier ne peut pas encore être gardé",
            "Réglez les points bloquants ci-dessous avec l’assistant, ou renvoyez le classeur au producteur et "
            "déposez le fichier corrigé. Rien de ce qui est en ligne n’a changé.",
        )
        return
    with st.container(key="atelier_garder_cadre"):
        motif = st.text_input(
            "Pourquoi ce dépôt (facultatif, écrit au journal ; aucun nom de personne)",
            key="atelier_motif_depot",
            max_chars=300,
        )
        presse = st.button("Garder ce fichier et voir ce qu’il change", type="primary", key="atelier_garder")
    if not presse:
        return
    resultat = depose_fichier(contexte, en_cours, motif.strip() or default_motif(rapport.fichier))
    if resultat.depot is None or not resultat.accepte:
        en_cours.rapport = resultat.rapport
        st.rerun()
    set_en_cours(None)
    if resultat.deja_depose:
        say_ensuite(
            "information",
            "Ce fichier avait déjà été déposé",
            "Les mêmes octets sont déjà gardés : voici ce dépôt, rien n’a été ajouté.",
        )
    elif resultat.raison_nature:
        say_ensuite(
            "fait",
            "Fichier gardé, invisible des lecteurs",
            f"Ses octets sont scellés. Ce qu’il fait : {NATURES[resultat.depot.nature].lower()} "
            f"({resultat.raison_nature}).",
        )
    go_to(Etape.COMPARER, depot=resultat.depot.id)
