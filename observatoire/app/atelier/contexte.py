"""Ce que toutes les étapes partagent : l'espace, la personne, l'adresse, et le fichier en cours."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from observatoire.app.atelier.etat import Etape, EtatAtelier
from observatoire.catalogue.loader import load_catalogue
from observatoire.config import Espace
from observatoire.modeles.catalogue import Catalogue
from observatoire.territoires.referentiel import Referentiel

if TYPE_CHECKING:
    from observatoire.app.atelier.en_cours import EnCours
    from observatoire.app.atelier.identite import Personne
    from observatoire.publication.droits import Regles

_EN_COURS = "atelier_en_cours"
_AVIS = "atelier_avis"
EPINGLE = "_publication"
"""Publication gardée par l'onglet (``publication_vue``) ; après avoir publié, l'Atelier montre la nouvelle."""


@dataclass(frozen=True)
class Contexte:
    """Espace ouvert par une personne, à une étape."""

    espace: Espace
    regles: Regles
    personne: Personne
    etat: EtatAtelier

    @property
    def catalogue(self) -> Catalogue:
        """Catalogue de l'espace tel qu'il est écrit maintenant.

        Raises:
            CatalogueError: une fiche est fautive.
        """
        return _catalogue(str(self.espace.racine), _sign(self.espace))

    @property
    def referentiel(self) -> Referentiel:
        """Référentiel territorial."""
        return _referentiel(str(self.espace.referentiel))


def get_en_cours() -> EnCours | None:
    """Fichier en cours de vérification dans cet onglet, s'il est encore là."""
    en_cours = st.session_state.get(_EN_COURS)
    return en_cours if en_cours is not None and en_cours.present else None


def set_en_cours(en_cours: EnCours | None) -> None:
    """Remplace le fichier en cours ; l'ancien est effacé."""
    ancien = st.session_state.get(_EN_COURS)
    if ancien is not None and ancien is not en_cours:
        ancien.close()
    st.session_state[_EN_COURS] = en_cours


def say_ensuite(genre: str, titre: str, texte: str) -> None:
    """Message à montrer en tête de la prochaine page de l'Atelier."""
    st.session_state[_AVIS] = (genre, titre, texte)


def pop_avis() -> tuple[str, str, str] | None:
    """Message laissé par le geste précédent, une seule fois."""
    return st.session_state.pop(_AVIS, None)


def go_to(etape: Etape, **params: str) -> None:
    """Va à une étape : l'adresse le dit, et la page est refaite."""
    voulus = {nom: valeur for nom, valeur in params.items() if valeur}
    if etape is not Etape.DEPOSER:
        voulus["etape"] = str(etape)
    st.query_params.from_dict(voulus)
    st.rerun()


def forget_publication() -> None:
    """Fait lire à cet onglet la publication désormais en ligne."""
    st.session_state.pop(EPINGLE, None)


def _sign(espace: Espace) -> tuple[tuple[str, float], ...]:
    """Change dès qu'une fiche change."""
    fiches = [f for d in espace.dossiers_catalogue() for f in d.rglob("*.yaml")]
    return tuple(sorted((str(f), f.stat().st_mtime) for f in fiches))


@st.cache_resource(max_entries=2, show_spinner=False)
def _catalogue(racine: str, signature: tuple[tuple[str, float], ...]) -> Catalogue:  # noqa: ARG001 -- fait partie de la clé
    return load_catalogue(Espace(Path(racine)).dossiers_catalogue())


@st.cache_resource(max_entries=2, show_spinner=False)
def _referentiel(dossier: str) -> Referentiel:
    return Referentiel(Path(dossier))
