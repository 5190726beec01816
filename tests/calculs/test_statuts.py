"""Couverture, secret, champ, petit dénominateur : ce qui manque se voit, et n'est jamais un zéro."""

import numpy as np
import pytest

CHIFFRES = ["valeur", "borne_inf", "borne_sup", "numerateur", "denominateur"]
CAS = {"01001": 10, "01002": 40, "02001": 90, "02002": 6, "02009": 4}


def without(*codes):
    return {c: n for c, n in CAS.items() if c not in codes}


# Sur 700 habitants : on cache une commune de plus en plus grande, en jouant sur les habitants.
COUVERTURES = [
    # habitants de la commune absente, couverture de l'EPCI, statut d'un rapport, statut d'un effectif
    (300 / 24, 0.96, "publie", "partiel"),
    (300 * 15 / 85, 0.85, "partiel", "partiel"),
    (300, 0.5, "non_disponible", "non_disponible"),
]


@pytest.mark.parametrize(("habitants", "couverture", "rapport", "effectif"), COUVERTURES)
def test_couverture_decides_what_is_shown(monde, habitants, couverture, rapport, effectif):
    monde.add(
        "population_municipale", {"01001": habitants, "02001": 300, "01002": 1, "02002": 1, "02009": 1}, periode="2026"
    )
    monde.add("cas", without("01001"), periode="2026")
    monde.add("logements", dict.fromkeys(CAS, 200), periode="2026")
    ratio = monde.compute("ratio", "cas", denominateur="logements", multiplicateur=100)
    somme = monde.compute("effectif", "cas")
    assert ratio.get("epci", "E1").couverture == pytest.approx(couverture)
    assert ratio.statut("epci", "E1") == rapport
    assert somme.statut("epci", "E1") == effectif
    if rapport == "non_disponible":
        assert ratio.get("epci", "E1")[CHIFFRES].isna().all()
    else:
        # Les seules communes où numérateur et dénominateur sont connus : jamais d'extrapolation.
        assert ratio.valeur("epci", "E1") == 45
        assert somme.valeur("epci", "E1") == 90


def test_partiel_never_claims_to_be_exact(monde):
    monde.add("cas", without("02009"))
    monde.add("logements", dict.fromkeys(CAS, 200))
    somme = monde.compute("effectif", "cas")
    assert somme.statut("epci", "E2") == "partiel"
    assert somme.bornes("epci", "E2") == pytest.approx((46, np.nan), nan_ok=True)
    ratio = monde.compute("ratio", "cas", denominateur="logements")
    assert ratio.statut("epci", "E2") == "partiel"
    assert np.isnan(ratio.bornes("epci", "E2")).all()


def test_territoire_sans_rien_has_no_line(monde):
    monde.add("cas", without("01001", "02001"))
    o = monde.compute("effectif", "cas")
    assert not o.has("commune", "01001")
    assert not o.has("epci", "E1")


def test_commune_secrete_shows_no_number(monde):
    monde.add("cas", CAS | {"01001": "s"})
    monde.add("logements", dict.fromkeys(CAS, 200))
    for o in (monde.compute("effectif", "cas"), monde.compute("ratio", "cas", denominateur="logements")):
        secrete = o.get("commune", "01001")
        assert secrete.statut == "secret"
        assert secrete[CHIFFRES].isna().all()
        assert secrete.marques == ""
        # 300 habitants connus sur 400 : l'EPCI se tairait sous 80 %, et dit que c'est un secret.
        assert o.statut("epci", "E1") == "secret"
        assert o.get("epci", "E1")[CHIFFRES].isna().all()


def test_small_commune_secrete_leaves_its_epci_partial(monde):
    monde.add("cas", CAS | {"02009": "s"})
    o = monde.compute("effectif", "cas")
    assert o.statut("commune", "02009") == "secret"
    assert (o.valeur("epci", "E2"), o.statut("epci", "E2")) == (46, "partiel")


def test_secret_du_denominateur_hides_the_ratio(monde):
    monde.add("cas", CAS)
    monde.add("logements", dict.fromkeys(CAS, 200) | {"01001": "s"})
    o = monde.compute("ratio", "cas", denominateur="logements")
    assert o.statut("commune", "01001") == "secret"
    assert o.get("commune", "01001")[CHIFFRES].isna().all()


def test_secret_absence_zero_et_hors_champ_stay_apart(monde):
    monde.add("cas", {"01001": "s", "01002": "nd", "02001": 0, "02002": "///", "02009": 4})
    o = monde.compute("effectif", "cas")
    assert o.statut("commune", "01001") == "secret"
    assert not o.has("commune", "01002") or o.statut("commune", "01002") == "non_disponible"
    assert (o.valeur("commune", "02001"), o.statut("commune", "02001")) == (0, "publie")
    assert o.statut("commune", "02002") == "hors_champ"


def test_denominateur_nul_is_hors_champ(monde):
    monde.add("cas", CAS | {"01001": 0})
    monde.add("logements", dict.fromkeys(CAS, 200) | {"01001": 0})
    o = monde.compute("ratio", "cas", denominateur="logements", multiplicateur=100)
    assert o.statut("commune", "01001") == "hors_champ"
    assert o.get("commune", "01001")[CHIFFRES].isna().all()
    assert (o.valeur("epci", "E1"), o.statut("epci", "E1")) == (45, "publie")


def test_petit_denominateur_is_non_significatif_but_keeps_its_value(monde):
    monde.add("cas", CAS)
    monde.add("logements", dict.fromkeys(CAS, 200) | {"02009": 8})
    o = monde.compute("ratio", "cas", denominateur="logements", multiplicateur=100, min_denominateur=50)
    petite = o.get("commune", "02009")
    assert (petite.valeur, petite.borne_inf, petite.borne_sup, petite.statut) == (50, 50, 50, "non_significatif")
    assert o.statut("commune", "01001") == "publie"


def test_petit_denominateur_still_says_it_is_partial(monde):
    monde.add("cas", without("02009"))
    monde.add("logements", dict.fromkeys(CAS, 10))
    o = monde.compute("ratio", "cas", denominateur="logements", min_denominateur=50).get("epci", "E2")
    assert (o.statut, o.marques) == ("non_significatif", "partiel")
    assert np.isnan([o.borne_inf, o.borne_sup]).all()


def test_arrondis_add_their_margins(monde):
    monde.add("cas", {"01001": 0, "01002": 10, "02001": 5, "02002": 15, "02009": 20}, arrondi=5)
    o = monde.compute("effectif", "cas")
    assert (o.bornes("commune", "01001"), o.statut("commune", "01001")) == ((0, 2), "arrondi")
    assert (o.valeur("epci", "E1"), o.bornes("epci", "E1")) == (5, (3, 9))
    assert (o.valeur("france", "FR"), o.bornes("france", "FR")) == (50, (42, 60))


def test_arrondi_widens_a_ratio(monde):
    monde.add("cas", {"01001": 5, "01002": 10, "02001": 5, "02002": 15, "02009": 20}, arrondi=5)
    o = monde.compute("ratio", "cas", denominateur="population_municipale", multiplicateur=100, unite="%")
    assert (o.valeur("commune", "01001"), o.bornes("commune", "01001")) == (5, pytest.approx((3, 7)))
    assert o.statut("commune", "01001") == "arrondi"
