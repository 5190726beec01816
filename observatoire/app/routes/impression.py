"""``/imprimer/carte`` : la carte d'une adresse, sur une feuille A4."""

from __future__ import annotations

import base64
from functools import cache as garde
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from observatoire.app import adresses, cache
from observatoire.app.demandes import read_demande
from observatoire.app.reponses import answer, refuse
from observatoire.app.telechargements import keep, make_cle_carte, prepare
from observatoire.errors import ObservatoireError
from observatoire.exports.impression import Habillage, render_impression

if TYPE_CHECKING:
    from starlette.requests import Request

    from observatoire.app.demandes import CarteDemandee

NOM = "impression.html"
IMPRIME_SEUL = b'<script>addEventListener("load", function () { print(); });</script></body>'
"""Ouvre la fenêtre d'impression : seulement si l'adresse le demande."""
LOGO_MAX = 500_000
"""Octets ; un logo plus lourd n'est pas recopié dans la page."""
_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".svg": "image/svg+xml",
          ".webp": "image/webp"}  # fmt: skip


def send(demande: Request) -> Response:
    """Répond à une demande ; les paramètres sont ceux de l'adresse de la carte."""
    automatique = demande.query_params.get("auto") == "1"
    try:
        carte = read_demande(demande)

        def make() -> Response:
            page = keep(carte, NOM, lambda: render_impression(prepare(carte), _make_habillage(carte)).encode())
            return HTMLResponse(page.replace(b"</body>", IMPRIME_SEUL, 1) if automatique else page)

        return answer(demande, f"{make_cle_carte(carte, NOM)}-{automatique:d}", make)
    except ObservatoireError as erreur:
        return refuse(erreur, "Impression impossible")


def _make_habillage(carte: CarteDemandee) -> Habillage:
    reglages = cache.get_reglages()
    return Habillage(
        logo=_encode_logo(reglages.logo) if reglages.logo else "",
        police=_find_police(),
        retour=carte.lien if carte.base else f"../{carte.lien}",
        partenariat=reglages.partenariat,
    )


def _encode_logo(logo: Path) -> str:
    """Logo recopié dans la page : enregistrée, elle le garde."""
    genre = _TYPES.get(logo.suffix.lower())
    contenu = logo.read_bytes()
    if genre is None or len(contenu) > LOGO_MAX:
        return adresses.LOGO
    return f"data:{genre};base64,{base64.b64encode(contenu).decode()}"


@garde
def _find_police() -> str:
    """Adresse de la police que l'application sert déjà ; vide si cette version de Streamlit ne la livre pas."""
    import streamlit

    dossier = Path(streamlit.__file__).parent / "static"
    fichiers = sorted((dossier / "static" / "media").glob("SourceSansVF-Upright*.woff2"))
    return f"/static/media/{fichiers[0].name}" if fichiers else ""


ROUTES = [Route(f"{adresses.IMPRIMER}/carte", send)]
