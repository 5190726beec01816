"""Horaires des mairies : du texte de l'annuaire à des heures, sans jamais prendre l'inconnu pour fermé."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatoire.ingestion.horaires import JOURS, compute_ouvertures, expand_horaires, summarize_horaires


def write(*blocs):
    """Texte de l'annuaire, écrit court : ("lundi", "mardi", "9:00-12:00 14:00-17:00")."""
    return json.dumps(
        [
            [debut, fin, [[f"{h}:00" for h in plage.split("-")] for plage in plages.split()]]
            for debut, fin, plages in blocs
        ]
    )


def measure(texte):
    return compute_ouvertures(pd.Series([texte])).iloc[0]


CAS = [
    # horaires, heures par semaine, samedi, soir
    ([("lundi", "lundi", "9:00-12:00")], 3, 0, 0),
    ([("lundi", "vendredi", "9:00-12:00 14:00-17:00")], 30, 0, 0),
    ([("lundi", "mardi", "9:00-12:00"), ("samedi", "samedi", "9:00-11:30")], 8.5, 1, 0),
    ([("vendredi", "dimanche", "9:00-12:00")], 9, 1, 0),
    ([("jeudi", "jeudi", "14:00-18:00")], 4, 0, 0),
    ([("jeudi", "jeudi", "14:00-18:01")], 4 + 1 / 60, 0, 1),
    ([("jeudi", "jeudi", "14:00-19:30"), ("samedi", "samedi", "10:00-12:00")], 7.5, 1, 1),
]


@pytest.mark.parametrize(("blocs", "heures", "samedi", "soir"), CAS)
def test_ouverture_hebdomadaire(blocs, heures, samedi, soir):
    m = measure(write(*blocs))
    assert m.heures_hebdomadaires == pytest.approx(heures)
    assert (m.ouvre_samedi, m.ouvre_soir, m.ouvre_samedi_ou_soir) == (samedi, soir, max(samedi, soir))


RECOUVREMENTS = [
    ("9:00-12:00 10:00-11:00", 3),
    ("9:00-12:00 11:00-14:00", 5),
    ("9:00-12:00 9:00-12:00", 3),
    ("9:00-12:00 12:00-14:00", 5),
    ("9:00-17:00 9:30-10:00 16:00-18:00", 9),
]


@pytest.mark.parametrize(("plages", "heures"), RECOUVREMENTS)
def test_plages_qui_se_recouvrent_count_once(plages, heures):
    assert measure(write(("lundi", "lundi", plages))).heures_hebdomadaires == pytest.approx(heures)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 22), st.integers(1, 23)), min_size=1, max_size=8))
def test_heures_equal_the_hours_really_open(plages):
    ouvertes = {(jour, h) for jour, debut, duree in plages for h in range(debut, min(debut + duree, 23))}
    blocs = [(JOURS[j], JOURS[j], f"{debut:02d}:00-{min(debut + duree, 23):02d}:00") for j, debut, duree in plages]
    assert measure(write(*blocs)).heures_hebdomadaires == pytest.approx(len(ouvertes))


INCONNUS = [
    "",
    "[]",
    " [] ",
    None,
    "null",
    "123",
    '"fermé"',
    "sur rendez-vous",
    '{"lundi": "9h-12h"}',
    '[["lundi", "mardi"]]',
    '[["lundi", "lundy", [["09:00:00", "12:00:00"]]]]',
    '[["lundi", "lundi", [["9h", "12h"]]]]',
    '[["lundi", "lundi", [["09:00:00"]]]]',
    '[["lundi", "lundi", [[9, 12]]]]',
    '[["lundi", "lundi", [["12:00:00", "09:00:00"]]]]',
]


@pytest.mark.parametrize("texte", INCONNUS)
def test_horaire_inconnu_or_malformed_is_unknown_not_zero(texte):
    assert np.isnan(measure(texte)).all()
    assert summarize_horaires(pd.Series([texte])).tolist() == [""]


def test_horaire_inconnu_does_not_blur_its_neighbours():
    textes = pd.Series(["[]", write(("lundi", "lundi", "9:00-12:00")), "illisible"], index=[7, 8, 9])
    assert compute_ouvertures(textes).heures_hebdomadaires.tolist() == pytest.approx([np.nan, 3, np.nan], nan_ok=True)


def test_horaires_are_unfolded_by_day_and_range():
    plages = expand_horaires(pd.Series([write(("lundi", "mardi", "9:00-12:00 14:00-17:30"))]))
    assert plages.to_numpy().tolist() == [[0, 0, 9, 12], [0, 0, 14, 17.5], [0, 1, 9, 12], [0, 1, 14, 17.5]]


RESUMES = [
    (
        [("lundi", "mardi", "9:00-12:00"), ("samedi", "samedi", "9:00-11:30")],
        "lundi au mardi 9 h-12 h ; samedi 9 h-11 h 30",
    ),
    ([("lundi", "lundi", "14:00-17:00 9:00-12:00")], "lundi 9 h-12 h et 14 h-17 h"),
    ([("mardi", "mardi", "9:00-12:00"), ("lundi", "lundi", "9:00-12:00")], "lundi au mardi 9 h-12 h"),
    ([("lundi", "lundi", "9:00-12:00"), ("mercredi", "mercredi", "9:00-12:00")], "lundi 9 h-12 h ; mercredi 9 h-12 h"),
]


@pytest.mark.parametrize(("blocs", "phrase"), RESUMES)
def test_resume_joins_neighbouring_days_alike(blocs, phrase):
    assert summarize_horaires(pd.Series([write(*blocs)])).tolist() == [phrase]
