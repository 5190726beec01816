"""Fichiers du navigateur : empreintes, aucun hôte, page rendue, service statique."""

import asyncio
import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from urllib.parse import unquote

import pandas as pd
import pytest
from starlette.applications import Starlette

from observatoire.app.statique import make_montage
from observatoire.cartes.couche import DOSSIER_WEB, SCRIPTS, STYLES, Valeurs, build_carte, describe_fond
from observatoire.cartes.lieux import load_index_lieux, write_lieux
from tests.cartes.synthese import write_synthese

HOTE = re.compile(r"""(?:https?:)?//[\w-]+\.[\w.-]+""")
# L'espace de noms SVG n'est jamais demandé ; le lien d'attribution de Leaflet n'est pas affiché
# (``attributionControl: false``), et le navigateur ne suit pas un lien.
TOLERES = {"http://www.w3.org", "https://leafletjs.com"}


def without_comments(texte):
    sans_blocs = re.sub(r"/\*.*?\*/", "", texte, flags=re.DOTALL)
    return re.sub(r"^ *//.*$", "", sans_blocs, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    dossier = tmp_path_factory.mktemp("fonds")
    write_synthese(dossier)
    write_lieux(
        pd.DataFrame(
            {
                "id": ["b", "a", "c"],
                "type": "mairie",
                "nom": ["Mairie B", "Mairie A", "Sans position"],
                "longitude": [0.41, 0.42, None],
                "latitude": [43.61, 43.62, None],
                "code_commune": ["32001", "32002", "32003"],
                "position_douteuse": [True, False, False],
                "adresse": [None, "1 rue", None],
            }
        ),
        dossier,
    )
    return dossier


@dataclass
class Reponse:
    status_code: int
    headers: dict[str, str]
    content: bytes

    def json(self):
        return json.loads(self.content)


class Client:
    """Une demande ASGI, sans serveur ni bibliothèque de plus."""

    def __init__(self, app):
        self.app = app

    def get(self, adresse, headers=None):
        entetes = {"accept-encoding": "gzip"} | (headers or {})
        chemin, _, question = adresse.partition("?")
        portee = {
            "type": "http",
            "method": "GET",
            "path": unquote(chemin),
            "raw_path": chemin.encode(),
            "query_string": question.encode(),
            "root_path": "",
            "headers": [(k.encode(), v.encode()) for k, v in entetes.items()],
        }
        recus = []

        async def receive():
            await asyncio.sleep(60)  # le visiteur ne part pas avant la réponse
            return {"type": "http.disconnect"}

        async def send(message):
            recus.append(message)

        asyncio.run(self.app(portee, receive, send))
        rendus = {k.decode(): v.decode() for k, v in recus[0]["headers"]}
        corps = b"".join(m.get("body", b"") for m in recus[1:])
        if rendus.get("content-encoding") == "gzip":
            corps = gzip.decompress(corps)
        return Reponse(recus[0]["status"], rendus, corps)


@pytest.fixture(scope="module")
def client(dossier):
    return Client(Starlette(routes=[make_montage(lambda: dossier)]))


def test_manifest_matches_vendored_files():
    manifeste = json.loads((DOSSIER_WEB / "MANIFESTE.json").read_text("utf-8"))
    for paquet in manifeste.values():
        assert (DOSSIER_WEB / paquet["fichier_licence"]).is_file()
        for fichier, sha256 in paquet["sha256"].items():
            assert hashlib.sha256((DOSSIER_WEB / fichier).read_bytes()).hexdigest() == sha256


@pytest.mark.parametrize("fichier", [*SCRIPTS, *STYLES])
def test_no_host_in_what_runs(fichier):
    texte = without_comments((DOSSIER_WEB / fichier).read_text("utf-8"))
    assert {h for h in HOTE.findall(texte) if h not in TOLERES} == set()


def test_rendered_page_names_no_host(dossier):
    from observatoire.cartes.fond import load_index

    carte = build_carte(describe_fond(load_index(dossier), "commune", "32"))
    Valeurs({"textes": "</script>"}).add_to(carte)
    page = carte.get_root().render()
    assert HOTE.findall(page) == []
    assert '</script>"' not in page
    assert "/statique/web/carte-reunie.js?v=" in page
    assert "user-scalable=no" not in page


def test_fond_is_sent_compressed_and_forever(client, dossier):
    from observatoire.cartes.fond import load_index

    fichier = load_index(dossier)["commune-32"].fichier
    reponse = client.get(f"/statique/fonds/{fichier}")
    assert reponse.status_code == 200
    assert reponse.headers["content-encoding"] == "gzip"
    assert "immutable" in reponse.headers["cache-control"]
    assert reponse.headers["content-type"] == "application/json"
    assert len(reponse.json()["features"]) == 5
    brut = client.get(f"/statique/fonds/{fichier}", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in brut.headers
    assert brut.content == reponse.content
    partiel = client.get(f"/statique/fonds/{fichier}", headers={"range": "bytes=0-9"})
    assert partiel.status_code == 206
    assert partiel.content == brut.content[:10]


def test_web_files_are_sent(client):
    for fichier in (*SCRIPTS, *STYLES, "source-sans.woff2"):
        reponse = client.get(f"/statique/web/{fichier}?v=1")
        assert reponse.status_code == 200, fichier
        assert reponse.headers["x-content-type-options"] == "nosniff"
    assert "javascript" in client.get("/statique/web/carte.js").headers["content-type"]


@pytest.mark.parametrize(
    "adresse",
    [
        "/statique/fonds/index.json",
        "/statique/fonds/..%2Findex.json",
        "/statique/fonds/%2e%2e/index.json",
        "/statique/web/..%2Ffond.py",
        "/statique/web/fond.py",
        "/statique/fonds/inconnu.json",
    ],
)
def test_nothing_else_is_sent(client, adresse):
    assert client.get(adresse).status_code == 404


def test_publication_keeps_its_own_files(client, dossier):
    from observatoire.cartes.fond import load_index, write_index

    fonds = load_index(dossier)
    fige = dossier / "index" / "publication-1"
    fige.mkdir(parents=True)
    write_index(fonds, fige)
    ancien = fonds.pop("limites-31")
    write_index(fonds, dossier)
    assert client.get(f"/statique/fonds/{ancien.fichier}").status_code == 200


def test_lieux_are_positional_and_sorted(client, dossier):
    index = load_index_lieux(dossier)
    assert set(index) == {"mairie-32"}
    lieux = client.get(f"/statique/fonds/{index['mairie-32'].fichier}").json()["lieux"]
    assert lieux == [
        ["a", "Mairie A", 0.42, 43.62, "32002", 0, "1 rue", ""],
        ["b", "Mairie B", 0.41, 43.61, "32001", 1, "", ""],
    ]
    demande = index["mairie-32"].to_message("M", "Mairie")
    assert demande["url"].startswith("/statique/fonds/lieux-mairie-32-")
