"""Onglets d'un vrai Chromium : le geste, la peinture qui suit, et les octets reçus entre les deux.

Du geste qui choisit à deux images après que la carte a dessiné les valeurs, puis au repos de la page. Le geste
est, pour l'application, l'évènement ``change`` de la liste du navigateur ; pour le pair, dont la liste est celle
de Streamlit, l'appui sur la ligne.
"""

from __future__ import annotations

import base64
import contextlib
import json
import time
from dataclasses import dataclass, field
from typing import Any

from bench.fil import Relais
from bench.paquets import count_octets

CADRE = "streamlit_folium"
ATTENTE = 120
AU_REPOS = '[data-testid="stApp"][data-test-script-state="notRunning"]'

GUET = """
if (window === window.top) {
  const noter = (e) => (window.geste = performance.timeOrigin + e.timeStamp);
  window.addEventListener("pointerdown", noter, true);
  // Avant l'écouteur de l'application : tout ce qu'elle fait de ce choix est compté.
  window.addEventListener("change", (e) => e.target.dataset?.param === "indicateur" && noter(e), true);
} else {
  // Pair : les tracés sont posés d'un coup par L.geoJSON ; deux images plus tard, ils sont à l'écran.
  const guet = setInterval(() => {
    if (window.observatoire) return clearInterval(guet);
    const couches = window.map && window.map._layers;
    const n = couches ? Object.values(couches).filter((c) => c.feature && c._parts).length : 0;
    if (n < 10) return;
    clearInterval(guet);
    requestAnimationFrame(() => requestAnimationFrame(() => {
      window.traces = n;
      window.peinture = performance.timeOrigin + performance.now();
    }));
  }, 10);
}
"""

NOTE_RECEPTION = """(() => {
  const poser = observatoire.poserValeurs;
  observatoire.poserValeurs = (m) => ((window.recu = performance.timeOrigin + performance.now()), poser(m));
})()"""


@dataclass
class Changement:
    """Un changement d'indicateur : durées en secondes depuis le geste, octets.

    ``octets_ws`` : messages du WebSocket, décompressés ; ``octets_fil`` : ce qui passe vraiment, HTTP compris.
    ``recu`` : le message est dans le cadre de la carte ; avant, c'est le serveur et le transport, après, le
    décodage et le dessin. Inconnu du pair.
    """

    recu: float | None
    peint: float
    repos: float
    octets_ws: int
    octets_fil: int
    octets_carte: int
    octets_http: int
    traces: int
    natures: dict[str, int]


@dataclass
class Onglet:
    """Un onglet et ce qu'il reçoit."""

    page: Any
    relais: Relais
    recus: list[bytes] = field(default_factory=list)
    http: list[tuple[str, int]] = field(default_factory=list)
    externes: list[str] = field(default_factory=list)
    avant_fil: int = 0

    def __post_init__(self) -> None:
        """Écoute le réseau par le protocole de Chromium : rien n'est intercepté, le cache reste en service."""
        self.page.add_init_script(GUET)
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        adresses: dict[str, str] = {}

        def note(e: dict[str, Any]) -> None:
            adresses[e["requestId"]] = url = e["request"]["url"]
            if not url.startswith(("http://127.0.0.1", "data:", "blob:")):
                self.externes.append(url)

        session.on("Network.requestWillBeSent", note)
        session.on("Network.webSocketFrameReceived", self._receive)
        session.on(
            "Network.loadingFinished",
            lambda e: self.http.append((adresses.get(e["requestId"], ""), int(e["encodedDataLength"]))),
        )

    def _receive(self, evenement: dict[str, Any]) -> None:
        reponse = evenement["response"]
        charge = reponse["payloadData"]
        self.recus.append(base64.b64decode(charge) if reponse["opcode"] == 2 else charge.encode())

    def lire(self, expression: str) -> Any:
        """Évalue dans le cadre de la carte le plus récent."""
        cadres = [f for f in self.page.frames if CADRE in f.url]
        return cadres[-1].evaluate(expression)

    def wait(self, condition: str) -> None:
        """Attend une condition dans le cadre de la carte, qui peut être remplacé entre-temps.

        Raises:
            TimeoutError: elle n'est jamais venue.
        """
        fin = time.monotonic() + ATTENTE
        while time.monotonic() < fin:
            with contextlib.suppress(Exception):
                if self.lire(f"Boolean({condition})"):
                    return
            self.page.wait_for_timeout(20)
        msg = f"La carte n'a jamais rempli : {condition}"
        raise TimeoutError(msg)

    def rest(self) -> None:
        """Attend que le script de la page ait fini."""
        self.page.wait_for_selector(AU_REPOS, timeout=ATTENTE * 1000)

    def start(self) -> None:
        """Remet les compteurs à zéro."""
        self.recus.clear()
        self.http.clear()
        self.avant_fil = self.relais.octets

    def change(self, identifiant: str, libelle: str) -> Changement:
        """Change d'indicateur et mesure."""
        raise NotImplementedError

    def open(self, adresse: str, nombre: int) -> None:
        """Ouvre une carte et attend que ses ``nombre`` territoires soient peints."""
        raise NotImplementedError

    def finish(self, debut: float, peinture: float, traces: int, recu: float | None = None) -> Changement:
        """Attend le repos et fait le compte."""
        self.rest()
        repos = self.page.evaluate("performance.timeOrigin + performance.now()")
        self.page.wait_for_timeout(300)
        return Changement(
            recu=None if recu is None else (recu - debut) / 1000,
            peint=(peinture - debut) / 1000,
            repos=(max(repos, peinture) - debut) / 1000,
            octets_ws=sum(map(len, self.recus)),
            octets_fil=self.relais.octets - self.avant_fil,
            octets_carte=max(map(len, self.recus), default=0),
            octets_http=sum(n for url, n in self.http if "127.0.0.1" in url),
            traces=traces,
            natures=count_octets(self.recus),
        )


class OngletObservatoire(Onglet):
    """L'application réelle, page Carte."""

    def open(self, adresse: str, nombre: int) -> None:
        """Ouvre une carte et attend qu'elle soit peinte."""
        self.page.goto(adresse)
        self.wait(f"observatoire.carte && observatoire.nombreTerritoires() >= {nombre} && observatoire.peintures > 0")
        self.lire(NOTE_RECEPTION)
        self.rest()

    def change(self, identifiant: str, libelle: str) -> Changement:
        """Change d'indicateur par la liste de la page."""
        self.page.bring_to_front()
        liste = self.page.locator('select[data-param="indicateur"]').first
        liste.focus()
        self.page.wait_for_timeout(150)
        avant = self.lire("observatoire.peintures")
        self.start()
        liste.select_option(identifiant)
        self.wait(f"observatoire.peintures > {avant} && observatoire.etat.textes.titre === {json.dumps(libelle)}")
        debut = self.page.evaluate("window.geste")
        peinture = self.lire("performance.timeOrigin + observatoire.dernierePeinture")
        return self.finish(debut, peinture, self.lire("observatoire.nombreTerritoires()"), self.lire("window.recu"))


class OngletPair(Onglet):
    """L'application streamlit-folium ordinaire."""

    def open(self, adresse: str, nombre: int) -> None:
        """Ouvre une carte et attend ses tracés."""
        self.page.goto(adresse)
        self.wait(f"window.traces >= {nombre}")
        self.rest()

    def point_option(self, libelle: str) -> Any:
        """Ouvre la liste des indicateurs et rend la ligne à toucher, amenée à l'écran."""
        self.page.bring_to_front()
        liste = self.page.get_by_role("combobox", name="Indicateur", exact=True)
        liste.click()
        liste.fill(libelle)
        option = self.page.get_by_role("option", name=libelle, exact=True)
        option.wait_for()
        self.page.wait_for_timeout(150)
        return option

    def change(self, identifiant: str, libelle: str) -> Changement:  # noqa: ARG002 -- le pair ne connaît que les libellés
        """Change d'indicateur : le cadre est remplacé, le neuf n'a pas la marque de l'ancien."""
        option = self.point_option(libelle)
        self.lire("window.ancien = true")
        self.start()
        option.click()
        self.wait("window.traces > 0 && !window.ancien")
        debut = self.page.evaluate("window.geste")
        return self.finish(debut, self.lire("window.peinture"), self.lire("window.traces"))
