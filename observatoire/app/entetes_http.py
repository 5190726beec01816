"""Ce que le serveur ajoute à chaque réponse : la page d'accueil en français, les en-têtes de protection."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from observatoire.app import adresses

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# streamlit-folium évalue le script de la carte dans son cadre, et Streamlit pose des styles en ligne :
# 'unsafe-eval' et 'unsafe-inline' leur sont nécessaires. Tout vient de l'hôte, rien d'ailleurs.
POLITIQUE = (
    "default-src 'self'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; "
    "font-src 'self' data:; "
    "connect-src 'self'; "
    "worker-src 'self' blob:; "
    "frame-src 'self'; "
    "frame-ancestors 'self'; "
    "object-src 'none'; "
    "base-uri 'self'; "
    "form-action 'self'"
)
ENTETES = {
    "Content-Security-Policy": POLITIQUE,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_ADRESSES_TECHNIQUES = (
    "/_stcore", "/static", "/media", "/component", "/vendor",
    adresses.ACTIFS, adresses.CHERCHER, adresses.IMPRIMER, adresses.LOGO, adresses.SANTE, adresses.STATIQUE,
    adresses.TELECHARGER, adresses.VIGNETTE,
)  # fmt: skip


class Protections:
    """Ajoute les en-têtes de protection à toute réponse."""

    def __init__(self, app: ASGIApp) -> None:
        """Enveloppe une application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Traite une demande."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_protege(message: Message) -> None:
            if message["type"] == "http.response.start":
                entetes = MutableHeaders(scope=message)
                for nom, valeur in ENTETES.items():
                    entetes.setdefault(nom, valeur)
            await send(message)

        await self.app(scope, receive, send_protege)


class PagesFermees:
    """Ferme ce que ce serveur n'ouvre pas : une page renvoie à l'accueil, une adresse technique n'existe pas."""

    def __init__(self, app: ASGIApp, chemins: tuple[str, ...], refuses: tuple[str, ...] = ()) -> None:
        """Enveloppe une application ; ``chemins`` sont des pages, ``refuses`` des débuts d'adresses techniques."""
        self.app = app
        self.chemins = chemins
        self.refuses = refuses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Traite une demande."""
        if scope["type"] == "http" and scope["path"].rstrip("/") in self.chemins:
            await RedirectResponse("./", status_code=303)(scope, receive, send)
            return
        if scope["type"] == "http" and scope["path"].startswith(self.refuses):
            await PlainTextResponse("Cette adresse n'existe pas.", status_code=404)(scope, receive, send)
            return
        await self.app(scope, receive, send)


class PageEnFrancais:
    """Sert la page qui porte l'application : celle de Streamlit est en anglais et sans notre en-tête."""

    def __init__(self, app: ASGIApp, composer: Callable[[Request], str]) -> None:
        """Enveloppe une application ; ``composer`` écrit la page d'une demande."""
        self.app = app
        self.composer = composer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Traite une demande : une adresse de page reçoit la page française."""
        if (
            scope["type"] == "http"
            and scope["method"] in {"GET", "HEAD"}
            and (scope["path"] == adresses.CADRE_CARTE or _is_page(scope["path"]))
        ):
            texte = await asyncio.to_thread(self.composer, Request(scope))
            reponse = HTMLResponse(texte, headers={"Cache-Control": "no-cache"})
            await reponse(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _is_page(chemin: str) -> bool:
    """Vrai pour ``/`` et ``/carte`` ; un seul segment, car ``/carte/_stcore/health`` doit rester une 404.

    Le navigateur sonde cette adresse pour savoir si l'application est servie sous un préfixe.
    """
    return chemin.count("/") == 1 and "." not in chemin and not chemin.startswith(_ADRESSES_TECHNIQUES)
