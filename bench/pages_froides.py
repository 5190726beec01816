"""Une page froide sur un téléphone : réseau bridé par Chromium, cache vide, et ce qui est reçu à chaque étape."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field
from typing import Any

DEBIT, MONTANT = 9_000_000, 1_500_000
"""Bits par seconde, vers l'écran et depuis l'écran."""
ALLER_RETOUR = 170
"""Millisecondes, ajoutées par Chromium à chaque demande."""
ECRAN = {"width": 390, "height": 844}
CADRE = "streamlit_folium"
ATTENTE = 90

GUET_ETAPES = """
if (window === window.top) {
  const etapes = (window.etapes = {});
  const instant = () => performance.timeOrigin + performance.now();
  // À l'écran : présent, visible, et au moins en partie dans la fenêtre.
  const aLEcran = (e) => {
    if (!e || !e.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return 0;
    const b = e.getBoundingClientRect();
    const vu = Math.min(b.bottom, innerHeight) - Math.max(b.top, 0);
    return b.width > 50 && b.height > 50 ? Math.max(0, vu) / b.height : 0;
  };
  // Deux images plus tard, c'est peint.
  const noter = (nom) => requestAnimationFrame(() => requestAnimationFrame(() => (etapes[nom] = instant())));
  const prises = new Set();
  const regarder = () => {
    const part = prises.has("image") ? 0 : aLEcran(document.querySelector(".obs-premiere svg"));
    if (part > 0) {
      prises.add("image");
      window.partVisible = part;
      noter("image");
    }
    if (!prises.has("page") && document.querySelector(".obs-pied")) {
      prises.add("page");
      noter("page");
    }
    if (prises.size < 2) requestAnimationFrame(regarder);
  };
  requestAnimationFrame(regarder);
}
"""
PREMIER_CONTENU = """
(() => { const p = performance.getEntriesByName("first-contentful-paint")[0];
  return p ? performance.timeOrigin + p.startTime : null; })()
"""


@dataclass
class PageFroide:
    """Une page ouverte sans rien en cache, et l'heure de chaque octet reçu.

    Les octets HTTP sont ceux du fil, compression comprise ; ceux du WebSocket sont comptés décompressés.
    """

    page: Any
    recus: list[tuple[float, int]] = field(default_factory=list)
    demandes: int = 0
    externes: list[str] = field(default_factory=list)
    debut: float = 0
    _decalage: float = 0
    _deja: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Bride le réseau et écoute."""
        self.page.add_init_script(GUET_ETAPES)
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": ALLER_RETOUR,
                "downloadThroughput": DEBIT / 8,
                "uploadThroughput": MONTANT / 8,
                "connectionType": "cellular4g",
            },
        )
        session.on("Network.requestWillBeSent", self._start)
        session.on("Network.dataReceived", lambda e: self._receive(e, int(e["encodedDataLength"])))
        session.on("Network.loadingFinished", self._finish)
        session.on("Network.webSocketFrameReceived", self._read_trame)

    def _start(self, e: dict[str, Any]) -> None:
        if not self.demandes:
            # Horloge de Chromium → heure du jour, celle de la page.
            self._decalage = e["wallTime"] - e["timestamp"]
            self.debut = e["wallTime"] * 1000
        self.demandes += 1
        url = e["request"]["url"]
        if not url.startswith(("http://127.0.0.1", "data:", "blob:")):
            self.externes.append(url)

    def _receive(self, e: dict[str, Any], octets: int) -> None:
        octets = max(0, octets)
        self._deja[e["requestId"]] = self._deja.get(e["requestId"], 0) + octets
        self.recus.append(((e["timestamp"] + self._decalage) * 1000, octets))

    def _finish(self, e: dict[str, Any]) -> None:
        # Le total de la demande compte aussi ses en-têtes.
        self._receive(e, int(e["encodedDataLength"]) - self._deja.get(e["requestId"], 0))

    def _read_trame(self, e: dict[str, Any]) -> None:
        charge, binaire = e["response"]["payloadData"], e["response"]["opcode"] == 2
        octets = len(charge) * 3 // 4 if binaire else len(charge)
        self.recus.append(((e["timestamp"] + self._decalage) * 1000, octets))

    def count_octets(self, instant: float) -> int:
        """Octets reçus avant un instant (millisecondes depuis 1970)."""
        return sum(octets for heure, octets in self.recus if heure <= instant)

    def wait_cadre(self, condition: str, lecture: str) -> float:
        """Attend une condition dans le cadre de la carte et rend l'instant qu'elle y lit.

        Raises:
            TimeoutError: elle n'est jamais venue.
        """
        fin = time.monotonic() + ATTENTE
        while time.monotonic() < fin:
            for cadre in reversed([f for f in self.page.frames if CADRE in f.url]):
                with contextlib.suppress(Exception):  # le cadre se charge
                    if cadre.evaluate(f"Boolean({condition})"):
                        return float(cadre.evaluate(lecture))
            self.page.wait_for_timeout(50)
        msg = f"La carte n'a jamais rempli : {condition}"
        raise TimeoutError(msg)


def open_froide(navigateur: Any, adresse: str, guet: str = "") -> PageFroide:
    """Ouvre une adresse dans un profil neuf, à la taille d'un téléphone."""
    contexte = navigateur.new_context(viewport=ECRAN, locale="fr-FR", is_mobile=True, has_touch=True)
    if guet:
        contexte.add_init_script(guet)
    page = PageFroide(contexte.new_page())
    page.page.goto(adresse, wait_until="commit", timeout=ATTENTE * 1000)
    return page


def read_etapes(froide: PageFroide, territoires: int) -> dict[str, dict[str, float]]:
    """Étapes de la page Carte : secondes depuis la demande, octets reçus."""
    froide.page.wait_for_function("window.etapes?.page", timeout=ATTENTE * 1000)
    carte = froide.wait_cadre(
        f"observatoire.peintures > 0 && observatoire.nombreTerritoires() >= {territoires}",
        "performance.timeOrigin + observatoire.dernierePeinture",
    )
    etapes = froide.page.evaluate("window.etapes")
    if "image" in etapes:
        # Une image ne peut être peinte avant le premier contenu que Chromium dit avoir peint.
        etapes["image"] = max(etapes["image"], froide.page.evaluate(PREMIER_CONTENU) or 0)
    return {
        "première image": _measure(froide, etapes.get("image")),
        "page de l'application": _measure(froide, etapes["page"]),
        "carte peinte": _measure(froide, carte),
    }


def read_etapes_pair(froide: PageFroide, territoires: int) -> dict[str, dict[str, float]]:
    """Étape du pair : sa carte peinte, première image utile qu'il montre."""
    carte = froide.wait_cadre(f"window.traces >= {territoires}", "window.peinture")
    return {"carte peinte": _measure(froide, carte)}


def _measure(froide: PageFroide, instant: float | None) -> dict[str, float]:
    if instant is None:
        return {}
    return {"secondes": (instant - froide.debut) / 1000, "octets": froide.count_octets(instant)}
