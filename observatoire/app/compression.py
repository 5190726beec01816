"""Compression des scripts de Streamlit et du cadre de carte : envoyés tels quels, ils sont trois fois trop lourds."""

from __future__ import annotations

import asyncio
import gzip
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

PREFIXES = ("/static/", "/component/streamlit_folium.st_folium/")
GENRES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
NIVEAU = 9
MINIMUM = 1_000
"""Octets sous lesquels comprimer ne gagne rien."""
_ENTETES = {
    "Content-Encoding": "gzip",
    "Cache-Control": "public, immutable, max-age=31536000",
    "Vary": "Accept-Encoding",
}


class ScriptsComprimes:
    """Sert, comprimés une fois pour toutes, les scripts et feuilles de Streamlit (leur nom porte leur empreinte)."""

    def __init__(self, app: ASGIApp) -> None:
        """Enveloppe une application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Traite une demande : un script comprimé si le navigateur le comprend, sinon celui de Streamlit."""
        if _is_comprimable(scope):
            corps = await asyncio.to_thread(read_comprime, scope["path"])
            if corps is not None:
                genre = GENRES[Path(scope["path"]).suffix]
                await Response(corps, media_type=genre, headers=_ENTETES)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _is_comprimable(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(PREFIXES):
        return False
    entetes = dict(scope["headers"])
    return (
        Path(scope["path"]).suffix in GENRES
        and b"gzip" in entetes.get(b"accept-encoding", b"")
        and b"range" not in entetes
    )


@cache
def read_comprime(adresse: str) -> bytes | None:
    """Fichier d'une adresse, comprimé ; ``None`` s'il n'existe pas ou s'il est trop petit."""
    chemin = _fichiers().get(adresse)
    if chemin is None:
        return None
    contenu = chemin.read_bytes()
    # Sans date, deux serveurs rendent les mêmes octets.
    return gzip.compress(contenu, NIVEAU, mtime=0) if len(contenu) >= MINIMUM else None


@cache
def _fichiers() -> dict[str, Path]:
    """Fichiers permis, par adresse : aucun chemin n'est fait avec ce que la demande contient."""
    # Trouvés sans être importés : folium et pandas sont longs à charger.
    streamlit, folium = (Path(str(find_spec(nom).origin)).parent for nom in ("streamlit", "streamlit_folium"))
    racines = (streamlit / "static" / "static", folium / "frontend" / "build")
    return {
        prefixe + f.relative_to(racine).as_posix(): f
        for prefixe, racine in zip(PREFIXES, racines, strict=True)
        for f in racine.rglob("*")
        if f.suffix in GENRES
    }
