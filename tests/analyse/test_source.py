"""Ligne de source d'une carte : l'année n'y est dite qu'une fois."""

import pytest

from observatoire.analyse.consultation import open_consultation


@pytest.mark.parametrize(
    ("indicateur", "periode", "attendue"),
    [
        (
            "part_menages_bas_revenus",
            "2010",
            "Insee, Données carroyées à 200 mètres, revenus fiscaux localisés 2010",
        ),
        ("population_municipale", "2023", "Insee, Populations légales des communes, 2023"),
        ("evolution_annuelle_population", "2016-2023", "Insee, Populations légales des communes, 2016-2023"),
    ],
)
def test_year_is_said_once(espace_construit, indicateur, periode, attendue):
    consultation = open_consultation(espace_construit)
    fiche = consultation.find_indicateur(indicateur)
    assert consultation.name_source(fiche, periode) == attendue
    assert consultation.describe_source(fiche, periode) == f"Source : {attendue}. Géographie au 01/01/2026."
