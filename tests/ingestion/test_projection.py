"""Projection : une colonne devient une variable ; secret, absence et zéro y restent trois choses."""

import numpy as np
import pandas as pd
import pytest

from observatoire.errors import SourceError
from observatoire.ingestion.projection import project_variables
from observatoire.modeles.sources import LivraisonDeclaree, Source

LIVRAISON = LivraisonDeclaree(fichier="essai/2025.parquet", periode="2025")


def build_source(variable, **autres):
    fiche = {
        "id": "essai",
        "libelle": "Source d'essai",
        "producteur": "Essai",
        "licence": "Licence Ouverte",
        "rythme": "annuel",
        "maille": "commune",
        "colonne_code": "code",
        "livraisons": [LIVRAISON],
        "variables": {"v": {"libelle": "V", "unite": "cas", **variable}},
    }
    return Source.model_validate(fiche | autres)


def project(variable, table, livraison=LIVRAISON, **autres):
    projetees = project_variables(build_source(variable, **autres), livraison, pd.DataFrame(table), cog="2026")
    return projetees.set_index("code_territoire")


def lit(ligne):
    return (ligne.valeur, ligne.borne_inf, ligne.borne_sup, ligne.statut)


def test_valeur_exacte_carries_its_context():
    v = project({"colonne": "n"}, {"code": ["01001"], "n": [12]}).loc["01001"]
    assert lit(v) == (12, 12, 12, "publie")
    assert (v.variable, v.maille, v.cog, v.periode, v.periode_mesuree, v.modalite, v.livraison) == (
        "v", "commune", "2026", "2025", "2025", "", "essai/2025.parquet",
    )  # fmt: skip


def test_secret_absence_et_zero_stay_apart():
    cellules = {"code": list("ABCDE"), "n": ["s", "nd", "", None, "0"]}
    v = project({"colonne": "n"}, cellules, marques_secret=["s"], marques_absence=["nd"])
    assert v.statut.to_dict() == {
        "A": "secret", "B": "non_disponible", "C": "non_disponible", "D": "non_disponible", "E": "publie",
    }  # fmt: skip
    assert v.valeur.isna().tolist() == [True, True, True, True, False]
    assert lit(v.loc["E"]) == (0, 0, 0, "publie")


def test_marque_non_declaree_is_refused_by_name():
    with pytest.raises(SourceError, match=r"attend des nombres, et lit « c ».*marques_secret"):
        project({"colonne": "n"}, {"code": ["A", "B"], "n": ["c", "4"]})


def test_arrondi_a_cinq_is_bounded():
    v = project({"colonne": "n", "arrondi": 5}, {"code": ["A", "B", "C"], "n": [0.0, 5.0, np.nan]})
    assert lit(v.loc["A"]) == (0, 0, 2, "arrondi")
    assert lit(v.loc["B"]) == (5, 3, 7, "arrondi")
    assert v.statut["C"] == "non_disponible"


def test_recoder_turns_words_into_numbers():
    v = project({"colonne": "zone", "recoder": {"A": 1, "C": 0}}, {"code": ["x", "y", "z"], "zone": ["A", "C", None]})
    assert v.valeur.tolist() == pytest.approx([1, 0, np.nan], nan_ok=True)
    assert v.statut["z"] == "non_disponible"


def test_categorie_becomes_a_modalite():
    v = project({"colonne": "zone", "categorie": True}, {"code": ["x", "y"], "zone": ["A bis", None]})
    assert (v.modalite["x"], v.valeur["x"]) == ("A bis", 1)
    assert (v.modalite["y"], v.statut["y"]) == ("", "non_disponible")


LIEUX = {"code": ["A", "A", "B"], "n": [2.0, 3.0, 7.0]}
REDUCTIONS = [
    ({"agregat": "compte"}, {"A": 2, "B": 1}),
    ({"agregat": "presence"}, {"A": 1, "B": 1}),
    ({"agregat": "somme", "colonne": "n"}, {"A": 5, "B": 7}),
    ({"agregat": "maximum", "colonne": "n"}, {"A": 3, "B": 7}),
]


@pytest.mark.parametrize(("variable", "attendu"), REDUCTIONS)
def test_reduction_d_un_territoire(variable, attendu):
    v = project(variable, LIEUX)
    assert v.valeur.to_dict() == attendu
    assert set(v.statut) == {"publie"}


@pytest.mark.parametrize("agregat", ["somme", "maximum"])
@pytest.mark.parametrize(("cellule", "statut"), [("s", "secret"), ("", "non_disponible")])
def test_reduction_is_never_truncated_by_a_hole(agregat, cellule, statut):
    table = {"code": ["A", "A", "B"], "n": ["2", cellule, "7"]}
    v = project({"agregat": agregat, "colonne": "n"}, table, marques_secret=["s"])
    assert v.statut.to_dict() == {"A": statut, "B": "publie"}
    assert v.valeur.tolist() == pytest.approx([np.nan, 7], nan_ok=True)


def test_territoire_double_says_how_to_reduce():
    with pytest.raises(SourceError, match=r"plusieurs lignes pour A\. Déclarez comment les réduire"):
        project({"colonne": "n"}, LIEUX)


def test_colonne_absente_names_both_sides():
    with pytest.raises(SourceError) as faute:
        project({"colonne": "effectif"}, LIEUX)
    message = str(faute.value)
    assert "colonnes absentes : effectif" in message
    assert "Colonnes du fichier : code, n" in message
    assert "_sources/essai.yaml" in message


def test_colonne_can_change_its_name_one_year():
    autre = LivraisonDeclaree(fichier="essai/2026.parquet", periode="2026", colonnes={"code": "insee", "n": "nb"})
    v = project({"colonne": "n"}, {"insee": ["A"], "nb": [4]}, livraison=autre)
    assert (v.valeur["A"], v.periode["A"]) == (4, "2026")


def test_ligne_sans_code_is_left_aside():
    assert project({"colonne": "n"}, {"code": ["A", "", None], "n": [1, 2, 3]}).index.tolist() == ["A"]


def test_mesure_reprise_d_une_autre_annee_is_an_estimation():
    table = {"code": ["A", "B"], "n": [10, 20], "mesure": ["2025", "2017"]}
    v = project({"colonne": "n"}, table, colonne_periode_mesuree="mesure")
    assert lit(v.loc["A"]) == (10, 10, 10, "publie")
    assert (v.valeur["B"], v.statut["B"], v.periode_mesuree["B"]) == (20, "estime", "2017")
    assert np.isnan([v.borne_inf["B"], v.borne_sup["B"]]).all()
