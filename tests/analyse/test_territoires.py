import pandas as pd
import pytest

from observatoire.analyse.territoires import Territoires, parse_maille
from observatoire.errors import AppelError, TerritoireInconnuError
from observatoire.modeles.mailles import Maille

TABLE = pd.DataFrame(
    [
        ("commune", "01001", "Ambléon", "01"),
        ("commune", "02001", "Bucy", "02"),
        ("commune", "02002", "Chauny", "02"),
        ("epci", "E1", "CC à cheval", None),
        ("epci", "E2", "CC du 02", None),
        ("departement", "01", "Ain", "01"),
        ("departement", "02", "Aisne", "02"),
    ],
    columns=["maille", "code", "libelle", "code_departement"],
)
LIENS = pd.DataFrame(
    [("01001", "epci", "E1"), ("02001", "epci", "E1"), ("02002", "epci", "E2"), ("01001", "departement", "01")],
    columns=["code_enfant", "maille_parent", "code_parent"],
).assign(maille_enfant="commune")
TERRITOIRES = Territoires(TABLE, LIENS)


def test_epci_a_cheval_is_in_both_departements():
    assert TERRITOIRES.list_territoires(Maille.EPCI, "01").code.tolist() == ["E1"]
    assert TERRITOIRES.list_territoires(Maille.EPCI, "02").code.tolist() == ["E1", "E2"]
    assert TERRITOIRES.list_territoires(Maille.COMMUNE, "02").code.tolist() == ["02001", "02002"]
    assert TERRITOIRES.list_territoires(Maille.EPCI).code.tolist() == ["E1", "E2"]


def test_parents_d_une_commune():
    assert TERRITOIRES.parents_of(Maille.COMMUNE, "01001") == {Maille.EPCI: "E1", Maille.DEPARTEMENT: "01"}


def test_territoire_inconnu_proposes_the_nearest():
    assert TERRITOIRES.libelle(Maille.COMMUNE, "02002") == "Chauny"
    with pytest.raises(TerritoireInconnuError, match="« commune » n'a le code « 02003 »"):
        TERRITOIRES.find(Maille.COMMUNE, "02003")
    with pytest.raises(AppelError):
        TERRITOIRES.list_territoires(Maille.COMMUNE, "99")


@pytest.mark.parametrize(
    ("mot", "maille"),
    [
        ("commune", Maille.COMMUNE),
        ("Communes", Maille.COMMUNE),
        ("département", Maille.DEPARTEMENT),
        ("EPCI", Maille.EPCI),
        ("arrondissements municipaux", Maille.ARRONDISSEMENT_MUNICIPAL),
    ],
)
def test_niveau_is_read_as_it_is_written(mot, maille):
    assert parse_maille(mot) is maille


def test_niveau_inconnu_proposes_the_nearest():
    with pytest.raises(AppelError, match="Vouliez-vous dire « departement »"):
        parse_maille("departemant")
