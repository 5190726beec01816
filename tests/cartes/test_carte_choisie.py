"""Territoire choisi, adresse imprimée, dessin d'un bloc, rendu à plusieurs fils, vignette."""

from __future__ import annotations

import io
import threading
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import shapely
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Chemin
from PIL import Image

from observatoire.cartes.colonne import Colonne
from observatoire.cartes.demande import CarteStatique, TerritoireChoisi
from observatoire.cartes.noms import place_choisi, place_noms
from observatoire.cartes.polices import DEMI_GRAS, NORMAL, load_police
from observatoire.cartes.rendu import build_figure, render_figure
from observatoire.cartes.statique import render_carte
from observatoire.cartes.trace import build_chemin, draw_symboles, simplify
from observatoire.cartes.vignette import HAUTEUR_PX, LARGEUR_PX, OCTETS_MAX, render_vignette
from observatoire.modeles.indicateurs import Nature
from tests.cartes.exemples import build_contours, build_demande, build_indicateur

LIEN = "https://obs.exemple.fr/carte?indicateur=bas_revenus&maille=commune&publication=20260312-083000-abcdef01"
CHOISI = TerritoireChoisi("00003", "Ville-3", "En 2021, 24 % des ménages de Ville-3.")
EMPRISE = (0.0, 0.0, 100.0, 100.0)


def pixels(contenu: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(contenu)).convert("RGB"), dtype=int)


def test_png_is_a_sheet_on_its_side_with_every_class_color() -> None:
    image = pixels(render_carte(build_demande(), "png"))
    assert image.shape == (1240, 1753, 3)
    presentes = {tuple(c) for c in image.reshape(-1, 3)[::7].tolist()}
    for couleur in ("#FFF3DC", "#7A300D", "#FAF9F6", "#1B1F24"):
        assert tuple(int(couleur[i : i + 2], 16) for i in (1, 3, 5)) in presentes, couleur


def test_the_chosen_territory_is_ringed_and_named_only_if_asked() -> None:
    sans = pixels(render_carte(build_demande(), "png"))
    avec = pixels(render_carte(build_demande(choisi=CHOISI), "png"))
    carte = slice(600, None)
    encre = np.array([0x1B, 0x1F, 0x24])
    noirs = [int((np.abs(i[:, carte] - encre).sum(axis=2) < 30).sum()) for i in (sans, avec)]
    # Le cerne d'un carré d'une centaine de pixels de côté, épais de six.
    assert noirs[1] > noirs[0] + 500
    assert not np.array_equal(sans[:, :600], avec[:, :600])


def test_a_chosen_territory_without_contour_is_not_drawn() -> None:
    absent = replace(CHOISI, code="99999")
    assert build_demande(choisi=absent).rang_choisi is None
    assert build_demande(choisi=CHOISI).rang_choisi == 3
    assert render_carte(build_demande(choisi=absent), "png")


def test_description_says_the_chosen_territory() -> None:
    racine = ET.fromstring(render_carte(build_demande(choisi=CHOISI), "svg"))  # noqa: S314 -- dessin d'essai
    assert CHOISI.phrase in (racine.findtext("{http://www.w3.org/2000/svg}desc") or "")


@pytest.mark.parametrize("genre", ["png", "svg"])
def test_link_changes_the_picture_and_nothing_else_does(genre: str) -> None:
    sans, avec = (render_carte(build_demande(lien=lien), genre) for lien in ("", LIEN))
    assert sans != avec
    assert render_carte(build_demande(lien=LIEN), genre) == avec


def test_a_long_link_is_cut_at_separators_inside_the_column() -> None:
    colonne = Colonne(build_figure((5, 5)), 20, 300, 209)
    lignes = colonne._cut(LIEN, 8, NORMAL)
    assert "".join(lignes) == LIEN
    assert len(lignes) > 1
    assert all(colonne.measure(ligne, 8) <= 209 for ligne in lignes)
    assert all(ligne[-1] in "/?&=-_." for ligne in lignes[:-1])


def test_a_paragraph_that_does_not_fit_ends_with_an_ellipsis() -> None:
    colonne = Colonne(build_figure((5, 5)), 20, 300, 200)
    colonne.write("mot " * 200, 10, bas=250)
    assert 250 <= colonne.y < 263


def test_dollars_are_not_formulas() -> None:
    fiche = build_indicateur(libelle="Coût en $ et en $x^2$ {pour} 1_000")
    assert render_carte(build_demande(indicateur=fiche), "png")


def test_one_path_keeps_holes_and_fills_an_enclave_of_the_same_color() -> None:
    trou = shapely.box(4, 4, 6, 6)
    anneau = shapely.box(0, 0, 10, 10).difference(trou)
    # Sens contraires exprès : c'est ``build_chemin`` qui les accorde.
    seul = build_chemin(np.array([shapely.reverse(anneau)], dtype=object))
    ensemble = build_chemin(np.array([shapely.reverse(anneau), trou], dtype=object))
    assert list(seul.codes).count(Chemin.MOVETO) == 2
    assert [color_at_center(chemin) for chemin in (seul, ensemble)] == [255, 0]


def color_at_center(chemin: Chemin) -> int:
    fig = build_figure((1, 1), 50)
    fig.set_facecolor("white")
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 10), ylim=(0, 10))
    ax.axis("off")
    ax.add_patch(PathPatch(chemin, facecolor="black", linewidth=0))
    return int(pixels(render_figure(fig, "png"))[25, 25].max())


def test_light_contours_are_not_simplified_again() -> None:
    carres = np.array([shapely.box(i, 0, i + 1, 1) for i in range(5)], dtype=object)
    assert simplify(carres, 0.1) is carres
    fins = shapely.segmentize(carres, 0.01)
    assert shapely.get_num_coordinates(simplify(fins, 0.1)).sum() < shapely.get_num_coordinates(fins).sum() / 2


def test_symbols_have_areas_in_proportion() -> None:
    fig = build_figure((4, 2), 100)
    ax = fig.add_axes((0, 0, 1, 1), facecolor="white")
    ax.set(xlim=(0, 4), ylim=(0, 2))
    ax.axis("off")
    fig.set_facecolor("white")
    draw_symboles(ax, np.array([[1.0, 1.0], [3.0, 1.0]]), np.array([40.0, 20.0]), Nature.BESOIN)
    colores = (pixels(render_figure(fig, "png")).sum(axis=2) < 740).sum(axis=0)
    grand, petit = colores[:200].sum(), colores[200:].sum()
    assert grand / petit == pytest.approx(4, rel=0.05)


def test_two_weights_do_not_share_their_letters_in_a_drawing() -> None:
    # Rangées sous un même nom de police, les lettres grasses remplaceraient les maigres.
    from fontTools.ttLib import TTFont

    noms = {TTFont(str(load_police(g).get_file()))["name"].getDebugName(6) for g in (NORMAL, DEMI_GRAS)}
    assert len(noms) == 2


def test_drawings_made_together_are_the_ones_made_apart() -> None:
    demandes = [
        build_demande(),
        build_demande(choisi=CHOISI, lien=LIEN),
        build_demande(indicateur=build_indicateur(type_mesure="effectif", denominateur=None, unite="ménages")),
    ]
    attendues = [(d, g, render_carte(d, g)) for d in demandes for g in ("png", "svg")]
    depart = threading.Barrier(4)

    def draw(rang: int) -> list[bool]:
        depart.wait()
        ordre = attendues[rang % len(attendues) :] + attendues[: rang % len(attendues)]
        return [render_carte(d, g) == attendu for d, g, attendu in ordre]

    with ThreadPoolExecutor(4) as equipe:
        assert all(all(egaux) for egaux in equipe.map(draw, range(4)))


def measure(texte: str) -> tuple[float, float]:
    lignes = texte.split("\n")
    return 2.0 * max(map(len, lignes)), 4.0 * len(lignes)


def test_chosen_name_stays_inside_the_frame() -> None:
    coin = shapely.box(96, 96, 99, 99)
    nom = place_choisi("CA Intercommunale du Nord de la Réunion (CINOR)", coin, 0.0, EMPRISE, measure)
    assert nom is not None
    largeur, hauteur = measure(nom.texte)
    assert nom.centre[0] + largeur / 2 <= 100
    assert 0 <= nom.centre[1] - hauteur / 2 <= nom.centre[1] + hauteur / 2 <= 100


def test_a_name_wider_than_a_carton_is_not_written() -> None:
    assert place_choisi("N" * 80, shapely.box(40, 40, 60, 60), 0.0, EMPRISE, measure) is None


def test_chosen_name_is_written_even_among_thousands() -> None:
    surfaces = np.array([shapely.box(i, 0, i + 1, 1) for i in range(90)], dtype=object)
    noms = [f"N{i}" for i in range(90)]
    assert [n.texte for n in place_noms(noms, surfaces, np.zeros(90), EMPRISE, measure, choisi=42)] == ["N42"]


def make_cartes() -> dict[str, CarteStatique]:
    typologie = build_indicateur(
        type_mesure="typologie", denominateur=None, unite="zone",
        modalites=[{"code": c, "libelle": f"Zone {c}"} for c in "ABC"],
    )  # fmt: skip
    base = build_demande()
    zones = base.valeurs.assign(modalite=[*"ABCABCABCABCAB"], valeur=100.0, statut="publie")
    long = build_indicateur(libelle="Part des " + "résidences principales en appartement " * 5)
    return {
        "classes": build_demande(choisi=CHOISI, observatoire="Observatoire social de l'Isère"),
        "symboles": build_demande(indicateur=build_indicateur(type_mesure="effectif", denominateur=None)),
        "typologie": build_demande(indicateur=typologie, valeurs=zones),
        "titre sans fin": build_demande(indicateur=long, phrase="Une phrase. " * 60),
    }


@pytest.mark.parametrize("nom", list(make_cartes()))
def test_thumbnail_has_the_size_and_weight_messages_expect(nom: str) -> None:
    contenu = render_vignette(make_cartes()[nom])
    image = Image.open(io.BytesIO(contenu))
    assert image.size == (LARGEUR_PX, HAUTEUR_PX) == (1200, 630)
    assert len(contenu) < OCTETS_MAX == 150_000
    assert len(image.convert("RGB").getcolors(LARGEUR_PX * HAUTEUR_PX)) > 8
    assert render_vignette(make_cartes()[nom]) == contenu


def test_thumbnail_of_nothing_is_refused() -> None:
    from observatoire.errors import AppelError

    with pytest.raises(AppelError, match="Aucun contour"):
        render_vignette(build_demande(contours=build_contours(0)))
