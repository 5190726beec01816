"""Texte à citer."""

from datetime import date

import pytest

from observatoire.analyse.citation import write_citation_courte

JOUR = date(2026, 3, 12)
PHRASE = "En 2010, 31,5\u00a0% des ménages de La Réunion étaient à bas revenus."
SOURCE = "Source : Insee, Filosofi 2010. Géographie au 01/01/2026."


def test_quotation_has_sentence_source_and_link():
    texte = write_citation_courte(
        PHRASE, "2010", SOURCE, JOUR, observatoire="Observatoire social", lien="https://o.fr/carte?publication=1"
    )
    assert texte.split("\n") == [
        PHRASE,
        f"Source\u00a0: {SOURCE[9:]} Observatoire social, publication du 12 mars 2026.",
        "https://o.fr/carte?publication=1",
    ]


def test_the_year_is_added_only_if_the_sentence_lacks_it():
    assert write_citation_courte(PHRASE, "2010", SOURCE, JOUR).count("2010") == 2
    assert write_citation_courte("Salazie : secret.", "2010", SOURCE, JOUR).startswith("Salazie : secret (2010).\n")
    evolution = write_citation_courte("De 2016 à 2023, la population a crû.", "2016-2023", SOURCE, JOUR)
    assert evolution.startswith("De 2016 à 2023, la population a crû.\n")


@pytest.mark.parametrize("source", ["Insee, Filosofi", "Source : Insee, Filosofi.", "Source\u00a0: Insee, Filosofi"])
def test_source_is_said_once_and_closed(source):
    ligne = write_citation_courte(PHRASE, "2010", source, JOUR).split("\n")[1]
    assert ligne == "Source\u00a0: Insee, Filosofi. Publication du 12 mars 2026."


def test_nothing_is_invented_without_a_link_or_an_observatory():
    texte = write_citation_courte(PHRASE, "2010", SOURCE, JOUR)
    assert texte.count("\n") == 1
    assert "http" not in texte
