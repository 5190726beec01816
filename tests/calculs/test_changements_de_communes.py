"""Fusions, scissions, groupes de carreaux : exact où les parts se rejoignent, estimé ailleurs."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.calculs.petit_monde import PetitMonde

AVANT = {"01001": 10, "01002": 40, "01003": 8, "02001": 90, "02002": 20}


def test_communes_fusionnees_are_summed_exactly(monde):
    monde.add("cas", AVANT, cog="2025")
    o = monde.compute("effectif", "cas")
    assert (o.valeur("commune", "01002"), o.statut("commune", "01002")) == (48, "publie")
    assert not o.has("commune", "01003")


def test_commune_scindee_is_estimated_between_zero_and_the_whole(monde):
    monde.add("cas", AVANT, cog="2025")
    o = monde.compute("effectif", "cas")
    assert (o.valeur("commune", "02002"), o.valeur("commune", "02009")) == pytest.approx((12, 8))
    for code in ("02002", "02009"):
        assert o.statut("commune", code) == "estime"
        assert o.bornes("commune", code) == (0, 20)


def test_commune_scindee_is_exact_again_in_its_epci(monde):
    monde.add("cas", AVANT, cog="2025")
    o = monde.compute("effectif", "cas")
    for maille, code, somme in (("epci", "E2", 68), ("departement", "02", 110), ("france", "FR", 168)):
        assert (o.valeur(maille, code), o.statut(maille, code), o.bornes(maille, code)) == (
            somme,
            "publie",
            (somme, somme),
        )


def test_zero_split_in_two_is_still_a_true_zero(monde):
    monde.add("cas", AVANT | {"02002": 0}, cog="2025")
    o = monde.compute("effectif", "cas")
    assert (o.valeur("commune", "02009"), o.statut("commune", "02009")) == (0, "publie")


def test_ratio_of_a_split_commune_keeps_its_rate_with_bounds(monde):
    monde.add("cas", AVANT, cog="2025")
    monde.add("logements", dict.fromkeys(AVANT, 100), cog="2025")
    o = monde.compute("ratio", "cas", denominateur="logements", multiplicateur=100, unite="%")
    assert (o.valeur("commune", "02009"), o.statut("commune", "02009")) == (pytest.approx(20), "estime")
    assert o.bornes("commune", "02009") == (0, 100)
    assert (o.valeur("epci", "E2"), o.statut("epci", "E2")) == (pytest.approx(100 * 68 / 300), "publie")


def test_secret_before_a_fusion_hides_the_new_commune(monde):
    monde.add("cas", AVANT | {"01003": "s"}, cog="2025")
    o = monde.compute("effectif", "cas")
    nouvelle = o.get("commune", "01002")
    # Sa commune la plus peuplée est connue, mais la moitié des communes ne fait pas un total.
    assert nouvelle.statut == "secret"
    assert pd.isna(nouvelle.valeur)


def test_ratio_of_two_cogs_meets_in_the_target_communes(monde):
    monde.add("cas", AVANT, cog="2025")
    o = monde.compute("ratio", "cas", denominateur="population_municipale", multiplicateur=100)
    assert o.valeur("commune", "01002") == pytest.approx(24)
    assert o.statut("commune", "01002") == "publie"
    assert o.valeur("commune", "02009") == pytest.approx(100 * 8 / 40)
    assert o.statut("commune", "02009") == "estime"


def test_intensive_variable_of_merged_communes_is_bounded_by_them(monde):
    populations = {"01001": 100, "01002": 150, "01003": 50, "02001": 300, "02002": 100}
    monde.add("population_municipale", populations, periode="2024", cog="2025")
    monde.add(
        "loyer", {"01001": 8.0, "01002": 4.0, "01003": 8.0, "02001": 12.0, "02002": 6.0}, cog="2025", additive=False
    )
    o = monde.compute("moyenne", "loyer", poids="population_municipale")
    assert (o.valeur("commune", "01002"), o.statut("commune", "01002")) == (pytest.approx(5), "estime")
    assert o.bornes("commune", "01002") == pytest.approx((4, 8))
    # 02009 n'est qu'un morceau de 02002 : rien ne dit qu'il avait la moyenne du tout, sinon l'étendue observée.
    assert (o.valeur("commune", "02009"), o.statut("commune", "02009")) == (6, "estime")
    assert o.bornes("commune", "02009") == (4, 12)


CARREAUX = pd.DataFrame(
    [("R1", "01001", 0.25), ("R1", "01002", 0.75), ("R2", "02001", 1.0), ("R3", "02002", 0.5), ("R3", "02009", 0.5)],
    columns=["code_base", "code_cible", "poids"],
)


def test_groupe_de_carreaux_is_exact_where_it_is_whole(monde):
    monde.add("menages", {"R1": 40, "R2": 30, "R3": 12}, maille="rectangle", rattachement=CARREAUX)
    o = monde.compute("effectif", "menages")
    assert (o.valeur("commune", "01001"), o.bornes("commune", "01001")) == (10, (0, 40))
    assert o.statut("commune", "01001") == "estime"
    assert (o.valeur("commune", "02001"), o.statut("commune", "02001")) == (30, "publie")
    assert (o.valeur("departement", "01"), o.statut("departement", "01")) == (40, "publie")
    assert o.bornes("epci", "E2") == (12, 52)  # R3 est tout entier dans E2, R1 à cheval


EFFECTIFS = st.integers(min_value=0, max_value=500)


@settings(derandomize=True, deadline=None, max_examples=15)
@given(st.fixed_dictionaries(dict.fromkeys(AVANT, EFFECTIFS)))
def test_masse_is_the_same_at_every_level(tmp_path_factory, cas):
    monde = PetitMonde(tmp_path_factory.mktemp("monde"))
    monde.add("cas", cas, cog="2025")
    table = monde.compute("effectif", "cas").table
    assert table.groupby("maille").valeur.sum().tolist() == pytest.approx([sum(cas.values())] * 5)
    assert (table.borne_inf <= table.valeur).all()
    assert (table.valeur <= table.borne_sup).all()
