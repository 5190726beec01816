"""Page « Secret » de Méthode : son dessin, ce que le secret coûte, ses règles, sa preuve, ses limites."""

import json
import re
from base64 import b64decode
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from observatoire.analyse.consultation import open_consultation
from observatoire.analyse.secret_exemple import Genre, build_etapes
from observatoire.app.composants.methode_page import render_methode
from observatoire.app.composants.methode_secret import render_secret
from observatoire.app.composants.methode_secret_dessin import render_etape, write_svg
from observatoire.app.composants.methode_secret_tables import write_masque, write_part
from observatoire.app.composants.methode_secret_textes import PROMESSES, SANS_CONVENTION, SANS_EXACT, SECTIONS_SECRET
from observatoire.catalogue import load_catalogue
from observatoire.config import NOM_VARIABLE_RACINE, RACINE_DEPOT
from observatoire.modeles.sources import RegleSecret
from tests.app import conftest as base
from tests.app.espace_secret import PART, RAPPORT_ESSAI, publish_masquee
from tests.app.test_mentions_valeur import MANIFESTE
from tests.app.test_methode import INTERDITS, JOUR, TECHNIQUE, html_of, run
from tests.app.texte_rendu import read_texte

ADRESSE = {"section": "secret"}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def sans_rapport(tmp_path_factory):
    return open_consultation(publish_masquee(tmp_path_factory.mktemp("sans")))


@pytest.fixture(scope="module")
def avec_rapport(tmp_path_factory):
    return open_consultation(publish_masquee(tmp_path_factory.mktemp("avec"), RAPPORT_ESSAI))


def part_of(page, ancre):
    """Section de la page, en texte."""
    return read_texte(page.split(f'<h2 id="{ancre}">')[1].split("</section>")[0])


# --- Page -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quelle", ["sans_rapport", "avec_rapport"])
def test_page_is_whole_and_in_our_words(request, quelle):
    page = render_secret(request.getfixturevalue(quelle), ADRESSE, "974")
    texte = read_texte(page)
    assert page.count("<h1>") == 1
    for ancre, titre in SECTIONS_SECRET.items():
        assert f'<h2 id="{ancre}">{titre}</h2>' in page
        assert f'<a href="#{ancre}">{titre}</a>' in page
    assert sorted({m.group() for m in INTERDITS.finditer(texte)}) == []
    assert sorted({m.group() for m in TECHNIQUE.finditer(texte)}) == []
    ancres = re.findall(r'id="([^"]+)"', page)
    assert sorted({a for a in ancres if ancres.count(a) > 1}) == []
    assert all(titre in texte for titre in PROMESSES)
    # Les titres se suivent sans saut de niveau : un lecteur d'écran en fait le plan.
    niveaux = [int(n) for n in re.findall(r"<h([1-6])", page.split("</nav>")[1])]
    assert all(suivant <= precedent + 1 for precedent, suivant in pairwise(niveaux))


def test_page_has_its_address_and_its_entry_in_the_menu(avec_rapport, sans_rapport):
    page = render_secret(avec_rapport, ADRESSE | {"publication": "p0"})
    assert 'data-adresse="methode?section=secret&amp;publication=p0"' in page
    # D'ici, les autres sections sont sur une autre page, à la même publication.
    assert 'href="methode?publication=p0#signes"' in page
    assert 'href="#signes"' not in page
    methode = render_methode(sans_rapport, {}, JOUR)
    assert methode.count('href="methode?section=secret"') == 3  # sommaire, sauts du téléphone, règles communes
    assert 'href="#signes"' in methode


def test_page_is_reached_by_its_address(avec_rapport, monkeypatch):
    monkeypatch.setenv(NOM_VARIABLE_RACINE, str(avec_rapport.espace.racine))
    essai = run("methode.py", section="secret")
    assert not essai.exception
    assert "<h1>Secret</h1>" in html_of(essai)
    ordinaire = run("methode.py", section="inconnue")
    assert not ordinaire.exception
    assert "<h1>Méthode</h1>" in html_of(ordinaire)


# --- Dessin -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("etape", build_etapes(), ids=lambda e: e.cle)
def test_drawing_shows_what_is_computed_and_has_its_twin(etape):
    html = render_etape(etape)
    svg = ET.fromstring(b64decode(re.search(r"base64,([^\"]+)", html)[1]))  # noqa: S314 -- notre propre SVG
    assert svg.find(f"{SVG}title").text == etape.titre
    cases = [c for ligne in etape.cases for c in ligne]
    hachurees = [r for r in svg.iter(f"{SVG}rect") if r.get("fill") == "url(#m)"]
    masquees = [c for c in cases if c.genre in (Genre.MASQUEE, Genre.RETROUVEE)]
    assert len(hachurees) == len(masquees)
    # Les nombres ne sont pas dans l'image, mais posés dessus, à la taille de la page.
    assert svg.find(f"{SVG}text") is None
    poses = [read_texte(t) for t in re.findall(r'<span class="case [^>]*>.*?</span>', html)]
    assert len(poses) == len(cases)
    for case, pose in zip(cases, poses, strict=True):
        nombre = f"{case.bas} à {case.haut}" if case.genre is Genre.MASQUEE else str(case.bas)
        assert pose.endswith(nombre)
    # Description et tableau jumeau disent la même chose, en toutes lettres.
    remplacement = read_texte(f'<i title="{re.search(r"alt=.([^>]*?). src", html)[1]}"></i>')
    tableau = html[html.index("<table>") :]
    assert tableau.count("<td") == len(cases)
    for case in masquees:
        mots = f"de {case.bas} à {case.haut}" if case.genre is Genre.MASQUEE else f"mais retrouvée, {case.bas}"
        assert mots in remplacement
        assert mots in read_texte(tableau)
    assert "aria-hidden" in html.split("</figcaption>")[1].split("<details")[0]


def test_drawings_are_all_different_and_numbered_across_groups(sans_rapport):
    assert len({write_svg(e) for e in build_etapes()}) == len(build_etapes())
    page = render_secret(sans_rapport, ADRESSE)
    assert re.findall(r'<ol class="obs-secret-etapes[^>]*start="(\d)"', page) == ["1", "4", "6"]


# --- Ce que cela coûte ----------------------------------------------------------------------------------------


def test_without_convention_the_page_says_so_and_counts_what_producers_masked(sans_rapport):
    page = render_secret(sans_rapport, ADRESSE)
    cout = part_of(page, "cout")
    assert f"{SANS_CONVENTION}." in cout
    assert "2 indicateurs ont des valeurs masquées par leur producteur." in cout
    # Trois communes ont une part, montrée ou masquée ; chacune porte mille habitants.
    assert "Part des ménages à bas revenus communes 2010 1 sur 3 33,3 % 33,3 %" in cout
    assert "Lieux d'accueil communes 2026 2 sur 4 50,0 % 50,0 %" in cout
    assert "rien à prouver" in part_of(page, "preuve")
    assert f"{SANS_CONVENTION}." in part_of(page, "regles-secret")
    assert "aucun indicateur" in part_of(page, "modes")


def test_protected_conventions_are_not_denied(sans_rapport, tmp_path):
    espace = publish_masquee(tmp_path)
    manifeste = MANIFESTE | {"confidentialite": "convention_protegee"}
    (espace.publications / f"{base.PUBLICATION}.livraisons").write_text(json.dumps({"x.csv": manifeste}), "utf-8")
    cout = part_of(render_secret(open_consultation(espace), ADRESSE), "cout")
    assert f"{SANS_EXACT}." in cout
    assert SANS_CONVENTION not in cout


def test_rapport_gives_the_shares_the_rules_and_the_proof(avec_rapport):
    page = render_secret(avec_rapport, ADRESSE)
    cout = part_of(page, "cout")
    assert "60 sur 400 cases, soit 15,0 %." in cout
    assert "communes 2025 28 sur 100 28,0 % 10,0 %" in cout
    assert "30 sur 100" not in cout  # période plus ancienne
    assert "1 indicateur a des valeurs masquées par son producteur." in cout
    assert SANS_CONVENTION not in read_texte(page)
    preuve = part_of(page, "preuve")
    assert "✓ 60 cases masquées éprouvées, 0 retrouvée." in preuve
    assert "nulle part" not in preuve
    assert "8 refaites en nombres entiers" in preuve
    assert "1 sur 2. Ailleurs, au plus 2,0 % du coût évitable." in preuve
    assert "1 indicateur." in part_of(page, "modes")
    # Un rapport est un fichier : rien n'en devient du HTML.
    assert "<b>Caf</b>" not in page
    assert "Convention &lt;b&gt;Caf&lt;/b&gt;" in page


def test_tested_cells_that_nobody_sees_are_explained(tmp_path):
    consultation = open_consultation(publish_masquee(tmp_path, RAPPORT_ESSAI | {"masquees": 45}))
    preuve = part_of(render_secret(consultation, ADRESSE), "preuve")
    assert "Dont 15 ne sont montrées nulle part" in preuve


def test_a_fault_would_be_said(tmp_path):
    fautifs = [s | {"audit": {"cases": 30, "fautes": 2}} for s in RAPPORT_ESSAI["systemes"]]
    consultation = open_consultation(publish_masquee(tmp_path, RAPPORT_ESSAI | {"systemes": fautifs}))
    preuve = part_of(render_secret(consultation, ADRESSE), "preuve")
    assert "▲ 60 cases masquées éprouvées, 4 retrouvées." in preuve
    assert "✓" not in preuve


def test_an_unreadable_rapport_leaves_the_page_and_claims_nothing(tmp_path):
    espace = publish_masquee(tmp_path)
    (espace.publications / f"{base.PUBLICATION}.secret").write_text('{"cases": 77', "utf-8")
    page = render_secret(open_consultation(espace), ADRESSE)
    texte = read_texte(page)
    assert texte.count("est illisible (essai.secret)") == 3
    for promis in (SANS_CONVENTION, "rien à prouver", "✓", "aucun indicateur", "par les producteurs"):
        assert promis not in texte, promis
    assert "Part des ménages à bas revenus communes 2010 1 sur 3" in part_of(page, "cout")


@pytest.mark.parametrize(
    ("part", "texte"), [(0.0, "0,0 %"), (0.0004, "moins de 0,1 %"), (0.1234, "12,3 %"), (1, "100,0 %")]
)
def test_a_tiny_share_is_not_written_zero(part, texte):
    assert write_part(part).replace("\u00a0", " ") == texte


# --- Règles -----------------------------------------------------------------------------------------------------


def make_regle(**champs):
    return RegleSecret(**({"id": "x", "libelle": "X", "mode": "P", "reference": "R"} | champs))


@pytest.mark.parametrize(
    ("champs", "attendus", "absents"),
    [
        ({}, ("Rien.",), ("effectif",)),
        ({"arrondi": 5}, ("Rien, mais tout est arrondi au multiple de 5.",), ("effectif",)),
        ({"seuil": 11}, ("Un effectif de 1 à 10.",), ("part", "montant")),
        ({"seuil": 2}, ("Un effectif de 1.",), ("1 à 1",)),
        ({"mode": "C", "seuil": 5}, ("de 1 à 4", "sauf 1 à 4", "10 bénéficiaires", "85 %"), ("tout le monde",)),
        ({"mode": "C", "seuil": 5, "complement": False, "homogene": True}, ("tout le monde",), ("sauf",)),
    ],
)
def test_a_rule_says_what_it_hides(champs, attendus, absents):
    texte = write_masque(make_regle(**champs))
    assert all(a in texte for a in attendus)
    assert not any(a in texte for a in absents)


def test_each_rule_in_use_has_its_reference(sans_rapport):
    regles = part_of(render_secret(sans_rapport, ADRESSE), "regles-secret")
    assert "Ouverte Rien. aucune 3" in regles


def test_catalogue_never_says_a_masked_value_is_small():
    limite = re.compile(
        r"(moins de|inférieure?s? à|en dessous de|sous|<)\s*(5|cinq|10|dix|11|onze)\b(?! ans)", re.IGNORECASE
    )
    catalogue = load_catalogue([RACINE_DEPOT / "indicators"])
    textes = [t.texte for t in (*catalogue.glossaire.values(), *catalogue.precautions.values())]
    masques = [t for t in textes if re.search(r"masqu|secret", t, re.IGNORECASE)]
    assert masques
    assert [t for t in masques if limite.search(t)] == []
    assert PART not in catalogue.indicateurs  # l'indicateur d'essai n'est pas celui du catalogue
