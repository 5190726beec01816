"""``/vignette/carte.png`` : l'image qui annonce le lien d'une carte dans un message."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from observatoire.app import adresses
from observatoire.app.demandes import read_demande
from observatoire.app.reponses import answer, refuse
from observatoire.app.telechargements import keep, make_cle_carte, prepare
from observatoire.cartes.vignette import render_vignette
from observatoire.errors import ObservatoireError

if TYPE_CHECKING:
    from starlette.requests import Request

NOM = "vignette.png"
UN_JOUR = "public, max-age=86400"


def send(demande: Request) -> Response:
    """Répond à une demande ; les paramètres sont ceux de l'adresse de la carte."""
    try:
        # Aucune adresse n'y est écrite : la même image sert quel que soit le nom sous lequel on joint le service.
        carte = replace(read_demande(demande), base="")

        def make() -> Response:
            contenu = keep(carte, NOM, lambda: render_vignette(prepare(carte)))
            return Response(contenu, media_type="image/png")

        return answer(demande, make_cle_carte(carte, NOM), make, UN_JOUR)
    except ObservatoireError as erreur:
        return refuse(erreur, "Vignette impossible")


ROUTES = [Route(f"{adresses.VIGNETTE}/carte.png", send)]
