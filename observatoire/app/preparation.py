"""Préparation : importer les bibliothèques lourdes et ouvrir la publication avant le premier visiteur."""

from __future__ import annotations

import streamlit_folium
from streamlit import runtime

from observatoire.analyse.recherche import open_recherche
from observatoire.app import cache
from observatoire.app.etat import Choix
from observatoire.app.routes_differees import load_router
from observatoire.app.vues import CleVue
from observatoire.cartes.fond import name_fond
from observatoire.modeles.mailles import Maille


def warm() -> None:
    """Enregistre le composant de carte, ouvre la publication, calcule la vue par défaut."""
    # Importé hors d'une page, le composant ne s'enregistre pas de lui-même, et son cadre répondrait 404.
    if runtime.exists():
        runtime.get_instance().component_registry.register_component(streamlit_folium._component_func)  # noqa: SLF001
    consultation = cache.get_consultation()
    choix = make_choix(consultation)
    etat = choix.resolve({}, cache.get_reglages().departement)
    cache.get_vue(consultation, CleVue(etat.indicateur, etat.maille, etat.periode, etat.departement))
    cache.get_ordre_noms(consultation, etat.maille, etat.departement)
    cache.get_lieux(consultation)
    portee = ("france", "FR") if etat.departement_seul is None else ("departement", etat.departement_seul)
    cache.get_portrait(consultation, *portee, ("", ""))
    open_recherche(consultation.espace, consultation.publication.id)
    # En dernier : matplotlib ne sert qu'au premier export.
    load_router()


def make_choix(consultation: cache.Consultation) -> Choix:
    """Choix d'une publication, avec ses fonds de carte."""
    fonds = cache.get_fonds(consultation)

    def niveaux(portee: str) -> list[str]:
        return [str(m) for m in Maille if name_fond(m, portee) in fonds]

    return Choix(consultation, niveaux)
