"""Fichiers d'une carte demandés au serveur : contenu réel, déterminisme, refus, publication ancienne."""

import csv
import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import openpyxl
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from observatoire.analyse.consultation import open_consultation
from observatoire.app import cache_images, serveur
from observatoire.app.cache_images import TropDeDemandesError
from observatoire.cartes.palettes import RAMPES
from observatoire.config import NOM_VARIABLE_RACINE, Espace
from observatoire.modeles.indicateurs import Nature
from observatoire.modeles.mailles import Maille
from tests.app import conftest as base

BAS_REVENUS = {"indicateur": "part_bas_revenus", "maille": "commune", "periode": "2010", "departement": "974"}
ADRESSES = [f"/telecharger/carte.{genre}" for genre in ("png", "svg", "xlsx", "csv")]
ADRESSES += ["/imprimer/carte", "/vignette/carte.png"]


def make_client():
    arguments = serveur.make_arguments()
    return TestClient(Starlette(routes=arguments["routes"], middleware=arguments["middleware"]))


@pytest.fixture
def client(espace_servi):
    return make_client()


def read_image(reponse):
    return np.asarray(Image.open(io.BytesIO(reponse.content)).convert("RGB"))


def read_lignes(reponse):
    feuille = openpyxl.load_workbook(io.BytesIO(reponse.content))["Valeurs"]
    lignes = list(feuille.iter_rows(values_only=True))
    return {ligne[0]: dict(zip(lignes[0], ligne, strict=True)) for ligne in lignes[1:]}


@pytest.mark.parametrize("adresse", ADRESSES)
def test_every_file_answers_protected_and_identical(client, adresse):
    premiere, seconde = (client.get(adresse, params=BAS_REVENUS) for _ in range(2))
    assert premiere.status_code == 200
    assert premiere.content == seconde.content
    assert "default-src 'self'" in premiere.headers["content-security-policy"]
    assert premiere.headers["x-content-type-options"] == "nosniff"
    memes = client.get(adresse, params=BAS_REVENUS, headers={"If-None-Match": premiere.headers["etag"]})
    assert (memes.status_code, memes.content) == (304, b"")


@pytest.mark.parametrize("adresse", ADRESSES)
def test_bytes_are_the_same_without_the_cache(client, adresse, monkeypatch):
    premiere = client.get(adresse, params=BAS_REVENUS).content
    monkeypatch.setattr(cache_images.CacheImages, "_read", lambda *_: None)
    assert client.get(adresse, params=BAS_REVENUS).content == premiere


def test_files_are_kept_in_the_space(client, espace_essai):
    client.get(ADRESSES[0], params=BAS_REVENUS)
    gardes = list((espace_essai.entrepot / "images").glob("*.png"))
    assert gardes
    assert not list((espace_essai.entrepot / "images").glob("*.tmp"))


@pytest.mark.parametrize(
    ("genre", "params", "nom"),
    [
        ("png", {}, "bas-revenus_communes_la-reunion_2010.png"),
        ("xlsx", {"territoire": "97403"}, "bas-revenus_communes_la-reunion_l-etang-sale_2010.xlsx"),
        ("csv", {"mesure": "nombre"}, "bas-revenus_nombre_communes_la-reunion_2010.csv"),
    ],
)
def test_names_say_the_content_and_no_value(client, genre, params, nom):
    reponse = client.get(f"/telecharger/carte.{genre}", params=BAS_REVENUS | params)
    assert reponse.headers["content-disposition"] == f'attachment; filename="{nom}"'


def test_png_has_its_size_and_the_colors_of_need(client):
    image = read_image(client.get("/telecharger/carte.png", params=BAS_REVENUS))
    assert image.shape == (1240, 1753, 3)
    presentes = {tuple(c) for c in image.reshape(-1, 3)[::5].tolist()}
    rampe = {tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in RAMPES[Nature.BESOIN]}
    assert rampe & presentes
    # L'absence a son gris, qui n'est celui d'aucune classe.
    assert (0xC4, 0xC4, 0xBF) in presentes


def test_svg_says_title_sentence_link_and_publication(client):
    reponse = client.get("/telecharger/carte.svg", params=BAS_REVENUS | {"territoire": "97401"})
    racine = ET.fromstring(reponse.content)  # noqa: S314 -- notre dessin
    espace = "{http://www.w3.org/2000/svg}"
    assert racine.findtext(f"{espace}title") == "Part des ménages à bas revenus · 2010"
    description = racine.findtext(f"{espace}desc")
    assert "En 2010, 31,5\u00a0% des ménages de La Réunion étaient à bas revenus" in description
    assert "En 2010, 20,0\u00a0% des ménages des Avirons étaient à bas revenus (200 sur 1\u202f000)." in description
    assert "secret : Masqué pour protéger les personnes : 1" in description
    assert not re.search(rb'(?:href|src)="(?!#)', reponse.content)


def test_chosen_territory_changes_the_picture(client):
    sans, avec = (
        read_image(client.get("/telecharger/carte.png", params=BAS_REVENUS | choisi))
        for choisi in ({}, {"territoire": "97402"})
    )
    assert not np.array_equal(sans, avec)


def test_workbook_has_the_published_values(client, espace_servi):
    consultation = open_consultation(espace_servi)
    fiche = consultation.find_indicateur("part_bas_revenus")
    attendues = consultation.read_valeurs(fiche, Maille.COMMUNE, "2010", "974").set_index("code_territoire")
    lignes = read_lignes(client.get("/telecharger/carte.xlsx", params=BAS_REVENUS))
    assert set(lignes) == set(attendues.index)
    for code, ligne in lignes.items():
        publiee = attendues.loc[code]
        for colonne, nom in (("valeur (%)", "valeur"), ("nombre", "numerateur"), ("sur", "denominateur")):
            assert ligne[colonne] == (None if np.isnan(publiee[nom]) else publiee[nom]), (code, colonne)
    assert lignes["97403"]["statut"] == "Masqué pour protéger les personnes"
    assert lignes["97404"]["statut"] == "non disponible"
    assert [ligne["territoire"] for ligne in lignes.values()] == [
        "Bras-Panon",
        "L'Étang-Salé",
        "Le Port",
        "Les Avirons",
    ]


def test_workbook_says_where_it_comes_from(client):
    reponse = client.get("/telecharger/carte.xlsx", params=BAS_REVENUS)
    feuille = openpyxl.load_workbook(io.BytesIO(reponse.content))["Lire"]
    notice = {titre: texte for titre, texte in feuille.iter_rows(values_only=True) if titre}
    assert notice["Titre"] == "Part des ménages à bas revenus, communes de La Réunion, 2010"
    assert notice["Définition"] == "Définition inventée pour les essais."
    assert "Licence Ouverte" in notice["Licence"]
    assert notice["Publication"] == "essai, du 22/11/2026"
    assert notice["Observatoire"] == "Observatoire d'essai"
    assert notice["Adresse"].startswith("http://testserver/carte?indicateur=part_bas_revenus&")
    assert notice["Adresse"].endswith("publication=essai")


def test_csv_reads_back(client):
    texte = client.get("/telecharger/carte.csv", params=BAS_REVENUS).content.decode("utf-8-sig")
    lignes = {ligne["code"]: ligne for ligne in csv.DictReader(io.StringIO(texte), delimiter=";")}
    assert lignes["97402"]["valeur"] == "35,5"
    assert (lignes["97403"]["valeur"], lignes["97403"]["statut"]) == ("", "secret")


def test_a_share_can_be_exported_as_a_number(client):
    lignes = read_lignes(client.get("/telecharger/carte.xlsx", params=BAS_REVENUS | {"mesure": "nombre"}))
    assert lignes["97401"]["valeur (ménages)"] == 200
    assert lignes["97403"]["valeur (ménages)"] is None
    svg = client.get("/telecharger/carte.svg", params=BAS_REVENUS | {"mesure": "nombre"}).text
    assert "Cercles étalons" in svg
    refus = client.get(
        "/telecharger/carte.png", params={"indicateur": "zone", "departement": "974", "mesure": "nombre"}
    )
    assert (refus.status_code, "n'a pas de nombre" in refus.text) == (404, True)


def test_a_typology_is_exported_by_category(client):
    lignes = read_lignes(client.get("/telecharger/carte.xlsx", params={"indicateur": "zone", "departement": "974"}))
    assert {code: ligne["catégorie"] for code, ligne in lignes.items()} == dict(zip(base.COMMUNES, "AABB", strict=True))


def test_printed_page_is_complete(client):
    page = client.get("/imprimer/carte", params=BAS_REVENUS).text
    assert page.count('<th scope="row">') == 4
    assert "Observatoire d&#x27;essai" in page
    assert "publication=essai" in page
    assert "addEventListener" not in page
    assert "print(); }" in client.get("/imprimer/carte", params=BAS_REVENUS | {"auto": "1"}).text
    assert "addEventListener" not in client.get("/imprimer/carte", params=BAS_REVENUS | {"auto": "2"}).text


def test_thumbnail_is_small_and_shown_in_place(client):
    reponse = client.get("/vignette/carte.png", params=BAS_REVENUS)
    assert read_image(reponse).shape == (630, 1200, 3)
    assert len(reponse.content) < 150_000
    assert "content-disposition" not in reponse.headers
    assert "max-age" in reponse.headers["cache-control"]


HOSTILES = [
    {"publication": "../essai"},
    {"publication": "courante"},
    {"publication": "/etc/passwd"},
    {"publication": "essai.json"},
    {"indicateur": "../../x"},
    {"indicateur": "<script>alert(1)</script>"},
    {"maille": "galaxie"},
    {"maille": "epci"},
    {"periode": "1999"},
    {"periode": "n'importe quoi"},
    {"departement": "99"},
    {"territoire": "75056"},
    {"territoire": "' OR 1=1 --"},
    {"mesure": "tout"},
    {"indicateur": "x" * 5000},
]


@pytest.mark.parametrize("params", HOSTILES, ids=lambda p: str(p)[:40])
@pytest.mark.parametrize("adresse", ["/telecharger/carte.png", "/telecharger/carte.xlsx", "/imprimer/carte"])
def test_an_address_that_names_nothing_is_refused_in_french(client, adresse, params, espace_essai):
    avant = set((espace_essai.entrepot / "images").glob("*")) if (espace_essai.entrepot / "images").is_dir() else set()
    reponse = client.get(adresse, params=BAS_REVENUS | params)
    assert reponse.status_code == 404
    assert reponse.headers["content-type"].startswith("text/plain")
    assert "impossible" in reponse.text
    assert len(reponse.text) < 600
    dossier = espace_essai.entrepot / "images"
    assert (set(dossier.glob("*")) if dossier.is_dir() else set()) == avant


def test_parameters_that_do_not_change_the_map_do_not_make_another_file(client):
    autres = {"tri": "x" * 50, "page": "3", "lieux": "mairies", "cherche": "étang", "problematique": "insertion"}
    etiquettes = {client.get(ADRESSES[0], params=BAS_REVENUS | p).headers["etag"] for p in ({}, autres)}
    assert len(etiquettes) == 1


def test_a_full_queue_answers_503_with_a_delay(client, monkeypatch):
    def refuse(*_):
        raise TropDeDemandesError

    monkeypatch.setattr(cache_images.CacheImages, "get", refuse)
    reponse = client.get("/telecharger/carte.png", params=BAS_REVENUS)
    assert reponse.status_code == 503
    assert reponse.headers["retry-after"] == "60"
    assert "Réessayer" in reponse.text


@pytest.mark.parametrize("hote", ["obs.exemple.fr", "obs.exemple.fr:8080", "[::1]:8501"])
def test_link_uses_the_host_of_the_demand(client, hote):
    page = client.get("/imprimer/carte", params=BAS_REVENUS, headers={"Host": hote}).text
    assert f"http://{hote}/carte?indicateur=part_bas_revenus" in page


@pytest.mark.parametrize("hote", ['x"><script>', "a b", "a/b", "exemple.fr@pirate.fr", "x" * 300, "-"])
def test_a_forged_host_is_not_printed(client, hote):
    page = client.get("/imprimer/carte", params=BAS_REVENUS, headers={"Host": hote}).text
    assert f"//{hote}" not in page
    assert "://" not in re.sub(r"http://www\.w3\.org/[^\"]*", "", page)


def test_a_space_without_publication_says_so(espace_vide):
    reponse = make_client().get("/telecharger/carte.png", params=BAS_REVENUS)
    assert (reponse.status_code, "Aucune publication" in reponse.text) == (404, True)


@pytest.fixture
def espace_corrige(tmp_path, monkeypatch):
    """Deux publications : dans la seconde, une valeur est corrigée, et un nom ressemble à une formule."""
    espace = Espace(tmp_path)
    observations = base.make_observations()
    for table in observations:
        table.loc[(table.indicateur == "part_bas_revenus") & (table.code_territoire == "97401"), "valeur"] = 22.5
    with pytest.MonkeyPatch.context() as geste:
        geste.setattr(base, "PUBLICATION", "ancienne")
        base.publish(espace)
        geste.setattr(base, "PUBLICATION", "nouvelle")
        geste.setattr(base, "make_observations", lambda: observations)
        geste.setattr(base, "COMMUNES", base.COMMUNES | {"97404": "=1+1"})
        base.publish(espace)
    monkeypatch.setenv(NOM_VARIABLE_RACINE, str(tmp_path))
    return espace


def test_an_old_publication_is_exported_as_it_was(espace_corrige):
    client = make_client()
    assert read_lignes(client.get(ADRESSES[2], params=BAS_REVENUS))["97401"]["valeur (%)"] == 22.5
    ancienne = client.get(ADRESSES[2], params=BAS_REVENUS | {"publication": "ancienne"})
    assert read_lignes(ancienne)["97401"]["valeur (%)"] == 20
    images = {
        client.get(ADRESSES[0], params=BAS_REVENUS | {"publication": p}).content for p in ("ancienne", "nouvelle")
    }
    assert len(images) == 2


def test_a_name_that_looks_like_a_formula_stays_a_name(espace_corrige):
    client = make_client()
    assert read_lignes(client.get(ADRESSES[2], params=BAS_REVENUS))["97404"]["territoire"] == "=1+1"
    assert ";'=1+1;" in client.get(ADRESSES[3], params=BAS_REVENUS).text
    assert client.get(ADRESSES[0], params=BAS_REVENUS | {"territoire": "97404"}).status_code == 200
