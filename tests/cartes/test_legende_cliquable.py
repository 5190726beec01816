"""Légende de l'application : chaque classe est un bouton, et le territoire choisi a son repère."""

from __future__ import annotations

import re
import time

import pytest

from observatoire.cartes.lecture import LectureCarte, read_carte
from observatoire.cartes.legende import ContexteLegende, Legende, build_legende
from observatoire.cartes.legende_html import ECART_REPERES, render_legende_html, spread_reperes
from observatoire.cartes.reperes import mark_territoire
from observatoire.modeles.mailles import Maille
from tests.cartes.exemples import build_contours, build_demande, build_indicateur, build_valeurs
from tests.cartes.test_categories import INDICATEUR as TYPOLOGIE
from tests.cartes.test_categories import VALEURS as CATEGORIES
from tests.cartes.test_legende import Lecteur

CONTEXTE = ContexteLegende(
    Maille.COMMUNE, "du département", "Insee, RP 2021", "01/01/2026", (("Isère", 29.5), ("France", 29.8))
)
EFFECTIF = build_indicateur(type_mesure="effectif", unite="ménages", decimales=0, denominateur=None)


def read_exemple() -> LectureCarte:
    demande = build_demande()
    return read_carte(demande.indicateur, demande.valeurs, demande.contours["code"].tolist())


def make_legende(lecture: LectureCarte) -> Legende:
    return build_legende(lecture, CONTEXTE)


def render(lecture: LectureCarte, code: str = "", libelle: str = "Salazie") -> str:
    legende = make_legende(lecture)
    if code:
        legende = mark_territoire(legende, lecture, code, libelle)
    return render_legende_html(legende, cliquable=True, vue="part|commune")


def list_boutons(rendu: str) -> list[str]:
    return re.findall(r'<button type="button" class="entree" data-classe="(\w+)" aria-pressed="false"', rendu)


def test_every_class_and_present_state_is_a_button():
    rendu = render(read_exemple())
    assert list_boutons(rendu) == ["0", "1", "2", "3", "z", "n", "s", "d", "h"]
    assert not Lecteur(rendu).pile
    assert 'data-vue="part|commune"' in rendu
    assert 'class="legende obs-legende"' in rendu


def test_nothing_to_light_is_not_a_button():
    lecture = read_carte(build_indicateur(), build_valeurs([5, 9, 12]), ["00000", "00001", "00002"])
    rendu = render(lecture)
    assert "s" not in list_boutons(rendu)
    assert re.search(r'secret <span class="effectif">0', rendu)


def test_keys_are_those_of_the_map_and_of_the_table():
    lecture = read_exemple()
    boutons = set(list_boutons(render(lecture)))
    codes = lecture.table.index.tolist()
    assert {lecture.cle_of(c) for c in codes} == boutons
    assert lecture.cle_of("inconnu") == ""
    assert [lecture.cle_of(c) for c in codes[7:11]] == ["s", "d", "n", "h"]


def test_last_class_says_the_unit_and_what_is_counted():
    rendu = render(read_exemple())
    assert "\u00a0% <span" in rendu
    assert '<span class="unites"> communes</span>' in rendu


def test_note_and_source_are_left_to_the_page():
    rendu = render(read_exemple())
    assert "Source" not in rendu
    assert "calculées" not in rendu


def test_export_has_no_button():
    rendu = render_legende_html(make_legende(read_exemple()))
    assert "<button" not in rendu
    assert "Source : Insee" in rendu


def test_chosen_territoire_is_at_its_place_in_its_class():
    lecture = read_exemple()
    code = "00005"
    legende = mark_territoire(make_legende(lecture), lecture, code, "Salazie")
    repere = legende.reperes[-1]
    bas, haut = lecture.decoupage.bornes_de(repere.classe)
    assert (repere.libelle, repere.valeur, repere.signe) == ("Salazie", 28, "●")
    assert repere.classe == int(lecture.cle_of(code))
    assert repere.part == pytest.approx((28 - bas) / (haut - bas))
    gauche = 100 * (repere.classe + repere.part) / len(legende.entrees)
    rendu = render(lecture, code)
    assert f'<span class="choisi" aria-hidden="true" style="left:{gauche:.1f}%"></span>' in rendu
    assert "●\u00a0Salazie\u00a028,0\u00a0%" in rendu


def test_base_is_untouched_so_it_can_be_kept():
    lecture = read_exemple()
    base = make_legende(lecture)
    mark_territoire(base, lecture, "00005", "Salazie")
    assert base == make_legende(lecture)


def test_legend_follows_a_click_at_no_cost():
    lecture = read_exemple()
    base = make_legende(lecture)
    depart = time.perf_counter()
    for _ in range(50):
        render_legende_html(mark_territoire(base, lecture, "00005", "Salazie"), cliquable=True)
    assert (time.perf_counter() - depart) / 50 < 0.005


@pytest.mark.parametrize(("code", "etat"), [("00007", "s"), ("00008", "d"), ("00009", "n"), ("00000", "z")])
def test_chosen_territoire_without_a_place_is_beside_its_state(code, etat):
    rendu = render(read_exemple(), code)
    ligne = re.search(rf'data-classe="{etat}".*?</li>', rendu)
    assert ligne
    assert "●\u00a0Salazie" in ligne[0]
    assert 'class="choisi"' not in rendu
    assert rendu.count("Salazie") == 1


def test_chosen_territoire_of_a_symbol_map_has_its_circle():
    codes = ["00000", "00001"]
    lecture = read_carte(EFFECTIF, build_valeurs([5000, 1250]), codes)
    legende = mark_territoire(make_legende(lecture), lecture, "00001", "Salazie")
    assert [c.choisi for c in legende.cercles] == [False, False, False, True]
    assert legende.cercles[-1].rayon == pytest.approx(0.5)
    assert "Salazie\u00a0: 1\u202f250\u00a0ménages" in render(lecture, "00001")


def test_round_circles_say_their_unit_once():
    lecture = read_carte(EFFECTIF, build_valeurs([7300, 1250]), ["00000", "00001"])
    assert [c.libelle for c in make_legende(lecture).cercles] == ["100", "1\u202f000", "5\u202f000\u00a0ménages"]


def test_chosen_territoire_of_a_typology_is_beside_its_category():
    lecture = read_carte(TYPOLOGIE, CATEGORIES, build_contours(8)["code"].tolist())
    mixte = render(lecture, "00001")
    assert re.search(r'data-classe="3"[^>]*>.*?●\u00a0Salazie', mixte)
    seule = render(lecture, "00000")
    assert re.search(r'data-classe="0"[^>]*>(?:(?!</li>).)*●\u00a0Salazie', seule)


def test_one_class():
    lecture = read_carte(build_indicateur(), build_valeurs([7, 7]), ["00000", "00001"])
    rendu = render(lecture, "00000")
    assert list_boutons(rendu) == ["0"]
    assert "--n:1" in rendu
    assert "left:50.0%" in rendu


def test_no_value_at_all():
    lecture = read_carte(build_indicateur(), build_valeurs([None], {0: "secret"}), ["00000"])
    rendu = render(lecture, "00000")
    assert "Aucune valeur à montrer" in rendu
    assert list_boutons(rendu) == ["s"]
    assert "▽" not in rendu


def test_fixed_class_that_nothing_reaches_is_named():
    fixes = build_indicateur(classes={"methode": "fixes", "bornes": (10, 20)})
    lecture = read_carte(fixes, build_valeurs([15, 16]), ["00000", "00001"])
    assert [e.libelle for e in make_legende(lecture).entrees] == ["10 ou moins", "10 – 20", "plus de 20"]


def test_two_references_never_overlap():
    rendu = render(read_exemple())
    places = [float(p) for p in re.findall(r'class="repere"[^>]*left:([\d.]+)%', rendu)]
    assert len(places) == 2
    assert places[1] - places[0] >= 100 * ECART_REPERES / 4 - 0.2
    assert ["▽" in rendu, "▼" in rendu] == [True, True]


@pytest.mark.parametrize("places", [[1.0, 1.0], [2.5, 2.45], [0.1, 3.0]])
def test_spreading_keeps_the_order_and_the_gap(places):
    rendues = spread_reperes(places)
    assert abs(rendues[1] - rendues[0]) >= ECART_REPERES - 1e-9
    assert (rendues[0] <= rendues[1]) == (places[0] <= places[1])
    assert sum(rendues) == pytest.approx(sum(places))
