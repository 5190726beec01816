"""Plusieurs dépôts d'une même période : compléter ajoute, corriger l'emporte, remplacer efface."""

import pandas as pd
import pytest

from observatoire.ingestion.depots import attach_depots, combine_depots
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.livraisons import NatureDepot
from observatoire.modeles.sources import LivraisonDeclaree
from tests.ingestion.test_livraison import build_source


def lot(valeurs, variable="foyers"):
    """Variables d'un lot : ``{code: valeur}``, ou ``{code: modalité}`` pour une catégorie."""
    lignes = [
        {
            "variable": variable,
            "code_territoire": code,
            "modalite": v if isinstance(v, str) else "",
            "valeur": 1.0 if isinstance(v, str) else float(v),
        }
        for code, v in valeurs.items()
    ]
    return pd.DataFrame(lignes)


def lit(variables):
    return {c: m or v for c, m, v in variables[["code_territoire", "modalite", "valeur"]].itertuples(index=False)}


AVANT = {"01001": 1, "01002": 2}
APRES = {"01002": 20, "02001": 30}


@pytest.mark.parametrize(
    ("nature", "attendu"),
    [
        ("nouvelle", {"01002": 20, "02001": 30}),
        ("remplace", {"01002": 20, "02001": 30}),
        ("complete", {"01001": 1, "01002": 2, "02001": 30}),  # ce qui était là ne change pas
        ("corrige", {"01001": 1, "01002": 20, "02001": 30}),  # ce qui est redit l'emporte
    ],
)
def test_nature_decides(nature, attendu):
    assert lit(combine_depots(lot(AVANT), lot(APRES), NatureDepot(nature))) == attendu


def test_corrected_category_does_not_keep_the_old_class():
    corrige = combine_depots(lot({"01001": "A", "01002": "B"}), lot({"01002": "C"}), NatureDepot.CORRIGE)
    assert lit(corrige) == {"01001": "A", "01002": "C"}


def test_first_deposit_has_nothing_to_combine():
    assert lit(combine_depots(None, lot(APRES), NatureDepot.CORRIGE)) == APRES


def deposee(depot, periode, nature="nouvelle"):
    return LivraisonDeclaree(fichier=f"essai/{depot}/f.csv", periode=periode, depot=depot, nature=nature)


@pytest.mark.parametrize(
    ("nature", "fichiers"),
    [
        ("remplace", ["fourni/2023.parquet", "essai/d1/f.csv"]),  # 2024 fourni laisse sa place
        ("complete", ["fourni/2023.parquet", "fourni/2024.parquet", "essai/d1/f.csv"]),
        ("corrige", ["fourni/2023.parquet", "fourni/2024.parquet", "essai/d1/f.csv"]),
    ],
)
def test_depot_joins_the_files_of_its_source(nature, fichiers):
    fournis = [{"fichier": f"fourni/{an}.parquet", "periode": an} for an in ("2023", "2024")]
    catalogue = Catalogue({}, {"essai": build_source(livraisons=fournis)}, {}, {}, {})
    joint = attach_depots(catalogue, {"essai": [deposee("d1", "2024", nature)], "inconnue": [deposee("d2", "2024")]})
    assert [d.fichier for d in joint.sources["essai"].livraisons] == fichiers
    assert [d.fichier for d in catalogue.sources["essai"].livraisons] == [*fichiers[:1], "fourni/2024.parquet"]
