"""La carte sans Streamlit : une page qui ne contient qu'elle (ou deux), des messages écrits par l'essai."""

import dataclasses
import threading
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from observatoire.app.statique import make_montage
from observatoire.cartes.couche import build_carte, build_message, describe_fond
from observatoire.cartes.fond import name_fond, write_fonds
from observatoire.cartes.lieux import FORMES, load_index_lieux, write_lieux
from observatoire.cartes.palettes import rampe
from observatoire.cartes.valeurs import dessin_aplats, encode_valeurs, make_textes
from observatoire.modeles.indicateurs import Nature

RACINE = Path(__file__).resolve().parents[3]
REFERENTIEL = RACINE / "data" / "referentiel"
CAPTURES = RACINE / "tests" / "navigateur" / "sorties"
DEPARTEMENTS = ("29", "75", "38", "971", "972", "973", "974", "976")
BORNES = (20.0, 40.0, 60.0, 80.0)
BESOIN = rampe(Nature.BESOIN, 5)
CADRES = """<!doctype html><html lang="fr"><title>Deux cartes</title><body style="margin:0">
<iframe id="gauche" src="/carte" allow="fullscreen" style="width:49%;height:600px;border:0"></iframe>
<iframe id="droite" src="/carte" allow="fullscreen 'none'" style="width:49%;height:600px;border:0"></iframe>"""


@pytest.fixture(scope="session")
def dossier_fonds(tmp_path_factory):
    """Contours réels de huit départements : Paris, l'Île-de-Sein, l'outre-mer."""
    dossier = tmp_path_factory.mktemp("fonds_carte")
    communes = gpd.read_parquet(REFERENTIEL / "contours_communes.parquet")
    arrondissements = gpd.read_parquet(REFERENTIEL / "contours_arrondissements_municipaux.parquet")
    write_fonds(
        communes[communes["code"].str.startswith(DEPARTEMENTS)],
        pd.read_parquet(REFERENTIEL / "territoires.parquet"),
        pd.read_parquet(REFERENTIEL / "appartenances.parquet"),
        dossier,
        arrondissements_municipaux=arrondissements[arrondissements["code"].str.startswith("75")],
    )
    write_lieux(make_lieux(), dossier)
    return dossier


def make_lieux():
    """À La Réunion : trois lieux dispersés, douze serrés, trois au même point, un ancien."""
    lignes = [("seul-1", 55.45, -20.9), ("seul-2", 55.70, -21.05), ("seul-3", 55.60, -21.30)]
    lignes += [(f"serre-{i}", 55.30 + 0.004 * i, -21.02 - 0.003 * (i % 4)) for i in range(12)]
    lignes += [(f"meme-{i}", 55.75, -21.25) for i in range(3)]
    mairies = pd.DataFrame(lignes, columns=["id", "longitude", "latitude"]).assign(type="mairie", ancienne=False)
    ancien = pd.DataFrame(
        {"id": ["vieux"], "longitude": [55.50], "latitude": [-21.12], "type": ["lycee"], "ancienne": [True]}
    )
    lieux = pd.concat([mairies, ancien], ignore_index=True)
    return lieux.assign(nom="Lieu " + lieux["id"], code_commune="97411", adresse="1 rue du Port", horaires=None)


@pytest.fixture(scope="session")
def base(dossier_fonds):
    async def send_carte(_demande):
        carte = build_carte()
        carte.get_name = lambda: "map_div"
        page = carte.get_root().render()
        entete = '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Carte</title>'
        page = page.replace("<html>", '<html lang="fr">').replace("<head>", f"<head>{entete}")
        # Comme streamlit-folium, qui nomme ainsi la carte.
        return HTMLResponse(page.replace("</html>", "<script>window.map = observatoire.carte</script></html>"))

    async def send_cadres(_demande):
        return HTMLResponse(CADRES)

    routes = [Route("/carte", send_carte), Route("/cadres", send_cadres), make_montage(lambda: dossier_fonds)]
    reglages = uvicorn.Config(Starlette(routes=routes), host="127.0.0.1", port=0, log_level="error", lifespan="off")
    serveur = uvicorn.Server(reglages)
    fil = threading.Thread(target=serveur.run, daemon=True)
    fil.start()
    fin = time.monotonic() + 20
    while not serveur.started:
        assert time.monotonic() < fin, "Le serveur d'essai n'a pas démarré."
        time.sleep(0.02)
    port = serveur.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    serveur.should_exit = True
    fil.join(10)


@dataclasses.dataclass(frozen=True)
class Ecrivain:
    """Écrit des messages de carte sur les fonds d'essai."""

    fonds: dict
    lieux: dict

    def codes(self, maille, portee):
        return self.fonds[name_fond(maille, portee)].codes

    def write(self, maille="commune", portee="974", *, valeurs=None, statuts=None, dessin=None, **suite):
        """Message ; à défaut, des valeurs de 0,5 à 99,5 dans l'ordre des codes, toutes publiées."""
        codes = self.codes(maille, portee)
        connues = dict(zip(codes, np.linspace(0.5, 99.5, len(codes)).round(1).tolist(), strict=True))
        connues |= valeurs or {}
        etats = dict.fromkeys(codes, "publie") | (statuts or {})
        types = suite.pop("types", ())
        groupe = suite.pop("groupe", "")
        message = build_message(
            describe_fond(self.fonds, maille, portee),
            encode_valeurs(
                [connues[c] for c in codes],
                [etats[c] for c in codes],
                decimales=1,
                bornes_classes=suite.pop("bornes", BORNES),
            ),
            dessin or dessin_aplats(BESOIN, BORNES),
            make_textes("Essai", "%", 1),
            lieux=[
                self.lieux[f"{t}-{portee}"].to_message(t[0].upper(), t.capitalize(), f)
                for t, f in zip(types, FORMES, strict=False)
            ],
            **suite,
        )
        return message | {"groupe": groupe}


@pytest.fixture(scope="session")
def ecrivain(dossier_fonds):
    from observatoire.cartes.fond import load_index

    return Ecrivain(load_index(dossier_fonds), load_index_lieux(dossier_fonds))


@pytest.fixture(scope="session")
def navigateur(chromium):
    """Le Chromium de la session : Playwright n'en veut qu'un par processus."""
    return chromium


class Carte:
    """Une carte ouverte : celle de la page, ou celle d'un de ses cadres."""

    def __init__(self, page, cadre=None):
        self.page, self.cadre = page, cadre or page

    def read(self, expression, argument=None):
        return self.cadre.evaluate(expression, argument)

    def wait(self, condition):
        self.cadre.wait_for_function(condition, timeout=15_000)

    def put(self, message):
        """Pose un message et attend que tout soit peint."""
        avant = self.read("observatoire.peintures")
        cle = self.read("observatoire.etat.cles.valeurs ?? null")
        self.read("(m) => observatoire.poserValeurs(m)", message)
        self.wait(f"observatoire.etat.urlPeinte === '{message['fond']['url']}'")
        if self.read("observatoire.etat.cles.valeurs") != cle:
            self.wait(f"observatoire.peintures > {avant}")
        self.settle()

    def settle(self):
        """Deux images d'écran : les toiles demandées sont peintes."""
        self.read("() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))")

    def point(self, code):
        p = self.read(f"observatoire.pointDe('{code}')")
        return self.on_page(p["x"], p["y"])

    def on_page(self, x, y):
        if self.cadre is self.page:
            return x, y
        boite = self.cadre.frame_element().bounding_box()
        return x + boite["x"], y + boite["y"]

    def tooltip(self):
        return self.read("document.querySelector('.obs-bulle.obs-visible')?.innerText ?? null")

    def capture(self, nom):
        CAPTURES.mkdir(exist_ok=True)
        self.page.screenshot(path=CAPTURES / f"{nom}.png")


@pytest.fixture
def open_page(navigateur, base):
    """Ouvre une page d'essai ; refuse toute demande extérieure et toute erreur."""
    contextes, fautes = [], []

    def ouvrir(adresse="/carte", largeur=908, hauteur=600, **reglages):
        contexte = navigateur.new_context(viewport={"width": largeur, "height": hauteur}, locale="fr-FR", **reglages)
        contextes.append(contexte)

        def filtrer(route):
            if route.request.url.startswith((base, "data:", "blob:")):
                return route.continue_()
            fautes.append(route.request.url)
            return route.abort()

        contexte.route("**/*", filtrer)
        page = contexte.new_page()
        page.on(
            "console",
            lambda m: fautes.append(m.text) if m.type == "error" and "favicon" not in str(m.location) else None,
        )
        page.on("pageerror", lambda e: fautes.append(str(e)))
        page.goto(base + adresse)
        return page

    yield ouvrir
    for contexte in contextes:
        contexte.close()
    assert fautes == []


@pytest.fixture
def open_carte(open_page):
    def ouvrir(**reglages):
        carte = Carte(open_page(**reglages))
        carte.wait("window.observatoire?.carte")
        return carte

    return ouvrir


@pytest.fixture
def open_deux(open_page):
    """Deux cartes dans deux cadres d'une même page."""

    def ouvrir(**reglages):
        page = open_page("/cadres", largeur=1280, hauteur=640, **reglages)
        cartes = [Carte(page, page.query_selector(f"#{nom}").content_frame()) for nom in ("gauche", "droite")]
        for carte in cartes:
            carte.wait("window.observatoire?.carte")
        return page, *cartes

    return ouvrir
