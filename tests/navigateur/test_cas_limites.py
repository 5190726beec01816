"""Ce qui sort de l'ordinaire : statuts, classe unique, commune seule, noms longs, îles, Paris, Mayotte."""

import pytest

from observatoire.config import Espace
from tests.navigateur.petit_espace import CAS, SEULE, ZERO, publish
from tests.navigateur.serveur import serve_espace

pytestmark = pytest.mark.navigateur

# Couleurs distinctes d'un carré de 12 px autour du point d'un territoire, telles qu'elles sont à l'écran.
PIXELS = """(code) => {
  const toile = observatoire.carte.getPane("territoires").querySelector("canvas");
  const cadre = toile.getBoundingClientRect(), boite = observatoire.carte.getContainer().getBoundingClientRect();
  const p = observatoire.pointDe(code), k = toile.width / cadre.width;
  const { data } = toile.getContext("2d").getImageData(
    (p.x + boite.left - cadre.left) * k - 6, (p.y + boite.top - cadre.top) * k - 6, 12, 12);
  const couleurs = new Set();
  for (let i = 0; i < data.length; i += 4) couleurs.add([data[i], data[i + 1], data[i + 2]].join());
  return [...couleurs].sort().join(" ");
}"""


@pytest.fixture(scope="module")
def adresse_petite(tmp_path_factory):
    racine = tmp_path_factory.mktemp("petit")
    publish(Espace(racine), "essai-1", "2026-11-01T00:00:00+00:00")
    with serve_espace(racine, racine) as (adresse, _):
        yield adresse


@pytest.fixture
def petit(open_profil, adresse_petite):
    return open_profil(adresse_petite)


def open_carte(onglet, indicateur, suite=""):
    onglet.open(f"/carte?indicateur={indicateur}&departement=974&maille=commune{suite}")
    onglet.wait_drawn(24)


def test_the_four_absences_differ_on_the_map_the_legend_the_table_and_the_card(petit, capture):
    open_carte(petit, "cas")
    codes = [*CAS, ZERO, SEULE]
    vues = {code: petit.frame().evaluate(PIXELS, code) for code in codes}
    assert len(set(vues.values())) == len(codes), vues
    legende = petit.page.locator(".obs-legende").inner_text().lower()
    assert all(mot in legende for mot in ("secret", "sans donnée", "non significatif"))
    lignes = petit.page.locator(".obs-tableau tbody tr")
    signes = {
        n: lignes.filter(has_text=n).locator("td").first.inner_text()
        for n in ("Les Avirons", "Bras-Panon", "L'Étang-Salé", "Entre-Deux")
    }
    assert len(set(signes.values())) == 4, signes
    for code, mot in {
        "97401": "masqué pour protéger les personnes",
        "97402": "sponible",
        "97403": "ignificati",
        ZERO: "0,0",
    }.items():
        petit.click_territoire(code)
        petit.wait_param("territoire", code)
        petit.wait("(c) => document.querySelector('.obs-fiche .obs-eyebrow')?.innerText.includes(c)", code)
        assert mot in petit.page.locator(".obs-fiche").inner_text().lower()
    capture(petit, "statuts-1280")


def test_an_indicator_with_one_class(petit, capture):
    open_carte(petit, "une_classe")
    couleurs = petit.read("[...observatoire.etat.parCode.keys()].map((c) => observatoire.couleurDe(c))")
    assert len(set(couleurs)) == 1
    assert "12" in petit.page.locator(".obs-legende").inner_text()
    assert petit.page.locator(".obs-legende button[data-classe], .obs-legende .classes li").count() >= 1
    capture(petit, "une-classe-1280")


def test_a_department_where_one_commune_has_data(petit, capture):
    open_carte(petit, "une_commune", f"&territoire={SEULE}")
    statuts = petit.read("[...observatoire.etat.parCode.keys()].map((c) => observatoire.statutDe(c))")
    assert statuts.count("d") == 23
    assert "dans 1 commune de La Réunion sur 24" in petit.page.locator(".obs-phrase").inner_text()
    assert "46,8" in petit.page.locator(".obs-fiche").inner_text()
    assert "46,8" in petit.page.locator(".obs-legende").inner_text()
    capture(petit, "une-commune-1280")


# Territoire, et ce que sa page doit dire.
TERRITOIRES = {
    "commune-51513": "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson",
    "epci-249740077": "CIVIS (Communauté Intercommunale des Villes Solidaires)",
    "commune-55039": "Beaumont-en-Verdunois",
    "commune-29083": "Île-de-Sein",
    "commune-75056": "Paris",
    "arrondissement_municipal-75113": "Paris 13e Arrondissement",
    "departement-976": "Mayotte",
    "commune-97611": "Mamoudzou",
    "commune_com-98412": "Archipel des Kerguelen",
    "collectivite_outremer-975": "Saint-Pierre-et-Miquelon",
    "france-FR": "France",
}


@pytest.mark.parametrize("territoire", TERRITOIRES)
def test_a_territory_out_of_the_ordinary(open_onglet, capture, territoire):
    onglet = open_onglet(390, 844)
    onglet.open(f"/territoire?territoire={territoire}")
    page = onglet.page
    assert page.locator("h1").inner_text().endswith(TERRITOIRES[territoire].removeprefix("CIVIS "))
    assert page.locator(".obs-etat.bloquant").count() == 0
    assert onglet.width() <= 390
    capture(onglet, f"{territoire}-390")
    page.set_viewport_size({"width": 1280, "height": 720})
    onglet.wait("() => innerWidth === 1280")
    assert onglet.width() <= 1280
    capture(onglet, f"{territoire}-1280")
    texte = page.locator(".stMain").inner_text()
    assert "nan" not in texte.lower().split()
    assert "None" not in texte


def test_a_territory_without_any_value_says_so(open_onglet):
    onglet = open_onglet()
    onglet.open("/territoire?territoire=commune_com-98412")
    texte = onglet.page.locator(".stMain").inner_text().lower()
    assert "aucun" in texte
    assert onglet.page.locator(".obs-etat, .obs-note").count() > 0


# Département, commune, et un point qui doit se voir dans le cadre.
CARTES = {
    "29": ("29083", "part_65_ans_plus"),
    "75": ("75056", "population_municipale"),
    "976": ("97611", "population_municipale"),
}


@pytest.mark.parametrize("departement", CARTES)
def test_a_map_out_of_the_ordinary(open_onglet, capture, departement):
    commune, indicateur = CARTES[departement]
    onglet = open_onglet()
    onglet.open(f"/carte?indicateur={indicateur}&departement={departement}&maille=commune&territoire={commune}")
    onglet.wait_map("observatoire.nombreTerritoires() > 0 && observatoire.peintures > 0")
    point, taille = onglet.read(f"observatoire.pointDe('{commune}')"), onglet.read("observatoire.carte.getSize()")
    assert 0 <= point["x"] <= taille["x"]
    assert 0 <= point["y"] <= taille["y"]
    assert onglet.page.locator(".obs-fiche h2").inner_text()
    capture(onglet, f"carte-{departement}-1280")


def test_a_level_without_data_is_explained(open_onglet):
    """Les arrondissements de Paris n'ont aucun indicateur : la carte le dit et montre la commune."""
    onglet = open_onglet()
    onglet.open("/carte?indicateur=population_municipale&departement=75&maille=arrondissement_municipal")
    onglet.wait_drawn(1)
    assert "arrondissements municipaux" in onglet.page.locator(".obs-etat").first.inner_text()
    assert onglet.page.locator('select[data-param="maille"] option:disabled').count() > 0
    phrase = onglet.page.locator(".obs-phrase").inner_text()
    assert "partout" not in phrase


def test_overseas_insets_for_france(open_onglet, capture):
    onglet = open_onglet()
    onglet.open("/carte?indicateur=part_65_ans_plus&departement=FR&maille=departement")
    onglet.wait_map("observatoire.nombreTerritoires() > 95 && observatoire.peintures > 0")
    onglet.wait_map("document.querySelectorAll('.obs-carton').length >= 5")
    capture(onglet, "france-departements-1280")
