"""Chaque couleur est mesurée : contrastes, daltonismes, gris (tableaux d'APPARENCE §4)."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest

from observatoire.cartes import palettes
from observatoire.cartes.legende import DESSINS
from observatoire.cartes.palettes import BIVARIEE, ECART, RAMPES, TYPOLOGIE, rampe, typologie
from observatoire.modeles.indicateurs import Nature
from tests.cartes.couleurs import MACHADO, contraste, delta_e, delta_e_lab, simulate, to_lab

VISIONS = ("normale", *MACHADO)
SEUIL, SEUIL_GRIS = 9, 6


def delta_mini(paires: list[tuple[str, str]], visions: tuple[str, ...] = VISIONS) -> float:
    return min(delta_e(a, b, vision) for a, b in paires for vision in visions)


@pytest.mark.parametrize(
    ("un", "deux", "attendu"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_delta_e_finds_sharma(un: tuple[float, ...], deux: tuple[float, ...], attendu: float) -> None:
    assert delta_e_lab(np.array(un), np.array(deux)) == pytest.approx(attendu, abs=1e-4)


def test_contraste_of_black_on_white() -> None:
    assert contraste("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize(
    ("nature", "contrastes", "daltonismes", "gris"),
    [
        (Nature.BESOIN, [1.33, 1.54, 1.87, 2.21], 11.2, 6.7),
        (Nature.RESSOURCE, [1.50, 1.65, 1.87, 2.05], 10.0, 9.6),
        (Nature.CONTEXTE, [1.49, 1.61, 1.82, 2.06], 9.5, 9.5),
        (Nature.ACCOMPAGNEMENT, [1.38, 1.55, 1.77, 2.12], 9.7, 7.6),
    ],
)
def test_rampe_measures_as_written(nature: Nature, contrastes: list[float], daltonismes: float, gris: float) -> None:
    voisines = list(pairwise(RAMPES[nature]))
    assert [round(contraste(a, b), 2) for a, b in voisines] == contrastes
    assert round(delta_mini(voisines, tuple(MACHADO)), 1) == daltonismes
    assert round(delta_mini(voisines, ("gris",)), 1) == gris


@pytest.mark.parametrize("nature", Nature)
@pytest.mark.parametrize("nombre", [1, 2, 3, 4, 5])
def test_rampe_is_readable_for_every_number_of_classes(nature: Nature, nombre: int) -> None:
    couleurs = rampe(nature, nombre)
    assert len(couleurs) == nombre
    for a, b in pairwise(couleurs):
        assert contraste(a, "#000000") > contraste(b, "#000000")
        assert delta_mini([(a, b)]) >= SEUIL
        assert delta_mini([(a, b)], ("gris",)) >= SEUIL_GRIS


@pytest.mark.parametrize("nombre", [0, 6])
def test_rampe_refuses_other_numbers(nombre: int) -> None:
    with pytest.raises(ValueError, match="classes"):
        rampe(Nature.BESOIN, nombre)


def test_ecart_measures_as_written() -> None:
    assert round(delta_mini(list(combinations(ECART, 2))), 1) == 11.4
    # Les deux bouts se confondent en gris : la légende porte les signes − et +.
    assert round(delta_e(ECART[0], ECART[-1], "gris"), 1) == 3.5


def test_bivariee_measures_as_written() -> None:
    paires = list(combinations([c for ligne in BIVARIEE for c in ligne], 2))
    assert len(paires) == 36
    assert round(delta_mini(paires), 1) == 11.2


def test_typologie_is_colour_blind_safe() -> None:
    assert len(set(TYPOLOGIE)) == 8
    assert round(delta_mini(list(combinations(TYPOLOGIE, 2))), 1) == 22.9
    assert typologie(6) == TYPOLOGIE[:6]
    with pytest.raises(ValueError, match="catégories"):
        typologie(9)


def test_mixte_is_the_colour_of_no_category() -> None:
    assert delta_mini([(palettes.DESSIN_MIXTE.fond, c) for c in TYPOLOGIE]) >= SEUIL
    autres = [d for d, _, _ in DESSINS.values()]
    assert len({d.motif for d in autres}) == len(autres)


@pytest.mark.parametrize(
    ("dessin", "attendu"),
    [
        (palettes.DESSIN_SECRET, 6.8),
        (palettes.DESSIN_SANS_DONNEE, 3.9),
        (palettes.DESSIN_NON_SIGNIFICATIF, 3.8),
        (palettes.DESSIN_ZERO, 10.6),
        (palettes.DESSIN_MIXTE, 4.5),
    ],
)
def test_motif_stands_out_from_its_fond(dessin: palettes.Dessin, attendu: float) -> None:
    assert round(contraste(dessin.encre, dessin.fond), 1) == attendu


def test_gris_seul_would_not_be_enough() -> None:
    """Le gris « sans donnée » approche Contexte 2 en tritan : d'où les points."""
    assert round(delta_e(palettes.DESSIN_SANS_DONNEE.fond, RAMPES[Nature.CONTEXTE][1], "tritan"), 1) == 3.0


@pytest.mark.parametrize(
    ("devant", "fond", "attendu"),
    [
        (palettes.ENCRE, palettes.PAPIER, 15.7),
        (palettes.ENCRE_SECONDE, palettes.PAPIER, 7.5),
        (palettes.ENCRE_SECONDE, palettes.PANNEAU, 6.9),
        (palettes.ACTION, palettes.PAPIER, 7.8),
        (palettes.ACTION, palettes.CARTE, 8.2),
        (palettes.FOCUS, palettes.PAPIER, 5.7),
        (palettes.FOCUS, palettes.ACTION, 1.4),
        (palettes.BORD_DE_CHAMP, palettes.PAPIER, 4.0),
        (palettes.LIEU, palettes.CARTE, 10.7),
        (palettes.ENCRE, RAMPES[Nature.BESOIN][3], 3.9),
    ],
)
def test_textes_measure_as_written(devant: str, fond: str, attendu: float) -> None:
    assert round(contraste(devant, fond), 1) == attendu


@pytest.mark.parametrize(
    ("etat", "attendu"), [("bloquant", 7.7), ("a_regarder", 7.9), ("information", 7.8), ("fait", 7.6)]
)
def test_etats_are_readable(etat: str, attendu: float) -> None:
    couleurs = palettes.ETATS[etat]
    assert contraste(couleurs.encre, couleurs.fond) == pytest.approx(attendu, abs=0.1)


CONTRASTE_TEXTE, CONTRASTE_SIGNE = 4.5, 3.0
"""Seuils de WCAG 2 : un texte courant, un signe ou le bord d'un champ."""
FONDS = (palettes.PAPIER, palettes.PANNEAU, palettes.CARTE)


@pytest.mark.parametrize("fond", [*FONDS, palettes.ETATS["information"].fond])
@pytest.mark.parametrize("encre", [palettes.ENCRE, palettes.ENCRE_SECONDE, palettes.ACTION])
def test_every_ink_is_readable_on_every_ground(encre: str, fond: str) -> None:
    """Le dernier fond est celui d'une ligne de tableau allumée."""
    assert contraste(encre, fond) >= CONTRASTE_TEXTE


@pytest.mark.parametrize("etat", palettes.ETATS)
def test_etats_pass_the_threshold_and_differ_by_their_shape(etat: str) -> None:
    couleurs = palettes.ETATS[etat]
    assert contraste(couleurs.encre, couleurs.fond) >= CONTRASTE_TEXTE
    assert contraste(couleurs.encre, palettes.PAPIER) >= CONTRASTE_TEXTE
    assert len({e.forme for e in palettes.ETATS.values()}) == len(palettes.ETATS)


@pytest.mark.parametrize("fond", FONDS)
@pytest.mark.parametrize("signe", [palettes.FOCUS, palettes.BORD_DE_CHAMP])
def test_borders_and_focus_stand_out(signe: str, fond: str) -> None:
    assert contraste(signe, fond) >= CONTRASTE_SIGNE


@pytest.mark.parametrize("couleur", [c for r in RAMPES.values() for c in r])
def test_mark_of_the_chosen_territory_is_seen_on_every_class(couleur: str) -> None:
    """Disque d'encre à anneau blanc : l'un des deux tranche toujours, et ils tranchent entre eux."""
    assert max(contraste(palettes.ENCRE, couleur), contraste("#FFFFFF", couleur)) >= CONTRASTE_SIGNE
    assert contraste(palettes.ENCRE, "#FFFFFF") >= CONTRASTE_TEXTE


@pytest.mark.parametrize("nature", Nature)
def test_lieu_and_symbol_are_seen_on_every_class(nature: Nature) -> None:
    for couleur in RAMPES[nature]:
        assert max(contraste(palettes.LIEU, couleur), contraste("#FFFFFF", couleur)) >= CONTRASTE_SIGNE
    assert contraste(palettes.couleur_cerne(nature), palettes.CARTE) >= CONTRASTE_SIGNE


@pytest.mark.parametrize("nature", Nature)
def test_rampe_keeps_its_order_for_every_eye(nature: Nature) -> None:
    """Plus foncé veut dire plus fort, daltonismes et gris compris."""
    for vision in (*VISIONS, "gris"):
        clartes = [to_lab(simulate(c, vision))[0] for c in RAMPES[nature]]
        assert all(a - b >= SEUIL_GRIS for a, b in pairwise(clartes)), vision


def test_ecart_neighbours_pass_the_threshold() -> None:
    assert delta_mini(list(pairwise(ECART))) >= SEUIL
    # Le milieu, « non différent », n'est le voisin de couleur d'aucun bout.
    assert delta_mini([(ECART[3], c) for c in ECART if c != ECART[3]]) >= SEUIL


def test_bivariee_passes_the_threshold_but_not_in_grey() -> None:
    couleurs = [c for ligne in BIVARIEE for c in ligne]
    assert delta_mini(list(combinations(couleurs, 2))) >= SEUIL
    # L'export en noir et blanc donne donc deux cartes.
    assert delta_mini(list(combinations(couleurs, 2)), ("gris",)) < SEUIL_GRIS
    # Chaque axe reste ordonné : un pas de besoin, ou de ressource, fonce toujours la case.
    clartes = np.array([[to_lab(simulate(c, "gris"))[0] for c in ligne] for ligne in BIVARIEE])
    assert (np.diff(clartes, axis=0) < 0).all()
    assert (np.diff(clartes, axis=1) < 0).all()
