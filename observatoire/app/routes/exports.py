"""``/telecharger/carte.<format>`` : la carte d'une adresse, en image ou en tableau."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from observatoire.app import adresses
from observatoire.app.demandes import read_demande
from observatoire.app.reponses import answer, refuse
from observatoire.app.telechargements import FORMATS, build_fichier, make_cle_carte, name_carte
from observatoire.errors import ObservatoireError

if TYPE_CHECKING:
    from starlette.requests import Request

    from observatoire.app.demandes import CarteDemandee

DESSINS = ("png", "svg")
"""Formats qui ont besoin d'un fond de carte."""


def send(demande: Request, genre: str) -> Response:
    """Répond à une demande ; les paramètres sont ceux de l'adresse de la carte."""
    try:
        carte = read_demande(demande, dessinee=genre in DESSINS)
        return answer(demande, make_cle_carte(carte, f"carte.{genre}"), lambda: _make(carte, genre))
    except ObservatoireError as erreur:
        return refuse(erreur)


def _make(carte: CarteDemandee, genre: str) -> Response:
    entetes = {"Content-Disposition": f'attachment; filename="{name_carte(carte, genre)}"'}
    return Response(build_fichier(carte, genre), media_type=FORMATS[genre], headers=entetes)


ROUTES = [Route(f"{adresses.TELECHARGER}/carte.{genre}", partial(send, genre=genre)) for genre in FORMATS]
