"""Chaque type de mesure a sa règle d'agrégation ; les nombres sont ceux du petit monde."""

import numpy as np
import pytest

CAS = {"01001": 10, "01002": 40, "02001": 90, "02002": 6, "02009": 0}
LOGEMENTS = {"01001": 20, "01002": 400, "02001": 100, "02002": 60, "02009": 40}


def test_effectif_is_summed_at_every_level(monde):
    monde.add("cas", CAS)
    o = monde.compute("effectif", "cas")
    assert [o.valeur("epci", "E1"), o.valeur("epci", "E2")] == [100, 46]
    assert [o.valeur("departement", "01"), o.valeur("departement", "02")] == [50, 96]
    assert o.valeur("region", "R1") == o.valeur("france", "FR") == 146
    assert set(o.table.statut) == {"publie"}
    assert (o.table.borne_inf == o.table.valeur).all()
    assert (o.table.borne_sup == o.table.valeur).all()
    assert o.table.denominateur.isna().all()


def test_zero_vrai_is_a_published_zero(monde):
    monde.add("cas", CAS)
    zero = monde.compute("effectif", "cas").get("commune", "02009")
    assert (zero.valeur, zero.borne_inf, zero.borne_sup, zero.statut) == (0, 0, 0, "publie")


def test_ratio_is_the_ratio_of_sums_not_the_mean_of_rates(monde):
    monde.add("cas", CAS)
    monde.add("logements", LOGEMENTS)
    o = monde.compute("ratio", "cas", denominateur="logements", multiplicateur=100, unite="%")
    taux = [o.valeur("commune", c) for c in ("01001", "02001")]
    assert taux == [50, 90]
    assert o.valeur("epci", "E1") == pytest.approx(100 * 100 / 120)
    assert o.valeur("epci", "E1") != pytest.approx(np.mean(taux))
    e1 = o.get("epci", "E1")
    assert (e1.numerateur, e1.denominateur, e1.periode_denominateur) == (100, 120, "2025")


def test_densite_divides_by_the_surface(monde):
    monde.add("surface", {"01001": 10.0, "01002": 5.0, "02001": 20.0, "02002": 1.0, "02009": 4.0})
    o = monde.compute("densite", "population_municipale", denominateur="surface")
    assert o.valeur("commune", "01002") == 40
    assert o.valeur("epci", "E1") == pytest.approx(400 / 30)


def test_moyenne_is_weighted(monde):
    monde.add("loyer", {"01001": 8.0, "01002": 5.0, "02001": 12.0, "02002": 4.0, "02009": 4.0}, additive=False)
    o = monde.compute("moyenne", "loyer", poids="population_municipale")
    assert o.valeur("commune", "01001") == 8
    assert o.valeur("epci", "E1") == pytest.approx((100 * 8 + 300 * 12) / 400)
    assert o.statut("epci", "E1") == "publie"


def test_typologie_keeps_the_single_class_and_shares_the_others(monde):
    zones = {"01001": "A", "01002": "B", "02001": "C", "02002": "B", "02009": "B"}
    monde.add("zone", zones, categorie=True, additive=False)
    modalites = [{"code": c, "libelle": c} for c in "ABC"]
    o = monde.compute("typologie", "zone", modalites=modalites)
    assert o.get("commune", "01001", "A").valeur == 100
    assert o.get("epci", "E2", "B").valeur == 100
    assert o.get("epci", "E1", "A").valeur == 25
    assert o.get("epci", "E1", "C").valeur == 75
    # Une classe absente d'un territoire n'y a pas de ligne : la classe de la plus grande commune n'est pas la seule.
    assert sorted(o.table.query("maille == 'epci' and code_territoire == 'E1'").modalite) == ["A", "C"]


def test_typologie_of_a_secret_commune_names_no_class(monde):
    monde.add("zone", {"01001": "s", "01002": "B", "02001": "C", "02002": "B", "02009": "B"}, categorie=True)
    modalites = [{"code": c, "libelle": c} for c in "ABC"]
    o = monde.compute("typologie", "zone", modalites=modalites)
    assert o.statut("commune", "01001") == "secret"


def test_evolution_is_annual_and_of_the_sums(monde):
    monde.add("cas", {"01001": 100, "01002": 100, "02001": 300, "02002": 0, "02009": 50}, periode="2016")
    monde.add("cas", {"01001": 121, "01002": 100, "02001": 363, "02002": 9, "02009": 50}, periode="2018")
    o = monde.compute("evolution", "cas", periodes=["2016-2018"], unite="% par an")
    assert o.valeur("commune", "01001") == pytest.approx(10)
    assert o.valeur("commune", "01002") == 0
    assert o.valeur("epci", "E1") == pytest.approx(10)
    assert o.statut("commune", "02002") == "hors_champ"
    assert o.get("epci", "E1").periode == "2016-2018"


def test_mesure_reprise_is_left_out_of_an_evolution(monde):
    # Comme Mayotte : la population de 2016 y est celle de 2012, sa durée n'est pas la même.
    monde.add("cas", dict.fromkeys(CAS, 100), periode="2016", mesurees={"01001": "2012"})
    monde.add("cas", dict.fromkeys(CAS, 121), periode="2018")
    o = monde.compute("evolution", "cas", periodes=["2016-2018"])
    assert not o.has("commune", "01001") or o.statut("commune", "01001") == "non_disponible"
    assert o.valeur("commune", "02001") == pytest.approx(10)
    assert o.statut("epci", "E1") == "non_disponible"  # 300 habitants couverts sur 400


def test_mesure_reprise_is_estimated_in_an_effectif(monde):
    monde.add("cas", CAS, mesurees={"01001": "2017"})
    o = monde.compute("effectif", "cas")
    assert (o.valeur("commune", "01001"), o.statut("commune", "01001")) == (10, "estime")
    assert np.isnan(o.bornes("commune", "01001")).all()
    assert np.isnan(o.bornes("epci", "E1")).all()


def test_quantile_is_never_aggregated(monde):
    monde.add("mediane", {"01001": 20_000, "01002": 18_000, "02001": 22_000}, additive=False)
    o = monde.compute("quantile", "mediane")
    assert set(o.table.maille) == {"commune"}
    assert o.valeur("commune", "01002") == 18_000


def test_quantile_of_merged_or_split_communes_is_unknown(monde):
    medianes = {"01001": 20_000, "01002": 18_000, "01003": 16_000, "02002": 21_000}
    monde.add("mediane", medianes, cog="2025", additive=False)
    o = monde.compute("quantile", "mediane")
    assert o.valeur("commune", "01001") == 20_000
    for code in ("01002", "02002", "02009"):
        assert not o.has("commune", code) or o.statut("commune", code) == "non_disponible"


def test_periode_du_denominateur_is_the_nearest(monde):
    monde.add("cas", CAS, periode="2021")
    for periode, facteur in (("2019", 1), ("2020", 2), ("2022", 4)):
        monde.add("logements", {c: n * facteur for c, n in LOGEMENTS.items()}, periode=periode)
    o = monde.compute("ratio", "cas", denominateur="logements")
    ligne = o.get("commune", "01001")
    assert (ligne.periode, ligne.periode_denominateur, ligne.denominateur) == ("2021", "2020", 40)


def test_departement_source_goes_up_only(monde):
    monde.add("inscrits", {"01": 1000, "02": 500}, maille="departement")
    o = monde.compute("effectif", "inscrits")
    assert set(o.table.maille) == {"departement", "region", "france"}
    assert o.valeur("france", "FR") == 1500
