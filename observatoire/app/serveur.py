"""Serveur : l'application Streamlit, ses routes, ses protections, et ``run`` pour la ligne de commande."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import socket
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.middleware import Middleware
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route

from observatoire.app import adresses
from observatoire.app.actifs import read_actif
from observatoire.app.compression import ScriptsComprimes
from observatoire.app.entetes_http import PageEnFrancais, PagesFermees, Protections
from observatoire.app.mode import LECTURE, PAGE, Mode, get_mode, set_mode
from observatoire.app.reglages_streamlit import apply_options
from observatoire.app.routes_differees import make_routes
from observatoire.config import NOM_VARIABLE_RACINE, Espace, load_espace
from observatoire.errors import ConfigurationError, ObservatoireError
from observatoire.store.publications import current_id

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send
    from streamlit.starlette import App

    from observatoire.app.reglages import Reglages

SCRIPT = Path(__file__).parent / "navigation.py"
HOTE = "127.0.0.1"
PORT = 8501
POUR_TOUJOURS = "public, max-age=31536000, immutable"
DEPOT_DE_STREAMLIT = "/_stcore/upload_file"
"""Adresse où Streamlit reçoit des fichiers ; sans l'Atelier, personne n'a rien à y déposer."""
ATTENTE_FERMETURE = 3
"""Secondes laissées aux visiteurs pour finir, à l'arrêt."""


def make_arguments(*, adresse_a_ouvrir: str = "") -> dict[str, Any]:
    """Arguments de ``st.App`` : routes, protections, erreurs, préparation au démarrage."""
    from streamlit.runtime.pages_manager import PagesManager

    from observatoire.app.messages import handle_erreur

    apply_options()
    # Un dossier « pages » à côté du script ferait croire à Streamlit que chaque page est un script à part,
    # tant que st.navigation n'a pas été appelé une première fois.
    PagesManager.uses_pages_directory = False
    return {
        "routes": [
            Mount(adresses.STATIQUE, app=Statique()),
            Route(adresses.ACTIFS + "/{nom}", send_actif, methods=["GET"]),
            Route(adresses.SANTE, send_sante, methods=["GET"]),
            Route(adresses.LOGO, send_logo, methods=["GET"]),
            *make_routes(),
        ],
        "middleware": [
            Middleware(Protections),
            *_list_middleware_du_mode(get_mode()),
            Middleware(ScriptsComprimes),
            Middleware(PageEnFrancais, composer=_compose_page),
        ],
        "on_script_error": handle_erreur,
        "lifespan": _make_demarrage(adresse_a_ouvrir),
    }


def make_app(*, adresse_a_ouvrir: str = "") -> App:
    """Application prête à servir."""
    from streamlit.starlette import App

    return App(SCRIPT, **make_arguments(adresse_a_ouvrir=adresse_a_ouvrir))


def run(espace: Espace, host: str = HOTE, port: int = PORT, *, ouvrir: bool = False, mode: Mode = LECTURE) -> None:
    """Sert l'application jusqu'à Ctrl+C.

    Args:
        espace: espace à montrer.
        host: adresse d'écoute ; la machine seule, par défaut.
        port: port d'écoute.
        ouvrir: ouvrir un navigateur sur la page.
        mode: lecture seule par défaut ; l'Atelier seulement s'il est demandé (``mode.make_mode``).

    Raises:
        ConfigurationError: le port est déjà pris.
    """
    import uvicorn

    _check_port(host, port)
    # Les pages retrouvent l'espace par cette variable, quel que soit le fil qui les exécute.
    os.environ[NOM_VARIABLE_RACINE] = str(espace.racine)
    set_mode(mode)
    nom_hote = "localhost" if host in {HOTE, "0.0.0.0", "::", "localhost"} else host  # noqa: S104 -- comparaison
    adresse = f"http://{nom_hote}:{port}"
    app = make_app(adresse_a_ouvrir=adresse if ouvrir else "")
    print(f"L'observatoire est servi sur {adresse} (Ctrl+C pour arrêter)", flush=True)  # noqa: T201 -- dit à l'usager
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.run(
            app,
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=ATTENTE_FERMETURE,
            ws_max_size=50 * 1024 * 1024,
            # Une publication prend le processeur : une page qui attend sa réponse ne doit pas être coupée pour autant.
            ws_ping_timeout=120,
            # Sans quoi l'adresse d'un visiteur, dite par un en-tête, remplacerait celle du mandataire.
            proxy_headers=not mode.en_tete,
        )


async def send_sante(_demande: Request) -> JSONResponse:
    """État du service : répond 200 s'il y a une publication à lire, 503 sinon."""
    try:
        publication = await asyncio.to_thread(lambda: current_id(load_espace()))
    except (ObservatoireError, OSError, ValueError, KeyError):
        publication = None
    corps = {"etat": "pret" if publication else "sans_publication", "publication": publication}
    return JSONResponse(corps, status_code=200 if publication else 503)


async def send_actif(demande: Request) -> Response:
    """Script ou feuille de style de l'application."""
    nom = demande.path_params["nom"]
    contenu = read_actif(nom)
    if contenu is None:
        return PlainTextResponse("Fichier inconnu.", status_code=404)
    genre = "text/css" if nom.endswith(".css") else "text/javascript"
    return Response(contenu, media_type=f"{genre}; charset=utf-8", headers={"Cache-Control": POUR_TOUJOURS})


async def send_logo(_demande: Request) -> Response:
    """Logo de l'observatoire, s'il en a un."""
    logo = _load_reglages().logo
    if logo is None:
        return PlainTextResponse("Cet observatoire n'a pas de logo.", status_code=404)
    return FileResponse(logo, headers={"Cache-Control": "max-age=3600"})


class Statique:
    """Montage des fichiers de carte, importé à la première demande : folium et pandas sont longs à charger."""

    def __init__(self) -> None:
        """Attend la première demande."""
        self._montage: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Traite une demande."""
        if self._montage is None:
            self._montage = await asyncio.to_thread(_load_montage)
        await self._montage(scope, receive, send)


def _load_montage() -> ASGIApp:
    from observatoire.app.statique import make_montage

    return make_montage(lambda: load_espace().fonds, adresses.STATIQUE).app


def _load_reglages() -> Reglages:
    from observatoire.app.reglages import Reglages, load_reglages

    try:
        return load_reglages(load_espace())
    except ObservatoireError:
        # La page elle-même dira ce qui ne va pas dans les réglages.
        return Reglages()


def _compose_page(demande: Request) -> str:
    # Importés ici : la page d'accueil n'attend pas que pandas soit chargé.
    from observatoire.app.enveloppe import compose_page

    reglages, chemin = _load_reglages(), demande.url.path
    if chemin == adresses.CADRE_CARTE:
        from observatoire.app.cadre_carte import compose_cadre

        return compose_cadre()
    if chemin == "/":
        from observatoire.app.apercu_lien import write_balises
        from observatoire.app.hote import read_base

        balises = write_balises(None, "/", {}, read_base(demande), reglages.nom)
        return compose_page(reglages, balises=balises, atelier=get_mode().atelier)
    from observatoire.app.annonce import announce
    from observatoire.app.premiere_image import write_premiere

    premiere = write_premiere(chemin, dict(demande.query_params))
    return compose_page(reglages, chemin, announce(demande), premiere, atelier=get_mode().atelier)


def _list_middleware_du_mode(mode: Mode) -> list[Middleware]:
    if not mode.atelier:
        return [Middleware(PagesFermees, chemins=(f"/{PAGE}",), refuses=(DEPOT_DE_STREAMLIT,))]
    if not mode.en_tete:
        from observatoire.app.atelier.hote_local import HoteLocal

        return [Middleware(HoteLocal)]
    from observatoire.app.atelier.mandataire import IdentiteDuMandataire

    return [Middleware(IdentiteDuMandataire, mode=mode)]


def _check_port(host: str, port: int) -> None:
    famille = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(famille, socket.SOCK_STREAM) as essai:
        if os.name != "nt":
            essai.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            essai.bind((host, port))
        except OSError as erreur:
            msg = (
                f"Le port {port} n'est pas libre sur {host} ({erreur.strerror}). "
                f"Arrêtez le programme qui l'emploie, ou choisissez-en un autre : --port {port + 1}."
            )
            raise ConfigurationError(msg) from erreur


def _make_demarrage(adresse_a_ouvrir: str) -> Any:  # noqa: ANN401 -- gestionnaire de contexte attendu par Streamlit
    @contextlib.asynccontextmanager
    async def demarrage(_app: App) -> AsyncIterator[None]:
        threading.Thread(target=_prepare, name="preparation", daemon=True).start()
        if adresse_a_ouvrir:
            threading.Timer(0.5, webbrowser.open, [adresse_a_ouvrir]).start()
        _purge_atelier()
        yield
        _purge_atelier()

    return demarrage


def _purge_atelier() -> None:
    """Efface les fichiers en cours de vérification : un signal d'arrêt ne laisse pas Python le faire lui-même."""
    if get_mode().atelier:
        from observatoire.app.atelier.en_cours import purge

        purge()


def _prepare() -> None:
    """Charge, pendant que le serveur répond déjà, ce que le premier visiteur attendrait."""
    from streamlit.logger import get_logger

    # Streamlit s'étonne d'être appelé hors d'une page ; c'est ici voulu, et cela n'intéresse pas l'usager.
    get_logger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)
    with contextlib.suppress(Exception):  # une préparation manquée ne doit pas empêcher de servir
        from observatoire.app.preparation import warm

        warm()
        # Streamlit ramasse les miettes après chaque page. Ce qui vient d'être chargé (bibliothèques, index,
        # territoires) vit autant que le serveur : l'exclure épargne à chaque visiteur de le reparcourir.
        gc.collect()
        gc.freeze()
