"""Observatoire de la Gironde : médianes et parts de l'Insee, reprises ligne à ligne de ses fichiers officiels."""

from __future__ import annotations

import pandas as pd
import pytest

from observatoire.territoires.referentiel import Referentiel
from tests.gironde.depots import DEPARTEMENT, FILOSOFI, REUNIE, STATISTIQUES
from tests.gironde.officiels import read_feuille, read_lignes, to_nombre

pytestmark = pytest.mark.reel
FILOSOFI_COLONNES = {
    # indicateur : (colonne des communes, EPCI, départements et régions ; colonne des IRIS)
    "niveau_vie_median": ("Q2{aa}", "DISP_MED{aa}"),
    "premier_decile_niveau_vie": ("D1{aa}", "DISP_D1{aa}"),
    "rapport_interdecile": ("RD", "DISP_RD{aa}"),
    "indice_gini": ("GI{aa}", "DISP_GI{aa}"),
    "part_prestations_sociales": ("PPSOC{aa}", "DISP_PPSOC{aa}"),
    "part_minima_sociaux": ("PPMINI{aa}", "DISP_PPMINI{aa}"),
    "part_prestations_familiales": ("PPFAM{aa}", "DISP_PPFAM{aa}"),
    "part_prestations_logement": ("PPLOGT{aa}", "DISP_PPLOGT{aa}"),
    "part_pensions_revenu": ("PPEN{aa}", "DISP_PPEN{aa}"),
}
PERDUES = {"commune": 100, "epci": 60}
"""Territoires agrandis depuis (communes réunies, EPCI élargis) : la médiane de l'un n'est pas celle de l'autre."""


def find_officiel(gironde, officielles, code):
    """Valeur officielle d'une commune, sous son code ou sous celui qu'elle portait."""
    if code in officielles:
        return officielles[code]
    passages = Referentiel(gironde.espace.referentiel).passages
    (ancien,) = passages[(passages.nature == "changement_code") & (passages.code_vers == code)].code_de
    return officielles[ancien]


@pytest.mark.parametrize(
    ("fichier", "maille", "annee", "minimum", "en_gironde"),
    [
        ("FILO2019_DISP_EPCI.csv", "epci", "2019", 1_180, 28),
        ("FILO2019_DISP_DEP.csv", "departement", "2019", 98, 1),
        ("FILO2019_DISP_REG.csv", "region", "2019", 15, 0),
        ("FILO2019_DISP_COM.csv", "commune", "2019", 31_100, 500),
        ("FILO2016_DISP_COM.csv", "commune", "2016", 31_100, 500),
        ("BASE_TD_FILO_DISP_IRIS_2019.csv", "iris", "2019", 12_400, 290),
        ("BASE_TD_FILO_DISP_IRIS_2016.csv", "iris", "2016", 12_200, 270),
    ],
)
def test_filosofi_is_the_insee_line(gironde, lit, fichier, maille, annee, minimum, en_gironde):
    """Chaque ligne de l'Insee se retrouve telle quelle ; ce qu'il ne dit pas n'est pas inventé."""
    lignes = read_lignes(gironde.donnees / FILOSOFI / fichier)
    code = "IRIS" if maille == "iris" else "CODGEO"
    for indicateur, colonnes in FILOSOFI_COLONNES.items():
        colonne = colonnes[maille == "iris"].replace("{aa}", annee[2:])
        officielles = {x[code]: to_nombre(x[colonne]) for x in lignes}
        publiees = lit(indicateur, maille, annee)
        connues = publiees.valeur.dropna()
        assert [c for c, v in connues.items() if v != find_officiel(gironde, officielles, c)] == [], indicateur
        attendues = [c for c in publiees.index if officielles.get(c) is not None]
        perdues = [c for c in attendues if c not in connues.index]
        assert len(perdues) <= PERDUES.get(maille, 0), (indicateur, perdues[:10])
        if indicateur == "niveau_vie_median":
            assert len(connues) >= minimum
            if maille != "region":
                assert lit(indicateur, maille, annee, DEPARTEMENT).valeur.notna().sum() >= en_gironde


def test_filosofi_masks_small_communes(gironde, lit):
    """Une petite commune n'a que sa médiane : le reste est secret, ni zéro ni absent."""
    lignes = read_lignes(gironde.donnees / FILOSOFI / "FILO2019_DISP_COM.csv")
    petites = [x["CODGEO"] for x in lignes if x["CODGEO"].startswith(DEPARTEMENT) and not x["D119"]]
    deciles = lit("premier_decile_niveau_vie", "commune", "2019", DEPARTEMENT).drop(REUNIE)
    petites = deciles.index.intersection(pd.Index(petites))
    assert len(petites) > 350
    assert set(deciles.loc[petites].statut) == {"secret"}
    assert deciles.loc[petites, ["valeur", "borne_inf", "borne_sup"]].isna().all(axis=None)


def test_taux_de_pauvrete_is_the_insee_line(gironde, lit):
    lignes = read_lignes(gironde.donnees / FILOSOFI / "BASE_TD_FILO_DISP_IRIS_2019.csv")
    officiels = {x["IRIS"]: to_nombre(x["DISP_TP6019"]) for x in lignes if x["IRIS"].startswith(DEPARTEMENT)}
    publies = lit("taux_pauvrete", "iris", "2019", DEPARTEMENT)
    connus = {c: v for c, v in officiels.items() if v is not None}
    assert len(connus) > 200
    assert publies.loc[list(connus)].valeur.to_dict() == pytest.approx(connus)
    masques = [c for c, v in officiels.items() if v is None]
    assert set(publies.loc[masques].statut) == {"secret"}


def test_suroccupation_is_the_insee_line(gironde, lit):
    for maille, suffixe in (("departement", "departements"), ("commune", "communes")):
        lignes = read_feuille(gironde.donnees / f"{STATISTIQUES}{suffixe}.xlsx", "Data", 5)
        officielles = {x[0]: float(x[2]) for x in lignes if x[0] and not x[2].startswith("N/A")}
        publiees = lit("part_residences_suroccupees", maille, "2020").valeur.dropna()
        assert len(publiees) > 0.99 * len(officielles)
        assert [c for c, v in publiees.items() if v != find_officiel(gironde, officielles, c)] == []


def test_non_inseres_is_the_insee_line(gironde, lit):
    for maille, fichier, minimum in (("departement", "neet_dpt_2018", 100), ("epci", "neet_epci_2018", 1_200)):
        lignes = [x for x in read_lignes(gironde.donnees / f"insee/rp/{fichier}.csv") if x["an"] == "2018"]
        officielles = {x["codgeo"]: to_nombre(x["part_non_inseres"]) for x in lignes}
        publiees = lit("part_jeunes_non_inseres", maille, "2018").valeur.dropna()
        assert len(publiees) >= minimum
        assert [c for c, v in publiees.items() if v != officielles[c]] == []
