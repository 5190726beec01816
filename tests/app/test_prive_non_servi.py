"""Rien du privé n'est servi : ni socle, ni dépôts, ni brouillons, ni registres, sous aucune adresse."""

import asyncio
import shutil
from itertools import product
from urllib.parse import quote, unquote

import pytest
from starlette.applications import Starlette

from observatoire.app import serveur
from observatoire.app.mode import LECTURE, Mode, set_mode
from observatoire.app.reglages_streamlit import OPTIONS
from observatoire.config import NOM_VARIABLE_RACINE, Espace

CANARI = b"effectif-exact-97401-3"
PRIVES = (
    "registres.sqlite", "registres.tete.json", "registres.cle", "data/depot/aides/20260101-000000-0a0b0c0d/foyers.csv",
    "data/entrepot/socle/variables/part-0.parquet", "data/entrepot/socle/protections/essai/cases.parquet",
    "data/entrepot/brouillons/20260101-000000-0a0b0c0d/rapport.json",
)  # fmt: skip
REMONTEES = ("", "../", "../../", "../../../", "/", "%2e%2e/", "..%2f", "..\\", "....//")
DE_STREAMLIT = ("/static", "/media", "/component/streamlit_folium.st_folium", "/_stcore")
PAGES = ("", "/atelier", "/app/static")


@pytest.fixture
def espace(espace_essai, tmp_path, monkeypatch):
    """Espace servi, où chaque fichier privé porte un texte qui ne doit jamais sortir."""
    shutil.copytree(espace_essai.racine, tmp_path / "espace")
    espace = Espace(tmp_path / "espace")
    for nom in PRIVES:
        chemin = espace.racine / nom
        chemin.parent.mkdir(parents=True, exist_ok=True)
        chemin.write_bytes(CANARI)
    monkeypatch.setenv(NOM_VARIABLE_RACINE, str(espace.racine))
    return espace


@pytest.fixture(params=[LECTURE, Mode(atelier=True)], ids=["lecture", "atelier"])
def app(request, espace):
    set_mode(request.param)
    arguments = serveur.make_arguments()
    yield Starlette(routes=arguments["routes"], middleware=arguments["middleware"])
    set_mode(LECTURE)


async def demander(app, adresse):
    """Réponse à une adresse telle qu'un attaquant l'écrit : rien ne la met d'équerre en chemin."""
    chemin, _, question = adresse.partition("?")
    recus = []

    async def receive():
        if not recus:
            return {"type": "http.request", "body": b"", "more_body": False}
        return await asyncio.Event().wait()  # le visiteur reste là, sans plus rien dire

    async def send(message):
        recus.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": unquote(chemin), "raw_path": chemin.encode(), "query_string": question.encode(),
        "root_path": "",
        "headers": [(b"host", b"localhost"), (b"accept-encoding", b"gzip")], "client": ("127.0.0.1", 1),
        "server": ("localhost", 80), "app": app,
    }  # fmt: skip
    await app(scope, receive, send)
    return recus[0]["status"], b"".join(m.get("body", b"") for m in recus)


def list_adresses(app, espace):
    """Toutes les racines servies, suivies de tous les chemins vers un fichier privé."""
    routes = {r.path.partition("{")[0].rstrip("/") for r in app.routes}
    fonds = {f"{racine}/{genre}" for racine in routes if racine.endswith("statique") for genre in ("fonds", "web")}
    assert fonds, "les fonds de carte sont le seul montage qui rend des fichiers de l'espace"
    for racine, remontee, nom in product(sorted({*routes, *fonds, *DE_STREAMLIT}), REMONTEES, PRIVES):
        yield f"{racine}/{remontee}{nom}"
        if nom.startswith("data/entrepot/"):
            yield f"{racine}/{remontee}{nom.removeprefix('data/entrepot/')}"
    for racine, remontee, nom in product(PAGES, ("", "../", "%2e%2e/"), PRIVES):
        yield f"{racine}/{remontee}{nom}"
    for nom in PRIVES:
        yield f"/{quote(str(espace.racine / nom))}"
        for parametre in ("publication", "indicateur", "periode", "departement", "maille"):
            for prefixe in ("../../../", f"{espace.racine}/"):
                yield f"/telecharger/carte.csv?{parametre}={quote(prefixe + nom, safe='')}"


def test_no_address_reaches_a_private_file(app, espace):
    async def tout_demander():
        return [(adresse, *await demander(app, adresse)) for adresse in list_adresses(app, espace)]

    reponses = asyncio.run(tout_demander())
    assert len(reponses) > 500
    assert [adresse for adresse, _statut, corps in reponses if CANARI in corps] == []
    # Les mêmes demandes rendent bien ce qui est public : l'essai ne tape pas à côté.
    nom = next(espace.fonds.glob("commune-974-*.json")).name
    statut, corps = asyncio.run(demander(app, f"/statique/fonds/{nom}"))
    assert (statut, len(corps) > 0) == (200, True)


def test_a_private_file_beside_the_maps_is_not_served_either(app, espace):
    """Un montage qui rendrait tout son dossier serait vu : seul ce qu'un index nomme est servi."""
    (espace.fonds / "foyers.json").write_bytes(CANARI)
    statut, corps = asyncio.run(demander(app, "/statique/fonds/foyers.json"))
    assert (statut, CANARI in corps) == (404, False)


def test_streamlit_serves_no_folder_of_ours():
    assert OPTIONS["server.enableStaticServing"] is False
    assert OPTIONS["client.showErrorDetails"] == "none"
    assert not (serveur.SCRIPT.parent / "static").exists()
