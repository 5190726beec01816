"""Termes expliqués en place : le mot reste lisible, la définition est échappée, aucun renvoi n'est mort."""

import re
from pathlib import Path

import pytest

import observatoire.app
from observatoire.app.composants.glossaire import mark_termes, render_glossaire, render_terme
from observatoire.app.composants.typographie import escape_texte
from observatoire.catalogue import load_catalogue
from observatoire.config import RACINE_DEPOT
from observatoire.modeles.sources import Terme
from tests.app.texte_rendu import read_texte

REEL = load_catalogue([RACINE_DEPOT / "indicators"]).glossaire
PETIT = {
    "menage": Terme(id="menage", libelle="Ménage", texte='Dit "ménage" & <b>rien</b> d’autre.', formes=("ménages",)),
    "rsa": Terme(id="rsa", libelle="RSA", texte="Revenu de solidarité active.", formes=("RSA",)),
    "revenu": Terme(id="revenu", libelle="Revenu", texte="Revenu de la déclaration.", formes=("revenu déclaré",)),
}


def test_terme_is_a_button_with_its_definition():
    html = render_terme(PETIT, "menage", "les ménages")
    assert html.startswith('<button type="button" class="obs-terme" aria-expanded="false" data-terme="menage"')
    assert read_texte(html).endswith("les ménages i (définition)")
    assert "<b>rien" not in html
    assert "&quot;ménage&quot; &amp; &lt;b&gt;" in html


def test_unknown_terme_leaves_the_word():
    assert render_terme({}, "secret_statistique", "secret") == "secret"
    assert render_terme({}, "secret_statistique") == "secret statistique"


# Texte, et termes qui doivent y être expliqués, dans l'ordre.
CAS = [
    ("Les ménages et les ménages.", ["menage"]),
    ("Ménages au RSA.", ["menage", "rsa"]),
    # Un sigle ne se reconnaît qu'en capitales, un mot qu'entier.
    ("rsa, RSAs, aménages, ménages-types", []),
    ("Revenu déclaré par les ménages", ["revenu", "menage"]),
    ("Rien à expliquer ici.", []),
]


@pytest.mark.parametrize(("texte", "termes"), CAS)
def test_first_writing_of_each_terme_is_marked(texte, termes):
    assert re.findall(r'data-terme="(\w+)"', mark_termes(PETIT, texte)) == termes


def test_marking_keeps_the_text():
    texte = "Les ménages <au> RSA & leur revenu déclaré : 10 000."
    html = mark_termes(PETIT, texte)
    sans = re.sub(r'<span class="obs-lu">.*?</span>|<span class="obs-terme-i".*?</span>|<[^>]+>', "", html)
    assert sans == escape_texte(texte)


def test_terme_is_explained_once_per_fiche():
    vus = set()
    premier, second = mark_termes(PETIT, "ménages", vus), mark_termes(PETIT, "ménages", vus)
    assert "obs-terme" in premier
    assert second == "ménages"


def test_glossaire_links_lead_somewhere():
    html = render_glossaire(REEL)
    ancres = set(re.findall(r'id="(terme-\w+)"', html))
    assert set(re.findall(r'href="#(terme-\w+)"', html)) <= ancres
    assert len(ancres) == len(REEL)


def test_each_terme_cited_by_the_code_exists():
    """Un terme cité dans une page et absent du glossaire ne serait jamais expliqué."""
    application = Path(observatoire.app.__file__).parent
    cites = set()
    for fichier in application.rglob("*.py"):
        texte = fichier.read_text("utf-8")
        cites |= set(re.findall(r'render_terme\(\s*[^,()]+,\s*["\'](\w+)["\']', texte))
    assert cites
    assert cites - set(REEL) == set()


@pytest.mark.parametrize(
    ("texte", "html"),
    [
        ("Sous 80 % : « non »", "Sous 80\u00a0%\u00a0: «\u00a0non\u00a0»"),
        ("10 000 hab. en 2010", "10\u202f000 hab. en 2010"),
        ("<a> & 'b'", "&lt;a&gt; &amp; &#x27;b&#x27;"),
        ("qui ? quoi ! où ;", "qui\u00a0? quoi\u00a0! où\u00a0;"),
    ],
)
def test_french_spaces_do_not_break(texte, html):
    assert escape_texte(texte) == html
