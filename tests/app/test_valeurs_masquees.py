"""Une valeur masquée, par toutes les sorties : la phrase, ce qui s'en déduit, jamais un nombre ni une limite."""

import csv
import io
import json
import re

import openpyxl
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from observatoire.analyse.bornes import DEDUIT
from observatoire.analyse.consultation import open_consultation
from observatoire.analyse.export_json import build_valeurs_json
from observatoire.app import serveur
from observatoire.app.composants.tableau import Tri, build_ordre_noms, order_lignes, render_tableau
from observatoire.app.vues import CleVue, build_vue
from observatoire.cartes.fond import load_index
from observatoire.cartes.nombre import count_numerateur
from observatoire.config import NOM_VARIABLE_RACINE
from observatoire.modeles.mailles import Maille
from observatoire.modeles.statuts import DESCRIPTIONS, Statut
from tests.app.espace_secret import DEUX_BORNES, NOMBRE, PART, SANS_MAXIMUM, publish_masquee
from tests.app.test_methode import html_of, run
from tests.app.texte_rendu import read_texte

PHRASE = "Masqué pour protéger les personnes"
LIMITE = re.compile(r"(moins de|inférieure?s? à|en dessous de|sous|&lt;|<)\s*(5|cinq|10|dix|11|onze)\b", re.IGNORECASE)
BAS_REVENUS = {"indicateur": PART, "maille": "commune", "periode": "2010", "departement": "974"}
LIEUX = {"indicateur": NOMBRE, "maille": "commune", "periode": "2026", "departement": "974"}


@pytest.fixture(scope="module")
def espace(tmp_path_factory):
    return publish_masquee(tmp_path_factory.mktemp("masquees"))


@pytest.fixture
def servi(espace, monkeypatch):
    monkeypatch.setenv(NOM_VARIABLE_RACINE, str(espace.racine))
    return espace


@pytest.fixture
def client(servi):
    arguments = serveur.make_arguments()
    return TestClient(Starlette(routes=arguments["routes"], middleware=arguments["middleware"]))


@pytest.fixture(scope="module")
def consultation(espace):
    return open_consultation(espace)


def make_vue(consultation, params):
    cle = CleVue(params["indicateur"], params["maille"], params["periode"], params["departement"])
    return build_vue(consultation, cle, load_index(consultation.espace.fonds / consultation.publication.fonds))


def read_pages(params):
    """Textes de la carte et du territoire d'une commune masquée."""
    carte = run("carte.py", **params, territoire=DEUX_BORNES)
    territoire = run("territoire.py", territoire=f"commune-{DEUX_BORNES}")
    assert not carte.exception
    assert not territoire.exception
    return read_texte(html_of(carte)), read_texte(html_of(territoire))


def read_classeur(client, params):
    contenu = client.get("/telecharger/carte.xlsx", params=params).content
    lignes = list(openpyxl.load_workbook(io.BytesIO(contenu))["Valeurs"].iter_rows(values_only=True))
    return {ligne[0]: dict(zip(lignes[0], ligne, strict=True)) for ligne in lignes[1:]}


def read_csv(client, params):
    texte = client.get("/telecharger/carte.csv", params=params).content.decode("utf-8-sig")
    return {ligne["code"]: ligne for ligne in csv.DictReader(io.StringIO(texte), delimiter=";")}


@pytest.mark.parametrize(
    ("params", "intervalle"), [(BAS_REVENUS, "entre 2,0 % et 14,3 %"), (LIEUX, "entre 1 et 12 lieux")]
)
def test_pages_say_the_sentence_and_what_everyone_deduces(servi, params, intervalle):
    for texte in read_pages(params):
        assert PHRASE in texte
        assert f"{intervalle[0].upper()}{intervalle[1:]} : {DEDUIT}." in texte
        assert not LIMITE.search(texte)
        # Une étendue calculée n'est pas l'intervalle d'une estimation.
        assert "Intervalle certain" not in texte


def test_map_tooltip_has_bounds_and_no_value(consultation):
    vue = make_vue(consultation, LIEUX)
    codes = list(vue.lecture.table.index)
    message = vue.message["valeurs"].to_message()
    rangs = [int(e) for e in message["bi"].split(",")]
    assert [sum(rangs[: i + 1]) for i in range(len(rangs))] == sorted(
        codes.index(c) for c in (SANS_MAXIMUM, DEUX_BORNES)
    )
    assert (message["inf"], message["sup"]) == ("1,1", ",12")
    assert [message["v"].split(",")[codes.index(c)] for c in (SANS_MAXIMUM, DEUX_BORNES)] == ["", ""]
    textes = vue.message["textes"]
    assert (textes["statuts"]["s"], textes["deduit"]) == (PHRASE, DEDUIT)
    # Un arrondi au plus proche resserrerait l'intervalle : 14,27 s'écrit 14,3, et 2,04 s'écrit 2,0.
    part = make_vue(consultation, BAS_REVENUS).message["valeurs"].to_message()
    assert part["inf"].split(",")[-1] == "20"
    assert part["sup"].split(",")[-1] == "143"


def test_masked_values_have_no_class_and_come_last_in_each_order(consultation):
    vue = make_vue(consultation, LIEUX)
    assert vue.lecture.cle_of(DEUX_BORNES) == "s"
    assert vue.lecture.valeur_of(DEUX_BORNES) is None
    assert vue.lecture.etendue == (0.0, 3.0)
    noms = build_ordre_noms(consultation, Maille.COMMUNE, "974")
    for tri in (Tri.DECROISSANT, Tri.CROISSANT):
        codes = vue.valeurs.code_territoire.iloc[order_lignes(vue.valeurs, noms, tri)].tolist()
        assert set(codes[-2:]) == {SANS_MAXIMUM, DEUX_BORNES}


def test_table_shows_the_interval_and_explains_it(consultation):
    vue = make_vue(consultation, LIEUX)
    noms = build_ordre_noms(consultation, Maille.COMMUNE, "974")
    page = render_tableau(
        vue.valeurs, order_lignes(vue.valeurs, noms, Tri.NOM), vue.indicateur, maille=Maille.COMMUNE, legende="Essai"
    )
    texte = read_texte(page.html)
    assert "L'Étang-Salé s Masqué pour protéger les personnes entre 1 et 12 Masqué" in texte.replace(
        f"{PHRASE} s", f"s {PHRASE}"
    )
    assert "au moins 1 Masqué" in texte
    assert f"intervalle d'une valeur masquée : {DEDUIT}" in texte


def test_files_carry_the_bounds_and_the_sentence(client):
    ligne = read_classeur(client, BAS_REVENUS)[DEUX_BORNES]
    assert (ligne["valeur (%)"], ligne["intervalle : de"], ligne["intervalle : à"]) == (None, 2.04, 14.27)
    assert (ligne["nombre"], ligne["sur"], ligne["statut"]) == (None, None, PHRASE)
    assert ligne["remarque"].endswith(f"L'intervalle est {DEDUIT}.")
    lieux = read_classeur(client, LIEUX)[SANS_MAXIMUM]
    assert (lieux["intervalle : de"], lieux["intervalle : à"]) == (1, None)
    ligne = read_csv(client, BAS_REVENUS)[DEUX_BORNES]
    assert [ligne[n] for n in ("valeur", "borne_inf", "borne_sup", "numerateur", "denominateur")] == [
        "", "2,04", "14,27", "", "",
    ]  # fmt: skip
    assert (ligne["statut"], ligne["remarque"]) == ("secret", f"{PHRASE}. Bornes : {DEDUIT}.")
    assert {v["remarque"] for v in read_csv(client, BAS_REVENUS).values() if v["statut"] != "secret"} == {""}


def test_printed_page_and_image_say_the_sentence(client):
    page = client.get("/imprimer/carte", params=LIEUX | {"territoire": DEUX_BORNES}).text
    texte = read_texte(page)
    assert f"L'Étang-Salé : {PHRASE[0].lower()}{PHRASE[1:]}." in texte
    assert f"Entre 1 et 12 lieux : {DEDUIT}." in texte
    assert "L'Étang-Salé s 1 – 12" in texte
    assert "Bras-Panon s au moins 1" in texte
    assert f"{PHRASE} : 2 communes" in texte
    svg = client.get("/telecharger/carte.svg", params=LIEUX).text
    assert f"{PHRASE} : 2 communes" in svg.replace("\u00a0", " ")
    assert not LIMITE.search(texte)


def test_a_share_shown_as_a_number_keeps_no_bound(consultation):
    """Les bornes d'un rapport ne donnent pas celles d'un compte dont le dénominateur est tu."""
    indicateur = consultation.find_indicateur(PART)
    valeurs = consultation.read_valeurs(indicateur, Maille.COMMUNE, "2010", "974")
    ligne = count_numerateur(indicateur, valeurs).set_index("code_territoire").loc[DEUX_BORNES]
    assert ligne.statut == "secret"
    assert ligne[["valeur", "borne_inf", "borne_sup", "numerateur", "denominateur"]].isna().all()


def test_json_has_bounds_and_no_value(consultation):
    lignes = build_valeurs_json(consultation, PART, Maille.COMMUNE, departement="974")["valeurs"]
    ligne = next(v for v in lignes if v["code_territoire"] == DEUX_BORNES)
    assert (ligne["valeur"], ligne["borne_inf"], ligne["borne_sup"], ligne["statut"]) == (None, 2.04, 14.27, "secret")
    assert (ligne["numerateur"], ligne["denominateur"]) == (None, None)
    assert "NaN" not in json.dumps(lignes)


def test_the_status_itself_says_neither_number_nor_limit():
    libelle, signe, explication = DESCRIPTIONS[Statut.SECRET]
    assert (libelle, signe) == (PHRASE, "s")
    assert not any(c.isdigit() for c in libelle + explication)
