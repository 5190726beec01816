"""Sessions sans navigateur : le dialogue même de la page avec le serveur Streamlit, en protobuf, par WebSocket."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PAUSE = (2.0, 4.0)
"""Secondes entre deux choix d'une personne."""
ATTENTE = 60
PAGE = "carte"


@dataclass
class Reponse:
    """Un changement vu du client, en secondes depuis l'envoi : la carte reçue, puis toute la page."""

    carte: float
    page: float
    octets: int


@dataclass
class Session:
    """Un visiteur : sa connexion, la page du serveur, et les messages que son navigateur garderait."""

    prise: Any
    base: str
    page: str = ""
    gardes: dict[str, str] = field(default_factory=dict)

    async def show(self, recherche: str, *, premiere: bool = False) -> Reponse:
        """Demande une adresse et lit la page jusqu'à sa fin.

        Raises:
            RuntimeError: la page est venue sans carte, ou le script a échoué.
        """
        debut = time.perf_counter()
        await self.prise.send(self._write_demande(recherche, premiere=premiere))
        carte, octets, recents = None, 0, {}
        while True:
            trame = await asyncio.wait_for(self.prise.recv(), ATTENTE)
            octets += len(trame)
            message = ForwardMsg.FromString(trame)
            sorte = message.WhichOneof("type")
            nature = _name(message)
            if sorte == "ref_hash":
                nature = recents[message.ref_hash] = self.gardes[message.ref_hash]
            elif message.metadata.cacheable:
                recents[message.hash] = nature
            if nature == "component_instance" and carte is None:
                carte = time.perf_counter() - debut
            if sorte == "navigation":
                self.page = message.navigation.page_script_hash
            if nature == "exception":
                msg = f"La page a échoué : {recherche}"
                raise RuntimeError(msg)
            if sorte == "script_finished":
                break
        if carte is None:
            msg = f"La page n'a pas de carte : {recherche}"
            raise RuntimeError(msg)
        # Comme le navigateur : on ne redit que ce que la dernière page montrait.
        self.gardes = recents
        return Reponse(carte, time.perf_counter() - debut, octets)

    def _write_demande(self, recherche: str, *, premiere: bool) -> bytes:
        demande = BackMsg()
        etat = demande.rerun_script
        etat.query_string = recherche
        etat.widget_states.SetInParent()
        if premiere:
            etat.page_name = PAGE
        else:
            etat.page_script_hash = self.page
            etat.is_history_navigation = True
            etat.cached_message_hashes.extend(self.gardes)
        etat.context_info.url = f"{self.base}/{PAGE}"
        etat.context_info.locale, etat.context_info.timezone = "fr-FR", "Europe/Paris"
        etat.context_info.is_embedded, etat.context_info.color_scheme = False, "light"
        return demande.SerializeToString()


def _name(message: ForwardMsg) -> str:
    if message.WhichOneof("type") != "delta" or message.delta.WhichOneof("type") != "new_element":
        return str(message.WhichOneof("type"))
    return str(message.delta.new_element.WhichOneof("type"))


def run_sessions(
    base: str, recherches: list[dict[str, str]], secondes: float, graine: int, partir: Callable[[], None]
) -> list[Reponse]:
    """Fait vivre des sessions à la fois, et rend tous les changements.

    Args:
        base: adresse du serveur.
        recherches: pour chaque session, les cartes entre lesquelles elle va : indicateur → paramètres d'adresse.
        secondes: durée, une fois toutes les pages ouvertes.
        graine: graine des choix et des pauses.
        partir: appelé quand toutes les pages sont ouvertes.
    """
    return asyncio.run(_run(base, recherches, secondes, graine, partir))


async def _run(
    base: str, recherches: list[dict[str, str]], secondes: float, graine: int, partir: Callable[[], None]
) -> list[Reponse]:
    pretes = asyncio.Barrier(len(recherches))

    def open_depart(rang: int) -> None:
        if rang == 0:
            partir()

    listes = await asyncio.gather(
        *(_live(base, r, secondes, random.Random(graine + i), pretes, open_depart) for i, r in enumerate(recherches))
    )
    return [reponse for liste in listes for reponse in liste]


async def _live(
    base: str,
    recherches: dict[str, str],
    secondes: float,
    hasard: random.Random,
    pretes: asyncio.Barrier,
    open_depart: Callable[[int], None],
) -> list[Reponse]:
    adresse = base.replace("http", "ws", 1) + "/_stcore/stream"
    async with websockets.connect(adresse, subprotocols=["streamlit"], max_size=None) as prise:  # type: ignore[list-item]
        session = Session(prise, base)
        courant = next(iter(recherches))
        await session.show(recherches[courant], premiere=True)
        open_depart(await pretes.wait())
        fin, reponses = time.monotonic() + secondes, []
        while True:
            await asyncio.sleep(hasard.uniform(*PAUSE))
            if time.monotonic() > fin:
                return reponses
            courant = hasard.choice([r for r in recherches if r != courant])
            reponses.append(await session.show(recherches[courant]))
