"""Fichiers statiques des cartes : géométries, lieux et scripts, gardés pour toujours par le navigateur.

Les noms portent l'empreinte du contenu : un fichier ne change jamais, seul son nom change.
"""

from __future__ import annotations

import mimetypes
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route

from observatoire.cartes.couche import DOSSIER_WEB, PREFIXE, REUNIS, read_web
from observatoire.cartes.fond import load_index
from observatoire.cartes.lieux import load_index_lieux
from observatoire.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

POUR_TOUJOURS = "public, max-age=31536000, immutable"
POLICE = "source-sans.woff2"
EXTENSIONS_WEB = {".js", ".css", ".txt", ".json"}


def make_montage(dossier_fonds: Callable[[], Path], prefixe: str = PREFIXE) -> Mount:
    """Montage à donner à ``st.App(routes=[...])``.

    Args:
        dossier_fonds: dossier des fonds ; une fonction, car l'espace peut se construire après le départ.
        prefixe: adresse du montage.
    """

    async def send_fond(request: Request) -> Response:
        fichier = request.path_params["fichier"]
        dossier = dossier_fonds()
        if fichier not in _noms_permis(dossier, _signature(dossier)):
            raise HTTPException(404, "Fichier inconnu.")
        return _send(request, dossier / fichier)

    async def send_web(request: Request) -> Response:
        fichier = request.path_params["fichier"]
        if fichier in REUNIS:
            genre = mimetypes.guess_type(fichier)[0]
            return Response(read_web(fichier), media_type=genre, headers={"Cache-Control": POUR_TOUJOURS})
        chemin = _fichiers_web().get(fichier)
        if chemin is None:
            raise HTTPException(404, "Fichier inconnu.")
        return _send(request, chemin)

    return Mount(
        prefixe,
        routes=[Route("/fonds/{fichier}", send_fond), Route("/web/{fichier}", send_web)],
        name="statique",
    )


def _send(request: Request, chemin: Path) -> Response:
    """Envoie un fichier, dans sa copie comprimée si elle existe et que le navigateur la comprend.

    Une demande partielle (``Range``) porte sur les octets du fichier : elle n'est jamais comprimée.
    """
    entetes = {"Cache-Control": POUR_TOUJOURS, "X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding"}
    genre = mimetypes.guess_type(chemin.name)[0] or "application/octet-stream"
    comprime = chemin.with_name(f"{chemin.name}.gz")
    accepte = "gzip" in request.headers.get("accept-encoding", "")
    if accepte and "range" not in request.headers and comprime.is_file():
        entetes["Content-Encoding"] = "gzip"
        chemin = comprime
    if not chemin.is_file():
        raise HTTPException(404, "Fichier absent : relancez « observatoire construire ».")
    return FileResponse(chemin, media_type=genre, headers=entetes)


@cache
def _fichiers_web() -> dict[str, Path]:
    """Scripts et styles livrés, et la police de Streamlit (sous un nom qui ne change pas avec lui)."""
    fichiers = {f.name: f for f in DOSSIER_WEB.iterdir() if f.suffix in EXTENSIONS_WEB}
    medias = Path(streamlit.__file__).parent / "static" / "static" / "media"
    polices = sorted(medias.glob("SourceSansVF-Upright*.woff2"))
    return fichiers | ({POLICE: polices[0]} if polices else {})


def _dossiers_index(dossier: Path) -> list[Path]:
    """L'index courant, et ceux que les publications ont figés (``index/<publication>/``)."""
    return [dossier, *sorted(dossier.glob("index/*"))]


def _signature(dossier: Path) -> tuple[float, ...]:
    """Dates des index : une reconstruction pendant que l'application tourne se voit aussitôt."""
    return tuple(f.stat().st_mtime for d in _dossiers_index(dossier) for f in sorted(d.glob("index*.json")))


@lru_cache(maxsize=4)
def _noms_permis(dossier: Path, _signature: tuple[float, ...]) -> frozenset[str]:
    """Seuls les fichiers nommés par un index sont servis : aucun chemin ne vient de l'adresse."""
    noms: set[str] = set()
    for index in _dossiers_index(dossier):
        for load in (load_index, load_index_lieux):
            with suppress(ConfigurationError):
                noms |= {f.fichier for f in load(index).values()}
    return frozenset(noms)
