"""Millésime d'une liste de codes, mélanges, et ce qui se projette."""

import pandas as pd
import pytest

from observatoire.config import RACINE_DEPOT
from observatoire.modeles.indicateurs import AGREGATIONS_PERMISES, Agregation, TypeMesure
from observatoire.modeles.mailles import Maille
from observatoire.territoires.millesimes import find_melange, list_cogs_of, list_millesimes_possibles
from observatoire.territoires.projetables import can_project, explain_projection
from observatoire.territoires.referentiel import Referentiel
from observatoire.territoires.stabilite import geographie_stable


@pytest.fixture(scope="module")
def reel():
    return Referentiel(RACINE_DEPOT / "data" / "referentiel")


@pytest.mark.parametrize("cog", ["2019", "2021", "2025"])
def test_millesime_of_epci_is_found_from_their_codes(reel, cog):
    codes = pd.Index(reel.list_territoires(Maille.EPCI, cog).code)
    meilleur = list_millesimes_possibles(reel, codes, Maille.EPCI).iloc[0]
    assert (meilleur.inconnus, meilleur.absents) == (0, 0)
    assert set(reel.list_territoires(Maille.EPCI, meilleur.cog).code) == set(codes)


def test_iris_have_a_single_millesime(reel):
    codes = pd.Index(["010010000", "330630101", "999999999"])
    assert list_cogs_of(reel, Maille.IRIS) == ("2023",)
    assert list_millesimes_possibles(reel, codes, Maille.IRIS)[["cog", "connus", "inconnus"]].to_numpy().tolist() == [
        ["2023", 2, 1]
    ]


@pytest.mark.parametrize("cog", ["2019", "2022", "2026"])
def test_liste_of_one_cog_is_not_a_melange(reel, cog):
    assert find_melange(reel, reel.list_communes(cog)) is None


def test_melange_names_the_codes_of_each_cog(reel):
    # 01039 Béon disparaît en 2023 ; 60694 naît en 2024 ; 99999 n'existe jamais.
    melange = find_melange(reel, pd.Index(["01001", "01002", "01039", "60694", "85165", "99999"]))
    assert melange.cog == "2026"
    assert melange.codes == {"2022": ("01039",)}
    assert melange.inconnus == ("99999",)


def test_repeated_codes_do_not_change_the_diagnostic(reel):
    codes = pd.Index(["01001", "01001", "01039"])
    assert list_millesimes_possibles(reel, codes).cog.iloc[0] == "2022"
    assert find_melange(reel, codes) is None


def test_arrondissements_mixed_with_communes_are_simply_unknown(reel):
    assert find_melange(reel, pd.Index(["75056", "75101", "75102"])) is None


@pytest.mark.parametrize("type_mesure", list(TypeMesure))
def test_medianes_and_typologies_are_never_projected(type_mesure):
    interdits = {TypeMesure.QUANTILE, TypeMesure.INDICE, TypeMesure.TYPOLOGIE}
    assert can_project(type_mesure) is (type_mesure not in interdits)
    if AGREGATIONS_PERMISES[type_mesure][0] is Agregation.INTERDITE:
        assert not can_project(type_mesure)
    assert ("ne se projette pas" in explain_projection(type_mesure).lower()) is (type_mesure in interdits)


def test_geographie_stable_joins_what_any_passage_links():
    premier = pd.DataFrame({"code_de": ["B", "C"], "code_vers": ["A", "C2"]})
    second = pd.DataFrame({"code_de": ["D"], "code_vers": ["C2"]})
    stable = geographie_stable(premier, second, codes=pd.Index(["Z"]))
    assert dict(stable.to_numpy().tolist()) == {"A": "A", "B": "A", "C": "C", "C2": "C", "D": "C", "Z": "Z"}


def test_geographie_stable_of_nothing_is_each_code_alone():
    assert geographie_stable(codes=pd.Index(["B", "A"])).to_numpy().tolist() == [["A", "A"], ["B", "B"]]
