"""Pages Méthode, mentions et accessibilité : complètes, échappées, dans les mots de l'observatoire."""

import re
from base64 import b64decode
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from streamlit.testing.v1 import AppTest

import observatoire.app
from observatoire.analyse.consultation import open_consultation
from observatoire.app.composants.accessibilite import render_accessibilite
from observatoire.app.composants.mentions import render_mentions
from observatoire.app.composants.methode_generale import SECTIONS, render_generales
from observatoire.app.composants.methode_page import render_methode
from observatoire.app.composants.methode_signes import render_signes, write_svg
from observatoire.app.reglages import Reglages, load_reglages
from observatoire.cartes.legende import DESSINS
from observatoire.cartes.palettes import TRAMES, Motif
from observatoire.config import Espace
from observatoire.modeles.statuts import DESCRIPTIONS, Statut
from tests.app.texte_rendu import read_texte

PAGES = Path(observatoire.app.__file__).parent / "pages"
JOUR = date(2026, 11, 22)
# Mots qu'on n'écrit pas à l'usager (APPARENCE §6).
INTERDITS = re.compile(
    r"\b(assistés?|cas|cibles?|portefeuilles?|placés?|chômeurs?|population à problèmes|poches? de pauvreté|"
    r"zones? sensibles?|déserts?|pires?|meilleure?s?|retards?|mailles?|socle|polarité|aplats?|datasets?|uploads?|"
    r"taux de pauvreté)\b",
    re.IGNORECASE,
)
PERMIS = "Trop peu de cas pour conclure"
"""Explication d'un statut : « cas » y est celui du statisticien, non une personne."""
RESERVE = "Le taux de pauvreté est la part"
"""Le glossaire définit ce mot, réservé au seuil de 60 % du niveau de vie médian."""
TECHNIQUE = re.compile(r"\b(None|nan|True|False|[a-z]+_[a-z_0-9]+)\b")


def run(page, **params):
    essai = AppTest.from_file(str(PAGES / page), default_timeout=60)
    for nom, valeur in params.items():
        essai.query_params[nom] = valeur
    return essai.run()


def html_of(essai):
    return " ".join(str(e.proto.body) for e in essai.get("html"))


@pytest.fixture(scope="module")
def consultation(espace_construit):
    return open_consultation(espace_construit)


@pytest.fixture(scope="module")
def methode_entiere(consultation):
    return render_methode(consultation, {"fiches": "toutes"}, JOUR, "974")


# --- Méthode ------------------------------------------------------------------------------------------


def test_whole_methode_uses_our_words(methode_entiere):
    texte = read_texte(methode_entiere).replace(PERMIS, "").replace(RESERVE, "")
    assert sorted({m.group() for m in INTERDITS.finditer(texte)}) == []
    assert sorted({m.group() for m in TECHNIQUE.finditer(texte)}) == []


def test_whole_methode_holds_each_indicator(methode_entiere, consultation):
    texte = read_texte(methode_entiere)
    catalogue = consultation.catalogue
    assert methode_entiere.count('<article class="obs-methode-fiche') == len(catalogue.indicateurs)
    for indicateur in catalogue.indicateurs.values():
        assert f'id="fiche-{indicateur.id}"' in methode_entiere
        assert " ".join(indicateur.libelle.replace("\u00a0", " ").split()) in texte
    ancres = re.findall(r'id="([^"]+)"', methode_entiere)
    assert sorted({a for a in ancres if ancres.count(a) > 1}) == []


def test_asked_fiche_comes_first_and_open(consultation):
    page = render_methode(consultation, {"indicateur": "part_menages_bas_revenus"}, JOUR, "974")
    assert page.index('id="fiche"') < page.index('id="indicateurs"')
    fiche = read_texte(page[page.index("<article") : page.index("</article>")])
    for attendu in (
        "ménages à bas revenus ÷ ménages fiscaux × 100",
        "jamais la moyenne des taux",
        "France : la source ne couvre qu'une partie du pays",
        "31,5 % à La Réunion (département), en 2010 : retrouvé à 0,05 près",
        "Mairies pour 10 000 habitants",
        "La source ne couvre que La Réunion",
        "En 2010, 31,5 % des ménages de La Réunion étaient à bas revenus (85 910 sur 272 641).",
    ):
        assert attendu in fiche, attendu
    assert "carte?indicateur=part_menages_bas_revenus&amp;departement=974" in page


def test_general_rules_have_their_anchors(consultation):
    page = render_methode(consultation, {}, JOUR)
    for ancre, titre in SECTIONS.items():
        assert f'<h2 id="{ancre}">{titre}</h2>' in page
        assert f'href="#{ancre}"' in page


def test_filters_stay_in_the_address(consultation):
    page = render_methode(consultation, {"nature": "ressource", "cherche": "mairie"}, JOUR)
    assert 'data-adresse="methode?nature=ressource&amp;cherche=mairie"' in page
    assert "indicateur=mairies_10000_hab&amp;nature=ressource&amp;cherche=mairie#fiche" in page
    assert (
        "part_menages_bas_revenus" not in page[page.index('class="obs-methode-liste"') :].split("</section></div>")[0]
    )


def test_an_old_publication_is_kept_by_each_link(consultation):
    page = render_methode(consultation, {"publication": "p1", "indicateur": "part_menages_bas_revenus"}, JOUR, "974")
    liens = re.findall(r'href="((?:methode|carte)[^"]*)"', page)
    assert len(liens) > 50
    assert [lien for lien in liens if "publication=p1" not in lien] == []


def test_nothing_found_is_said(consultation):
    page = render_methode(consultation, {"cherche": "licorne"}, JOUR)
    assert "Aucun indicateur ne répond à ce choix." in read_texte(page)
    assert 'href="methode#indicateurs">Effacer les filtres' in page


def test_what_is_typed_is_never_html(espace_servi):
    essai = run("methode.py", cherche='"><script>alert(1)</script>', indicateur="<b>x</b>", nature="<i>")
    assert not essai.exception
    page = html_of(essai)
    assert "<script>" not in page
    assert "<b>x</b>" not in page
    assert "Adresse corrigée" in page


def test_catalogue_text_is_never_html(espace_servi):
    consultation = open_consultation(espace_servi)
    catalogue = consultation.catalogue
    piege = catalogue.indicateurs["part_bas_revenus"].model_copy(
        update={"libelle": "<b>Bas</b> & revenus", "definition": "Moins de <10 % & plus.", "champ": 'dit "ménages"'}
    )
    indicateurs = catalogue.indicateurs | {piege.id: piege}
    consultation.__dict__["catalogue"] = replace(catalogue, indicateurs=indicateurs)
    page = render_methode(consultation, {"indicateur": piege.id}, JOUR)
    assert "<b>Bas</b>" not in page
    assert "&lt;b&gt;Bas&lt;/b&gt; &amp; revenus" in page
    assert "&lt;10" in page


def test_small_publication_has_its_methode(espace_servi):
    essai = run("methode.py", indicateur="part_bas_revenus")
    assert not essai.exception
    texte = read_texte(html_of(essai))
    assert "En 2010, 31,5 % des ménages de La Réunion étaient à bas revenus (945 sur 3 000)." in texte
    # Cette publication n'a ni glossaire ni manifeste : la page s'en passe sans mentir.
    assert "plus ancienne que le glossaire" in texte
    assert "obs-terme" not in html_of(essai)


# --- Signes --------------------------------------------------------------------------------------------


def test_each_status_has_its_line(consultation):
    texte = read_texte(render_signes(consultation.catalogue.glossaire))
    for statut in Statut:
        assert DESCRIPTIONS[statut].explication in texte
        assert DESCRIPTIONS[statut].signe in texte


@pytest.mark.parametrize("etat", DESSINS, ids=str)
def test_drawing_is_the_one_of_the_map(etat):
    dessin = DESSINS[etat][0]
    svg = write_svg(dessin)
    ET.fromstring(svg)  # noqa: S314 -- notre propre SVG
    assert dessin.fond in svg
    if dessin.motif is not Motif.POINTILLE:
        assert dessin.encre in svg
    assert len({write_svg(d) for d, _, _ in DESSINS.values()}) == len(DESSINS)


def test_drawings_have_the_measures_of_the_map():
    """Pas et épaisseur de ``palettes.TRAMES``, les mêmes que dans la carte."""
    svgs = {d.motif: write_svg(d) for d, _, _ in DESSINS.values()}
    attendus = {
        Motif.HACHURES: ('width="8.48528"', 'stroke-width="1.5"'),
        Motif.POINTS: ('width="8"', 'r="1"'),
        Motif.TRAITS: ('width="6"', 'stroke-width="1"', "M0 3.5H6"),
        Motif.BANDES: ('width="8"', 'x="3" width="2"'),
        Motif.CERNE: ('stroke-width="1.5"',),
        Motif.POINTILLE: ('stroke-dasharray="3"',),
    }
    for motif, morceaux in attendus.items():
        assert all(m in svgs[motif] for m in morceaux), (motif, svgs[motif])
    assert (TRAMES[Motif.HACHURES], TRAMES[Motif.POINTS]) == ((6, 1.5), (8, 2))


def test_drawings_are_images_of_the_page(consultation):
    images = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', render_signes(consultation.catalogue.glossaire))
    assert len(images) >= 6
    assert all(b64decode(i).startswith(b"<svg") for i in images)


# --- Règles générales : les seuils écrits sont ceux du calcul ---------------------------------------------


def test_thresholds_written_are_those_of_the_engine(consultation):
    texte = read_texte(render_generales(consultation.catalogue.glossaire, "2026"))
    assert "Sous 80 %, aucune valeur n'est montrée. De 80 % à 95 %, un rapport est dit partiel." in texte
    assert "Une carte a 5 classes au plus" in texte
    assert "à moins de 50." in texte
    assert "au 1er janvier 2026" in texte


# --- Mentions et accessibilité ------------------------------------------------------------------------------


def test_absent_fields_are_said(consultation):
    texte = read_texte(render_mentions(Reglages(), consultation.catalogue.sources.values(), "p1"))
    for champ in ("editeur", "directeur_publication", "hebergeur", "contact"):
        assert f"à renseigner dans espace.yaml (champ {champ} )" in texte


def test_given_fields_are_shown(consultation, tmp_path):
    (tmp_path / "espace.yaml").write_text(
        "nom: Observatoire <essai>\ncontact: obs@exemple.fr\nediteur: Département d'essai\n"
        "directeur_publication: la présidente du conseil départemental\nhebergeur: Syndicat informatique\n"
        "partenariat: Avec la CAF & la MSA\n",
        "utf-8",
    )
    reglages = load_reglages(Espace(tmp_path))
    page = render_mentions(reglages, consultation.catalogue.sources.values(), "p1")
    texte = read_texte(page)
    for attendu in ("Département d'essai", "la présidente du conseil départemental", "Syndicat informatique"):
        assert attendu in texte
    assert "Avec la CAF & la MSA" in texte
    assert 'href="mailto:obs@exemple.fr"' in page
    assert "<essai>" not in page
    assert "à renseigner" not in texte


def test_each_licence_and_producer_is_cited(consultation):
    sources = consultation.catalogue.sources.values()
    texte = read_texte(render_mentions(Reglages(), sources, "p1"))
    assert all(s.licence in texte and s.producteur in texte for s in sources)
    assert "EUPL 1.2" in texte


@pytest.mark.parametrize("page", ["mentions.py", "accessibilite.py", "methode.py", "accueil.py"])
def test_page_runs_on_a_small_publication(espace_servi, page):
    essai = run(page)
    assert not essai.exception
    assert html_of(essai).count("<h1") == 1
    assert "data-adresse=" in html_of(essai)


def test_accessibilite_declares_itself_not_conform():
    texte = read_texte(render_accessibilite(Reglages()))
    assert texte.startswith("Accessibilité : non conforme")
    for touche in ("←", "+", "−", "Entrée", "Début"):
        assert touche in texte


@pytest.mark.parametrize("page", ["mentions.py", "accessibilite.py", "accueil.py"])
def test_other_pages_use_our_words(espace_construit, monkeypatch, page):
    monkeypatch.setenv("OBSERVATOIRE_RACINE", str(espace_construit.racine))
    essai = run(page)
    assert not essai.exception
    texte = read_texte(html_of(essai))
    assert sorted({m.group() for m in INTERDITS.finditer(texte)}) == []
    techniques = {m.group() for m in TECHNIQUE.finditer(texte)}
    assert techniques <= {"directeur_publication", "_streamlit_xsrf", "streamlit_xsrf"}
