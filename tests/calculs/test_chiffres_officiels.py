"""Un producteur qui donne lui-même l'EPCI ou le département l'emporte sur toute somme ; rien n'y est projeté."""

import pandas as pd
import pytest

from observatoire.territoires.rattachements import list_inchanges
from observatoire.territoires.referentiel import Referentiel

MEDIANES = {"01001": 20_000, "01002": 18_000}


def test_mediane_of_an_epci_is_the_producer_s(monde):
    monde.add("mediane", MEDIANES, additive=False)
    monde.add_officielles("mediane", "epci", {"E1": 19_500})
    monde.add_officielles("mediane", "departement", {"01": 18_900})
    o = monde.compute("quantile", "mediane", unite="€")
    assert o.valeur("commune", "01001") == 20_000
    assert (o.valeur("epci", "E1"), o.statut("epci", "E1")) == (19_500, "publie")
    assert o.valeur("departement", "01") == 18_900
    assert not o.has("epci", "E2"), "une médiane ne s'agrège pas"
    assert not o.has("france", "FR")


def test_producer_s_total_wins_over_the_sum(monde):
    """La somme d'arrondis à 5 n'est pas le total du producteur."""
    monde.add("foyers", {"01001": 10, "01002": 20, "02001": 5}, arrondi=5)
    monde.add_officielles("foyers", "departement", {"01": 27})
    o = monde.compute("effectif", "foyers")
    assert (o.valeur("departement", "01"), o.statut("departement", "01")) == (27, "publie")
    # Le niveau que le producteur donne ne sert pas à en calculer un autre : la France reste la somme des communes.
    assert o.valeur("france", "FR") == 35


def test_ratio_takes_both_terms_of_the_producer(monde):
    monde.add("cas", {"01001": 10, "01002": 40})
    monde.add("menages", {"01001": 20, "01002": 80})
    monde.add_officielles("cas", "departement", {"01": 48})
    monde.add_officielles("menages", "departement", {"01": 96})
    o = monde.compute("ratio", "cas", denominateur="menages", multiplicateur=100, unite="%")
    assert o.valeur("departement", "01") == 50
    assert o.get("departement", "01").numerateur == 48


def test_ratio_is_computed_when_one_term_is_missing(monde):
    monde.add("cas", {"01001": 10, "01002": 40})
    monde.add("menages", {"01001": 20, "01002": 80})
    monde.add_officielles("cas", "departement", {"01": 48})
    o = monde.compute("ratio", "cas", denominateur="menages", multiplicateur=100, unite="%")
    assert o.get("departement", "01").numerateur == 50


def test_indice_of_the_producer_is_kept(monde):
    monde.add("gini", {"01001": 0.25}, additive=False)
    monde.add_officielles("gini", "epci", {"E1": 0.31})
    o = monde.compute("indice", "gini", unite="indice", decimales=2)
    assert (o.valeur("commune", "01001"), o.valeur("epci", "E1")) == (0.25, 0.31)


def test_only_the_wide_levels_are_published_when_the_base_is_absent(monde):
    monde.add("mediane", {}, additive=False)
    monde.add_officielles("mediane", "epci", {"E1": 19_500})
    o = monde.compute("quantile", "mediane", unite="€")
    assert o.table[["maille", "code_territoire"]].to_numpy().tolist() == [["epci", "E1"]]


def _write(dossier, anciennes):
    """Deux COG où les communes ne changent pas ; les EPCI d'hier sont ``anciennes``."""
    communes = ["01001", "01002", "02001"]
    nouvelles = {"01001": "E1", "01002": "E1", "02001": "E2"}
    territoires = [(cog, "commune", c, c[:2], c) for cog in ("2025", "2026") for c in communes]
    liens = []
    for cog, epci in (("2025", anciennes), ("2026", nouvelles)):
        territoires += [(cog, "epci", e, None, e) for e in sorted(set(epci.values()))]
        liens += [(cog, "commune", c, "epci", e) for c, e in epci.items()]
    pd.DataFrame(territoires, columns=["cog", "maille", "code", "code_departement", "libelle"]).to_parquet(
        dossier / "territoires.parquet"
    )
    pd.DataFrame(liens, columns=["cog", "maille_enfant", "code_enfant", "maille_parent", "code_parent"]).to_parquet(
        dossier / "appartenances.parquet"
    )
    vides = pd.DataFrame({n: [] for n in ("cog_de", "cog_vers", "code_de", "code_vers", "poids", "nature")}, dtype=str)
    vides.astype({"poids": float}).to_parquet(dossier / "passages.parquet")
    return Referentiel(dossier, "2026")


@pytest.mark.parametrize(
    ("anciennes", "inchanges"),
    [
        ({"01001": "E1", "01002": "E1", "02001": "E2"}, ["E1", "E2"]),  # rien n'a bougé
        ({"01001": "E1", "01002": "E2", "02001": "E2"}, []),  # une commune a changé d'EPCI : ni l'un ni l'autre
        ({"01001": "E1", "01002": "E1", "02001": "E3"}, ["E1"]),  # un EPCI a changé de code
    ],
)
def test_epci_that_moved_is_another_territory(tmp_path, anciennes, inchanges):
    referentiel = _write(tmp_path, anciennes)
    assert list(list_inchanges(referentiel, "epci", "2025")) == inchanges
