"""Registre du partenariat d'un espace, pour l'Atelier : toutes les sources déclarées, même sans livraison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from observatoire.analyse.consultation import open_consultation, read_aujourdhui
from observatoire.analyse.partenariat import describe_source
from observatoire.app.composants.methode_partenaires import render_partenaires
from observatoire.catalogue.loader import load_catalogue
from observatoire.store.publications import current_id

if TYPE_CHECKING:
    from observatoire.config import Espace


def render_partenariat(espace: Espace) -> str:
    """Tableau des sources et partenaires, celles qui n'ont encore rien livré comprises."""
    declarees = dict(load_catalogue(espace.dossiers_catalogue()).sources)
    manifestes = {}
    if current_id(espace) is not None:
        consultation = open_consultation(espace)
        # Le catalogue publié connaît aussi les livraisons déposées.
        declarees |= {i: s for i, s in consultation.catalogue.sources.items() if i in declarees}
        manifestes = consultation.manifestes
    jour = read_aujourdhui()
    sources = sorted(declarees.values(), key=lambda s: (s.producteur, s.libelle))
    return render_partenaires([describe_source(s, manifestes, jour) for s in sources])
