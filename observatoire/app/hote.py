"""Adresse publique du service, lue dans la demande et vérifiée : elle est imprimée et mise dans des liens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request

LONGUEUR_MAX = 253
"""Longueur d'un nom de domaine."""
_HOTE = re.compile(r"(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?", re.IGNORECASE)


def read_base(demande: Request) -> str:
    """« https://observatoire.exemple.fr/ » ; vide si l'en-tête ``Host`` n'a pas la forme d'un hôte.

    L'appelant écrit alors une adresse relative plutôt qu'une adresse trompeuse.
    """
    hote = demande.headers.get("host", "")
    schema = demande.url.scheme
    if len(hote) > LONGUEUR_MAX or not _HOTE.fullmatch(hote) or schema not in ("http", "https"):
        return ""
    racine = str(demande.scope.get("root_path", "")).strip("/")
    return f"{schema}://{hote}/{racine}/" if racine else f"{schema}://{hote}/"
