"""Historique : publications, dépôts, journal ; revenir en arrière, ou lire l'observatoire tel qu'il était."""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from observatoire.app.atelier.contexte import forget_publication, go_to, say_ensuite
from observatoire.app.atelier.differences_html import write_phrase
from observatoire.app.atelier.etat import Etape, EtatAtelier
from observatoire.app.atelier.historique_html import (
    format_instant,
    render_depots,
    render_journal,
    render_publications,
)
from observatoire.app.atelier.suivi import run_suivi
from observatoire.app.messages import show_etat
from observatoire.errors import AppelError
from observatoire.publication.differences import compare_publications
from observatoire.publication.historique import (
    find_publication_at,
    list_historique,
    list_livraisons,
    read_journal,
    restore,
    verify_journal,
)

if TYPE_CHECKING:
    from observatoire.app.atelier.contexte import Contexte
    from observatoire.store.publications import Publication

LIGNES_JOURNAL = 30


def show_historique(contexte: Contexte) -> None:
    """Montre l'historique, et la confirmation d'un retour si l'adresse en demande un."""
    historique = list_historique(contexte.espace)
    if not historique:
        show_etat("information", "Rien n’a encore été publié", "Lancez « observatoire construire » une première fois.")
        return
    courante = next((p for p, en_ligne in historique if en_ligne), None)
    voulue = next((p for p, _ in historique if p.id == contexte.etat.retour), None)
    if voulue is not None and courante is not None and voulue.id != courante.id:
        _confirm(contexte, courante, voulue)
    st.html(
        '<h2 class="atelier-titre">Publications</h2>'
        + render_publications(historique, peut_restaurer=contexte.personne.peut_publier)
    )
    _show_tel_que(contexte)
    st.html(
        '<h2 class="atelier-titre">Dépôts</h2>'
        + render_depots(list_livraisons(contexte.espace), contexte.catalogue.sources)
    )
    _show_journal(contexte)


def _confirm(contexte: Contexte, courante: Publication, voulue: Publication) -> None:
    with st.container(key="atelier_retour", border=True):
        st.html(
            f"<h2>Revenir à la publication du {format_instant(voulue.date)} ?</h2><p>Motif d’alors : « "
            f"{escape(voulue.motif)} », par <span translate=no>{escape(voulue.auteur)}</span>. Elle reprend ses "
            "données et ses dépôts, à l’identique ; rien n’est effacé, et l’on peut revenir à celle d’aujourd’hui.</p>"
        )
        cle = (str(contexte.espace.racine), "retour", f"{courante.id} {voulue.id}")
        differences = run_suivi(
            cle,
            "Ce que le retour changerait",
            lambda _avancer: compare_publications(contexte.espace, courante, voulue),
        )
        st.html(f'<p class="obs-phrase">{escape(write_phrase(differences))}</p>')
        if not contexte.personne.peut_publier:
            show_etat("information", "Votre rôle ne permet pas de restaurer", "Demandez-le à un valideur.")
            return
        motif = st.text_input(
            "Motif du retour (obligatoire, écrit au journal)", key="atelier_motif_retour", max_chars=300
        ).strip()
        with st.container(key="atelier_gestes", horizontal=True):
            presse = st.button("Remettre en ligne", type="primary", disabled=not motif, key="atelier_restaurer")
            if st.button("Ne rien changer", key="atelier_renoncer"):
                go_to(Etape.HISTORIQUE)
        if presse:
            restore(contexte.espace, voulue.id, auteur=contexte.personne.auteur, motif=motif)
            forget_publication()
            say_ensuite(
                "fait", "Publication remise en ligne", f"Celle du {format_instant(voulue.date)} est de nouveau lue."
            )
            go_to(Etape.HISTORIQUE)


def _show_tel_que(contexte: Contexte) -> None:
    st.html('<h2 class="atelier-titre">Tel qu’il était</h2>')
    with st.container(key="atelier_tel_que"):
        jour = st.date_input(
            "Lire l’observatoire tel qu’il était à la fin du",
            None,
            format="DD/MM/YYYY",
            max_value=dt.datetime.now().astimezone().date(),
            key="atelier_jour",
        )
    if jour is None:
        return
    try:
        publication = find_publication_at(contexte.espace, jour.isoformat())
    except AppelError as erreur:
        st.html(f'<p class="atelier-consigne" role="status">{escape(str(erreur))}</p>')
        return
    st.html(
        f'<p role="status">Ce jour-là : la publication n° <span translate="no">{escape(publication.id)}</span>, '
        f'« {escape(publication.motif)} ». <a href="carte?publication={escape(publication.id, quote=True)}">'
        "Ouvrir la carte d’alors</a></p>"
    )


def _show_journal(contexte: Contexte) -> None:
    fautes = verify_journal(contexte.espace)
    entier = contexte.etat.journal == "tout"
    lignes = read_journal(contexte.espace, derniers=0 if entier else LIGNES_JOURNAL)
    st.html('<h2 class="atelier-titre" id="journal">Journal</h2>')
    if fautes:
        show_etat("bloquant", "Le journal a été altéré", " ".join(f"{a.message} {a.suggestion or ''}" for a in fautes))
    else:
        st.html(
            '<p class="atelier-verifie"><span aria-hidden="true">✓</span> Chaîne vérifiée : chaque ligne est telle '
            "qu’elle a été écrite, aucune ne manque.</p>"
        )
    st.html(render_journal(list(reversed(lignes))))
    if not entier and len(lignes) == LIGNES_JOURNAL:
        lien = EtatAtelier(etape=Etape.HISTORIQUE, journal="tout").make_lien()
        st.html(f'<p><a class="obs-bouton" href="{escape(lien, quote=True)}">Voir tout le journal</a></p>')
