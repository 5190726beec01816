"""Fiche du territoire choisi : sa valeur, ses références, ses ressources, ses lieux, et où aller."""

import re
from types import SimpleNamespace

import pandas as pd
import pytest

from observatoire.analyse.consultation import open_consultation
from observatoire.analyse.resumes import ValeurLue
from observatoire.analyse.territoires import Territoires
from observatoire.app.composants.fiche import ContexteFiche, render_fiche
from observatoire.app.composants.fiche_lecture import count_lieux, read_choisi
from observatoire.app.composants.intervalle import write_intervalle_court
from observatoire.app.vues import CleVue, build_vue
from observatoire.cartes.fond import load_index
from observatoire.errors import TerritoireInconnuError
from observatoire.modeles.mailles import Maille

PART = CleVue("part_bas_revenus", "commune", "2010", "974")


@pytest.fixture(scope="module")
def consultation(espace_essai):
    return open_consultation(espace_essai)


@pytest.fixture(scope="module")
def fonds(espace_essai, consultation):
    return load_index(espace_essai.fonds / consultation.publication.fonds)


@pytest.fixture
def montrer(consultation, fonds):
    def rendre(code, cle=PART, contexte=None):
        vue = build_vue(consultation, cle, fonds)
        return render_fiche(consultation, vue, code, contexte or ContexteFiche())

    return rendre


def plain(texte):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", texte).replace("\u00a0", " ").replace("\u202f", " "))


def test_value_its_count_and_its_sentence(montrer):
    fiche = montrer("97401")
    assert '<p class="valeur">20,0\u00a0%</p>' in fiche
    assert "200 sur 1 000 ménages" in plain(fiche)
    assert "En 2010, 20,0 % des ménages des Avirons étaient à bas revenus." in plain(fiche)
    # « n sur N » n'est dit qu'une fois.
    assert plain(fiche).count("200 sur") == 1


def test_estimated_value_says_its_interval_and_its_sign(montrer):
    fiche = montrer("97402")
    assert '<abbr title="estimé">e</abbr>' in fiche
    assert "entre 34,0 % et 37,0 %" in plain(fiche)


def test_secret_says_why_and_no_number(montrer):
    fiche = montrer("97403")
    assert '<p class="valeur mots">Masqué pour protéger les personnes</p>' in fiche
    assert "ni comme un zéro, ni comme un petit nombre" in plain(fiche)
    assert " sur " not in plain(fiche).split("Ressource")[0]


def test_non_significant_value_is_read_but_not_quoted(consultation, fonds):
    vue = build_vue(consultation, PART, fonds)
    fragiles = vue.valeurs.assign(statut="non_significatif", numerateur=13.0, denominateur=30.0, valeur=43.3)
    fiche = render_fiche(consultation, SimpleNamespace(**(vars(vue) | {"valeurs": fragiles})), "97401")
    assert '<p class="valeur ns">43\u00a0%\u00a0<abbr title="non significatif">n.s.</abbr></p>' in fiche
    assert "13 sur 30 ménages" in plain(fiche)
    assert "trop peu de cas pour conclure" in plain(fiche)
    assert "étaient à bas revenus" not in plain(fiche)


def test_references_are_the_larger_territories_with_a_value(montrer):
    assert re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", montrer("97401")) == [("La Réunion", "31,5\u00a0%")]


def test_linked_resource_has_its_value_its_year_and_its_link(montrer):
    fiche = montrer("97401", contexte=ContexteFiche(lien_de=lambda i: f"carte?indicateur={i}&territoire=97401"))
    assert "Ressource liée" in plain(fiche)
    assert 'href="carte?indicateur=nb_lieux&amp;territoire=97401"' in fiche
    assert "Lieux d&#x27;accueil</a> <span>2026</span></dt><dd>3\u00a0lieux</dd>" in fiche
    assert "non disponible" in plain(montrer("97402"))


def test_number_keeps_the_linked_resources_of_the_need(montrer):
    fiche = montrer("97401", PART._replace(mesure="nombre"))
    assert "200 ménages" in plain(fiche)
    assert "Ressource liée" in plain(fiche)
    assert "945 ménages" in plain(fiche)
    assert " sur " not in plain(fiche)


def test_links_and_copy(montrer):
    fiche = montrer("97401", contexte=ContexteFiche(copie='Salazie, "46,8 %"', lien="carte?x=1"))
    assert 'href="territoire?territoire=commune-97401"' in fiche
    assert 'data-copier="Salazie, &quot;46,8 %&quot;" data-lien="carte?x=1"' in fiche
    assert "data-copier" not in montrer("97401")
    assert '<div class="courbe"><b>courbe</b></div>' in montrer("97401", contexte=ContexteFiche(courbe="<b>courbe</b>"))


def test_nothing_chosen_invites_to_choose(montrer):
    assert "Toucher un territoire" in montrer("")


def test_unknown_territory_is_refused(montrer):
    with pytest.raises(TerritoireInconnuError):
        montrer("97499")


def test_category_is_its_value(montrer):
    fiche = montrer("97401", CleVue("zone", "commune", "2024", "974"))
    assert '<p class="valeur">A</p>' in fiche
    assert "<dl>" not in fiche


LIEUX = pd.DataFrame(
    {
        "code_commune": ["97401", "97401", "97402", "97401", "97404"],
        "type": ["mairie", "lycee", "mairie", "mairie", "mairie"],
        "doublon_de": ["", None, "", "mairie-1", ""],
    }
)


def make_lieux(consultation):
    lycees = SimpleNamespace(type="lycee", libelle="lycée", libelle_pluriel="lycées")
    mairies = SimpleNamespace(type="mairie", libelle="mairie", libelle_pluriel="mairies")
    vides = SimpleNamespace(type="crip", libelle="cellule", libelle_pluriel="cellules")
    sources = {t.type: SimpleNamespace(ressource=t) for t in (mairies, lycees, vides)} | {
        "x": SimpleNamespace(ressource=None)
    }
    territoires = Territoires(consultation.territoires.table, consultation.territoires.liens)
    return SimpleNamespace(ressources=LIEUX, territoires=territoires, catalogue=SimpleNamespace(sources=sources))


@pytest.mark.parametrize(
    ("maille", "code", "attendu"),
    [
        (Maille.COMMUNE, "97401", [("lycée", 1), ("mairie", 1)]),
        (Maille.COMMUNE, "97403", []),
        (Maille.DEPARTEMENT, "974", [("lycée", 1), ("mairies", 3)]),
        (Maille.IRIS, "974010000", []),
    ],
)
def test_places_are_counted_once_by_type(consultation, maille, code, attendu):
    assert [tuple(c) for c in count_lieux(make_lieux(consultation), maille, code)] == attendu


def test_reading_keeps_the_largest_category_first(consultation, fonds):
    vue = build_vue(consultation, CleVue("zone", "commune", "2024", "974"), fonds)
    assert [lue.modalite for lue in read_choisi(consultation, vue, "97404").lues] == ["B"]


@pytest.mark.parametrize(
    ("unite", "lue", "attendu"),
    [
        ("ménages", ValeurLue(980.0, "estime", borne_inf=973.0, borne_sup=984.0), "entre 973 et 984 ménages"),
        ("%", ValeurLue(35.0, "estime", borne_inf=34.0, borne_sup=37.0), "entre 34 % et 37 %"),
        ("ménages", ValeurLue(120.0, "partiel", borne_inf=120.0), "au moins 120 ménages"),
        ("ménages", ValeurLue(120.0, "publie", borne_inf=120.0, borne_sup=120.0), ""),
        ("ménages", ValeurLue(None, "secret"), ""),
    ],
)
def test_interval_says_its_unit_once(consultation, unite, lue, attendu):
    indicateur = consultation.find_indicateur("part_bas_revenus").model_copy(update={"unite": unite, "decimales": 0})
    assert plain(write_intervalle_court(indicateur, lue)) == attendu
