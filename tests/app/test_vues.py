"""Vue d'une carte : part ou nombre, échelle partagée, et des clés qui lient légende, carte et tableau."""

import json
import re

import numpy as np
import pytest

from observatoire.analyse.consultation import open_consultation
from observatoire.app.vues import CleVue, build_vue, render_legende
from observatoire.cartes.fond import load_index
from observatoire.cartes.mesures import derive_nombre, read_mesure
from observatoire.cartes.valeurs import decode_valeurs
from observatoire.modeles.mailles import Maille

PART = CleVue("part_bas_revenus", "commune", "2010", "974")


@pytest.fixture(scope="module")
def construire(espace_essai):
    consultation = open_consultation(espace_essai)
    fonds = load_index(espace_essai.fonds / consultation.publication.fonds)
    return lambda cle: build_vue(consultation, cle, fonds)


def plain(texte):
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


def test_part_says_its_range_and_colours_surfaces(construire):
    vue = construire(PART)
    assert plain(vue.resume) == (
        "En 2010, 31,5 % des ménages de La Réunion étaient à bas revenus ; selon les communes, de 20,0 % à 35,5 %."
    )
    assert vue.message["dessin"]["type"] == "aplats"
    assert vue.indicateur is vue.choisi


def test_number_says_how_many_and_draws_symbols(construire):
    vue = construire(PART._replace(mesure="nombre"))
    assert plain(vue.resume).startswith("En 2010, on comptait à La Réunion 945 ménages (x) ; selon les communes, de ")
    assert vue.message["dessin"]["type"] == "symboles"
    assert vue.message["dessin"]["maximum"] == 355
    assert vue.choisi.id == vue.indicateur.id == "part_bas_revenus"
    assert vue.unite_denominateur == ""
    statuts = dict(zip(vue.valeurs.code_territoire, vue.valeurs.statut, strict=True))
    assert (statuts["97403"], statuts["97404"]) == ("secret", "non_disponible")


def test_number_is_the_numerator_of_the_part(construire):
    part, nombre = construire(PART), construire(PART._replace(mesure="nombre"))
    assert nombre.valeurs.valeur.tolist()[:2] == part.valeurs.numerateur.tolist()[:2] == [200, 355]
    # La valeur estimée garde un intervalle ; l'exacte n'en a pas.
    bornes = nombre.valeurs[["borne_inf", "borne_sup"]].to_numpy()[:2]
    np.testing.assert_allclose(bornes, [[200, 200], [340, 370]])


def test_published_count_comes_first(espace_essai, construire):
    """Un effectif publié sur la même variable est montré tel quel : mêmes bornes, même phrase."""
    consultation = open_consultation(espace_essai)
    rapport = consultation.find_indicateur("part_bas_revenus").model_copy(
        update={"id": "lieux_1000", "numerateur": "lieux", "multiplicateur": 1000.0, "unite": "pour 1 000 hab."}
    )
    montre, valeurs = read_mesure(consultation, rapport, "nombre", Maille.COMMUNE, "2026", "974")
    assert montre.id == "nb_lieux"
    assert valeurs.valeur.tolist()[0] == 3
    # Un autre millésime n'a pas de compte publié : le nombre se déduit du rapport.
    montre, _ = read_mesure(consultation, rapport, "nombre", Maille.COMMUNE, "2010", "974")
    assert montre.id == "lieux_1000"


def test_measure_that_does_not_exist_falls_back_to_the_indicator(construire):
    vue = construire(CleVue("nb_lieux", "commune", "2026", "974", "nombre"))
    assert vue.indicateur is vue.choisi


def test_legend_of_a_chosen_territory(construire):
    vue = construire(PART)
    choisie = render_legende(vue, "97401", "Les Avirons")
    assert "●\u00a0Les Avirons\u00a020,0\u00a0%" in choisie
    assert "●" not in vue.legende
    assert f'data-vue="{vue.nom_vue}"' in vue.legende
    assert "<button" in vue.legende


def test_names_of_views_differ(construire):
    noms = {construire(c).nom_vue for c in (PART, PART._replace(mesure="nombre"), PART._replace(classes_avec="2010"))}
    assert len(noms) == 3


def test_unknown_shared_period_is_ignored(construire):
    assert construire(PART._replace(classes_avec="1999")).lecture.decoupage == construire(PART).lecture.decoupage


def test_message_holds_what_the_legend_counts(construire):
    """La carte et la légende comptent les mêmes territoires dans les mêmes états."""
    vue = construire(PART)
    _, lettres = decode_valeurs(vue.message["valeurs"])
    etats = {e.cle: e.effectif for e in vue.base_legende.etats}
    assert {c: lettres.count(c) for c in etats} == etats
    assert sum(e.effectif for e in vue.base_legende.entrees) == len(lettres) - sum(etats.values())


def test_zero_is_sent_as_a_zero(construire):
    vue = construire(CleVue("nb_lieux", "commune", "2026", "974"))
    _, lettres = decode_valeurs(vue.message["valeurs"])
    assert lettres == ["p", "d", "d", "z"]
    assert re.search(r'data-classe="z"', vue.legende)


def test_key_can_travel_in_an_address(construire):
    assert json.loads(json.dumps(list(PART))) == [*PART]
    assert CleVue("a", "commune", "2010", "FR").departement_seul is None


def test_derived_sheet_is_the_one_of_the_view(espace_essai, construire):
    consultation = open_consultation(espace_essai)
    part = consultation.find_indicateur("part_bas_revenus")
    valeurs = consultation.read_valeurs(part, Maille.COMMUNE, "2010", "974")
    fiche, nombres = derive_nombre(consultation, part, valeurs)
    vue = construire(PART._replace(mesure="nombre"))
    assert fiche == vue.indicateur
    assert nombres.valeur.tolist()[:2] == vue.valeurs.valeur.tolist()[:2]
