"""Annonce d'un lien collé dans un message."""

import time
from html.parser import HTMLParser

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from observatoire.app import cache, serveur
from observatoire.app.apercu_lien import ACCUEIL, LONGUEUR_MAX, write_balises

BASE = "https://obs.exemple.fr/"
NOM = "Observatoire d'essai"
CARTE = {"indicateur": "part_bas_revenus", "maille": "commune", "periode": "2010", "departement": "974"}


class Balises(HTMLParser):
    """Titre et propriétés d'une tête de page."""

    def __init__(self, html):
        super().__init__()
        self.proprietes, self.titre, self.autres, self._dans_titre = {}, "", [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        lus = dict(attrs)
        self._dans_titre = tag == "title"
        if tag == "meta":
            self.proprietes[lus.get("property") or lus.get("name")] = lus.get("content")
        elif tag != "title":
            self.autres.append(tag)

    def handle_data(self, data):
        if self._dans_titre:
            self.titre += data

    def handle_endtag(self, tag):
        self._dans_titre &= tag != "title"


@pytest.fixture
def consultation(espace_servi):
    return cache.get_consultation()


def read(consultation, chemin, params, base=BASE, nom=NOM):
    return Balises(write_balises(consultation, chemin, params, base, nom))


def test_a_map_says_title_sentence_and_thumbnail(consultation):
    lue = read(consultation, "/carte", CARTE)
    assert lue.titre == "Part des ménages à bas revenus · 2010, communes de La Réunion — Observatoire d'essai"
    assert lue.proprietes["description"] == "En 2010, 31,5\u00a0% des ménages de La Réunion étaient à bas revenus."
    assert lue.proprietes["og:description"] == lue.proprietes["description"]
    assert lue.proprietes["og:site_name"] == NOM
    assert lue.proprietes["og:locale"] == "fr_FR"
    assert lue.proprietes["twitter:card"] == "summary_large_image"
    image = lue.proprietes["og:image"]
    assert image.startswith(f"{BASE}vignette/carte.png?indicateur=part_bas_revenus&")
    assert "publication=essai" in image
    assert (lue.proprietes["og:image:width"], lue.proprietes["og:image:height"]) == ("1200", "630")


def test_the_announced_thumbnail_exists(consultation):
    image = read(consultation, "/carte", CARTE).proprietes["og:image"]
    arguments = serveur.make_arguments()
    client = TestClient(Starlette(routes=arguments["routes"]))
    assert client.get(image.removeprefix(BASE[:-1])).headers["content-type"] == "image/png"


def test_the_publication_is_announced_only_if_the_link_names_it(consultation):
    sans = read(consultation, "/carte", CARTE).proprietes["og:url"]
    avec = read(consultation, "/carte", CARTE | {"publication": "essai"}).proprietes["og:url"]
    assert "publication" not in sans
    assert avec == f"{sans}&publication=essai"


def test_a_chosen_territory_is_announced(consultation):
    lue = read(consultation, "/carte", CARTE | {"territoire": "97401"})
    assert lue.titre.startswith("Part des ménages à bas revenus · 2010, Les Avirons")
    phrase = "En 2010, 20,0\u00a0% des ménages des Avirons étaient à bas revenus (200 sur 1\u202f000)."
    assert lue.proprietes["description"] == phrase


def test_a_secret_is_announced_without_any_number(consultation):
    lue = read(consultation, "/carte", CARTE | {"territoire": "97403"})
    assert lue.proprietes["description"] == "Part des ménages à bas revenus, 2010 : L'Étang-Salé."


def test_a_number_is_announced_as_a_number(consultation):
    lue = read(consultation, "/carte", CARTE | {"mesure": "nombre", "territoire": "97401"})
    assert "200" in lue.proprietes["description"]
    assert "%" not in lue.proprietes["description"]


def test_a_territory_says_its_name_and_departement(consultation):
    lue = read(consultation, "/territoire", {"territoire": "commune-97404"})
    assert lue.titre == "Le Port (La Réunion) — Observatoire d'essai"
    assert lue.proprietes["og:url"] == f"{BASE}territoire?territoire=commune-97404"
    assert "og:image" not in lue.proprietes


def test_a_method_page_says_the_definition(consultation):
    lue = read(consultation, "/methode", {"indicateur": "part_bas_revenus"})
    assert lue.titre == "Méthode : Part des ménages à bas revenus — Observatoire d'essai"
    assert lue.proprietes["description"] == "Définition inventée pour les essais."
    assert read(consultation, "/methode", {}).titre == "Méthode — Observatoire d'essai"
    secret = read(consultation, "/methode", {"section": "secret"})
    assert secret.titre == "Secret\u00a0: ce qui est masqué, et pourquoi — Observatoire d'essai"
    assert secret.proprietes["og:url"] == f"{BASE}methode?section=secret"


@pytest.mark.parametrize(
    ("chemin", "params"),
    [
        ("/", {}),
        ("/inconnue", {}),
        ("/carte", {"indicateur": "<script>alert(1)</script>"}),
        ("/carte", CARTE | {"publication": "../../etc/passwd"}),
        ("/carte", CARTE | {"maille": "galaxie", "territoire": '"><img src=x>'}),
        ("/territoire", {"territoire": "commune-99999"}),
        ("/territoire", {"territoire": "galaxie-1"}),
        ("/territoire", {"territoire": "commune-97401", "publication": "inconnue"}),
        ("/territoire", {}),
    ],
)
def test_an_address_that_names_nothing_announces_the_observatory(consultation, chemin, params):
    lue = read(consultation, chemin, params)
    assert lue.titre == NOM
    assert lue.proprietes["description"] == ACCUEIL
    assert lue.proprietes["og:url"] == BASE
    assert lue.autres == []


def test_nothing_published_still_announces(espace_vide):
    assert read(None, "/carte", CARTE).titre == NOM


def test_values_are_escaped(consultation):
    nom = '"><script>alert(1)</script>'
    html = write_balises(consultation, "/carte", CARTE, BASE, nom)
    assert "<script>" not in html
    assert Balises(html).proprietes["og:site_name"] == nom


def test_without_a_known_host_no_address_is_written(consultation):
    lue = read(consultation, "/carte", CARTE, base="")
    assert not {"og:url", "og:image"} & lue.proprietes.keys()
    assert lue.proprietes["twitter:card"] == "summary"


def test_a_long_sentence_is_cut_between_two_words(consultation, monkeypatch):
    fiche = consultation.find_indicateur("part_bas_revenus").model_copy(update={"definition": "mot " * 200})
    monkeypatch.setitem(consultation.catalogue.indicateurs, "part_bas_revenus", fiche)
    phrase = read(consultation, "/methode", {"indicateur": "part_bas_revenus"}).proprietes["description"]
    assert phrase.endswith("mot …")
    assert len(phrase) <= LONGUEUR_MAX + 2


def test_announcing_costs_less_than_thirty_milliseconds(consultation):
    durees = []
    for _ in range(7):
        debut = time.perf_counter()
        write_balises(consultation, "/carte", CARTE | {"territoire": "97401"}, BASE, NOM)
        durees.append(time.perf_counter() - debut)
    assert sorted(durees)[3] < 0.03


def test_pages_carry_their_announcement(espace_servi):
    arguments = serveur.make_arguments()
    client = TestClient(Starlette(routes=arguments["routes"], middleware=arguments["middleware"]))
    lue = Balises(client.get("/carte", params=CARTE, headers={"Host": "obs.exemple.fr"}).text.split("</head>")[0])
    assert lue.titre.startswith("Part des ménages à bas revenus · 2010")
    assert lue.proprietes["og:image"].startswith("http://obs.exemple.fr/vignette/carte.png?")
    accueil = Balises(client.get("/").text.split("</head>")[0])
    assert accueil.proprietes["og:title"] == NOM
