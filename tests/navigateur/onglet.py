"""Un onglet d'essai : ce qu'on y fait, et tout ce qui s'y passe de travers."""

import contextlib
import time
from dataclasses import dataclass, field

CADRE = "streamlit_folium"
SELECTEUR_CADRE = 'iframe[src*="streamlit_folium"]'
DELAI = 30_000
# Largeur du plus large de ce qui peut défiler de côté.
LARGEUR = "Math.max(...['html','.stMain'].map((s) => document.querySelector(s)?.scrollWidth ?? 0))"


@dataclass
class Onglet:
    """Onglet d'essai.

    Attributes:
        exterieures: demandes faites à un autre hôte.
        erreurs: erreurs de la console et des scripts.
        demandes: toutes les adresses demandées.
    """

    page: object
    base: str
    exterieures: list = field(default_factory=list)
    erreurs: list = field(default_factory=list)
    demandes: list = field(default_factory=list)

    def watch(self):
        """Retient les demandes et les erreurs (aucun autre hôte ne répond : voir ``conftest.OPTIONS``)."""
        self.page.on("request", lambda demande: self._note(demande.url))
        self.page.on("websocket", lambda prise: self._note(prise.url.replace("ws", "http", 1)))
        self.page.on("console", lambda m: self.erreurs.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.erreurs.append(str(e)))

    def _note(self, url):
        self.demandes.append(url)
        if not url.startswith((self.base, "data:", "blob:")):
            self.exterieures.append(url)

    def open(self, adresse):
        """Ouvre une adresse et attend le pied de page, écrit en dernier."""
        self.page.goto(f"{self.base}{adresse}")
        self.page.wait_for_selector(".obs-pied")

    def wait(self, condition, arg=None, delai=DELAI):
        """Attend qu'une expression JavaScript de la page soit vraie."""
        self.page.wait_for_function(condition, arg=arg, timeout=delai)

    def wait_title(self, texte):
        """Attend un titre de page qui contient ce texte."""
        self.wait("(t) => document.querySelector('h1')?.innerText.includes(t)", texte)

    # --- Carte

    def frame(self, rang=0):
        """Cadre d'une carte : la première, ou celle d'un autre rang."""
        return [f for f in self.page.frames if CADRE in f.url][rang]

    def read(self, expression, rang=0):
        """Évalue une expression dans le cadre d'une carte."""
        return self.frame(rang).evaluate(expression)

    def wait_map(self, condition, delai=DELAI, rang=0):
        """Attend qu'une condition soit vraie dans le cadre d'une carte."""
        fin = time.monotonic() + delai / 1000
        while time.monotonic() < fin:
            if sum(CADRE in f.url for f in self.page.frames) > rang:
                with contextlib.suppress(Exception):  # le cadre vient d'être remplacé : on regarde à nouveau
                    if self.read(f"Boolean(window.observatoire?.carte && ({condition}))", rang):
                        return
            self.page.wait_for_timeout(50)
        message = f"La carte n'a jamais rempli : {condition}. Erreurs : {self.erreurs}"
        raise AssertionError(message)

    def wait_drawn(self, nombre, rang=0):
        """Attend que la carte ait peint ``nombre`` territoires."""
        self.wait_map(f"observatoire.nombreTerritoires() === {nombre} && observatoire.peintures > 0", rang=rang)

    def point(self, code, rang=0):
        """Point de l'écran où se trouve un territoire de la carte."""
        cadre = self.page.locator(SELECTEUR_CADRE).nth(rang)
        cadre.scroll_into_view_if_needed()
        boite = cadre.bounding_box()
        point = self.read(f"(() => {{ const p = observatoire.pointDe('{code}'); return [p.x, p.y]; }})()", rang)
        return boite["x"] + point[0], boite["y"] + point[1]

    def click_territoire(self, code):
        """Clique un territoire de la carte, là où il se trouve."""
        self.page.mouse.click(*self.point(code))

    # --- Réglages : des éléments natifs qui portent le nom de leur paramètre

    def choose(self, parametre, valeur):
        """Choisit dans une liste, et attend que l'adresse le dise."""
        self.page.locator(f'select[data-param="{parametre}"]').first.select_option(valeur)
        self.wait_param(parametre, valeur)

    def press(self, parametre, valeur):
        """Appuie sur un bouton à valeur, et attend que l'adresse le dise."""
        self.page.locator(f'button[data-param="{parametre}"][data-valeur="{valeur}"]').first.click()
        self.wait_param(parametre, valeur)

    def wait_param(self, parametre, valeur):
        """Attend qu'un paramètre de l'adresse ait cette valeur, et que la page l'ait suivie."""
        self.wait("([p, v]) => (new URLSearchParams(location.search).get(p) ?? '') === v", [parametre, valeur])
        self.wait("!document.documentElement.hasAttribute('data-attente')")

    # --- Constats

    def width(self):
        """Largeur de ce qui défilerait de côté."""
        return self.page.evaluate(LARGEUR)

    def check_clean(self):
        """Aucune demande extérieure, aucune erreur."""
        assert self.exterieures == []
        assert self.erreurs == []
