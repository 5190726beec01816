"""Étape 4 : le motif, le visa, la publication ; puis ce qui a changé, et comment revenir."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from observatoire.app import cache
from observatoire.app.atelier import travaux
from observatoire.app.atelier.affichage import show_html
from observatoire.app.atelier.contexte import forget_publication
from observatoire.app.atelier.differences_html import render_refus, write_phrase
from observatoire.app.atelier.etape_comparer import load_differences, open_depot, render_depot
from observatoire.app.atelier.etat import Etape, lien_vers
from observatoire.app.atelier.suivi import follow, run_suivi
from observatoire.app.atelier.verification import default_motif
from observatoire.app.messages import show_etat
from observatoire.modeles.mailles import Maille
from observatoire.publication.construire import count_etapes
from observatoire.publication.droits import Role
from observatoire.publication.publier import approuver, publier
from observatoire.publication.verrou import read_occupant
from observatoire.registres.depots import StatutDepot

if TYPE_CHECKING:
    from observatoire.app.atelier.contexte import Contexte
    from observatoire.publication.construire import Resultat
    from observatoire.publication.differences import Differences
    from observatoire.registres.depots import Depot

_FAIT = "atelier_publie"
LIENS_MONTRES = 6


def show_publier(contexte: Contexte) -> None:
    """Montre l'étape ; une publication en cours est retrouvée, même d'un autre onglet."""
    depot = open_depot(contexte)
    if depot is None:
        return
    cle = _make_cle(contexte)
    en_cours = travaux.find(cle)
    if en_cours is not None:
        _finish(depot, follow(cle, en_cours))
        return
    fait = st.session_state.get(_FAIT)
    if fait is not None and fait[0] == depot.id:
        _show_fait(contexte, depot, fait[1], fait[2])
        return
    if depot.statut not in {StatutDepot.BROUILLON, StatutDepot.APPROUVE}:
        st.html(render_depot(contexte, depot))
        show_etat("information", f"Ce dépôt est {depot.statut.libelle}", "Il n’y a rien à publier ici.")
        return
    differences = load_differences(contexte, depot)
    st.html(render_depot(contexte, depot))
    st.html(f'<p class="obs-phrase">{escape(write_phrase(differences))}</p>')
    show_html(render_refus(differences, contexte.catalogue))
    st.html(_render_visas(contexte, depot))
    occupant = read_occupant(contexte.espace)
    if occupant is not None:
        show_etat("a_regarder", "Quelqu’un d’autre écrit en ce moment", str(occupant))
    if _attend_visa(contexte, depot):
        _show_visa(contexte, depot)
    elif contexte.personne.peut_publier:
        _show_publication(contexte, depot, differences)


def _make_cle(contexte: Contexte) -> tuple[str, ...]:
    # Le même dépôt, ouvert dans deux onglets, ne se publie qu'une fois : le second suit le premier.
    return (str(contexte.espace.racine), "publication", contexte.etat.depot)


def _attend_visa(contexte: Contexte, depot: Depot) -> bool:
    return contexte.regles.double_visa and depot.approuve_par in {"", depot.auteur}


def _render_visas(contexte: Contexte, depot: Depot) -> str:
    """Qui a déposé, qui peut approuver, qui peut publier."""
    valideurs = [a for a, r in contexte.regles.roles.items() if r is Role.VALIDEUR]
    autres = [a for a in valideurs if a != depot.auteur]
    lignes = [("Déposé par", f'<span translate="no">{escape(depot.auteur)}</span>')]
    if contexte.regles.double_visa:
        if depot.approuve_par:
            lignes.append(("Approuvé par", f'<span translate="no">{escape(depot.approuve_par)}</span>'))
        else:
            noms = ", ".join(f'<span translate="no">{escape(a)}</span>' for a in autres)
            lignes.append(("Peuvent approuver", noms or "personne : ajoutez un second valideur dans espace.yaml"))
        note = "Deux personnes : celle qui approuve n’est pas celle qui a déposé."
    else:
        note = "Cet espace demande un seul visa : un valideur publie."
    peuvent = ", ".join(f'<span translate="no">{escape(a)}</span>' for a in valideurs) or "ce poste"
    lignes.append(("Peuvent publier", peuvent))
    corps = "".join(f"<div><dt>{t}</dt><dd>{v}</dd></div>" for t, v in lignes)
    return f'<dl class="atelier-faits atelier-visas">{corps}</dl><p class="obs-note">{note}</p>'


def _show_visa(contexte: Contexte, depot: Depot) -> None:
    if not contexte.personne.peut_publier:
        show_etat(
            "information", "En attente d’approbation", "Un valideur doit approuver ce dépôt avant sa publication."
        )
        return
    if contexte.personne.auteur == depot.auteur:
        show_etat(
            "information",
            "En attente d’une autre personne",
            "Vous avez fait ce dépôt : l’espace demande qu’un autre valideur l’approuve. Envoyez-lui l’adresse de "
            "cette page.",
        )
        return
    motif = st.text_input("Remarque (facultative, écrite au journal)", key="atelier_motif_visa", max_chars=300)
    if st.button("Approuver ce dépôt", type="primary", key="atelier_approuver"):
        approuver(contexte.espace, depot.id, auteur=contexte.personne.auteur, motif=motif.strip())
        st.rerun()


def _show_publication(contexte: Contexte, depot: Depot, differences: Differences) -> None:
    with st.container(key="atelier_publier_cadre"):
        motif = st.text_input(
            "Motif de la publication (obligatoire, écrit au journal ; aucun nom de personne)",
            # Un motif que la personne n'a pas écrit n'en est pas un.
            "" if depot.motif == default_motif(depot.fichier) else depot.motif,
            key="atelier_motif_publication",
            max_chars=300,
        ).strip()
        presse = st.button("Publier", type="primary", key="atelier_publier", disabled=not motif)
        st.html(
            '<p class="obs-note">Les lecteurs voient la publication d’avant, entière, jusqu’au dernier instant. '
            "Vous pourrez revenir en arrière depuis l’historique.</p>"
        )
    if not presse:
        return

    def faire(avancer) -> Resultat:  # noqa: ANN001 -- Progression
        return publier(contexte.espace, depot.id, auteur=contexte.personne.auteur, motif=motif, progression=avancer)

    touches = tuple(dict.fromkeys((*differences.recalcules, *differences.nouveaux)))
    st.session_state["atelier_touches"] = touches
    resultat = run_suivi(_make_cle(contexte), "Publication", faire, total=lambda: count_etapes(contexte.espace))
    _finish(depot, resultat)


def _finish(depot: Depot, resultat: Resultat) -> None:
    forget_publication()
    touches = st.session_state.get("atelier_touches", ())
    st.session_state[_FAIT] = (depot.id, resultat.publication.id, touches)
    # Refaite entière : le pied de page dit la publication nouvelle.
    st.rerun()


def _show_fait(contexte: Contexte, depot: Depot, publication: str, touches: tuple[str, ...]) -> None:
    show_etat("fait", "Publié", "Les lecteurs voient désormais ces données ; un onglet déjà ouvert le leur dira.")
    catalogue, departement = contexte.catalogue, cache.get_reglages().departement
    en_ligne = cache.get_consultation()
    elements = ""
    for identifiant in [i for i in touches if i in en_ligne.publication.indicateurs][:LIENS_MONTRES]:
        mailles = en_ligne.list_mailles(identifiant)
        params = {"indicateur": identifiant} | ({"departement": departement} if departement else {})
        params |= {"maille": str(Maille.COMMUNE)} if Maille.COMMUNE in mailles else {}
        fiche = catalogue.indicateurs.get(identifiant)
        nom = escape(fiche.libelle if fiche else identifiant)
        elements += f'<li><a href="{escape(f"carte?{urlencode(params)}", quote=True)}">{nom}</a></li>'
    liste = f'<h2 class="atelier-titre">Voir ce qui a changé</h2><ul>{elements}</ul>' if elements else ""
    retour = escape(lien_vers(Etape.HISTORIQUE), quote=True)
    st.html(
        f'<p class="atelier-fichier">Publication n° <span translate="no">{escape(publication)}</span> · '
        f'<span translate="no">{escape(depot.fichier)}</span></p>{liste}'
        f'<p class="atelier-suite"><a class="obs-bouton" href="{retour}">Historique et retour en arrière</a> '
        f'<a class="obs-bouton" href="{lien_vers(Etape.DEPOSER)}">Déposer un autre fichier</a></p>'
    )
