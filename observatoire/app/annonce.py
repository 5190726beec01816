"""Titre et annonce d'une adresse, pour l'onglet et pour les messages où le lien est collé."""

from __future__ import annotations

from typing import TYPE_CHECKING

from observatoire.app.apercu_lien import write_balises
from observatoire.app.hote import read_base
from observatoire.errors import ObservatoireError

if TYPE_CHECKING:
    from starlette.requests import Request

    from observatoire.analyse.consultation import Consultation


def announce(demande: Request) -> str:
    """Balises d'en-tête de la page demandée."""
    # Importé ici : la page d'accueil n'attend pas que Streamlit et pandas soient chargés.
    from observatoire.app import cache

    try:
        nom = cache.get_reglages().nom
    except ObservatoireError:
        # La page elle-même dira ce qui ne va pas dans les réglages.
        return ""
    return write_balises(_open(), demande.url.path, demande.query_params, read_base(demande), nom)


def _open() -> Consultation | None:
    from observatoire.app import cache

    try:
        return cache.get_consultation()
    except (ObservatoireError, OSError, ValueError):
        return None
