"""Contrôles des codes : doublons, niveau, millésime, territoires manquants."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from observatoire.ingestion.controles.doublons import check_doublons
from observatoire.ingestion.controles.millesimes_meles import check_millesimes_meles
from observatoire.ingestion.controles.niveau import check_niveau
from observatoire.ingestion.controles.territoires_manquants import check_territoires_manquants
from observatoire.modeles.anomalies import Gravite
from observatoire.modeles.lots import CodeEcarte
from observatoire.modeles.mailles import Maille
from observatoire.modeles.tables import FormeTable, TableLue
from observatoire.territoires.referentiel import Referentiel
from tests.ingestion.controles.atelier import build_contexte, build_lot, build_precedents, build_source, list_codes
from tests.territoires.petit_referentiel import write_petit_referentiel

CODES = ["01001", "01002", "02001", "02002", "02009"]


@pytest.fixture
def petit(tmp_path):
    return write_petit_referentiel(tmp_path)


@pytest.fixture(scope="module")
def france():
    return Referentiel(Path(__file__).resolve().parents[3] / "data" / "referentiel")


def build_table(**colonnes):
    table = pa.table({nom: pa.array(valeurs, pa.string()) for nom, valeurs in colonnes.items()})
    return TableLue("", table, np.arange(2, table.num_rows + 2), FormeTable((1,), 2, table.num_rows + 1))


def test_repeated_line_is_named_by_its_row(petit):
    table = build_table(code=["01001", "01002", "01001"], n=["1", "2", "3"])
    (a,) = check_doublons(build_contexte(petit, build_lot(["01001", "01002"], v=[1, 2]), table=table))
    assert (a.code, a.gravite, a.ligne, a.valeur) == ("doublon", Gravite.BLOQUANT, 4, "01001")


def test_repeated_code_of_a_lot_is_blocking(petit):
    (a,) = check_doublons(build_contexte(petit, build_lot(["01001", "01001"], v=[1, 2])))
    assert a.code == "doublon"


def test_lines_told_apart_by_a_declared_column_are_not_doubles(petit):
    variables = {
        sexe: {"libelle": sexe, "unite": "personnes", "colonne": "n", "ou": {"sexe": [sexe]}}
        for sexe in ("hommes", "femmes")
    }
    table = build_table(code=["01001", "01001"], sexe=["hommes", "femmes"], n=["1", "2"])
    lot = build_lot(["01001"], hommes=[1], femmes=[2])
    assert list(check_doublons(build_contexte(petit, lot, build_source(variables), table=table))) == []


def test_summed_lines_are_not_doubles(petit):
    somme = build_source({"v": {"libelle": "V", "unite": "foyers", "colonne": "n", "agregat": "somme"}})
    table = build_table(code=["01001", "01001"], n=["1", "2"])
    assert list(check_doublons(build_contexte(petit, build_lot(["01001"], v=[3]), somme, table=table))) == []


def test_whole_file_at_another_level_is_blocking(france):
    lot = build_lot(["200000172", "200000438", "200000545"], v=[1, 2, 3])
    (a,) = check_niveau(build_contexte(france, lot))
    assert (a.code, a.gravite) == ("mauvais_niveau", Gravite.BLOQUANT)
    assert "EPCI" in a.message
    assert "maille: epci" in a.suggestion


def test_some_codes_at_another_level_are_shown(france):
    ecartes = (CodeEcarte("33", "inconnu", (9,), 1, {}, declare=False),)
    lot = build_lot(["33001", "33002", "33003"], v=[1, 2, 3])
    (a,) = check_niveau(build_contexte(france, lot, ecartes=ecartes))
    assert (a.code, a.gravite) == ("mauvais_niveau", Gravite.A_REGARDER)


def test_regions_read_as_departements_are_doubted(france):
    regions = [
        "11",
        "24",
        "27",
        "28",
        "32",
        "44",
        "52",
        "53",
        "75",
        "76",
        "84",
        "93",
        "94",
        "01",
        "02",
        "03",
        "04",
        "06",
    ]
    anomalies = check_niveau(build_contexte(france, build_lot(regions, maille=Maille.DEPARTEMENT, v=[1] * 18)))
    assert list_codes(anomalies) == ["niveau_douteux"]


@pytest.mark.parametrize("maille", [Maille.COMMUNE, Maille.DEPARTEMENT, Maille.REGION, Maille.IRIS, Maille.EPCI])
def test_true_level_passes(france, maille):
    codes = france.list_territoires(maille).code
    lot = build_lot(codes, maille=maille, cog=france.cog_of(maille), v=np.ones(len(codes)))
    assert list(check_niveau(build_contexte(france, lot))) == []
    assert list(check_millesimes_meles(build_contexte(france, lot))) == []
    assert list(check_territoires_manquants(build_contexte(france, lot))) == []


def test_codes_never_seen_together_are_blocking(tmp_path):
    from tests.territoires.petit_referentiel import write_referentiel

    communes = {
        "2024": ["01001", "01002", "01003", "01004", "01005"],
        "2025": ["01001", "01002", "01003", "01006", "01007"],
        "2026": ["01001", "01008", "01009", "01010", "01011"],
    }
    referentiel = write_referentiel(tmp_path, communes, {}, dict.fromkeys(communes["2026"], "E1"))
    meles = ["01001", "01004", "01005", "01008", "01009", "01002", "01003"]
    (a,) = check_millesimes_meles(build_contexte(referentiel, build_lot(meles, v=[1] * 7)))
    assert (a.code, a.gravite) == ("millesimes_meles", Gravite.A_REGARDER)
    (b,) = check_millesimes_meles(build_contexte(referentiel, build_lot([*meles, "01010"], v=[1] * 8)))
    assert b.gravite is Gravite.BLOQUANT
    assert "codes_corriges" in b.suggestion


def test_better_vintage_is_proposed(petit):
    anomalies = check_millesimes_meles(build_contexte(petit, build_lot(["01001", "01003"], cog="2026", v=[1, 2])))
    (a,) = anomalies
    assert a.code == "millesime_douteux"
    assert "cog 2025" in a.suggestion
    assert (
        list(check_millesimes_meles(build_contexte(petit, build_lot(["01001", "01003"], cog="2025", v=[1, 2])))) == []
    )


def test_missing_territories_are_information(petit):
    (a,) = check_territoires_manquants(build_contexte(petit, build_lot(["01001", "02001"], v=[1, 2])))
    assert (a.code, a.gravite) == ("territoires_manquants", Gravite.INFORMATION)
    assert "3 communes sur 5" in a.message
    assert list(check_territoires_manquants(build_contexte(petit, build_lot(CODES, v=[1] * 5)))) == []


def test_field_is_the_declared_one_or_the_one_seen(petit):
    assert list(check_territoires_manquants(build_contexte(petit, build_lot(["01001", "01002"], v=[1, 2])))) == []
    source = build_source(departements=["01", "02"])
    codes = list_codes(
        check_territoires_manquants(build_contexte(petit, build_lot(["01001", "01002"], v=[1, 2]), source))
    )
    assert codes == ["departement_manquant", "territoires_manquants"]


def test_territories_gone_since_last_time_are_to_be_looked_at(petit):
    precedents = build_precedents(CODES, v=[1] * 5)
    contexte = build_contexte(petit, build_lot(["01001", "01002"], v=[1, 2]), precedents=precedents)
    (a,) = check_territoires_manquants(contexte)
    assert (a.code, a.gravite) == ("territoires_disparus", Gravite.A_REGARDER)
    assert "02001, 02002, 02009" in a.message
