"""Légende cliquable dans un vrai navigateur : une classe s'allume dans sa carte et dans le tableau, puis s'éteint."""

from pathlib import Path

import pytest

import observatoire.app
from observatoire.app.composants.tableau import ContexteTableau, render_tableau
from observatoire.app.variables_css import write_variables
from observatoire.cartes.lecture import read_carte
from observatoire.cartes.legende import ContexteLegende, build_legende
from observatoire.cartes.legende_html import render_legende_html
from observatoire.cartes.reperes import mark_territoire
from observatoire.modeles.mailles import Maille
from tests.cartes.exemples import build_demande

pytestmark = pytest.mark.navigateur

WEB = Path(observatoire.app.__file__).parent / "web"
CADRE = '<iframe src="about:blank?streamlit_folium"></iframe>'
POSER_CARTE = """(cadre) => {
  cadre.contentWindow.observatoire = { recus: [], allumer(classe) { this.recus.push(classe); } };
}"""


def make_lecture():
    demande = build_demande()
    return demande, read_carte(demande.indicateur, demande.valeurs, demande.contours["code"].tolist())


def render_carte(vue="un", choisi=""):
    _, lecture = make_lecture()
    contexte = ContexteLegende(Maille.COMMUNE, "de l'Isère", "Insee", "01/01/2026", (("Isère", 29.5), ("France", 29.6)))
    legende = build_legende(lecture, contexte)
    if choisi:
        legende = mark_territoire(legende, lecture, choisi, "Saint-Pierre-de-Chartreuse")
    return f'<div class="bloc">{render_legende_html(legende, cliquable=True, vue=vue)}{CADRE}</div>'


def render_lignes(vue="un"):
    demande, lecture = make_lecture()
    valeurs = demande.valeurs.assign(libelle=demande.valeurs.code_territoire, periode_denominateur="")
    contexte = ContexteTableau(
        cle_de=lecture.cle_of, vue=vue, lien_de=lambda c: f"carte?territoire={c}", lien_tri=lambda t: f"carte?tri={t}"
    )
    return render_tableau(
        valeurs, range(len(valeurs)), demande.indicateur, maille=Maille.COMMUNE, legende="Essai", contexte=contexte
    ).html


@pytest.fixture
def ouvrir(chromium):
    contexte = chromium.new_context(viewport={"width": 1280, "height": 720})
    fautes = []

    def poser(corps, largeur=1280):
        page = contexte.new_page()
        page.set_viewport_size({"width": largeur, "height": 844})
        page.on("pageerror", lambda e: fautes.append(str(e)))
        feuilles = write_variables() + "".join(
            (WEB / f).read_text("utf-8") for f in ("base.css", "legende.css", "tableau.css")
        )
        page.set_content(
            f"<!DOCTYPE html><html lang=fr><style>{feuilles}</style><body><main>{corps}</main></body></html>"
        )
        for cadre in page.query_selector_all("iframe"):
            cadre.evaluate(POSER_CARTE)
        for script in ("00-navigation.js", "legende.js"):
            page.add_script_tag(path=WEB / script)
        return page

    yield poser
    contexte.close()
    assert not fautes


def read_recus(page, rang=0):
    return page.evaluate("(i) => document.querySelectorAll('iframe')[i].contentWindow.observatoire.recus", rang)


def list_allumees(page):
    return page.eval_on_selector_all("tr.obs-allumee", "lignes => lignes.map(l => l.dataset.classe)")


def test_a_class_lights_then_goes_out(ouvrir):
    page = ouvrir(render_carte() + render_lignes())
    bouton = page.locator("button[data-classe='1']")
    bouton.click()
    assert bouton.get_attribute("aria-pressed") == "true"
    # Un rang de classe part comme un nombre : la carte compare sans convertir.
    assert read_recus(page)[-1] == 1
    assert set(list_allumees(page)) == {"1"}
    bouton.click()
    assert bouton.get_attribute("aria-pressed") == "false"
    assert read_recus(page)[-1] is None
    assert list_allumees(page) == []


def test_another_class_replaces_the_first(ouvrir):
    page = ouvrir(render_carte() + render_lignes())
    page.locator("button[data-classe='0']").click()
    page.locator("button[data-classe='s']").click()
    assert page.locator("[aria-pressed=true]").count() == 1
    assert read_recus(page)[-1] == "s"
    assert list_allumees(page) == ["s"]


def test_keyboard_is_enough(ouvrir):
    page = ouvrir(render_carte() + render_lignes())
    page.locator("button[data-classe='0']").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("button[data-classe='1']").get_attribute("aria-pressed") == "true"


def test_two_maps_each_have_their_legend(ouvrir):
    page = ouvrir(render_carte("un") + render_carte("deux") + render_lignes("un"))
    avant = len(read_recus(page, 0))
    page.locator("[data-vue=deux] button[data-classe='0']").click()
    assert read_recus(page, 1)[-1] == 0
    assert len(read_recus(page, 0)) == avant
    # Le tableau est celui de la première carte : il n'a pas ces classes.
    assert list_allumees(page) == []


def test_page_that_rewrites_itself_keeps_the_class_lit(ouvrir):
    """Choisir un territoire récrit la légende et le tableau ; ce qui était allumé le reste."""
    page = ouvrir(render_carte() + render_lignes())
    page.locator("button[data-classe='1']").click()
    remplacer = """([legende, tableau]) => {
      const neuve = document.createRange().createContextualFragment(legende).querySelector(".obs-legende");
      document.querySelector(".obs-legende").replaceWith(neuve);
      document.querySelector(".obs-tableau").outerHTML = tableau;
    }"""
    page.evaluate(remplacer, [render_carte(choisi="00005"), render_lignes()])
    page.wait_for_selector("tr.obs-allumee")
    assert page.locator("[aria-pressed=true]").get_attribute("data-classe") == "1"
    assert set(list_allumees(page)) == {"1"}


def test_leaving_a_view_forgets_what_was_lit(ouvrir):
    page = ouvrir(render_carte("un") + render_lignes("un"))
    page.locator("button[data-classe='1']").click()
    quitter = """(html) => {
      const neuve = document.createRange().createContextualFragment(html).querySelector(".obs-legende");
      document.querySelector(".obs-legende").replaceWith(neuve);
    }"""
    for vue in ("deux", "un"):
        page.evaluate(quitter, render_carte(vue))
        page.wait_for_function(
            "() => document.querySelector('iframe').contentWindow.observatoire.recus.at(-1) === null"
        )
        assert page.locator("[aria-pressed=true]").count() == 0


def test_chosen_marker_is_seen_and_covers_no_reference(ouvrir):
    page = ouvrir(render_carte(choisi="00005"))
    boites = [page.locator(s).nth(i).bounding_box() for s, i in ((".repere", 0), (".repere", 1), (".choisi", 0))]
    for rang, un in enumerate(boites):
        for deux in boites[rang + 1 :]:
            assert (
                un["x"] + un["width"] <= deux["x"] + 0.5
                or deux["x"] + deux["width"] <= un["x"] + 0.5
                or un["y"] + un["height"] <= deux["y"] + 2
                or deux["y"] + deux["height"] <= un["y"] + 2
            )
    page.locator("button[data-classe='2']").click(position={"x": 2, "y": 20})
    assert page.locator("button[data-classe='2']").get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize("largeur", [1280, 390])
def test_nothing_makes_the_page_scroll_sideways(ouvrir, largeur):
    page = ouvrir(render_carte(choisi="00005") + render_lignes(), largeur)
    assert page.evaluate("document.documentElement.scrollWidth") <= largeur
    # Le tableau, lui, défile dans sa boîte, et la colonne des noms y reste.
    entete = page.locator("tbody th").first
    gauche = entete.bounding_box()["x"]
    page.evaluate("document.querySelector('.obs-tableau').scrollLeft = 60")
    assert entete.bounding_box()["x"] == pytest.approx(gauche, abs=1)
