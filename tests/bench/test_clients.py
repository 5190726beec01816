"""Ce que les mesures comptent : octets d'une page froide, dialogue d'une session sans navigateur."""

import asyncio

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.mesure_froid import summarise_etape
from bench.pages_froides import PageFroide
from bench.sessions_directes import Session


def test_a_picture_that_never_came_is_not_averaged_away():
    essais = [{"image": {"secondes": 1.0, "octets": 10}}, {"image": {}}]
    assert summarise_etape(essais, "image")["secondes"]["n"] == 1
    assert summarise_etape(essais[1:], "image") == {}


class _Protocole:
    """Protocole de Chromium réduit à ses évènements, que l'essai envoie lui-même."""

    def __init__(self):
        self.ecoutes = {}
        self.envois = {}
        self.context = self

    def new_cdp_session(self, _page):
        return self

    def add_init_script(self, _script):
        """Rien n'est exécuté."""

    def send(self, nom, reglages=None):
        self.envois[nom] = reglages

    def on(self, nom, suite):
        self.ecoutes[nom] = suite


def test_bytes_are_counted_up_to_an_instant():
    protocole = _Protocole()
    froide = PageFroide(protocole)
    bride = protocole.envois["Network.emulateNetworkConditions"]
    assert (bride["latency"], bride["downloadThroughput"]) == (170, 1_125_000)
    envoyer = protocole.ecoutes
    demande = {"requestId": "1", "wallTime": 1000.0, "timestamp": 5.0, "request": {"url": "https://ailleurs.example/"}}
    envoyer["Network.requestWillBeSent"](demande)
    envoyer["Network.dataReceived"]({"requestId": "1", "timestamp": 5.5, "encodedDataLength": 100})
    envoyer["Network.loadingFinished"]({"requestId": "1", "timestamp": 6.0, "encodedDataLength": 130})
    trame = {"opcode": 2, "payloadData": "AAAA"}
    envoyer["Network.webSocketFrameReceived"]({"requestId": "2", "timestamp": 7.0, "response": trame})
    assert [froide.count_octets(1_000_000 + ms) for ms in (0, 600, 1100, 2100)] == [0, 100, 130, 133]
    assert froide.debut == 1_000_000
    assert froide.externes == ["https://ailleurs.example/"]


class _Prise:
    def __init__(self, messages):
        self.messages = [m.SerializeToString() for m in messages]
        self.envois = []

    async def send(self, octets):
        self.envois.append(BackMsg.FromString(octets).rerun_script)

    async def recv(self):
        return self.messages.pop(0)


def _message(empreinte="", **champs):
    message = ForwardMsg(hash=empreinte, **champs)
    message.metadata.cacheable = bool(empreinte)
    return message


def test_a_session_speaks_as_the_browser_does():
    carte = _message("c1")
    carte.delta.new_element.component_instance.component_name = "carte"
    page = _message()
    page.navigation.page_script_hash = "p1"
    fin = _message(script_finished=0)
    prise = _Prise([page, carte, fin, _message(ref_hash="c1"), fin, fin])
    session = Session(prise, "http://127.0.0.1:1")

    async def visit():
        await session.show("a=1", premiere=True)
        await session.show("a=2")
        with pytest.raises(RuntimeError, match="pas de carte : a=3"):
            await session.show("a=3")

    asyncio.run(visit())
    premiere, seconde, _ = prise.envois
    assert (premiere.page_name, premiere.query_string) == ("carte", "a=1")
    assert (seconde.page_script_hash, list(seconde.cached_message_hashes)) == ("p1", ["c1"])
