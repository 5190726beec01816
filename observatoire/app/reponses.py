"""Réponses des fichiers d'une carte : mise en cache par empreinte, refus dits en français."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response

from observatoire.app.cache_images import TropDeDemandesError
from observatoire.errors import ObservatoireError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

REESSAYER = 60
"""Secondes."""
JAMAIS_SANS_DEMANDER = "no-cache"


def answer(demande: Request, cle: str, make: Callable[[], Response], conserve: str = JAMAIS_SANS_DEMANDER) -> Response:
    """Répond 304 si le navigateur a déjà ce fichier, sans le calculer ; sinon le fichier.

    Args:
        demande: demande reçue.
        cle: empreinte du fichier.
        make: prépare la réponse.
        conserve: ``Cache-Control`` de la réponse.
    """
    etiquette = f'"{cle}"'
    entetes = {"ETag": etiquette, "Cache-Control": conserve}
    if etiquette in demande.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=entetes)
    reponse = make()
    reponse.headers.update(entetes)
    return reponse


def refuse(erreur: ObservatoireError, quoi: str = "Téléchargement impossible") -> Response:
    """Refus en clair : 404 pour une adresse qui ne désigne rien, 503 quand il faut attendre."""
    if isinstance(erreur, TropDeDemandesError):
        return PlainTextResponse(str(erreur), status_code=503, headers={"Retry-After": str(REESSAYER)})
    return PlainTextResponse(f"{quoi} : {erreur}", status_code=404)
