"""Atelier sans mandataire : seules les demandes adressées à cette machine par son propre nom sont servies.

Un site malveillant peut faire pointer son nom vers 127.0.0.1 et, par le navigateur de la personne, parler à
l'Atelier ; l'en-tête ``Host`` dit alors le nom de ce site.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocketClose

from observatoire.app.mode import is_locale

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_REFUS = "L'Atelier ne répond qu'à l'adresse de cette machine (http://localhost)."


class HoteLocal:
    """Refuse toute demande faite sous un autre nom que celui de la machine elle-même."""

    def __init__(self, app: ASGIApp) -> None:
        """Enveloppe une application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Traite une demande."""
        if scope["type"] not in {"http", "websocket"} or is_locale(_read_hote(scope)):
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(_REFUS, status_code=403)(scope, receive, send)
        else:
            await WebSocketClose(code=1008)(scope, receive, send)


def _read_hote(scope: Scope) -> str:
    dits = [v.decode("latin-1") for n, v in scope["headers"] if n.lower() == b"host"]
    try:
        return (urlsplit(f"//{dits[0]}").hostname or "") if len(dits) == 1 else ""
    except ValueError:
        return ""
