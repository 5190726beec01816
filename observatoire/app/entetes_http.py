"""Ce que le serveur ajoute à chaque réponse : la page d'accueil en français, les en-têtes de protection."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse

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
FRANCAIS = Path(__file__).parent / "francais.js"
_ADRESSE_DU_SERVEUR = "window.__streamlit = {BACKEND_BASE_URL: location.origin + '/'};"
_ADRESSES_TECHNIQUES = (
    "/_stcore", "/static", "/media", "/component", "/vendor",
    adresses.STATIQUE, adresses.TELECHARGER, adresses.SANTE,
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


class PageEnFrancais:
    """Sert la page de Streamlit avec ``lang="fr"`` et le nom de l'observatoire : elle est écrite en anglais."""

    def __init__(self, app: ASGIApp, nom: Callable[[], str]) -> None:
        """Enveloppe une application ; ``nom`` rend le nom de l'observatoire."""
        self.app = app
        self.nom = nom

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Traite une demande : une adresse de page reçoit la page française."""
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} and _is_page(scope["path"]):
            reponse = HTMLResponse(translate_page(self.nom()), headers={"Cache-Control": "no-cache"})
            await reponse(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _is_page(chemin: str) -> bool:
    """Vrai pour ``/`` et ``/carte`` ; un seul segment, car ``/carte/_stcore/health`` doit rester une 404.

    Le navigateur sonde cette adresse pour savoir si l'application est servie sous un préfixe.
    """
    return chemin.count("/") == 1 and "." not in chemin and not chemin.startswith(_ADRESSES_TECHNIQUES)


@cache
def translate_page(nom: str) -> str:
    """Page de Streamlit, langue et titre remplacés, avec un texte pour qui n'a pas JavaScript."""
    import streamlit

    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    page = re.sub(r'<html lang="[^"]*"', '<html lang="fr"', page, count=1)
    sans_script = "<noscript>Cette page a besoin de JavaScript pour s’afficher.</noscript>"
    page = re.sub(r"<noscript>.*?</noscript>", sans_script, page, count=1, flags=re.DOTALL)
    # Dire l'adresse du serveur évite que la page la cherche à tâtons, par des demandes refusées (404).
    scripts = f"<script>{_ADRESSE_DU_SERVEUR}\n{FRANCAIS.read_text(encoding='utf-8')}</script>"
    titre = f"<title>{escape(nom)}</title>{scripts}"
    return re.sub(r"<title>.*?</title>", lambda _: titre, page, count=1, flags=re.DOTALL)
