"""Secret dans un vrai navigateur : la page, son dessin, son menu, l'info-bulle d'une valeur masquée."""

import pytest

from tests.app.espace_secret import DEUX_BORNES, NOMBRE, PART, RAPPORT_ESSAI, publish_masquee
from tests.app.test_methode import INTERDITS
from tests.navigateur.accessibilite import find_violations
from tests.navigateur.conftest import ECRAN, SORTIES, TELEPHONE
from tests.navigateur.serveur import serve_espace
from tests.navigateur.textes import find_anglais, read_textes

pytestmark = pytest.mark.navigateur

PAGE = "/methode?section=secret"
ECRANS = pytest.mark.parametrize("ecran", [ECRAN, TELEPHONE], ids=["1280", "390"])
NOMS_PROPRES = ("Open Licence",)
# Textes posés qui débordent de leur dessin, ou se recouvrent.
MAL_POSES = """() => [...document.querySelectorAll('.obs-secret-dessin')].flatMap((dessin) => {
  const cadre = dessin.getBoundingClientRect();
  const boites = [...dessin.querySelectorAll('span')].map((s) => [s.textContent, s.getBoundingClientRect()]);
  const dehors = boites.filter(([, b]) => b.left < cadre.left - 1 || b.right > cadre.right + 1
    || b.top < cadre.top - 1 || b.bottom > cadre.bottom + 1);
  const dessus = boites.filter(([, a], i) => boites.some(([, b], j) => j > i
    && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1));
  return [...dehors, ...dessus].map(([texte]) => texte);
})"""


@pytest.fixture(scope="module")
def adresse_secrete(tmp_path_factory):
    racine = tmp_path_factory.mktemp("secret")
    publish_masquee(racine, RAPPORT_ESSAI)
    with serve_espace(racine, racine) as (adresse, _):
        yield adresse


@pytest.fixture
def open_secret(open_profil, adresse_secrete):
    def ouvrir(**ecran):
        return open_profil(adresse_secrete, **ecran)

    return ouvrir


@ECRANS
def test_page_draws_without_fault(open_secret, ecran):
    onglet = open_secret(**ecran)
    onglet.open(PAGE)
    onglet.wait_title("Secret")
    assert onglet.page.locator("h1").count() == 1
    assert onglet.width() <= ecran["largeur"]
    onglet.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert find_violations(onglet.page) == []
    textes = read_textes(onglet.page)
    assert find_anglais(textes, NOMS_PROPRES) == {}
    assert sorted({m.group() for t in textes for m in INTERDITS.finditer(t)}) == []
    SORTIES.mkdir(parents=True, exist_ok=True)
    onglet.page.screenshot(path=SORTIES / f"secret-{ecran['largeur']}.png")


@ECRANS
def test_words_and_numbers_stay_in_their_drawing(open_secret, ecran):
    onglet = open_secret(**ecran)
    onglet.open(PAGE)
    dessins = onglet.page.locator(".obs-secret-dessin img")
    assert dessins.count() == 7
    assert onglet.page.evaluate("[...document.querySelectorAll('.obs-secret-dessin img')].every((i) => i.naturalWidth)")
    assert onglet.page.evaluate(MAL_POSES) == []


def test_drawing_survives_a_very_narrow_screen(open_secret):
    onglet = open_secret(largeur=320, hauteur=640)
    onglet.open(PAGE)
    assert onglet.width() <= 320
    assert onglet.page.evaluate(MAL_POSES) == []


def test_menu_leads_to_the_page_and_back(open_secret):
    onglet = open_secret(**ECRAN)
    onglet.open("/methode")
    onglet.page.locator(".obs-methode-sommaire a", has_text="ce qui est masqué").click()
    onglet.wait_title("Secret")
    onglet.wait_param("section", "secret")
    onglet.page.locator(".obs-methode-sommaire a", has_text="Ce qui est prouvé").click()
    haut = "document.querySelector('#preuve').getBoundingClientRect().top"
    onglet.wait(f"{haut} >= 0 && {haut} < innerHeight / 2")
    assert "section=secret" in onglet.page.url
    onglet.page.locator(".obs-methode-sommaire a", has_text="Couverture").click()
    onglet.wait_title("Méthode")
    onglet.wait("!location.search.includes('section') && location.hash === '#couverture'")
    haut = "document.querySelector('#couverture').getBoundingClientRect().top"
    onglet.wait(f"{haut} >= 0 && {haut} < innerHeight / 2")
    onglet.page.go_back()
    onglet.wait_title("Secret")


def test_phone_reaches_the_page_from_methode(open_secret):
    onglet = open_secret(**TELEPHONE)
    onglet.open("/methode")
    onglet.page.locator(".obs-methode-sauts a", has_text="Secret").tap()
    onglet.wait_title("Secret")


@pytest.mark.parametrize(
    ("indicateur", "intervalle"), [(PART, "Entre 2,0 et 14,3\u00a0%"), (NOMBRE, "Entre 1 et 12\u00a0lieux")]
)
def test_tooltip_of_a_masked_value_says_what_everyone_deduces(open_secret, indicateur, intervalle):
    onglet = open_secret(**ECRAN)
    onglet.open(f"/carte?indicateur={indicateur}&departement=974&maille=commune")
    onglet.wait_drawn(4)
    onglet.page.mouse.move(*onglet.point(DEUX_BORNES))
    onglet.wait_map("document.querySelector('.obs-bulle.obs-visible')")
    bulle = onglet.read("[...document.querySelectorAll('.obs-bulle span')].map((e) => e.textContent)")
    assert bulle == [
        "Masqué pour protéger les personnes",
        f"{intervalle}\u00a0: ce que chacun peut déduire des totaux publiés",
    ]
