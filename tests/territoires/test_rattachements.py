"""Rattachements : les poids se composent, et redeviennent entiers là où toutes les parts se rejoignent."""

import pandas as pd
import pytest

from observatoire.config import RACINE_DEPOT
from observatoire.modeles.mailles import Maille
from observatoire.territoires.rattachements import (
    base_to_communes,
    communes_to,
    compose,
    from_niveau_large,
    to_arrondissements,
)
from observatoire.territoires.referentiel import Referentiel
from tests.territoires.petit_referentiel import write_petit_referentiel


@pytest.fixture
def petit(tmp_path):
    return write_petit_referentiel(tmp_path)


def lit(table):
    return {(b, c): p for b, c, p in table.itertuples(index=False)}


def attach(*lignes):
    return pd.DataFrame(lignes, columns=["code_base", "code_cible", "poids"])


def test_commune_scindee_regains_its_whole_weight_in_its_epci(petit):
    vers_epci = compose(base_to_communes(petit, Maille.COMMUNE, "2025"), communes_to(petit, Maille.EPCI))
    assert lit(vers_epci)["02002", "E2"] == 1.0


def test_groupe_de_carreaux_follows_its_own_weights(petit):
    explicite = attach(("R1", "01001", 0.25), ("R1", "01002", 0.45), ("R1", "01003", 0.3), ("R2", "02002", 1.0))
    communes = lit(base_to_communes(petit, Maille.RECTANGLE, "2025", explicite))
    assert communes == pytest.approx(
        {("R1", "01001"): 0.25, ("R1", "01002"): 0.75, ("R2", "02002"): 0.6, ("R2", "02009"): 0.4}
    )
    # À cheval sur deux EPCI, mais tout entier dans son département.
    assert lit(compose(attach(*[(b, c, p) for (b, c), p in communes.items()]), communes_to(petit, Maille.DEPARTEMENT)))[
        "R1", "01"
    ] == (1.0)


def test_poids_presque_entier_becomes_entier():
    tiers = attach(*[("A", f"c{k}", 1 / 3) for k in range(3)])
    vers = attach(*[(f"c{k}", "P", 1.0) for k in range(3)])
    assert lit(compose(tiers, vers)) == {("A", "P"): 1.0}


def test_unite_sans_suite_is_left_aside():
    assert lit(compose(attach(("A", "c1", 1.0), ("B", "c2", 1.0)), attach(("c1", "P", 1.0)))) == {("A", "P"): 1.0}


def test_departement_goes_up_only(petit):
    assert lit(from_niveau_large(petit, Maille.DEPARTEMENT, Maille.FRANCE)) == {("01", "FR"): 1.0, ("02", "FR"): 1.0}
    assert lit(from_niveau_large(petit, Maille.REGION, Maille.FRANCE)) == {("R1", "FR"): 1.0}
    assert from_niveau_large(petit, Maille.DEPARTEMENT, Maille.EPCI) is None


@pytest.fixture(scope="module")
def reel():
    return Referentiel(RACINE_DEPOT / "data" / "referentiel")


@pytest.mark.parametrize("maille", [Maille.COMMUNE, Maille.DEPARTEMENT, Maille.REGION, Maille.FRANCE])
def test_toute_commune_reelle_belongs_once_to_each_level(reel, maille):
    liens = communes_to(reel, maille)
    assert sorted(liens.code_base) == reel.list_communes(reel.cog).tolist()
    assert set(liens.code_cible) == set(reel.list_territoires(maille).code)


def test_iris_reels_belong_to_one_commune_of_their_cog(reel):
    liens = base_to_communes(reel, Maille.IRIS, reel.cog_iris)
    assert liens.groupby("code_base").poids.sum().to_numpy() == pytest.approx(1.0)
    assert set(liens.code_cible) <= set(reel.list_communes(reel.cog))


def test_seuls_paris_lyon_marseille_have_arrondissements_municipaux(reel):
    liens = to_arrondissements(reel, Maille.IRIS, reel.cog_iris)
    assert set(liens.code_cible) == set(reel.list_territoires(Maille.ARRONDISSEMENT_MUNICIPAL).code)
    assert {c[:3] for c in liens.code_cible} == {"751", "693", "132"}
    assert to_arrondissements(reel, Maille.COMMUNE, "2026") is None
