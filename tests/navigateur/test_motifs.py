"""Les motifs de la carte et de la légende, lus pixel par pixel dans le navigateur qui les dessine."""

from itertools import combinations

import numpy as np
import pytest

from observatoire.cartes.couche import DOSSIER_WEB
from observatoire.cartes.legende_html import style_css
from observatoire.cartes.palettes import RAMPES, Dessin, Motif
from tests.cartes.couleurs import MACHADO, to_lineaire
from tests.cartes.motifs import COTE, draw_motif, measure_aspect, measure_distance
from tests.cartes.test_motifs import ETATS, SEUIL

pytestmark = pytest.mark.navigateur

LETTRES = {"secret": "s", "sans donnée": "d", "non significatif": "n", "zéro": "z"}
LIRE = """([lettre, couleur, cote]) => {
  const toile = document.createElement("canvas");
  toile.width = toile.height = cote;
  const ctx = toile.getContext("2d");
  ctx.rect(0, 0, cote, cote);
  window.observatoire.remplir(ctx, { ...window.observatoire.styleDe(lettre, couleur), stroke: false });
  return [...ctx.getImageData(0, 0, cote, cote).data];
}"""


@pytest.fixture(scope="module")
def page(chromium):
    contexte = chromium.new_context(viewport={"width": 400, "height": 200}, device_scale_factor=1)
    onglet = contexte.new_page()
    onglet.set_content("<!DOCTYPE html><html lang=fr><body style='margin:0'></body></html>")
    for script in ("leaflet.js", "trames.js"):
        onglet.add_script_tag(path=DOSSIER_WEB / script)
    yield onglet
    contexte.close()


def read_carte(page, lettre, couleur="#FFFFFF"):
    """Carré rempli comme un territoire de la carte (RVB linéaire)."""
    octets = page.evaluate(LIRE, [lettre, couleur, COTE])
    return to_lineaire(np.array(octets, dtype=float).reshape(COTE, COTE, 4)[..., :3] / 255)


def read_legende(page, dessin):
    """Carré dessiné comme une case de légende, sans son filet."""
    style = f"position:absolute;left:0;top:0;width:{COTE}px;height:{COTE}px;box-sizing:border-box;{style_css(dessin)}"
    page.evaluate("(style) => { document.body.innerHTML = `<div style='${style}'></div>`; }", style)
    brut = page.screenshot(clip={"x": 0, "y": 0, "width": COTE, "height": COTE})
    return to_lineaire(decode_png(brut))


def decode_png(brut):
    from io import BytesIO

    from matplotlib.image import imread

    return imread(BytesIO(brut), format="png")[..., :3].astype(float)


@pytest.mark.parametrize("vision", ["normale", *MACHADO, "gris"])
def test_map_draws_five_different_things(page, vision):
    """Sans valeur, secret, non significatif, zéro vrai, et chacune des vingt classes."""
    aspects = {nom: measure_aspect(read_carte(page, lettre), vision) for nom, lettre in LETTRES.items()}
    for nature, rampe in RAMPES.items():
        for rang, couleur in enumerate(rampe, 1):
            aspects[f"{nature} {rang}"] = measure_aspect(read_carte(page, "p", couleur), vision)
    paires = [p for p in combinations(aspects, 2) if set(p) & set(LETTRES)]
    assert len(paires) == 6 + 4 * 20
    ecarts = {p: measure_distance(aspects[p[0]], aspects[p[1]]) for p in paires}
    proche = min(ecarts, key=ecarts.get)
    assert ecarts[proche] >= SEUIL, (proche, ecarts[proche])


@pytest.mark.parametrize("etat", LETTRES)
def test_legend_shows_the_motif_of_the_map(page, etat):
    """Même encre, à deux points de clarté près, et même direction."""
    carte = measure_aspect(read_carte(page, LETTRES[etat]), "gris")
    legende = measure_aspect(read_legende(page, ETATS[etat]), "gris")
    assert abs(carte.moyenne[0] - legende.moyenne[0]) < 3
    assert measure_distance(carte, legende) < SEUIL


@pytest.mark.parametrize("etat", LETTRES)
def test_drawing_in_pixels_is_the_one_measured_without_browser(page, etat):
    mesure = measure_aspect(draw_motif(ETATS[etat]), "gris")
    carte = measure_aspect(read_carte(page, LETTRES[etat]), "gris")
    assert measure_distance(mesure, carte) < SEUIL


def test_a_plain_class_is_plain(page):
    couleur = RAMPES["besoin"][2]
    image = read_carte(page, "p", couleur)
    assert measure_distance(
        measure_aspect(image, "normale"), measure_aspect(draw_motif(Dessin(couleur, couleur, Motif.UNI)), "normale")
    ) == pytest.approx(0, abs=0.5)
