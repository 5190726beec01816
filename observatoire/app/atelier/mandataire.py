"""Identité dite par un serveur mandataire : l'en-tête n'est gardé que des adresses en qui on a confiance."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from observatoire.app.mode import Mode


class IdentiteDuMandataire:
    """Ôte l'en-tête d'identité de toute demande qui ne vient pas du mandataire, prise web comprise."""

    def __init__(self, app: ASGIApp, mode: Mode) -> None:
        """Enveloppe une application."""
        self.app = app
        self.mode = mode

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Traite une demande."""
        if scope["type"] in {"http", "websocket"}:
            if self._is_sure(scope):
                scope = dict(scope) | {"scheme": _read_schema(scope)}
            else:
                nom = self.mode.en_tete.encode("latin-1")
                scope = dict(scope) | {"headers": [(n, v) for n, v in scope["headers"] if n.lower() != nom]}
        await self.app(scope, receive, send)

    def _is_sure(self, scope: Scope) -> bool:
        client = scope.get("client")
        try:
            adresse = ipaddress.ip_address(client[0]) if client else None
        except ValueError:
            return False
        if adresse is not None and getattr(adresse, "ipv4_mapped", None):
            adresse = adresse.ipv4_mapped
        # Répété, l'en-tête ne dit plus qui parle : un mandataire qui ajoute sans ôter laisserait passer le premier.
        nom = self.mode.en_tete.encode("latin-1")
        unique = sum(n.lower() == nom for n, _v in scope["headers"]) <= 1
        return str(adresse) in self.mode.mandataires and unique


def _read_schema(scope: Scope) -> str:
    """Schéma que le mandataire a servi : les liens à partager doivent le garder."""
    dit = next((v.decode("latin-1") for n, v in scope["headers"] if n.lower() == b"x-forwarded-proto"), "")
    if dit not in {"http", "https"}:
        return str(scope["scheme"])
    return dit if scope["type"] == "http" else {"http": "ws", "https": "wss"}[dit]
