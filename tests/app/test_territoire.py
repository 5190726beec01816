import re
from base64 import b64decode
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from streamlit.testing.v1 import AppTest

import observatoire.app
from observatoire.analyse.consultation import open_consultation
from observatoire.analyse.portrait import build_portrait
from observatoire.analyse.portrait.modele import Ligne, NonPublie, Question
from observatoire.analyse.resumes import ValeurLue
from observatoire.analyse.series import build_courbe
from observatoire.app.composants.courbe import make_axe, render_courbe
from observatoire.app.composants.territoire_liens import Liens
from observatoire.app.composants.territoire_mesure import Rendu, render_mesure
from observatoire.app.composants.territoire_page import make_rendu, render_corps, render_entete
from observatoire.app.composants.territoire_question import render_question
from observatoire.modeles.mailles import Maille
from tests.analyse.test_portrait_rangement import make_mesure
from tests.analyse.test_series import NOMBRE, PART, annees

PAGE = Path(observatoire.app.__file__).parent / "pages" / "territoire.py"
SANS_FIN = {"img", "input", "br"}


def run(**params):
    essai = AppTest.from_file(str(PAGE), default_timeout=30)
    for nom, valeur in params.items():
        essai.query_params[nom] = valeur
    essai.run()
    assert not essai.exception
    return "".join(str(e.proto.body) for e in essai.get("html"))


def plain(html):
    return html.replace("\u00a0", " ").replace("\u202f", " ").replace("&#x27;", "'")


def article(html, ancre):
    return plain(html).split(f'id="{ancre}"')[1].split("</article>")[0]


class Balises(HTMLParser):
    """Vérifie que chaque balise ouverte est fermée dans l'ordre, et relève les identifiants."""

    def __init__(self):
        super().__init__()
        self.pile, self.ids, self.fautes = [], [], []

    def handle_starttag(self, tag, attrs):
        self.ids += [v for n, v in attrs if n == "id"]
        if tag not in SANS_FIN:
            self.pile.append(tag)

    def handle_endtag(self, tag):
        if not self.pile or self.pile.pop() != tag:
            self.fautes.append((tag, self.getpos()))


@pytest.fixture(scope="module")
def portrait(espace_essai):
    return build_portrait(open_consultation(espace_essai), Maille.COMMUNE, "97401")


@pytest.fixture(scope="module")
def rendu(espace_essai, portrait):
    liens = Liens(portrait.sujet, lambda portee: ["commune", "departement"] if portee == "974" else ["departement"])
    return Rendu(portrait, liens, date(2026, 11, 22), "territoire?territoire=commune-97401")


# --- La page


def test_page_without_territory_asks_which(espace_servi):
    texte = run()
    assert "<h1>Quel territoire ?</h1>" in texte
    assert 'data-recherche data-vers="territoire"' in texte
    assert 'href="territoire?territoire=departement-974"' in texte


@pytest.mark.parametrize(
    ("adresse", "attendu"),
    [
        ("commune-97409", "Vouliez-vous dire"),
        ("lune-97401", "n'existe pas"),
        ("<script>x</script>", "Aucun territoire"),
    ],
)
def test_wrong_address_is_said_without_error(espace_servi, adresse, attendu):
    texte = run(territoire=adresse)
    assert attendu in plain(texte)
    assert "Quel territoire ?" in texte
    assert "<script>" not in texte


def test_page_reads_the_whole_territory(espace_servi):
    texte = run(territoire="commune-97401")
    assert "<h1>Les Avirons</h1>" in texte
    assert 'data-adresse="territoire?territoire=commune-97401&amp;ref1=departement"' in texte
    besoin = article(texte, "m-insertion-part_bas_revenus")
    assert "20,0 %" in besoin
    assert "200 sur 1 000 ménages" in besoin
    assert "donnée de 2010" in besoin
    assert "En 2010, 20,0 % des ménages des Avirons étaient à bas revenus." in besoin
    assert "Moins élevé que La Réunion (31,5 %) : −11,5 points." in besoin
    assert "carte?problematique=insertion&amp;nature=besoin&amp;indicateur=part_bas_revenus&amp;periode=2010" in besoin
    assert "departement=974&amp;maille=commune&amp;territoire=97401" in besoin
    assert 'href="methode?indicateur=part_bas_revenus"' in besoin
    assert "Aucune lecture de terrain à ce jour." in texte


def test_bar_says_the_same_numbers_in_words(espace_servi):
    besoin = article(run(territoire="commune-97401"), "m-insertion-part_bas_revenus")
    etiquette = re.search(r'role="img" aria-label="([^"]+)"', besoin)[1]
    assert etiquette == (
        "Part des ménages à bas revenus. Les Avirons : 20,0 %. La Réunion : 31,5 %. "
        "2 communes de La Réunion : de 20,0 % à 35,5 %."
    )
    # Le territoire est le plus bas, la référence entre les deux : les places suivent les nombres.
    places = {c: float(p) for c, p in re.findall(r'<span class="(ici|r1)" style="left:([\d.]+)%"', besoin)}
    assert places["ici"] == pytest.approx(2.5)
    assert places["r1"] == pytest.approx(2.5 + 95 * (31.5 - 20) / 15.5, abs=0.1)


def test_secret_shows_neither_number_nor_comparison(espace_servi):
    besoin = article(run(territoire="commune-97403"), "m-insertion-part_bas_revenus")
    assert besoin.count("Masqué pour protéger les personnes") == 2  # le mot, et le nom de son signe
    assert "Secret statistique ; à ne lire ni comme un zéro, ni comme un petit nombre." in besoin
    assert "obs-barre" not in besoin
    assert "élevé que" not in besoin
    assert "La Réunion : 31,5 %." in besoin


def test_true_zero_and_absence_are_two_things(espace_servi):
    zero = article(run(territoire="commune-97404"), "m-insertion-nb_lieux")
    assert '<span class="valeur">0</span>' in zero
    absente = article(run(territoire="commune-97402"), "m-insertion-nb_lieux")
    assert "non disponible" in absente
    assert '<span class="valeur">0' not in absente


VIDE = "Aucune ressource recensée pour cette question dans les données ouvertes ; à compléter."


def render_lignes(rendu, lignes=(), autres=(), non_publies=()):
    question = Question("essai", "Essai", "Une question.", lignes, autres, (), non_publies)
    return plain(render_question(rendu, question))


def test_empty_column_is_a_sentence_said_once(rendu):
    besoins = tuple(Ligne(make_mesure(b, "besoin")) for b in ("b1", "b2", "b3"))
    assert render_lignes(rendu, besoins).count(VIDE) == 1
    ressource = make_mesure("r1", "ressource")
    seule = render_lignes(rendu, autres=(ressource,))
    assert "Aucun besoin chiffré pour cette question" in seule
    assert VIDE not in seule
    ailleurs = render_lignes(rendu, besoins, non_publies=(NonPublie(ressource.indicateur, "une raison"),))
    assert "Aucune ressource publiée à ce niveau" in ailleurs
    assert "une raison." in ailleurs


def test_need_whose_resources_are_elsewhere_points_to_them(rendu):
    ressource = make_mesure("r1", "ressource")
    lignes = (
        Ligne(make_mesure("b1", "besoin"), (ressource,)),
        Ligne(make_mesure("b2", "besoin"), (), (ressource.indicateur,)),
        Ligne(make_mesure("b3", "besoin")),
    )
    html = render_lignes(rendu, lignes, (make_mesure("r2", "ressource"),))
    assert 'Ressources liées, montrées plus haut : <a href="#m-essai-r1">' in html
    assert html.count("Aucune ressource n'est liée à ce besoin") == 1
    assert html.count("sans besoin chiffré en face") == 1
    # Sur un téléphone comme ici, une ressource vient après le besoin qui l'appelle.
    assert html.index('id="m-essai-b1"') < html.index('id="m-essai-r1"') < html.index('id="m-essai-b2"')


def test_references_are_native_lists_with_reasons(espace_servi):
    texte = plain(run(territoire="commune-97401", ref1="lune"))
    assert "La référence « lune » ne peut pas être prise" in texte
    assert '<select data-param="ref1"' in texte
    assert re.search(r'<option value="epci" disabled>EPCI \(aucun EPCI ne contient ce territoire\)</option>', texte)
    assert re.search(r'<option value="departement" selected>La Réunion, département</option>', texte)


def test_old_publication_is_kept_in_every_link(espace_servi, portrait):
    consultation = open_consultation(espace_servi)
    html = render_entete(make_rendu(consultation, portrait, "essai"), "") + "".join(
        render_corps(make_rendu(consultation, portrait, "essai"))
    )
    liens = re.findall(r'href="((?:carte|territoire|methode)\?[^"]+)"', html)
    assert len(liens) > 5
    assert all("publication=essai" in lien for lien in liens)


# --- Le HTML


@pytest.mark.parametrize("code", ["97401", "97402", "97403", "97404"])
def test_html_is_well_formed_and_ids_unique(espace_servi, code):
    balises = Balises()
    balises.feed(run(territoire=f"commune-{code}"))
    assert balises.fautes == []
    assert balises.pile == []
    assert len(balises.ids) == len(set(balises.ids))


def test_every_text_is_escaped(portrait, rendu):
    piege = '<b onclick="x">&'
    question = next(q for q in portrait.questions if q.lignes)
    mesure = question.lignes[0].besoin
    fiche = mesure.indicateur.model_copy(update={"libelle": piege, "libelle_court": piege})
    comparaisons = tuple(replace(c, phrase=piege) for c in mesure.comparaisons)
    piegee = replace(mesure, indicateur=fiche, phrase=piege, source=piege, part_sur=piege, comparaisons=comparaisons)
    html = render_mesure(rendu, piegee, "insertion")
    assert "<b onclick" not in html
    assert html.count("&lt;b onclick=") >= 5
    sujet = replace(portrait.sujet, libelle=piege)
    entete = render_entete(replace(rendu, portrait=replace(portrait, sujet=sujet)), "")
    assert "<b onclick" not in entete


# --- La courbe


def read_svg(html):
    brut = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', html)[1]
    return ET.fromstring(b64decode(brut))  # noqa: S314 -- dessin que l'on vient d'écrire


def test_courbe_is_an_image_with_words_and_a_table():
    courbe = build_courbe(PART, [("Ici", annees(10.0, 20.0, 40.0)), ("La Réunion", annees(30.0, 30.0, 30.0))])
    html = render_courbe(courbe, "c-essai")
    assert 'alt="Part d&#x27;essai, en %. Ici, de 2016 à 2018' in plain(html).replace("'", "&#x27;")
    svg = read_svg(html)
    espace = "{http://www.w3.org/2000/svg}"
    assert svg.find(f"{espace}title").text.startswith("Part d'essai")
    assert "de 10,0 à 40,0" in plain(svg.find(f"{espace}desc").text)
    traits = [p.get("d") for p in svg.iter(f"{espace}path") if "L" in p.get("d")]
    # Les références d'abord, le territoire par-dessus ; l'axe va de 0 à 40.
    assert traits == ["M0.00 25.00L50.00 25.00L100.00 25.00", "M0.00 75.00L50.00 50.00L100.00 0.00"]
    assert plain(html).count("<tr>") == 4
    assert "<td>40,0 %</td><td>30,0 %</td>" in plain(html)


def test_courbe_breaks_where_a_year_is_missing():
    valeurs = annees(10.0, 20.0, 30.0, 40.0) | {"2017": ValeurLue(None, "secret")}
    html = render_courbe(build_courbe(PART, [("Ici", valeurs)]), "c")
    trait = next(p.get("d") for p in read_svg(html).iter() if "L" in (p.get("d") or ""))
    assert trait.count("M") == 2
    assert "Un trait interrompu" in html
    assert '<abbr title="Masqué pour protéger les personnes">s</abbr>' in html


@pytest.mark.parametrize(
    ("hauteurs", "graduations"),
    [
        ([10.0, 40.0], (0.0, 20.0, 40.0)),
        ([98.2, 104.3], (97.5, 100.0, 102.5, 105.0)),
        ([2599.0, 2599.0], (0.0, 1000.0, 2000.0, 3000.0)),
        ([-0.5, 0.5], (-0.5, 0.0, 0.5)),
        ([0.1, 0.3], (0.0, 0.1, 0.2, 0.3)),
        # Deux habitants : une graduation par habitant, pas de demi.
        ([1.0, 2.0], (0.0, 1.0, 2.0)),
    ],
)
def test_axis_is_round_and_starts_at_zero_when_it_can(hauteurs, graduations):
    axe = make_axe(hauteurs, 1.0 if hauteurs == [1.0, 2.0] else 0.0)
    assert axe.graduations == pytest.approx(graduations)
    assert (axe.bas, axe.haut) == (axe.graduations[0], axe.graduations[-1])


def test_cut_axis_is_said():
    html = render_courbe(build_courbe(NOMBRE, [("Ici", annees(1000.0, 1010.0, 1020.0))]), "c")
    assert "L'axe ne part pas de zéro" in plain(html)
    entier = render_courbe(build_courbe(NOMBRE, [("Ici", annees(100.0, 1010.0, 1020.0))]), "c")
    assert "ne part pas de zéro" not in plain(entier)


def test_names_at_the_end_never_overlap():
    noms = [("Ici", annees(10.0, 20.0, 30.0)), ("La", annees(1.0, 2.0, 30.1)), ("Là-bas", annees(5.0, 9.0, 30.2))]
    html = render_courbe(build_courbe(PART, noms), "c")
    hauteurs = sorted(int(h) for h in re.findall(r'<span class="s\d" style="top:(-?\d+)px"', html))
    assert len(hauteurs) == 3
    assert all(b - a >= 20 for a, b in pairwise(hauteurs))
