import pandas as pd
import pytest

from observatoire.ingestion.controles import complete_zeros, split_codes_inconnus
from observatoire.ingestion.projection import project_variables
from observatoire.modeles.mailles import Maille
from tests.ingestion.test_projection import LIVRAISON, build_source
from tests.territoires.petit_referentiel import write_petit_referentiel


@pytest.fixture
def petit(tmp_path):
    return write_petit_referentiel(tmp_path)


def project_lieux(source, codes):
    return project_variables(source, LIVRAISON, pd.DataFrame({"code": codes}), cog="2026")


def complete(petit, codes, **declaration):
    source = build_source({"agregat": "compte"}, **declaration)
    return complete_zeros(petit, project_lieux(source, codes), source, cog="2026").set_index("code_territoire")


def test_source_exhaustive_gives_true_zeros(petit):
    v = complete(petit, ["01001", "01001"], zero_si_absent=True)
    assert v.valeur.to_dict() == {"01001": 2, "01002": 0, "02001": 0, "02002": 0, "02009": 0}
    assert set(v.statut) == {"publie"}
    assert v.borne_sup["02009"] == 0
    assert set(v.livraison) == {"essai/2025.parquet"}


def test_source_exhaustive_stays_in_its_departements(petit):
    v = complete(petit, ["01001"], zero_si_absent=True, departements=["01"])
    assert v.valeur.to_dict() == {"01001": 1, "01002": 0}


def test_source_non_exhaustive_adds_nothing(petit):
    assert complete(petit, ["01001"]).index.tolist() == ["01001"]


def test_secret_is_never_completed_by_a_zero(petit):
    source = build_source({"colonne": "n"}, zero_si_absent=True, marques_secret=["s"])
    table = pd.DataFrame({"code": ["01001", "01002"], "n": ["s", "4"]})
    v = complete_zeros(petit, project_variables(source, LIVRAISON, table, cog="2026"), source, cog="2026")
    assert v.set_index("code_territoire").statut.to_dict() == {
        "01001": "secret", "01002": "publie", "02001": "publie", "02002": "publie", "02009": "publie",
    }  # fmt: skip


def test_code_inconnu_is_named_with_its_mass(petit):
    source = build_source({"colonne": "n"})
    table = pd.DataFrame({"code": ["01001", "01003", "97001"], "n": [10, 30, 7]})
    variables = project_variables(source, LIVRAISON, table, cog="2026")
    connues, anomalies = split_codes_inconnus(
        variables,
        pd.Index(petit.list_territoires(Maille.COMMUNE, "2026").code),
        nature="commune du COG 2026",
        fichier="essai/2025.parquet",
    )
    assert connues.code_territoire.tolist() == ["01001"]
    (anomalie,) = anomalies
    assert "2 code(s) inconnu(s) (commune du COG 2026) : 01003, 97001 ; écartés avec leur masse (v : 37)" in str(
        anomalie
    )
    assert "essai/2025.parquet" in str(anomalie)
    assert "millésime géographique" in str(anomalie)


def test_codes_connus_raise_no_anomaly(petit):
    variables = project_lieux(build_source({"agregat": "compte"}), ["01003"])
    attendus = pd.Index(petit.list_territoires(Maille.COMMUNE, "2025").code)
    connues, anomalies = split_codes_inconnus(variables, attendus, nature="commune du COG 2025", fichier="x")
    assert (len(connues), anomalies) == (1, [])
