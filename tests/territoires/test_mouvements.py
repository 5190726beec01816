"""Mouvements de l'Insee : ce qui compte, dans quel ordre, et ce qui est refusé."""

from pathlib import Path

import pandas as pd
import pytest

from observatoire.errors import AppelError
from observatoire.territoires.historique import build_passages, list_transitions, rebuild_communes
from observatoire.territoires.mouvements import DEPARTS, MOUVEMENTS, read_mouvements

ENTETE_2019 = "mod,date_eff,typecom_av,com_av,libelle_av,typecom_ap,com_ap,libelle_ap"
LIGNES = """
32,2016-01-01,COM,01001,Aigues,COM,01001,Aigues-Bois
32,2016-01-01,COM,01002,Bois,COM,01001,Aigues-Bois
32,2016-01-01,COM,01002,Bois,COMD,01002,Bois
10,2016-06-01,COM,01003,Cernay,COM,01003,Cernay-la-Ville
34,2016-06-01,COM,01004,Dun,COM,01005,Effacé
35,2016-06-01,COMD,01002,Bois,COM,01001,Aigues-Bois
70,2016-06-01,COMA,01006,Fay,COMD,01006,Fay
50,2016-06-01,COM,01007,Gex,COM,01008,Gex
50,2016-06-01,COMA,01008,Hon,COM,01008,Gex
21,2017-01-01,COM,01009,Ivry,COM,01009,Ivry
21,2017-01-01,COM,01009,Ivry,COM,01010,Jas
21,2017-01-01,COMA,01010,Jas,COM,01010,Jas
32,2018-01-01,COM,02001,Lus,COM,02009,Lus-Mer
41,2018-01-01,COM,01011,Lus,COM,02001,Lus
32,2018-01-01,COM,02009,Mer,COM,02009,Lus-Mer
32,2018-01-01,COM,01011,Lus,COM,02009,Lus-Mer
21,2018-01-01,ARM,69388,Lyon 8e,ARM,69388,Lyon 8e
21,2018-01-01,ARM,69388,Lyon 8e,ARM,69389,Lyon 9e
""".strip()


def write(dossier: Path, texte: str, encodage: str = "utf-8") -> Path:
    chemin = dossier / "v_mvtcommune_2019.csv"
    chemin.write_bytes(texte.encode(encodage))
    return chemin


@pytest.fixture
def mouvements(tmp_path):
    return read_mouvements(write(tmp_path, f"{ENTETE_2019}\n{LIGNES}\n"))


@pytest.mark.parametrize(
    ("entete", "separateur", "encodage"),
    [
        (ENTETE_2019, ",", "utf-8"),  # 2019 : minuscules
        (ENTETE_2019.upper(), ",", "utf-8"),  # années suivantes : majuscules
        (ENTETE_2019.upper(), ";", "utf-8-sig"),  # enregistré de nouveau par un tableur
        (ENTETE_2019, ";", "cp1252"),
    ],
)
def test_fichier_is_read_whatever_its_year(tmp_path, mouvements, entete, separateur, encodage):
    texte = f"{entete}\r\n{LIGNES}\r\n".replace(",", separateur)
    pd.testing.assert_frame_equal(read_mouvements(write(tmp_path, texte, encodage)), mouvements)


def test_only_passages_from_commune_to_commune_are_kept(mouvements):
    assert list(mouvements.columns) == MOUVEMENTS
    assert not set(mouvements["mod"]) & {"10", "34", "35", "70"}
    assert set(mouvements.type) == {"COM", "ARM"}
    # La commune déléguée 01002 n'est pas une destination.
    assert "01002" not in set(mouvements.code_vers)


@pytest.mark.parametrize(
    ("de", "vers", "attendu"),
    [
        ("2015", "2016", [("01001", "01001", "fusion"), ("01002", "01001", "fusion")]),
        ("2016", "2017", [("01007", "01008", "changement_code"), ("01009", "01009", "scission"),
                          ("01009", "01010", "scission")]),
        # Le même jour, 01011 change de département, puis se réunit : jamais l'inverse, et jamais deux fois.
        ("2017", "2018", [("01011", "02009", "fusion"), ("02009", "02009", "fusion")]),
    ],
)  # fmt: skip
def test_etape_is_composed_in_the_order_of_the_day(mouvements, de, vers, attendu):
    assert [tuple(x) for x in list_transitions(mouvements, de, vers).itertuples(index=False)] == attendu


def test_arrondissements_municipaux_are_apart(mouvements):
    assert "69388" not in set(list_transitions(mouvements, "2017", "2018").code_de)
    arm = list_transitions(mouvements, "2017", "2018", "ARM")
    assert arm.code_vers.tolist() == ["69388", "69389"]


def test_communes_are_rebuilt_both_ways(mouvements):
    avant = pd.Index(["01001", "01002", "01003", "01007", "01009", "01011", "02009"])
    apres = pd.Index(["01001", "01003", "01008", "01009", "01010", "02009"])
    assert rebuild_communes(mouvements, avant, "2015", "2018").equals(apres)
    assert rebuild_communes(mouvements, apres, "2018", "2015").equals(avant)


def test_retablissement_is_never_skipped(mouvements):
    populations = pd.DataFrame([("2017", "01009", 30), ("2017", "01010", 10)], columns=["annee", "code", "population"])
    passages = build_passages(mouvements, "2015", "2018", populations)
    assert passages.groupby(["cog_de", "cog_vers"]).size().to_dict() == {
        ("2015", "2016"): 2, ("2016", "2017"): 3, ("2017", "2018"): 2,
    }  # fmt: skip
    parts = passages[passages.estime].set_index("code_vers")
    assert parts.poids.to_dict() == {"01009": 0.75, "01010": 0.25}
    assert set(parts.source_poids) == {"population municipale, communes du COG 2017"}


def test_remontee_reverses_natures_and_says_what_is_estimated(mouvements):
    populations = pd.DataFrame(
        [("2015", "01001", 30), ("2015", "01002", 10), ("2017", "01009", 30), ("2017", "01010", 10)],
        columns=["annee", "code", "population"],
    )
    passages = build_passages(mouvements, "2017", "2015", populations)
    assert passages[["cog_de", "cog_vers"]].drop_duplicates().to_numpy().tolist() == [
        ["2017", "2016"],
        ["2016", "2015"],
    ]
    par_code = passages.set_index(["code_de", "code_vers"])
    assert par_code.loc[("01010", "01009"), ["nature", "poids", "estime"]].tolist() == ["fusion", 1.0, False]
    assert par_code.loc[("01001", "01002"), ["nature", "poids", "estime"]].tolist() == ["scission", 0.25, True]


def test_scission_without_population_is_refused(mouvements):
    with pytest.raises(AppelError, match=r"Aucune population connue .* COG 2017 \(01009, 01010\)"):
        build_passages(mouvements, "2016", "2017", pd.DataFrame(columns=["annee", "code", "population"]))


def test_mouvement_applied_late_by_insee_waits_for_its_year(tmp_path):
    # Loisey-Culey : défaite au 1er janvier 2014, encore une commune au COG 2014.
    lignes = (
        "21,2014-01-01,COM,55298,Loisey-Culey,COM,55298,Loisey\n21,2014-01-01,COM,55298,Loisey-Culey,COM,55138,Culey"
    )
    lus = read_mouvements(write(tmp_path, f"{ENTETE_2019}\n{lignes}\n"))
    assert list_transitions(lus, "2013", "2014").empty
    assert list_transitions(lus, "2014", "2015").code_vers.tolist() == ["55138", "55298"]


def test_saint_barthelemy_and_saint_martin_leave_guadeloupe(mouvements):
    codes = pd.Index(["97105", "97123", "97127"])
    assert [d[3:5] for d in DEPARTS] == [("97123", "97701"), ("97127", "97801")]
    assert rebuild_communes(mouvements, codes, "2007", "2008").tolist() == ["97105"]
    assert rebuild_communes(mouvements, pd.Index(["97105"]), "2008", "2007").tolist() == codes.tolist()


@pytest.mark.parametrize(
    ("texte", "message"),
    [
        ("a;b\n1;2\n", r"n'est pas un fichier de mouvements de communes : il lui manque MOD, DATE_EFF"),
        (f"{ENTETE_2019}\n32,01/01/2016,COM,01001,A,COM,01001,A\n", r"la date « 01/01/2016 » n'est pas de la forme"),
    ],
)
def test_autre_fichier_is_refused_with_what_to_do(tmp_path, texte, message):
    with pytest.raises(AppelError, match=message):
        read_mouvements(write(tmp_path, texte))


def test_fichier_absent_is_said(tmp_path):
    with pytest.raises(AppelError, match="n'existe pas"):
        read_mouvements(tmp_path / "rien.csv")
