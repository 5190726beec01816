"""Page Atelier : qui travaille, où l'on en est, et l'étape demandée."""

from __future__ import annotations

from html import escape

import streamlit as st

from observatoire.app import cache
from observatoire.app.atelier.contexte import Contexte, get_en_cours, pop_avis
from observatoire.app.atelier.etape_comparer import show_comparer
from observatoire.app.atelier.etape_deposer import show_deposer
from observatoire.app.atelier.etape_publier import show_publier
from observatoire.app.atelier.etape_verifier import show_verifier
from observatoire.app.atelier.etat import CIRCUIT, Etape, EtatAtelier, lien_vers, read_etat
from observatoire.app.atelier.identite import Personne, Refus, list_choix, resolve_personne
from observatoire.app.atelier.nouvelle_source import show_nouvelle_source
from observatoire.app.atelier.vue_historique import show_historique
from observatoire.app.atelier.vue_partenariat import has_partenariat, show_partenariat
from observatoire.app.messages import show_etat
from observatoire.app.mode import get_mode
from observatoire.errors import ObservatoireError
from observatoire.publication.droits import Regles, load_regles

_VUES = {
    Etape.DEPOSER: show_deposer,
    Etape.VERIFIER: show_verifier,
    Etape.COMPARER: show_comparer,
    Etape.PUBLIER: show_publier,
    Etape.SOURCE: show_nouvelle_source,
    Etape.HISTORIQUE: show_historique,
    Etape.PARTENARIAT: show_partenariat,
}
_PERSONNE = "atelier_personne"


def show_atelier() -> None:
    """Montre la page ; une faute est dite sous les étapes, qui restent là."""
    espace = cache.get_espace()
    etat = read_etat(st.query_params.to_dict())
    regles = load_regles(espace)
    mode = get_mode()
    choix = list_choix(regles, mode)
    personne = resolve_personne(regles, mode, dict(st.context.headers))
    st.html(_render_tete(etat, personne))
    if choix:
        personne = resolve_personne(regles, mode, {}, _ask_personne(choix, regles))
    if personne is None:
        st.html('<p class="atelier-consigne">Choisissez qui vous êtes pour continuer : le journal retient ce '
                "pseudonyme, jamais un nom.</p>")  # fmt: skip
        return
    if isinstance(personne, Refus):
        show_etat("bloquant", personne.titre, personne.texte)
        return
    st.html(_render_onglets(etat))
    if etat.etape in CIRCUIT or etat.etape is Etape.SOURCE:
        if not personne.peut_deposer:
            # Un brouillon n'est vu que de ceux qui le préparent.
            show_etat(
                "information",
                "Votre rôle permet de lire",
                "Déposer, comparer et publier demandent le rôle de contributeur ou de valideur (« roles » dans "
                "espace.yaml). L’historique vous est ouvert.",
            )
            return
        st.html(_render_etapes(etat))
    avis = pop_avis()
    if avis:
        show_etat(*avis)
    try:
        _VUES[etat.etape](Contexte(espace, regles, personne, etat))
    except ObservatoireError as erreur:
        show_etat("a_regarder", "Ce geste n’a pas été fait", str(erreur))


def _ask_personne(choix: tuple[str, ...], regles: Regles) -> str:
    with st.container(key="atelier_personne_cadre"):
        dit = st.selectbox(
            "Vous êtes",
            choix,
            index=None,
            placeholder="Choisir un pseudonyme",
            format_func=lambda auteur: f"{auteur} · {regles.roles[auteur]}",
            key=_PERSONNE,
        )
    return dit or ""


def _render_tete(etat: EtatAtelier, personne: Personne | Refus | None) -> str:
    qui = ""
    if isinstance(personne, Personne):
        qui = (
            f'<p class="atelier-personne">Vous travaillez sous le pseudonyme <strong translate="no">'
            f"{escape(personne.auteur)}</strong> ({escape(personne.role)}).</p>"
        )
    phrase = (
        '<p class="obs-phrase">Déposer un fichier reçu, le vérifier, voir ce qu’il change, publier, et pouvoir '
        "revenir.</p>"
        if etat.etape is Etape.DEPOSER
        else ""
    )
    return (
        f'<div class="atelier-tete" data-adresse="{escape(etat.make_lien(), quote=True)}">'
        f"<div><h1>Atelier</h1>{qui}</div>{phrase}</div>"
    )


def _render_onglets(etat: EtatAtelier) -> str:
    onglets = {Etape.DEPOSER: "Mettre à jour", Etape.HISTORIQUE: "Historique"}
    if has_partenariat():
        onglets[Etape.PARTENARIAT] = "Partenariat"
    courant = etat.etape if etat.etape in {Etape.HISTORIQUE, Etape.PARTENARIAT} else Etape.DEPOSER
    liens = "".join(
        f'<a href="{lien_vers(e)}"{" aria-current=page" if e is courant else ""}>{nom}</a>'
        for e, nom in onglets.items()
    )
    return f'<nav class="atelier-onglets" aria-label="Parties de l’Atelier">{liens}</nav>'


def _render_etapes(etat: EtatAtelier) -> str:
    courante = Etape.VERIFIER if etat.etape is Etape.SOURCE else etat.etape
    rang = list(CIRCUIT).index(courante)
    elements = ""
    for numero, (etape, nom) in enumerate(CIRCUIT.items()):
        ouverte = etape is Etape.DEPOSER or (
            get_en_cours() is not None if etape is Etape.VERIFIER else bool(etat.depot)
        )
        corps = f'<span aria-hidden="true" class="atelier-numero">{numero + 1}</span> {nom}'
        dit = " aria-current=step" if numero == rang else ""
        classe = "atelier-faite" if numero < rang else "atelier-ici" if numero == rang else "atelier-venir"
        depot = etat.depot if etape in {Etape.COMPARER, Etape.PUBLIER} else ""
        lien = f'<a href="{escape(lien_vers(etape, depot), quote=True)}"{dit}>{corps}</a>'
        elements += f'<li class="{classe}">{lien if ouverte and numero != rang else f"<span{dit}>{corps}</span>"}</li>'
    return f'<ol class="atelier-etapes" aria-label="Étapes de la mise à jour">{elements}</ol>'
