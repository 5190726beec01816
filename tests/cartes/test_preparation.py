"""Cartes préparées depuis une vraie publication."""

from __future__ import annotations

import time

import pytest
import shapely

from observatoire.analyse.consultation import Consultation, open_consultation
from observatoire.cartes.demande import CarteStatique
from observatoire.cartes.preparation import prepare_carte
from observatoire.cartes.statique import draw_carte
from observatoire.config import Espace
from observatoire.errors import AppelError
from observatoire.modeles.mailles import Maille

SECONDES_FRANCE = 60
"""Quinze suffisent à une machine libre ; les essais partagent la leur."""


@pytest.fixture(scope="module")
def consultation(espace_construit: Espace) -> Consultation:
    return open_consultation(espace_construit)


@pytest.fixture(scope="module")
def reunion(consultation: Consultation) -> CarteStatique:
    return prepare_carte(
        consultation, "part_menages_bas_revenus", Maille.COMMUNE, departement="974", observatoire="Essai"
    )


def test_departement_is_complete(reunion: CarteStatique, consultation: Consultation) -> None:
    assert len(reunion.contours) == 24
    assert set(reunion.valeurs["code_territoire"]) == set(reunion.contours["code"])
    assert (reunion.territoire, reunion.territoire_de) == ("La Réunion", "de La Réunion")
    assert (reunion.periode, reunion.geographie) == ("2010", "01/01/2026")
    assert reunion.publication == consultation.publication.id
    assert reunion.observatoire == "Essai"
    assert [libelle for libelle, _ in reunion.reperes] == ["La Réunion"]
    assert reunion.phrase.startswith("En 2010, 31,5\u00a0% des ménages")
    assert reunion.source.endswith("revenus fiscaux localisés 2010")
    assert shapely.is_valid(reunion.contours.geometry.to_numpy()).all()


def test_reperes_are_the_departement_then_la_france(consultation: Consultation) -> None:
    demande = prepare_carte(consultation, "part_logements_vacants", Maille.COMMUNE, departement="38")
    assert [libelle for libelle, _ in demande.reperes] == ["Isère", "France"]
    assert demande.filets is not None
    assert set(demande.filets["sorte"]) == {"epci"}
    assert demande.voisins is not None
    # Les communes proches et, derrière, les autres départements.
    assert {"01004", "01"} <= set(demande.voisins["code"])
    assert "38" not in set(demande.voisins["code"])


def test_epci_a_cheval_is_drawn_whole_and_the_departement_outlined(consultation: Consultation) -> None:
    demande = prepare_carte(consultation, "zone_abc", Maille.EPCI, departement="38")
    assert demande.limites is not None
    assert len(demande.limites) == 512
    assert "mixtes (plusieurs catégories)" in demande.phrase
    assert demande.reperes == ()


def test_france_takes_every_commune(consultation: Consultation, tmp_path) -> None:
    depart = time.perf_counter()
    demande = prepare_carte(consultation, "evolution_annuelle_population", Maille.COMMUNE)
    assert len(demande.contours) == 34_875
    assert demande.territoire_de == "de France"
    draw_carte(demande, tmp_path / "france.png")
    assert time.perf_counter() - depart < SECONDES_FRANCE


@pytest.mark.parametrize(
    ("indicateur", "maille", "departement", "attendu"),
    [
        ("part_menage_bas_revenus", Maille.COMMUNE, "974", "Vouliez-vous dire « part_menages_bas_revenus »"),
        ("part_abstention", Maille.COMMUNE, "974", "Niveaux publiés : departement, region"),
        ("population_municipale", Maille.COMMUNE, "999", "« département » n'a le code « 999 »"),
        ("part_logements_vacants", Maille.IRIS, "38", "Niveaux à choisir : commune, epci"),
        ("part_logements_vacants", Maille.ARRONDISSEMENT_MUNICIPAL, None, "se dessine : 13, 69, 75"),
        ("population_municipale", Maille.DEPARTEMENT, "38", "Retirez --departement"),
        ("population_municipale", Maille.FRANCE, None, "Niveaux à choisir : commune"),
    ],
)
def test_faults_say_what_to_do(
    consultation: Consultation, indicateur: str, maille: Maille, departement: str | None, attendu: str
) -> None:
    with pytest.raises(AppelError, match=attendu.replace("(", r"\(")):
        prepare_carte(consultation, indicateur, maille, departement=departement)


def test_unknown_periode_lists_the_others(consultation: Consultation) -> None:
    with pytest.raises(AppelError, match="Périodes publiées : 2016, 2019"):
        prepare_carte(consultation, "population_municipale", Maille.COMMUNE, departement="38", periode="1999")


def test_arrondissements_municipaux_are_set_among_their_neighbours(consultation: Consultation) -> None:
    demande = prepare_carte(consultation, "part_logements_vacants", Maille.ARRONDISSEMENT_MUNICIPAL, departement="69")
    assert len(demande.contours) == 9
    assert demande.limites is None
    assert demande.voisins is not None
    assert "69266" in set(demande.voisins["code"])
