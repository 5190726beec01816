from datetime import date

import pytest

from observatoire.analyse.articles import name_territoire
from observatoire.analyse.resumes import (
    ValeurLue,
    format_valeur_lue,
    read_valeur_lue,
    write_age,
    write_couverture,
    write_intervalle,
    write_lecture,
    write_part_sur,
    write_resume,
    write_resume_typologie,
    write_statut,
)
from observatoire.modeles.indicateurs import Indicateur, Modalite
from observatoire.modeles.mailles import Maille

REUNION = name_territoire("La Réunion", 0, Maille.DEPARTEMENT)
PART = Indicateur(
    id="part",
    libelle="Part des ménages à bas revenus",
    libelle_court="Bas revenus",
    definition="Ménages à bas revenus rapportés aux ménages.",
    problematiques=("insertion",),
    nature="besoin",
    type_mesure="ratio",
    unite="%",
    numerateur="n",
    denominateur="d",
    multiplicateur=100,
    champ="Ménages",
    source="s",
    mailles=("commune",),
    frequence="une fois",
    polarite=-1,
    secret="ouverte",
    lecture="En {periode}, {valeur} % des ménages {du_territoire} étaient à bas revenus "
    "({numerateur} sur {denominateur}).",
)
EFFECTIF = PART.model_copy(
    update={
        "libelle": "Lycées", "unite": "lycées", "decimales": 0, "type_mesure": "effectif", "denominateur": None,
        "lecture": "En {periode}, on comptait {valeur} lycées {a_territoire}.",
    }
)  # fmt: skip
LUE = ValeurLue(31.4987, "publie", 93_500.0, 296_838.0, 31.4987, 31.4987)


def plain(texte):
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


def test_resume_gives_the_range_without_naming_anyone():
    phrase = write_resume(PART, "2010", REUNION, LUE, (19.68, 46.81), Maille.COMMUNE)
    assert plain(phrase) == (
        "En 2010, 31,5 % des ménages de La Réunion étaient à bas revenus ; selon les communes, de 19,7 % à 46,8 %."
    )
    assert "\u00a0%" in phrase


def test_resume_without_reference_still_gives_the_range():
    phrase = write_resume(PART, "2010", REUNION, None, (19.68, 46.81), Maille.EPCI)
    assert plain(phrase) == "Part des ménages à bas revenus, en 2010 : de 19,7 % à 46,8 % selon les EPCI de La Réunion."


def test_resume_of_a_secret_reference_never_shows_a_number():
    secrete = ValeurLue(None, "secret")
    phrase = write_resume(PART, "2010", REUNION, secrete, None, Maille.COMMUNE)
    assert plain(phrase) == "Part des ménages à bas revenus, en 2010 : aucune valeur publiée à La Réunion à ce niveau."


def test_resume_of_equal_values_and_of_an_effectif():
    assert plain(write_resume(PART, "2010", REUNION, LUE, (12.0, 12.01), Maille.COMMUNE)).endswith(
        "; selon les communes, partout 12,0 %."
    )
    phrase = write_resume(EFFECTIF, "2026", REUNION, ValeurLue(45.0, "publie"), (0.0, 12.0), Maille.COMMUNE)
    assert plain(phrase) == "En 2026, on comptait 45 lycées à La Réunion ; selon les communes, de 0 à 12 lycées."


def test_resume_of_the_only_value_of_a_map_gives_no_range():
    seule = write_resume(PART, "2010", REUNION, LUE, (46.8, 46.8), Maille.COMMUNE, seule_sur=24)
    assert plain(seule) == "En 2010, 31,5 % des ménages de La Réunion étaient à bas revenus."
    sans = write_resume(PART, "2010", REUNION, None, (46.8, 46.8), Maille.COMMUNE, seule_sur=24)
    assert plain(sans) == "Part des ménages à bas revenus, en 2010 : 46,8 %, dans 1 commune de La Réunion sur 24."


def test_resume_never_ends_with_two_dots():
    densite = PART.model_copy(update={"unite": "pour 10 000 hab.", "lecture": "En {periode}, {valeur} {a_territoire}."})
    assert write_resume(densite, "2026", REUNION, LUE, (0.1, 714.3), Maille.COMMUNE).endswith("hab.")
    assert ".." not in write_resume(densite, "2026", REUNION, LUE, (0.1, 714.3), Maille.COMMUNE)


def test_resume_of_a_typologie_counts_territories():
    typologie = PART.model_copy(
        update={"libelle": "Zone", "type_mesure": "typologie", "modalites": (Modalite(code="A", libelle="A"),)}
    )
    phrase = write_resume_typologie(typologie, "2024", REUNION, [("A", 20), ("B1", 0), ("C", 4)], Maille.COMMUNE)
    assert plain(phrase) == "Zone, en 2024 : 24 communes de La Réunion, dont 20 en « A » et 4 en « C »."
    phrase = write_resume_typologie(typologie, "2024", REUNION, [("A", 3)], Maille.EPCI, mixtes=2)
    assert plain(phrase) == "Zone, en 2024 : 5 EPCI de La Réunion, dont 3 en « A » et 2 mixtes (plusieurs catégories)."
    seule = write_resume_typologie(typologie, "2024", REUNION, [], Maille.EPCI, mixtes=1)
    assert plain(seule) == "Zone, en 2024 : 1 EPCI de La Réunion, dont 1 mixte (plusieurs catégories)."


def test_lecture_says_n_sur_n_and_drops_it_when_unknown():
    assert plain(write_lecture(PART, "2010", REUNION, LUE)) == (
        "En 2010, 31,5 % des ménages de La Réunion étaient à bas revenus (93 500 sur 296 838)."
    )
    sans = ValeurLue(31.5, "publie")
    assert "(" not in write_lecture(PART, "2010", REUNION, sans)


def test_small_denominator_has_no_decimal():
    assert plain(write_lecture(PART, "2010", REUNION, ValeurLue(33.333, "publie", 10.0, 30.0))).startswith(
        "En 2010, 33 %"
    )


def test_interval_is_said_with_words_only_when_it_shows():
    estimee = ValeurLue(31.5, "estime", 93_500.0, 296_838.0, 30.9, 32.1)
    assert plain(write_intervalle(PART, estimee)) == "entre 30,9 % et 32,1 %"
    assert write_intervalle(PART, LUE) == ""
    assert plain(write_part_sur(PART, estimee, "ménages")) == "93 500 sur 296 838 ménages"


@pytest.mark.parametrize("statut", ["secret", "non_disponible", "hors_champ"])
def test_hidden_values_give_words_and_no_digit(statut):
    lue = ValeurLue(12.0, statut, 3.0, 20.0, 1.0, 20.0)
    for texte in (
        format_valeur_lue(PART, lue),
        write_statut(lue),
        write_lecture(PART, "2010", REUNION, lue),
        write_intervalle(PART, lue),
        write_part_sur(PART, lue),
    ):
        assert not any(c.isdigit() for c in texte), texte


def test_age_is_said_beyond_five_years():
    assert write_age("2010", date(2026, 11, 22)) == "donnée de 2010"
    assert write_age("2021", date(2026, 11, 22)) == ""
    assert write_age("2016-2019", date(2026, 11, 22)) == "donnée de 2019"


def test_couverture_is_never_rounded_up_to_whole():
    assert (
        plain(write_couverture(ValeurLue(1.0, "partiel", couverture=0.998)))
        == "La source couvre 99 % de ce territoire."
    )
    assert write_couverture(LUE) == ""


def test_read_valeur_lue_turns_nan_into_absence():
    lue = read_valeur_lue({"valeur": float("nan"), "statut": "secret", "modalite": "", "couverture": 0.0})
    assert lue.valeur is None
    assert not lue.montrable
