"""Partenariat : ce qui est arrivé, ce que l'on attend, depuis quand."""

import datetime as dt

import pytest

from observatoire.analyse.partenariat import (
    add_mois,
    count_mois,
    describe_source,
    list_attentes,
    write_attente,
)
from observatoire.modeles.livraisons import Manifeste
from observatoire.modeles.sources import Source

RECUE = "2026-01-15"


def make_source(**engagement) -> Source:
    return Source(
        id="caf", libelle="Prestations", producteur="Caf", licence="Convention", rythme="annuel", maille="commune",
        colonne_code="code", variables={"foyers": {"libelle": "Foyers", "unite": "foyers"}},
        livraisons=[{"fichier": "a", "periode": "2023"}, {"fichier": "b", "periode": "2024"}],
        partenariat=engagement,
    )  # fmt: skip


def make_manifeste(jour: str) -> Manifeste:
    return Manifeste(
        source="caf", fichier="b", producteur="Caf", titre="Prestations", licence="Convention", millesime="2024",
        date_extraction=jour, sha256="0", confidentialite="ouverte", lignes=1,
    )  # fmt: skip


MANIFESTES = {"a": make_manifeste("2025-01-10"), "b": make_manifeste(RECUE)}


@pytest.mark.parametrize(
    ("engagement", "jour", "mois"),
    [
        ({"attendu_mois": 12}, dt.date(2027, 1, 15), 0),  # le jour dit : rien à dire
        ({"attendu_mois": 12}, dt.date(2027, 1, 16), 1),  # mois entamé
        ({"attendu_mois": 12}, dt.date(2027, 4, 15), 3),
        ({"attendu_mois": 12, "delai_mois": 3}, dt.date(2027, 4, 15), 0),  # tolérance
        ({"attendu_mois": 12, "delai_mois": 3}, dt.date(2027, 6, 20), 3),
        ({}, dt.date(2040, 1, 1), 0),  # aucune autre livraison n'est attendue
    ],
)
def test_waiting_starts_after_the_tolerance(engagement, jour, mois):
    assert describe_source(make_source(**engagement), MANIFESTES, jour).attente_mois == mois


def test_last_delivery_is_the_latest_period():
    ligne = describe_source(make_source(attendu_mois=12), MANIFESTES, dt.date(2026, 2, 1))
    assert (ligne.periode, ligne.recue_le, ligne.echeance) == ("2024", dt.date(2026, 1, 15), dt.date(2027, 1, 15))


def test_a_correction_does_not_postpone_what_is_expected():
    # Deux livraisons de 2024 : la première date l'attente.
    source = make_source(attendu_mois=12)
    livraisons = (*source.livraisons, source.livraisons[1].model_copy(update={"fichier": "c", "nature": "corrige"}))
    source = source.model_copy(update={"livraisons": livraisons})
    manifestes = MANIFESTES | {"c": make_manifeste("2026-12-31")}
    assert describe_source(source, manifestes, dt.date(2027, 2, 1)).attente_mois == 1


def test_nothing_received_has_no_due_date():
    source = make_source(attendu_mois=12).model_copy(update={"livraisons": ()})
    ligne = describe_source(source, {}, dt.date(2030, 1, 1))
    assert (ligne.periode, ligne.recue_le, ligne.attente_mois) == ("", None, 0)


@pytest.mark.parametrize(
    ("texte", "jour"), [("2026", dt.date(2026, 1, 1)), ("2026-03", dt.date(2026, 3, 1)), ("?", None)]
)
def test_loose_dates_are_read(texte, jour):
    manifestes = {"b": make_manifeste(texte)}
    assert describe_source(make_source(), manifestes, dt.date(2026, 4, 1)).recue_le == jour


def test_only_waited_sources_are_listed():
    assert list_attentes([make_source(attendu_mois=12)], MANIFESTES, dt.date(2027, 3, 15)) == {"caf": 2}
    assert list_attentes([make_source(attendu_mois=12)], MANIFESTES, dt.date(2026, 3, 15)) == {}


def test_badge_is_short_and_says_no_reproach():
    assert write_attente(3) == "Livraison attendue depuis 3\u00a0mois"
    assert write_attente(0) == ""


def test_months_are_counted_by_the_calendar():
    assert add_mois(dt.date(2026, 12, 31), 2) == dt.date(2027, 2, 28)
    assert add_mois(dt.date(2026, 1, 15), 12) == dt.date(2027, 1, 15)
    assert count_mois(dt.date(2026, 12, 31), dt.date(2027, 1, 1)) == 1


def test_sources_of_the_depot_are_not_late_today(espace_construit):
    # Les données de départ viennent d'être rangées : rien ne doit paraître en attente à tort.
    from observatoire.analyse.consultation import open_consultation
    from observatoire.analyse.partenariat import list_partenariat

    consultation = open_consultation(espace_construit)
    lignes = list_partenariat(consultation, dt.date(2026, 11, 22))
    assert {ligne.source for ligne in lignes} == set(consultation.catalogue.sources)
    assert [ligne.source for ligne in lignes if ligne.attente_mois] == []
    assert all(ligne.convention and ligne.contact for ligne in lignes)
    sans_suite = {ligne.source for ligne in lignes if ligne.attendu_mois is None}
    assert {"insee_carroyage", "hinaura_mediation_numerique", "dgfip_taxe_habitation"} <= sans_suite
