"""Le circuit entier dans un vrai navigateur : déposer, corriger, comparer, publier, voir, revenir."""

import io
import re
import urllib.error
import urllib.request

import pytest
from openpyxl import load_workbook

from observatoire.publication.historique import list_historique, list_livraisons, verify_journal
from tests.navigateur.accessibilite import find_violations
from tests.navigateur.conftest import TELEPHONE
from tests.navigateur.espace_atelier import REGLAGES, build_espace, make_csv, serve_atelier
from tests.navigateur.test_captures import DOSSIER
from tests.navigateur.textes import find_anglais, read_textes

pytestmark = pytest.mark.navigateur

GRAND, ETROIT = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
GRAND_ECRAN = {"largeur": GRAND["width"], "hauteur": GRAND["height"]}
ATTENTE = 60_000
CARTE = "/carte?indicateur=demandes&departement=974&maille=commune&periode=2024&territoire=97411"
FICHIER = {"name": "demandes-2024.csv", "mimeType": "text/csv"}
# Un bouton natif plus petit que le doigt ; une case ou un lien dans une phrase ne sont pas concernés.
PETITES_CIBLES = """() => [...document.querySelectorAll(
  ".stMain button, .stMain select, .stMain input:not([type=radio]):not([type=file]), .atelier-etapes a, "
  + ".atelier-onglets a, .stMain .obs-bouton, .stMain summary, .atelier-table td a")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .map((e) => [e.closest("[role=group]") || e, e])
  .filter(([cible, e]) => !e.closest("[aria-hidden=true]") && cible.getBoundingClientRect().height > 0
    && Math.max(cible.getBoundingClientRect().height, e.getBoundingClientRect().height) < 43.5)
  .map(([, e]) => e.outerHTML.slice(0, 160))"""


@pytest.fixture
def petit(tmp_path):
    return build_espace(tmp_path)


def check_page(onglet, capture, nom, *, dossier=None):
    """À l'écran et au téléphone : sans débordement, accessible, en français ; une image de chaque."""
    page = onglet.page
    for taille in (ETROIT, GRAND):
        page.set_viewport_size(taille)
        page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
        page.wait_for_timeout(150)
        assert onglet.width() <= taille["width"], nom
        assert find_violations(page) == [], nom
        if taille is ETROIT:
            assert page.evaluate(PETITES_CIBLES) == [], nom
        capture(onglet, f"atelier-{nom}-{taille['width']}")
    assert find_anglais(read_textes(page)) == {}, nom
    assert page.locator("h1:visible").count() == 1
    if dossier is not None:
        capture(onglet, "atelier", dossier)


def choose(page, cle, texte):
    """Choisit dans une liste de Streamlit, au clavier."""
    champ = page.locator(f"[class*=st-key-{cle}] input").first
    champ.wait_for()
    # La liste se ferme quand la page défile : on la place d'abord.
    champ.evaluate("(e) => e.scrollIntoView({ block: 'center' })")
    page.wait_for_timeout(200)
    champ.fill(texte)
    page.locator("[role=listbox] [role=option]").filter(has_text=texte).first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def press(page, nom):
    page.get_by_role("button", name=nom, exact=True).click()


def read_valeur(onglet, code="97411"):
    """Valeur d'une commune, dans le tableau de la carte et sur la carte elle-même."""
    onglet.open(CARTE)
    onglet.wait_drawn(24)
    return onglet.page.locator(f'.obs-tableau tr[data-code="{code}"] td').first.inner_text()


def deposit(page, contenu):
    """Étape 1 : la source, le fichier, la période."""
    choose(page, "atelier_source", "Demandes de logement")
    # Dans un profil neuf, le jeton qui protège l'envoi d'un fichier arrive après la page.
    page.wait_for_function("document.cookie.includes('_streamlit_xsrf')")
    page.locator("[data-testid=stFileUploader] input").set_input_files(FICHIER | {"buffer": contenu})
    page.get_by_role("textbox", name=re.compile("Période des données")).fill("2024")
    page.keyboard.press("Tab")
    press(page, "Vérifier le fichier")


def correct_colonne(onglet, capture):
    """Étape 2, première faute : une colonne a changé de nom."""
    page = onglet.page
    page.locator(".atelier-jetons").wait_for(timeout=ATTENTE)
    page.get_by_text(re.compile("24.lignes lues, 2.points bloquants")).wait_for()
    choose(page, "atelier_colonne_0", "nb demandes")
    page.get_by_role("heading", name="Ce qui sera écrit").wait_for()
    check_page(onglet, capture, "2-colonnes")
    press(page, "Écrire et vérifier de nouveau")
    page.locator("[class*=st-key-atelier_geste_0] input").wait_for(timeout=ATTENTE)


def correct_code(onglet, capture):
    """Étape 2, seconde faute : un code n'existe pas ; le classeur le montre à sa ligne, un filtre l'isole."""
    page = onglet.page
    with page.expect_download() as recu:
        press(page, "Télécharger le classeur des points à corriger")
    fautive = load_workbook(io.BytesIO(recu.value.path().read_bytes())).worksheets[0]["A12"]
    assert fautive.value == "97499"
    assert fautive.comment is not None
    onglet.choose("gravite", "bloquant")
    page.locator(".atelier-table caption").filter(has_text=re.compile("^1.point$")).wait_for()
    choose(page, "atelier_geste_0", "Corriger")
    choose(page, "atelier_juste_0", "97411")
    page.get_by_role("heading", name="Ce qui sera écrit").wait_for()
    check_page(onglet, capture, "2-codes", dossier=DOSSIER)
    press(page, "Écrire et vérifier de nouveau")


def compare(onglet, capture):
    """Étape 3 : gardé, scellé, comparé."""
    page = onglet.page
    page.get_by_role("button", name="Garder ce fichier").wait_for(timeout=ATTENTE)
    check_page(onglet, capture, "2-juste")
    press(page, "Garder ce fichier et voir ce qu’il change")
    page.get_by_role("button", name="Aller publier").wait_for(timeout=ATTENTE)
    page.locator(".atelier-profils").wait_for(state="attached")
    assert page.locator(".atelier-carte img").count() == 3
    ligne = page.locator('.atelier-changements tr[data-code="97411"] td.atelier-nombre').all_inner_texts()
    assert ligne[:2] == ["110", "220"]
    check_page(onglet, capture, "3-comparer")


def publish(onglet, capture):
    """Étape 4 : un motif, puis en ligne."""
    page = onglet.page
    press(page, "Aller publier")
    page.get_by_role("button", name="Publier", exact=True).wait_for(timeout=ATTENTE)
    check_page(onglet, capture, "4-publier")
    page.get_by_role("textbox", name=re.compile("Motif de la publication")).fill("Livraison 2024")
    page.keyboard.press("Tab")
    press(page, "Publier")
    page.get_by_text("Voir ce qui a changé").wait_for(timeout=ATTENTE)
    check_page(onglet, capture, "4-publie")
    page.locator(".stMain").get_by_role("link", name="Demandes de logement social").click()
    onglet.wait_drawn(24)


def restore(onglet, capture):
    """Historique : revenir à la publication d'avant."""
    page = onglet.page
    onglet.open("/atelier?etape=historique")
    page.get_by_text("Chaîne vérifiée").wait_for(timeout=ATTENTE)
    check_page(onglet, capture, "5-historique")
    page.get_by_role("link", name="Revenir à la publication").first.click()
    page.get_by_role("textbox", name=re.compile("Motif du retour")).fill("Chiffres à revoir")
    page.keyboard.press("Tab")
    check_page(onglet, capture, "5-retour")
    press(page, "Remettre en ligne")
    page.get_by_text("Publication remise en ligne").wait_for(timeout=ATTENTE)


def test_whole_circuit_and_its_captures(open_profil, capture, petit, tmp_path):
    with serve_atelier(petit, tmp_path) as adresse:
        # Navigateur anglais : le plus exigeant pour la langue.
        onglet = open_profil(adresse, **GRAND_ECRAN, langue="en-US", neuf=True)
        lecteur = open_profil(adresse, **GRAND_ECRAN, neuf=True)
        assert read_valeur(onglet) == "110"
        onglet.page.get_by_role("link", name="Atelier", exact=True).click()
        onglet.page.get_by_role("button", name="Vérifier le fichier").wait_for()
        check_page(onglet, capture, "1-deposer")
        deposit(onglet.page, make_csv())
        correct_colonne(onglet, capture)
        correct_code(onglet, capture)
        compare(onglet, capture)
        assert read_valeur(lecteur) == "110", "un brouillon se voit"
        publish(onglet, capture)
        assert read_valeur(onglet) == "220"
        restore(onglet, capture)
        assert read_valeur(onglet) == "110"
        # Fermés avant le serveur : un onglet resté ouvert se plaindrait, à raison, de ne plus le trouver.
        for ouvert in (onglet, lecteur):
            ouvert.page.close()
    with petit.dans_sa_poche():
        assert [en_ligne for _, en_ligne in list_historique(petit.espace)] == [True, False]
        assert [en_ligne for _, en_ligne in list_livraisons(petit.espace)] == [False]
        assert verify_journal(petit.espace) == ()


def test_personal_data_are_refused_on_screen(open_profil, capture, petit, tmp_path):
    lignes = [f"1{n:02d}059740112{n:03d}00;Durand;Marie;9741{n % 10};1" for n in range(60)]
    contenu = "\n".join(["numero_secu;nom;prenom;commune;demandes", *lignes]).encode()
    with serve_atelier(petit, tmp_path) as adresse:
        onglet = open_profil(adresse, **TELEPHONE, langue="en-US", neuf=True)
        page = onglet.page
        onglet.open("/atelier")
        deposit(page, contenu)
        page.get_by_text("il est refusé").wait_for(timeout=ATTENTE)
        assert "Durand" not in page.content()
        assert find_violations(page) == []
        assert find_anglais(read_textes(page)) == {}
        capture(onglet, "atelier-quarantaine-390")
        page.close()


def test_behind_a_proxy_the_header_decides(open_profil, petit, tmp_path):
    """Sans l'en-tête, un refus ; avec lui, la personne ; sur une adresse ouverte, le démarrage est refusé."""
    roles = "roles:\n  - {auteur: obs-02, role: valideur}\n"
    (petit.espace.racine / "espace.yaml").write_text(REGLAGES + roles, "utf-8")
    with serve_atelier(petit, tmp_path, "--mandataire-identite", "X-Identite") as adresse:
        onglet = open_profil(adresse, **GRAND_ECRAN, neuf=True)
        onglet.open("/atelier")
        onglet.page.get_by_text("Identité non reçue").wait_for()
        assert onglet.page.get_by_role("button", name="Vérifier le fichier").count() == 0
        onglet.page.context.set_extra_http_headers({"X-Identite": "obs-02"})
        onglet.open("/atelier")
        onglet.page.get_by_text("pseudonyme obs-02").wait_for()
        onglet.page.close()


def test_readers_have_no_workshop(open_onglet, adresse):
    onglet = open_onglet(**GRAND_ECRAN)
    onglet.open("/")
    assert onglet.page.get_by_role("link", name="Atelier").count() == 0
    onglet.open("/atelier")
    assert onglet.page.url == f"{onglet.base}/"
    with pytest.raises(urllib.error.HTTPError, match="303"):
        urllib.request.build_opener(_SansSuivre).open(f"{adresse}/atelier")


class _SansSuivre(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None
