"""Routes importées à la première demande : pandas et matplotlib sont longs à charger, la page ne les attend pas."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import threading
from functools import cache
from typing import TYPE_CHECKING

from starlette.routing import Route, Router

from observatoire.app import adresses, routes

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

PREFIXES = (adresses.CHERCHER, adresses.TELECHARGER, adresses.IMPRIMER, adresses.VIGNETTE)
_VERROU = threading.Lock()


@cache
def _load_router() -> Router:
    noms = sorted(m.name for m in pkgutil.iter_modules(routes.__path__))
    modules = [importlib.import_module(f"{routes.__name__}.{nom}") for nom in noms]
    return Router([route for module in modules for route in module.ROUTES])


def load_router() -> ASGIApp:
    """Toutes les routes de ``app/routes`` (chaque module y déclare ``ROUTES``)."""
    # Deux premières demandes en même temps ne doivent pas importer deux fois.
    with _VERROU:
        return _load_router()


class Differe:
    """Passe la demande aux routes, une fois importées."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Traite une demande."""
        router = await asyncio.to_thread(load_router)
        await router(scope, receive, send)


def make_routes() -> list[Route]:
    """Routes à donner au serveur : une par adresse, et tout ce qui est dessous."""
    app = Differe()
    return [Route(chemin, app) for p in PREFIXES for chemin in (p, p + "/{reste:path}")]
