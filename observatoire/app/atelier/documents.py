"""Documents à envoyer : le classeur modèle d'une source, la feuille « bon à publier » d'un dépôt."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import streamlit as st

from observatoire.app import cache
from observatoire.app.atelier.suivi import run_suivi
from observatoire.exports.noms_fichiers import simplify_nom
from observatoire.publication.bon_a_publier import build_bon
from observatoire.publication.bon_classeur import write_bon
from observatoire.publication.bon_html import render_bon
from observatoire.publication.modele_classeur import write_modele
from observatoire.publication.modele_fichier import build_modele

if TYPE_CHECKING:
    from observatoire.app.atelier.contexte import Contexte
    from observatoire.app.atelier.travaux import Progression
    from observatoire.registres.depots import Depot

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BON = "atelier_bon"


def show_modele(contexte: Contexte, source: str, periode: str) -> None:
    """Propose le classeur à faire remplir par le service producteur, une fois la source choisie."""
    with st.popover("Modèle à envoyer au producteur", key="atelier_modele_ouvrir"):
        st.html(
            "<p>Un classeur pré-rempli : codes, noms et colonnes expliquées. Rempli, il revient ici sans retouche.</p>"
        )
        st.download_button(
            "Télécharger le modèle",
            lambda: _write_modele(contexte, source, periode),
            file_name=f"modele-{simplify_nom(source)}.xlsx",
            mime=XLSX,
            key="atelier_modele",
            on_click="ignore",
        )


def _write_modele(contexte: Contexte, source: str, periode: str) -> bytes:
    reglages = cache.get_reglages()
    modele = build_modele(
        contexte.espace,
        contexte.catalogue,
        source,
        periode=periode,
        departement=reglages.departement,
        observatoire=reglages.nom,
        jour=dt.datetime.now(dt.UTC).date(),
    )
    return write_modele(modele)


def show_bon(contexte: Contexte, depot: Depot) -> None:
    """Propose la feuille que le partenaire approuve : ce qui paraîtra, sans aucune valeur masquée."""
    with st.popover("Feuille « bon à publier »", key="atelier_bon_ouvrir"):
        st.html("<p>À faire approuver par le partenaire : ce qui paraîtra, ce qui change, aucune valeur masquée.</p>")
        prete = st.session_state.get(_BON)
        if prete is None or prete[0] != depot.id:
            if not st.button("Préparer la feuille", key="atelier_bon_preparer"):
                return
            prete = st.session_state[_BON] = (depot.id, *_write_bon(contexte, depot))
        nom = f"bon-a-publier-{simplify_nom(depot.source)}"
        page, classeur = "Télécharger la page à imprimer", "Télécharger le classeur"
        st.download_button(page, prete[1], f"{nom}.html", "text/html", key="atelier_bon_html", on_click="ignore")
        st.download_button(classeur, prete[2], f"{nom}.xlsx", XLSX, key="atelier_bon_xlsx", on_click="ignore")


def _write_bon(contexte: Contexte, depot: Depot) -> tuple[bytes, bytes]:
    reglages = cache.get_reglages()

    def faire(avancer: Progression) -> tuple[bytes, bytes]:
        bon = build_bon(
            contexte.espace,
            depot.id,
            observatoire=reglages.nom,
            departement=reglages.departement,
            jour=dt.datetime.now(dt.UTC).date(),
            progression=avancer,
        )
        return render_bon(bon).encode(), write_bon(bon)

    return run_suivi((str(contexte.espace.racine), "bon", depot.id), "Feuille", faire)
