"""Étape 3 : ce que le dépôt changerait à ce qui est en ligne, en nombres, en cartes, territoire par territoire."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from observatoire.app import cache
from observatoire.app.atelier.affichage import show_html
from observatoire.app.atelier.cartes_comparees import build_comparaison, render_cartes
from observatoire.app.atelier.contexte import go_to, say_ensuite
from observatoire.app.atelier.differences_html import (
    render_changements,
    render_cles,
    render_profils,
    render_refus,
    write_phrase,
)
from observatoire.app.atelier.documents import show_bon
from observatoire.app.atelier.etat import Etape, EtatAtelier, lien_vers
from observatoire.app.atelier.suivi import run_suivi
from observatoire.app.composants.controles import Option, render_liste
from observatoire.app.messages import show_etat
from observatoire.cartes.fond import FRANCE
from observatoire.errors import PublicationError
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import format_periode
from observatoire.publication.differences import Differences, compute_differences
from observatoire.publication.publier import rejeter
from observatoire.registres.base import open_registres
from observatoire.registres.depots import Depot, StatutDepot, find_depot

if TYPE_CHECKING:
    import pandas as pd

    from observatoire.analyse.consultation import Consultation
    from observatoire.app.atelier.contexte import Contexte


def show_comparer(contexte: Contexte) -> None:
    """Montre les différences d'un dépôt."""
    depot = open_depot(contexte)
    if depot is None:
        return
    differences = load_differences(contexte, depot)
    consultation = open_en_ligne()
    catalogue = contexte.catalogue
    st.html(render_depot(contexte, depot))
    st.html(f'<p class="obs-phrase">{escape(write_phrase(differences))}</p>')
    _show_gestes(contexte, depot, differences)
    if differences.vide:
        return
    st.html(render_cles(differences) + render_refus(differences, catalogue))
    if not differences.lignes.empty:
        _show_cartes(contexte, differences, consultation)
        st.html('<h2 class="atelier-titre">Changements</h2>' + render_changements(differences, catalogue, consultation))
        show_html(render_profils(differences, consultation))


def open_depot(contexte: Contexte) -> Depot | None:
    """Dépôt que l'adresse désigne ; dit ce qui manque, sinon."""
    if not contexte.etat.depot:
        show_etat(
            "information", "Aucun dépôt choisi", "Choisissez-en un parmi ceux qui attendent, ou déposez un fichier."
        )
        st.html(f'<p><a class="obs-bouton" href="{lien_vers(Etape.DEPOSER)}">Voir les dépôts en attente</a></p>')
        return None
    return find_depot(open_registres(contexte.espace), contexte.etat.depot)


def open_en_ligne() -> Consultation | None:
    """Publication en ligne ; ``None`` s'il n'y en a pas encore."""
    try:
        return cache.get_consultation()
    except PublicationError:
        return None


def load_differences(contexte: Contexte, depot: Depot) -> Differences:
    """Différences d'un dépôt ; gardées avec son brouillon, elles ne sont calculées qu'une fois."""
    cle = (str(contexte.espace.racine), "differences", depot.id)
    catalogue = contexte.catalogue

    def faire(avancer) -> Differences:  # noqa: ANN001 -- Progression
        def name(identifiant: str) -> None:
            fiche = catalogue.indicateurs.get(identifiant)
            avancer(fiche.libelle_court if fiche else identifiant)

        return compute_differences(contexte.espace, depot.id, progression=name)

    return run_suivi(cle, "Comparaison avec ce qui est en ligne", faire)


def render_depot(contexte: Contexte, depot: Depot) -> str:
    """Ce qu'est ce dépôt, en une ligne."""
    source = contexte.catalogue.sources.get(depot.source)
    quand = ", ".join(format_periode(p) for p in depot.periodes)
    return (
        f'<p class="atelier-fichier"><strong>{escape(source.libelle if source else depot.source)}</strong>, '
        f'{escape(quand)} · <span translate="no">{escape(depot.fichier)}</span> · déposé par '
        f'<span translate="no">{escape(depot.auteur)}</span> · {escape(depot.statut.libelle)}</p>'
    )


def _show_gestes(contexte: Contexte, depot: Depot, differences: Differences) -> None:
    en_attente = depot.statut in {StatutDepot.BROUILLON, StatutDepot.APPROUVE}
    if not en_attente:
        return
    with st.container(key="atelier_gestes", horizontal=True):
        if not differences.vide and st.button("Aller publier", type="primary", key="atelier_aller_publier"):
            go_to(Etape.PUBLIER, depot=depot.id)
        if not differences.vide:
            show_bon(contexte, depot)
        with st.popover("Rejeter ce dépôt", key="atelier_rejet"):
            motif = st.text_input("Pourquoi le rejeter", key="atelier_motif_rejet", max_chars=300).strip()
            if st.button("Rejeter", key="atelier_rejeter", disabled=not motif):
                rejeter(contexte.espace, depot.id, auteur=contexte.personne.auteur, motif=motif)
                say_ensuite("fait", "Dépôt rejeté", "Il ne sera pas publié ; le journal en garde la trace.")
                go_to(Etape.DEPOSER)


def _show_cartes(contexte: Contexte, differences: Differences, consultation: Consultation | None) -> None:
    if consultation is None:
        return
    lignes = differences.lignes
    etat = resolve_carte(contexte.etat, lignes, consultation, cache.get_reglages().departement)
    indicateur = contexte.catalogue.indicateurs.get(etat.indicateur)
    if indicateur is None:
        return
    siennes = lignes[lignes.indicateur == etat.indicateur]
    st.html(f'<h2 class="atelier-titre">Avant, après</h2>{_render_choix(contexte, etat, lignes, consultation)}')
    comparaison = build_comparaison(consultation, siennes, indicateur, etat)
    if comparaison is not None:
        st.html(render_cartes(consultation, comparaison))


def resolve_carte(etat: EtatAtelier, lignes: pd.DataFrame, consultation: Consultation, defaut: str) -> EtatAtelier:
    """Carte à montrer : celle que l'adresse demande si elle change, sinon la plus touchée."""

    def choose(restent: pd.DataFrame, nom: str, voulu: str, preferes: tuple[str, ...] = ()) -> str:
        comptes = restent[nom].astype(str).value_counts()
        presents = [v for v in (voulu, *preferes) if v in comptes.index]
        return presents[0] if presents else str(comptes.index[0])

    indicateur = choose(lignes, "indicateur", etat.indicateur)
    restent = lignes[lignes.indicateur == indicateur]
    maille = choose(restent, "maille", etat.maille, (str(Maille.COMMUNE), str(Maille.EPCI)))
    restent = restent[restent.maille == maille]
    periode = choose(restent, "periode", etat.periode)
    restent = restent[restent.periode == periode]
    departements = list_departements(restent, Maille(maille), consultation)
    voulus = [d for d in (etat.departement, defaut) if d in departements]
    departement = voulus[0] if voulus else next(iter(departements), FRANCE)
    return replace(etat, indicateur=indicateur, maille=maille, periode=periode, departement=departement)


def list_departements(lignes: pd.DataFrame, maille: Maille, consultation: Consultation) -> dict[str, int]:
    """Départements touchés, le plus touché d'abord ; la France seule pour un niveau plus large."""
    territoires = consultation.territoires.list_territoires(maille, None)
    if "code_departement" not in territoires or maille in {Maille.DEPARTEMENT, Maille.REGION, Maille.FRANCE}:
        return {FRANCE: len(lignes)}
    par_code = dict(zip(territoires.code, territoires.code_departement, strict=True))
    comptes = lignes.code_territoire.astype(str).map(par_code).dropna().value_counts()
    return {str(d): int(n) for d, n in comptes.items() if str(d)} or {FRANCE: len(lignes)}


def _render_choix(contexte: Contexte, etat: EtatAtelier, lignes: pd.DataFrame, consultation: Consultation) -> str:
    indicateurs = contexte.catalogue.indicateurs
    siennes = lignes[lignes.indicateur == etat.indicateur]
    au_niveau = siennes[siennes.maille == etat.maille]
    departements = list_departements(au_niveau, Maille(etat.maille), consultation)
    listes = [
        (
            "indicateur", "Indicateur", ("maille", "periode", "departement"), etat.indicateur,
            [(i, indicateurs[i].libelle_court) for i in lignes.indicateur.astype(str).unique() if i in indicateurs],
        ),
        (
            "maille", "Niveau", ("periode", "departement"), etat.maille,
            [(m, Maille(m).libelle_pluriel) for m in map(str, Maille) if (siennes.maille == m).any()],
        ),
        (
            "periode", "Année", ("departement",), etat.periode,
            [(p, format_periode(p)) for p in sorted(au_niveau.periode.astype(str).unique())],
        ),
        (
            "departement", "Département", (), etat.departement,
            [(d, _name_departement(consultation, d)) for d in departements],
        ),
    ]  # fmt: skip
    corps = "".join(
        render_liste(nom, titre, [Option(v, str(t)) for v, t in options], choisie, oublie)
        for nom, titre, oublie, choisie, options in listes
        if options
    )
    return f'<div class="atelier-filtres">{corps}</div>'


def _name_departement(consultation: Consultation, code: str) -> str:
    if code == FRANCE:
        return "France entière"
    return consultation.territoires.libelle(Maille.DEPARTEMENT, code) or code
