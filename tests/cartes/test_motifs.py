"""Une commune sans valeur, secrète, non significative, un zéro vrai et une valeur : toujours distincts à l'œil."""

from __future__ import annotations

from itertools import combinations

import pytest

from observatoire.cartes import palettes
from observatoire.cartes.palettes import RAMPES, TYPOLOGIE, Dessin, Motif
from tests.cartes.couleurs import MACHADO
from tests.cartes.motifs import draw_motif, measure_aspect, measure_distance

VISIONS = ("normale", *MACHADO, "gris")
SEUIL = 9.0
ETATS = {
    "secret": palettes.DESSIN_SECRET,
    "sans donnée": palettes.DESSIN_SANS_DONNEE,
    "non significatif": palettes.DESSIN_NON_SIGNIFICATIF,
    "zéro": palettes.DESSIN_ZERO,
    "mixte": palettes.DESSIN_MIXTE,
    "hors champ": palettes.DESSIN_HORS_CHAMP,
}
CLASSES = {
    f"{nature} {rang}": Dessin(couleur, couleur, Motif.UNI)
    for nature, rampe in RAMPES.items()
    for rang, couleur in enumerate(rampe, 1)
}
CATEGORIES = {f"catégorie {rang}": Dessin(c, c, Motif.UNI) for rang, c in enumerate(TYPOLOGIE)}


def measure_all(vision):
    surfaces = ETATS | CLASSES | CATEGORIES
    return {nom: measure_aspect(draw_motif(dessin), vision) for nom, dessin in surfaces.items()}


@pytest.mark.parametrize("vision", VISIONS)
def test_every_etat_differs_from_every_other_and_from_every_class(vision):
    aspects = measure_all(vision)
    paires = [p for p in combinations(aspects, 2) if set(p) & set(ETATS)]
    # 15 paires d'états, et chacun des 6 contre 20 classes et 8 catégories.
    assert len(paires) == 15 + 6 * 28
    ecarts = {p: measure_distance(aspects[p[0]], aspects[p[1]]) for p in paires}
    proche = min(ecarts, key=ecarts.get)
    assert ecarts[proche] >= SEUIL, (proche, ecarts[proche])


@pytest.mark.parametrize(
    ("vision", "attendu"), [("normale", 11.3), ("protan", 11.3), ("deutan", 11.3), ("tritan", 11.3), ("gris", 11.1)]
)
def test_smallest_distance_is_as_written(vision, attendu):
    aspects = measure_all(vision)
    paires = [p for p in combinations(aspects, 2) if set(p) & set(ETATS)]
    assert round(min(measure_distance(aspects[a], aspects[b]) for a, b in paires), 1) == attendu


@pytest.mark.parametrize("vision", VISIONS)
def test_mean_colour_alone_would_not_be_enough(vision):
    """Sans texture, secret, zéro et non significatif auraient la même clarté : l'essai voit bien les motifs."""
    aspects = measure_all(vision)
    plats = {nom: a._replace(ecart=0.0, lignes=0.0, colonnes=0.0) for nom, a in aspects.items()}
    assert measure_distance(plats["secret"], plats["zéro"]) < 1
    assert measure_distance(plats["secret"], plats["non significatif"]) < 2


def test_small_points_would_be_lost_in_grey(monkeypatch):
    """Des points de 1,5 px, un peu plus petits, laisseraient le gris passer pour une classe."""
    fins = palettes.TRAMES | {Motif.POINTS: palettes.Trame(8, 1.5)}
    monkeypatch.setattr("tests.cartes.motifs.TRAMES", fins)
    aspects = measure_all("gris")
    assert min(measure_distance(aspects["sans donnée"], aspects[nom]) for nom in CLASSES) < SEUIL


def test_orientation_tells_hatching_from_lines():
    hachures, traits = (measure_aspect(draw_motif(ETATS[e]), "gris") for e in ("secret", "non significatif"))
    assert traits.lignes > 10 > hachures.lignes
    assert traits.colonnes < 1
