"""Lacunes d'une publication : années et couvertures dites en phrases."""

import pytest

from observatoire.analyse.consultation import open_consultation
from observatoire.analyse.etat_donnees import describe_donnees
from observatoire.analyse.lacunes import find_annees

# Périodes publiées, et les années à dire.
CAS = [
    ({}, ("", "")),
    ({"a": {}}, ("", "")),
    ({"a": {"commune": ["2010"]}}, ("2010", "2010")),
    ({"a": {"commune": ["2016", "2023"]}, "b": {"france": ["2010"]}}, ("2010", "2023")),
    # Une évolution vaut par son arrivée ; un trimestre et un mois, par leur année.
    ({"a": {"commune": ["2016-2023"]}}, ("2023", "2023")),
    ({"a": {"commune": ["2024-T4"]}, "b": {"commune": ["2025-12"]}}, ("2024", "2025")),
]


@pytest.mark.parametrize(("indicateurs", "annees"), CAS)
def test_years_of_a_publication(indicateurs, annees):
    assert find_annees(indicateurs) == annees


def test_what_is_missing_is_said(espace_construit):
    donnees = describe_donnees(open_consultation(espace_construit))
    assert donnees.annees == ("2010", "2026")
    assert "12 indicateurs ne couvrent que La Réunion." in donnees.lacunes
    assert "3 indicateurs ne couvrent que 12 départements." in donnees.lacunes
    assert "12 indicateurs datent de 2010." in donnees.lacunes
    assert "Aucun besoin n'est mesuré pour : Mobilité." in donnees.lacunes
    # La démarche oblige une ressource partout : rien à dire de ce côté.
    assert not any("ressource" in phrase for phrase in donnees.lacunes)
