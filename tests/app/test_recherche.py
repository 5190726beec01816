"""Adresse de la recherche : ce qu'elle répond à une page, et à qui l'abuse."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from observatoire.app import adresses, serveur
from observatoire.app.routes.recherche import ROUTES


@pytest.fixture
def client(espace_servi):
    return TestClient(Starlette(routes=ROUTES))


def search(client, **params):
    reponse = client.get(adresses.CHERCHER, params=params)
    assert reponse.status_code == 200
    return reponse.json()["reponses"]


def test_answer_says_the_publication_and_all_a_page_needs(client):
    reponse = client.get("/chercher", params={"q": "port"})
    assert reponse.headers["cache-control"] == "private, max-age=60"
    assert reponse.headers["content-type"] == "application/json"
    corps = reponse.json()
    assert corps["publication"] == "essai"
    premiere = corps["reponses"][0]
    assert set(premiere) == {"maille", "code", "departement", "libelle", "detail", "note"}
    assert (premiere["maille"], premiere["code"], premiere["departement"]) == ("commune", "97404", "974")
    assert (premiere["libelle"], premiere["note"]) == ("Le Port", "")


@pytest.mark.parametrize(
    ("tape", "code"),
    [("etang sale", "97403"), ("L’ÉTANG-SALÉ", "97403"), ("bras panon", "97402"), ("97402", "97402"), ("974", "974"),
     ("la reunion", "974"), ("france", "FR"), ("bras panom", "97402")],
)  # fmt: skip
def test_small_publication_is_searched(client, tape, code):
    assert search(client, q=tape)[0]["code"] == code


@pytest.mark.parametrize("tape", ["", "   ", "...", "zzzzzz", "(.*", "\0", "<q>", "é" * 10_000])
def test_nothing_found_is_an_empty_list(client, tape):
    assert search(client, q=tape) == []


def test_without_parameter_nothing_is_found(client):
    assert search(client) == []
    assert search(client, departement="974") == []


def test_text_is_read_up_to_eighty_signs(client):
    assert search(client, q="le port" + " " * 10_000 + "ailleurs")[0]["code"] == "97404"
    assert search(client, q="le port" + " " * 66 + "ailleurs") == []


def test_unknown_departement_is_ignored(client):
    for departement in ("974", "FR", "999", "x" * 5_000, "'"):
        assert search(client, q="port", departement=departement)[0]["code"] == "97404"


def test_without_publication_the_refusal_says_what_to_do(espace_vide):
    reponse = TestClient(Starlette(routes=ROUTES)).get("/chercher", params={"q": "port"})
    assert reponse.status_code == 503
    assert reponse.headers["cache-control"] == "no-store"
    assert reponse.json()["reponses"] == []
    assert "observatoire construire" in reponse.json()["erreur"]


def test_only_reading_is_allowed(client):
    assert client.post("/chercher", params={"q": "port"}).status_code == 405


def test_served_beside_the_pages_with_their_protections(espace_servi):
    arguments = serveur.make_arguments()
    servi = TestClient(Starlette(routes=arguments["routes"], middleware=arguments["middleware"]))
    reponse = servi.get("/chercher", params={"q": "port"})
    assert reponse.json()["reponses"][0]["code"] == "97404"
    assert reponse.headers["x-content-type-options"] == "nosniff"
