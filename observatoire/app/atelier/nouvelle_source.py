"""Nouvelle source : une déclaration ébauchée d'après le fichier, corrigée par la personne, vérifiée ligne à ligne."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from observatoire.app.atelier.affichage import show_html
from observatoire.app.atelier.apercu_declaration import render_fautes
from observatoire.app.atelier.contexte import get_en_cours, go_to, say_ensuite, set_en_cours
from observatoire.app.atelier.declaration import check_identifiant, check_texte, read_declaration, write_declaration
from observatoire.app.atelier.etat import Etape, lien_vers
from observatoire.app.atelier.rapport_html import render_quarantaine
from observatoire.app.atelier.suivi import run_suivi
from observatoire.app.atelier.verification import verify_fichier
from observatoire.app.messages import show_etat
from observatoire.catalogue.fautes import Faute
from observatoire.errors import AppelError
from observatoire.ingestion.proposition import Proposition, propose, render_declaration

if TYPE_CHECKING:
    from observatoire.app.atelier.contexte import Contexte
    from observatoire.app.atelier.en_cours import EnCours

_PROPOSITION = "atelier_proposition"
_HAUTEUR = 560
A_COMPLETER = "à compléter"
"""Ce que l'ébauche écrit là où le fichier ne dit rien."""


def show_nouvelle_source(contexte: Contexte) -> None:
    """Montre la proposition et son éditeur."""
    en_cours = get_en_cours()
    if en_cours is None:
        show_etat("information", "Aucun fichier en cours", "Déposez le fichier d’une source nouvelle à l’étape 1.")
        st.html(f'<p><a class="obs-bouton" href="{lien_vers(Etape.DEPOSER)}">Déposer un fichier</a></p>')
        return
    proposition, texte = _get_proposition(contexte, en_cours)
    if proposition.quarantaine:
        st.html(render_quarantaine(proposition.quarantaine))
        set_en_cours(None)
        return
    if proposition.refusee:
        fautes = " ".join(str(a) for a in proposition.anomalies) or "Aucune table n’a été trouvée."
        show_etat("bloquant", "Ce fichier ne se lit pas", fautes)
        return
    st.html(_render_doutes(proposition))
    identifiant = st.text_input("Identifiant de la source", proposition.identifiant, key="atelier_identifiant").strip()
    ecrit = st.text_area("Déclaration", texte, height=_HAUTEUR, key="atelier_declaration")
    fautes = _check(contexte, identifiant, ecrit)
    if fautes:
        return
    st.html('<p class="atelier-consigne" role="status">✓ La déclaration est juste.</p>')
    if st.button("Écrire la déclaration et vérifier le fichier", type="primary", key="atelier_ecrire_source"):
        motif = f"source nouvelle, d’après {en_cours.chemin.name}"
        write_declaration(contexte.espace, identifiant, ecrit, auteur=contexte.personne.auteur, motif=motif)
        en_cours.reponses = replace(en_cours.reponses, source=identifiant)
        verify_fichier(contexte, en_cours)
        say_ensuite("fait", "Source déclarée", "Elle servira aux prochains fichiers. Voici le rapport de celui-ci.")
        go_to(Etape.VERIFIER)


def _check(contexte: Contexte, identifiant: str, texte: str) -> bool:
    """Dit les fautes ; vrai s'il y en a."""
    try:
        check_identifiant(identifiant)
    except AppelError as erreur:
        st.html(f'<p class="atelier-consigne" role="alert">{escape(str(erreur))}</p>')
        return True
    if read_declaration(contexte.espace, identifiant).texte:
        st.html(
            f'<p class="atelier-consigne" role="alert">La source « {escape(identifiant)} » existe déjà : choisissez-la '
            "à l’étape 1, ou donnez un autre identifiant.</p>"
        )
        return True
    fautes = [*check_texte(contexte.espace, identifiant, texte), *find_a_completer(texte)]
    show_html(render_fautes(fautes))
    return bool(fautes)


def find_a_completer(texte: str) -> list[Faute]:
    """Lignes de l'ébauche que la personne n'a pas encore remplies."""
    return [
        Faute("", "cette ligne reste à compléter", numero)
        for numero, ligne in enumerate(texte.splitlines(), 1)
        if A_COMPLETER in ligne.split("#")[0].lower()
    ]


def _get_proposition(contexte: Contexte, en_cours: EnCours) -> tuple[Proposition, str]:
    gardee = st.session_state.get(_PROPOSITION)
    if gardee is None or gardee[0] != str(en_cours.chemin):
        cle = (str(contexte.espace.racine), "proposition", str(en_cours.chemin))
        proposition = run_suivi(
            cle, "Lecture du fichier", lambda _avancer: propose(en_cours.chemin, contexte.referentiel)
        )
        texte = "" if proposition.refusee else render_declaration(proposition)
        gardee = st.session_state[_PROPOSITION] = (str(en_cours.chemin), proposition, texte)
    return gardee[1], gardee[2]


def _render_doutes(proposition: Proposition) -> str:
    doutes = "".join(f'<li translate="no">{escape(d)}</li>' for d in proposition.doutes)
    liste = f"<p>À vérifier avant d’écrire :</p><ul>{doutes}</ul>" if doutes else ""
    return (
        "<h2>Déclarer une source nouvelle</h2><p>Voici ce qui a été reconnu dans "
        f'<strong translate="no">{escape(proposition.fichier)}</strong>. Relisez, complétez le libellé, le producteur '
        f"et la licence : la vérification se fait à chaque retouche.</p>{liste}"
    )
