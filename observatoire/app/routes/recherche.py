"""Recherche de territoires : ``/chercher?q=…&departement=…``, dix réponses au plus, en JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from observatoire.analyse.recherche import open_recherche
from observatoire.app import adresses
from observatoire.config import load_espace
from observatoire.errors import ObservatoireError, PublicationError
from observatoire.store.publications import current_id

if TYPE_CHECKING:
    from starlette.requests import Request

UNE_MINUTE = {"Cache-Control": "private, max-age=60"}
PAS_DE_CACHE = {"Cache-Control": "no-store"}
_CHAMPS = ("maille", "code", "departement", "libelle", "detail", "note")


def send_recherche(demande: Request) -> JSONResponse:
    """Répond à une recherche (exécuté dans un fil à part : la première construit l'index).

    La réponse dit la publication lue, puis les territoires, du plus probable au moins probable ; 503 et une
    phrase quand il n'y a rien à lire.
    """
    params = demande.query_params
    try:
        espace = load_espace()
        publication = current_id(espace)
        if publication is None:
            msg = "Aucune publication dans cet espace : lancez « observatoire construire »."
            raise PublicationError(msg)
        trouvees = open_recherche(espace, publication).search(params.get("q", ""), params.get("departement", ""))
    except ObservatoireError as erreur:
        corps = {"publication": None, "reponses": [], "erreur": f"La recherche ne peut pas répondre. {erreur}"}
        return JSONResponse(corps, status_code=503, headers=PAS_DE_CACHE)
    reponses = [{champ: fiche[champ] for champ in _CHAMPS} for fiche in map(asdict, trouvees)]
    return JSONResponse({"publication": publication, "reponses": reponses}, headers=UNE_MINUTE)


ROUTES = [Route(adresses.CHERCHER, send_recherche, methods=["GET"])]
