"""Seul endroit où l'application garde des résultats ; chaque clé commence par la publication.

``st.cache_resource`` rend l'objet lui-même, sans copie : ces objets sont à lire, jamais à changer.
Publier une nouvelle version change la clé ; l'ancienne sort d'elle-même.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from observatoire.analyse.consultation import Consultation, open_consultation
from observatoire.analyse.portrait import Portrait, build_portrait, count_par_commune
from observatoire.analyse.situation import Situation, read_situation
from observatoire.app.composants.tableau import OrdreNoms, build_ordre_noms
from observatoire.app.reglages import FICHIER, Reglages, load_reglages
from observatoire.app.vues import CleVue, VueCarte, build_vue
from observatoire.cartes.fond import FondFichier, load_index
from observatoire.cartes.lieux import LieuxFichier, load_index_lieux
from observatoire.config import Espace, load_espace
from observatoire.errors import ConfigurationError, PublicationError
from observatoire.modeles.mailles import Maille
from observatoire.store.publications import current_id

VUES_GARDEES = 48
"""Une vue de 35 000 communes pèse une dizaine de mégaoctets."""


def get_espace() -> Espace:
    """Espace servi : celui que la ligne de commande ou l'environnement désigne."""
    return load_espace()


def get_reglages() -> Reglages:
    """Réglages de l'espace ; relus quand ``espace.yaml`` change."""
    espace = get_espace()
    fichier = espace.racine / FICHIER
    return _reglages(str(espace.racine), fichier.stat().st_mtime if fichier.is_file() else 0.0)


def get_consultation(publication: str | None = None) -> Consultation:
    """Publication voulue (la courante par défaut), ouverte une fois pour toutes les sessions.

    Raises:
        PublicationError: rien n'a encore été publié, ou cette publication n'existe pas.
    """
    espace = get_espace()
    identifiant = publication or current_id(espace)
    if identifiant is None:
        msg = "Aucune publication dans cet espace. Lancez « observatoire construire », puis rechargez la page."
        raise PublicationError(msg)
    return _consultation(str(espace.racine), identifiant)


def get_fonds(consultation: Consultation) -> dict[str, FondFichier]:
    """Index des fonds de carte d'une publication."""
    return _fonds(str(_dossier_index(consultation)), consultation.publication.id)


def get_lieux(consultation: Consultation) -> dict[str, LieuxFichier]:
    """Index des lieux de ressources ; vide s'il n'y en a pas."""
    return _lieux(str(_dossier_index(consultation)), consultation.publication.id)


def get_vue(consultation: Consultation, cle: CleVue) -> VueCarte:
    """Tout ce qu'une carte montre, calculé une fois par clé."""
    return _vue(str(consultation.espace.racine), consultation.publication.id, cle, make_cle_attentes(consultation))


def get_ordre_noms(consultation: Consultation, maille: str, departement: str) -> OrdreNoms:
    """Ordre alphabétique des territoires d'un niveau."""
    return _ordre_noms(str(consultation.espace.racine), consultation.publication.id, maille, departement)


def get_portrait(consultation: Consultation, maille: str, code: str, references: tuple[str, ...]) -> Portrait:
    """Portrait d'un territoire, comparé aux références demandées."""
    attentes = make_cle_attentes(consultation)
    return _portrait(str(consultation.espace.racine), consultation.publication.id, maille, code, references, attentes)


def make_cle_attentes(consultation: Consultation) -> tuple[tuple[str, int], ...]:
    """Livraisons attendues : elles changent avec le jour, non avec la publication."""
    return tuple(sorted(consultation.attentes.items()))


def get_dessin_situation(consultation: Consultation, maille: str, code: str) -> str:
    """Carte de situation d'un territoire (SVG)."""
    return _dessin_situation(str(consultation.espace.racine), consultation.publication.id, maille, code)


def _dossier_index(consultation: Consultation) -> Path:
    # Chaque publication a son index figé : revenir en arrière rend aussi ses fonds.
    return consultation.espace.fonds / consultation.publication.fonds


@st.cache_resource(max_entries=4, show_spinner=False)
def _reglages(racine: str, modifie: float) -> Reglages:  # noqa: ARG001 -- fait partie de la clé
    return load_reglages(Espace(Path(racine)))


@st.cache_resource(max_entries=3, show_spinner=False)
def _consultation(racine: str, publication: str) -> Consultation:
    return open_consultation(Espace(Path(racine)), publication)


@st.cache_resource(max_entries=3, show_spinner=False)
def _fonds(dossier: str, publication: str) -> dict[str, FondFichier]:  # noqa: ARG001 -- idem
    return load_index(Path(dossier))


@st.cache_resource(max_entries=3, show_spinner=False)
def _lieux(dossier: str, publication: str) -> dict[str, LieuxFichier]:  # noqa: ARG001 -- idem
    try:
        return load_index_lieux(Path(dossier))
    except ConfigurationError:
        return {}


@st.cache_resource(max_entries=VUES_GARDEES, show_spinner=False)
def _vue(racine: str, publication: str, cle: CleVue, attentes: tuple[tuple[str, int], ...]) -> VueCarte:  # noqa: ARG001 -- idem
    consultation = _consultation(racine, publication)
    return build_vue(consultation, cle, get_fonds(consultation))


@st.cache_resource(max_entries=16, show_spinner=False)
def _ordre_noms(racine: str, publication: str, maille: str, departement: str) -> OrdreNoms:
    consultation = _consultation(racine, publication)
    return build_ordre_noms(consultation, Maille(maille), departement)


@st.cache_resource(max_entries=64, show_spinner=False)
def _portrait(
    racine: str,
    publication: str,
    maille: str,
    code: str,
    references: tuple[str, ...],
    attentes: tuple[tuple[str, int], ...],  # noqa: ARG001 -- idem
) -> Portrait:
    return build_portrait(
        _consultation(racine, publication),
        Maille(maille),
        code,
        references,
        lire_situation=lambda m, departement: _situation(racine, publication, str(m), departement),
        lieux_par_commune=_lieux_par_commune(racine, publication),
    )


@st.cache_resource(max_entries=128, show_spinner=False)
def _situation(racine: str, publication: str, maille: str, departement: str | None) -> Situation:
    return read_situation(_consultation(racine, publication), Maille(maille), departement)


@st.cache_resource(max_entries=3, show_spinner=False)
def _lieux_par_commune(racine: str, publication: str) -> pd.DataFrame:
    return count_par_commune(_consultation(racine, publication))


@st.cache_resource(max_entries=256, show_spinner=False)
def _dessin_situation(racine: str, publication: str, maille: str, code: str) -> str:
    from observatoire.cartes.situation import draw_situation

    return draw_situation(_consultation(racine, publication), Maille(maille), code)
