"""Carte de situation : le bon territoire au bon endroit, lisible, léger, dit en mots."""

import re
import time
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import shapely

from observatoire.analyse.consultation import open_consultation
from observatoire.cartes import palettes
from observatoire.cartes.situation import HAUTEUR, LARGEUR, draw_situation
from observatoire.cartes.situation_phrase import Etendue, find_direction, join_noms
from observatoire.cartes.situation_trace import Boite, Emprise, fit, write_cible, write_surfaces
from observatoire.errors import TerritoireInconnuError
from observatoire.modeles.mailles import Maille

SVG = "{http://www.w3.org/2000/svg}"
OCTETS_MAX, BUDGET_MS = 30_000, 80
EXEMPLES = [
    (Maille.COMMUNE, "97411"),
    (Maille.COMMUNE, "29083"),
    (Maille.COMMUNE, "33063"),
    (Maille.COMMUNE, "75056"),
    (Maille.ARRONDISSEMENT_MUNICIPAL, "75118"),
    (Maille.EPCI, "200054781"),
    (Maille.EPT, "200057867"),
    (Maille.CANTON_VILLE, "3301"),
    (Maille.ARRONDISSEMENT, "335"),
    (Maille.IRIS, "974110101"),
    (Maille.DEPARTEMENT, "56"),
    (Maille.REGION, "53"),
    (Maille.REGION, "06"),
    (Maille.FRANCE, "FR"),
]


@pytest.fixture(scope="module")
def consultation(espace_construit):
    return open_consultation(espace_construit)


def parse(svg):
    return ET.fromstring(svg)  # noqa: S314 -- notre propre dessin


def describe(svg):
    return parse(svg).find(f"{SVG}desc").text


def read_chemin(chemin):
    """Anneaux d'un chemin relatif de petits entiers, en pixels."""
    anneaux = []
    for depart, suite in re.findall(r"M(-?\d+ -?\d+)l([^Mz]*)z", chemin):
        debut = np.array([int(v) for v in depart.split()])
        pas = np.array([int(v) for v in re.findall(r"-?\d+", suite)]).reshape(-1, 2)
        anneaux.append(np.vstack([debut, debut + np.cumsum(pas, axis=0)]) / 10)
    return shapely.union_all([shapely.make_valid(shapely.Polygon(a)) for a in anneaux if len(a) > 2])


def read_cible(svg):
    chemins = [p for p in parse(svg).iter(f"{SVG}path") if p.get("fill") == palettes.ACTION]
    assert len(chemins) == 1
    return read_chemin(chemins[0].get("d"))


def read_decor(svg):
    chemin = next(p for p in parse(svg).iter(f"{SVG}path") if p.get("fill") == palettes.CARTE)
    return read_chemin(chemin.get("d"))


# --- Le dessin -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("maille", "code"), EXEMPLES)
def test_each_level_has_a_light_accessible_drawing(consultation, maille, code):
    svg = draw_situation(consultation, maille, code)
    racine = parse(svg)
    assert len(svg.encode()) < OCTETS_MAX
    assert racine.get("viewBox") == f"0 0 {LARGEUR} {HAUTEUR}" == "0 0 280 200"
    assert racine.get("role") == "img"
    noms = {e.get("id"): e.text for e in racine if e.get("id")}
    assert noms[racine.get("aria-labelledby")].startswith("Situation ")
    assert noms[racine.get("aria-describedby")].endswith(".")
    assert 'd=""' not in svg
    couleurs = set(re.findall(r"#[0-9A-F]{6}", svg))
    assert couleurs <= {palettes.ACTION, palettes.CARTE, palettes.ENCRE, palettes.FILET, palettes.LIMITE_COMMUNE}


def test_two_maps_in_a_page_share_no_identifier(consultation):
    svgs = [draw_situation(consultation, Maille.COMMUNE, c) for c in ("97411", "97418")]
    identifiants = [i for svg in svgs for i in re.findall(r' id="([^"]+)"', svg)]
    assert len(set(identifiants)) == len(identifiants) == 4


@pytest.mark.parametrize("code", ["97411", "97421", "33063", "29083", "97352", "06088"])
def test_commune_is_inside_its_departement(consultation, code):
    svg = draw_situation(consultation, Maille.COMMUNE, code)
    cible, decor = read_cible(svg), read_decor(svg)
    assert cible.area > 0
    # Un pixel de jeu : la limite est allégée d'un demi-pixel.
    assert decor.buffer(1).covers(cible)
    ouest, haut, est, bas = decor.bounds
    assert 0 <= ouest < est <= LARGEUR
    assert 0 <= haut < bas <= HAUTEUR


def test_communes_of_a_departement_tile_it(consultation):
    codes = consultation.territoires.list_territoires(Maille.COMMUNE, "974").code
    svgs = [draw_situation(consultation, Maille.COMMUNE, c) for c in codes]
    surfaces = [read_cible(svg).area for svg in svgs]
    assert len(surfaces) == 24
    assert sum(surfaces) == pytest.approx(read_decor(svgs[0]).area, rel=0.01)


def test_proportions_are_those_of_the_ground(consultation):
    # La Réunion : 64 km de large et 57 km de haut environ, à 21° sud.
    ouest, haut, est, bas = read_decor(draw_situation(consultation, Maille.COMMUNE, "97411")).bounds
    assert (est - ouest) / (bas - haut) == pytest.approx(64.3 / 57.4, rel=0.02)


def test_small_territory_is_circled_and_a_large_one_is_not(consultation):
    sein, salazie, paris = (draw_situation(consultation, Maille.COMMUNE, c) for c in ("29083", "97421", "75056"))
    assert sein.count("<circle") == paris.count("<circle") == 2
    assert "<circle" not in salazie
    centre = read_cible(sein).centroid
    cercle = parse(sein).find(f".//{SVG}circle")
    assert abs(int(cercle.get("cx")) / 10 - centre.x) < 2
    assert abs(int(cercle.get("cy")) / 10 - centre.y) < 2


def test_overseas_is_in_its_own_inset(consultation):
    svg = draw_situation(consultation, Maille.REGION, "04")
    cartons = [
        shapely.box(x, y, x + cote, y + cote)
        for r in parse(svg).iter(f"{SVG}rect")
        for x, y, cote in [tuple(int(r.get(c)) / 10 for c in ("x", "y", "width"))]
    ]
    assert len(cartons) == 5
    assert sum(c.contains(read_cible(svg)) for c in cartons) == 1
    assert not shapely.union_all(cartons).intersects(read_cible(draw_situation(consultation, Maille.REGION, "53")))
    titres = [t.text for t in parse(svg).iter(f"{SVG}title")][1:]
    assert titres == ["Guadeloupe", "Martinique", "Guyane", "La Réunion", "Mayotte", "Métropole"]


def test_france_is_full(consultation):
    svg = draw_situation(consultation, Maille.FRANCE, "FR")
    assert svg.count(f'fill="{palettes.ACTION}"') == 6
    assert palettes.CARTE not in svg


def test_many_communes_give_way_to_epci_limits(consultation):
    # 534 communes en Gironde : leurs limites noirciraient 280 pixels.
    assert len(draw_situation(consultation, Maille.COMMUNE, "33063").encode()) < 12_000


def test_level_without_outline_has_no_map(consultation):
    assert draw_situation(consultation, Maille.COMMUNE_COM, "97501") == ""
    with pytest.raises(TerritoireInconnuError):
        draw_situation(consultation, Maille.COMMUNE, "97499")


# --- Ce que le texte en dit ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("maille", "code", "phrase"),
    [
        (Maille.COMMUNE, "97411", "Saint-Denis, dans le nord de La Réunion."),
        (Maille.COMMUNE, "97405", "Petite-Île, dans le sud de La Réunion."),
        (Maille.COMMUNE, "97419", "Sainte-Rose, dans l'est de La Réunion."),
        (Maille.COMMUNE, "33009", "Arcachon, dans l'ouest de la Gironde."),
        (Maille.COMMUNE, "33063", "Bordeaux, au centre de la Gironde."),
        (Maille.ARRONDISSEMENT_MUNICIPAL, "75118", "Paris 18e Arrondissement, dans le nord de Paris."),
        (Maille.COMMUNE, "75056", "Paris, dans le nord de la France métropolitaine."),
        (Maille.DEPARTEMENT, "33", "La Gironde, dans le sud-ouest de la France métropolitaine."),
        (Maille.DEPARTEMENT, "67", "Le Bas-Rhin, dans le nord-est de la France métropolitaine."),
        (Maille.DEPARTEMENT, "18", "Le Cher, au centre de la France métropolitaine."),
        (Maille.REGION, "53", "Bretagne, dans le nord-ouest de la France métropolitaine."),
        (Maille.REGION, "94", "Corse, dans le sud-est de la France métropolitaine."),
        (Maille.DEPARTEMENT, "976", "Mayotte, département d'outre-mer."),
        (Maille.FRANCE, "FR", "La France : la métropole et 5 départements d'outre-mer, chacun à son échelle."),
    ],
)
def test_situation_is_said_as_on_the_map(consultation, maille, code, phrase):
    assert describe(draw_situation(consultation, maille, code)) == phrase


def test_territory_astride_departements_says_which(consultation):
    phrase = describe(draw_situation(consultation, Maille.EPCI, "200054781"))
    assert phrase.startswith("La Métropole du Grand Paris, à cheval sur le Val-de-Marne, la Seine-Saint-Denis")
    assert "dans le" not in phrase


def test_iris_says_that_its_commune_is_drawn(consultation):
    svg = draw_situation(consultation, Maille.IRIS, "974110101")
    assert describe(svg) == (
        "Saint-Denis, IRIS 0101, dans le nord de La Réunion. "
        "Le contour des IRIS n'est pas livré : le dessin montre la commune."
    )
    commune = draw_situation(consultation, Maille.COMMUNE, "97411")
    assert read_cible(svg).equals(read_cible(commune))


@pytest.mark.parametrize(
    ("x", "y", "attendue"),
    [
        (10, 0, "dans l'est"),
        (7, -7, "dans le nord-est"),
        (0, -10, "dans le nord"),
        (-7, -7, "dans le nord-ouest"),
        (-10, 0, "dans l'ouest"),
        (-7, 7, "dans le sud-ouest"),
        (0, 10, "dans le sud"),
        (7, 7, "dans le sud-est"),
        (1, -1, "au centre"),
    ],
)
def test_eight_directions_and_the_centre(x, y, attendue):
    contexte = Etendue(0, 0, 314)  # un disque de rayon 10
    assert find_direction(Etendue(x, y, 5), contexte) == attendue


def test_no_direction_when_it_covers_most_of_the_surroundings():
    assert find_direction(Etendue(8, 0, 160), Etendue(0, 0, 314)) == ""
    assert join_noms(["l'Ain", "la Drôme", "le Rhône"]) == "l'Ain, la Drôme et le Rhône"


# --- Traits et vitesse -----------------------------------------------------------------------------


def test_tiny_target_keeps_its_shape_and_dust_is_dropped():
    grain = np.array([shapely.box(0, 0, 4, 3)])  # moins d'un demi-pixel
    assert write_surfaces(grain) == ""
    assert read_chemin(write_cible(grain)).area == pytest.approx(0.12)


def test_repere_keeps_north_up_and_shortens_longitudes():
    repere = fit(Emprise(0, 59, 2, 61), Boite(0, 0, 100, 100))
    nord, est = shapely.get_coordinates(repere.project(shapely.points([[1, 61], [2, 60]])))
    assert nord.tolist() == [500, 0]
    # À 60° de latitude, un degré de longitude est deux fois plus court qu'un degré de latitude.
    assert est.tolist() == pytest.approx([750, 500])


def test_drawing_is_quick_once_the_surroundings_are_read(consultation):
    for maille, code in EXEMPLES:
        draw_situation(consultation, maille, code)
        durees = []
        for _ in range(3):
            debut = time.perf_counter()
            draw_situation(consultation, maille, code)
            durees.append((time.perf_counter() - debut) * 1000)
        assert min(durees) < BUDGET_MS, (maille, code, durees)
