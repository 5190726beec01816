"""Cadre commun des pages : l'icône de l'onglet et le repère du contenu."""

from __future__ import annotations

from base64 import b64encode


def make_icone() -> str:
    """Icône de l'onglet : deux tons, besoins et ressources à parts égales."""
    dessin = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        '<rect width="32" height="32" rx="4" fill="#FAF9F6"/>'
        '<path d="M16 4v24H7a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3z" fill="#C2601A"/>'
        '<path d="M16 4v24h9a3 3 0 0 0 3-3V7a3 3 0 0 0-3-3z" fill="#27758D"/></svg>'
    )
    return "data:image/svg+xml;base64," + b64encode(dessin.encode()).decode()
