"""Assistant de correspondance : chaque écart reçoit une décision, vue avant d'être écrite, puis on recontrôle."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from observatoire.app.atelier.apercu_declaration import render_changements, render_fautes
from observatoire.app.atelier.contexte import say_ensuite
from observatoire.app.atelier.correspondances import Code, Decisions, Ecarts, apply_decisions, list_candidats
from observatoire.app.atelier.declaration import check_texte, read_declaration, write_declaration
from observatoire.app.atelier.rapport_html import write_masse
from observatoire.app.atelier.verification import verify_fichier
from observatoire.ingestion.codes import INCONNU, VIDE
from observatoire.ingestion.colonnes import guess_periode
from observatoire.modeles.nombres import format_nombre

if TYPE_CHECKING:
    from observatoire.app.atelier.contexte import Contexte
    from observatoire.app.atelier.en_cours import EnCours
    from observatoire.modeles.mailles import Maille
    from observatoire.modeles.sources import Source

CODES_MONTRES = 20
_A_DECIDER, _CORRIGER, _ECARTER, _REFUSER = "À décider", "Corriger", "Écarter, en disant pourquoi", "Laisser refusé"
_ABSENTE = "Aucune"


def show_assistant(contexte: Contexte, en_cours: EnCours, source: Source, ecarts: Ecarts) -> None:
    """Montre les écarts, recueille les décisions, les écrit si on le demande."""
    with st.container(key="atelier_assistant"):
        st.html(
            "<h2>Assistant de correspondance</h2><p>Rien n’est appliqué sans vous : chaque décision est écrite dans la "
            "déclaration de la source, et vaudra pour les prochains fichiers.</p>"
        )
        colonnes = _ask_colonnes(ecarts)
        ignorees = _ask_imprevues(ecarts, set(colonnes.values()))
        corriges, noms, ignores = _ask_codes(contexte, source, en_cours, ecarts)
        decisions = Decisions(colonnes, ignorees, corriges, noms, ignores)
        if decisions.vides:
            st.html('<p class="obs-note" role="status">Décidez au moins un point pour voir ce qui sera écrit.</p>')
            return
        _show_ecriture(contexte, en_cours, source, decisions)


def _show_ecriture(contexte: Contexte, en_cours: EnCours, source: Source, decisions: Decisions) -> None:
    declaration = read_declaration(contexte.espace, source.id)
    annee = (en_cours.reponses.periode or guess_periode(source, en_cours.colonnes))[:4]
    if decisions.colonnes and not annee:
        st.html(
            render_fautes_simple("Dites la période du fichier à l’étape 1 : un nom de colonne vaut pour une année.")
        )
        return
    texte = apply_decisions(declaration.texte, decisions, annee=annee)
    st.html(render_changements(declaration.texte, texte, f"{source.id}.yaml"))
    fautes = check_texte(contexte.espace, source.id, texte)
    if fautes:
        st.html(render_fautes(fautes))
        return
    if not declaration.dans_espace:
        st.html(
            '<p class="obs-note">Cette source vient du catalogue commun : votre observatoire en gardera sa propre '
            "déclaration, qui la remplace chez lui seul.</p>"
        )
    if st.button("Écrire et vérifier de nouveau", type="primary", key="atelier_ecrire"):
        motif = f"correspondances de {en_cours.chemin.name}"
        write_declaration(contexte.espace, source.id, texte, auteur=contexte.personne.auteur, motif=motif)
        verify_fichier(contexte, en_cours)
        say_ensuite("fait", "Déclaration écrite, fichier vérifié de nouveau", "Voici le nouveau rapport.")
        st.rerun()


def render_fautes_simple(texte: str) -> str:
    """Une seule faute, en clair."""
    return f'<p class="atelier-consigne" role="alert">{escape(texte)}</p>'


def _ask_colonnes(ecarts: Ecarts) -> dict[str, str]:
    if not ecarts.colonnes:
        return {}
    st.html("<h3>Colonnes attendues</h3>")
    choisies: dict[str, str] = {}
    for rang, colonne in enumerate(ecarts.colonnes):
        options = [_ABSENTE, *ecarts.imprevues, *(c for c in ecarts.presentes if c not in ecarts.imprevues)]
        # La plus proche est nommée, jamais choisie d'avance : un nom voisin peut porter autre chose.
        indice = f" (la plus proche : « {colonne.proche} »)" if colonne.proche else ""
        choix = st.selectbox(
            f"La source attend « {colonne.attendue} » : quelle colonne du fichier ?{indice}",
            options,
            key=f"atelier_colonne_{rang}_{colonne.declaree}",
        )
        if choix != _ABSENTE:
            choisies[colonne.declaree] = choix
    return choisies


def _ask_imprevues(ecarts: Ecarts, prises: set[str]) -> tuple[str, ...]:
    restent = [c for c in ecarts.imprevues if c not in prises]
    if not restent:
        return ()
    st.html("<h3>Colonnes que la source ne connaît pas</h3>")
    return tuple(
        st.multiselect(
            f"À laisser de côté, sans les lire ({format_nombre(len(restent))})",
            restent,
            placeholder="Choisir des colonnes",
            key="atelier_ignorees",
        )
    )


def _ask_codes(
    contexte: Contexte, source: Source, en_cours: EnCours, ecarts: Ecarts
) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    corriges, noms, ignores = {}, {}, {}
    codes = ecarts.codes
    if not codes:
        return corriges, noms, ignores
    st.html("<h3>Codes et noms inconnus</h3>")
    libelles = {nom: v.libelle for nom, v in source.variables.items()}
    for rang, code in enumerate(codes[:CODES_MONTRES]):
        with st.container(key=f"atelier_code_{rang}", border=True):
            st.html(_render_code(code, libelles))
            gauche, droite = st.columns([2, 3])
            geste = gauche.selectbox(
                f"Que faire de « {code.lu or VIDE} »",
                [_A_DECIDER, _CORRIGER, _ECARTER, _REFUSER] if code.lu else [_A_DECIDER, _ECARTER, _REFUSER],
                key=f"atelier_geste_{rang}_{code.lu}",
            )
            with droite:
                if geste == _CORRIGER:
                    maille = en_cours.reponses.maille or source.maille
                    candidats = list_candidats(code, maille, contexte.referentiel, ecarts.departement)
                    juste = _ask_juste(contexte, maille, candidats, code, rang)
                    if juste:
                        (noms if code.est_nom else corriges)[code.lu] = juste
                elif geste == _ECARTER:
                    raison = st.text_input(
                        f"Raison d’écarter « {code.lu or VIDE} »",
                        placeholder="hors du département, non localisé…",
                        key=f"atelier_raison_{rang}_{code.lu}",
                    ).strip()
                    if raison:
                        ignores[code.lu] = raison
    reste = len(codes) - CODES_MONTRES
    if reste > 0:
        raison = st.text_input(
            f"Écarter aussi les {format_nombre(reste)} autres codes inconnus, pour cette raison",
            placeholder="laisser vide pour les garder refusés",
            key="atelier_raison_reste",
        ).strip()
        if raison:
            ignores[INCONNU] = raison
    return corriges, noms, ignores


def _ask_juste(contexte: Contexte, maille: Maille, candidats: dict[str, str], code: Code, rang: int) -> str:
    def name(candidat: str) -> str:
        nom = f"{candidat} · {candidats[candidat]}" if candidat in candidats else candidat
        return f"{nom} (le plus proche)" if candidat == code.proche else nom

    choisi = st.selectbox(
        f"Code juste de « {code.lu} »",
        list(candidats),
        index=None,
        format_func=name,
        placeholder="Choisir, ou écrire un code",
        accept_new_options=True,
        key=f"atelier_juste_{rang}_{code.lu}",
    )
    if not choisi or choisi in candidats:
        return choisi or ""
    if (contexte.referentiel.list_territoires(maille).code == choisi).any():
        return choisi
    st.html(render_fautes_simple(f"« {choisi} » n’est pas un code de {maille.libelle}."))
    return ""


def _render_code(code: Code, libelles: dict[str, str]) -> str:
    lignes = "1 ligne" if code.nombre == 1 else f"{format_nombre(code.nombre)} lignes"
    ou = f", ligne {code.ligne}" + (" et suivantes" if code.nombre > 1 else "") if code.ligne else ""
    suite = f" {escape(code.explication)}" if code.explication else ""
    return (
        f'<p class="atelier-code"><code translate="no">{escape(code.lu or VIDE)}</code> {lignes}{ou} · emporte '
        f"{escape(write_masse(code.masse, libelles))}.{suite}</p>"
    )
