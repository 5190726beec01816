import pytest

from observatoire.analyse.resumes import ValeurLue
from observatoire.analyse.series import build_courbe, read_date, write_evolution
from observatoire.modeles.indicateurs import Indicateur


def make_indicateur(**changes):
    fiche = {
        "id": "part_essai", "libelle": "Part d'essai", "libelle_court": "Part d'essai",
        "definition": "Définition inventée pour les essais.", "problematiques": ["essai"], "nature": "besoin",
        "type_mesure": "ratio", "unite": "%", "numerateur": "n", "denominateur": "d", "multiplicateur": 100,
        "champ": "Ménages", "source": "source_essai", "mailles": ["commune"], "frequence": "annuelle", "polarite": 0,
        "secret": "ouverte", "lecture": "En {periode}, {valeur} % des ménages {du_territoire}.",
    }  # fmt: skip
    return Indicateur(**(fiche | changes))


PART = make_indicateur()
NOMBRE = make_indicateur(type_mesure="effectif", unite="habitants", denominateur=None, multiplicateur=1, decimales=0)


def lue(valeur, statut="publie", bas=None, haut=None, denominateur=1000.0):
    return ValeurLue(valeur, statut, 1.0, denominateur, bas, haut)


def annees(*valeurs, depart=2016):
    return {str(depart + k): lue(v) for k, v in enumerate(valeurs)}


def test_two_periods_make_no_courbe_and_three_make_one():
    assert build_courbe(PART, [("Ici", annees(1.0, 2.0))]) is None
    courbe = build_courbe(PART, [("Ici", annees(1.0, 2.0, 3.0))])
    assert [p.hauteur for p in courbe.series[0].points] == [1.0, 2.0, 3.0]
    assert courbe.base == ""


def test_masked_and_non_significant_values_leave_a_hole_not_a_point():
    valeurs = annees(1.0, 2.0, 3.0, 4.0, 5.0)
    valeurs |= {"2017": lue(None, "secret"), "2018": lue(99.0, "non_significatif")}
    courbe = build_courbe(PART, [("Ici", valeurs)])
    assert [p.hauteur for p in courbe.series[0].points] == [1.0, None, None, 4.0, 5.0]
    assert build_courbe(PART, [("Ici", valeurs | {"2019": lue(None, "non_disponible")})]) is None


def test_counts_are_traced_as_indices_against_their_references():
    courbe = build_courbe(NOMBRE, [("Ici", annees(200.0, 150.0, 300.0)), ("France", annees(1e6, 2e6, 3e6))])
    assert courbe.base == "2016"
    assert [p.hauteur for p in courbe.series[0].points] == [100.0, 75.0, 150.0]
    assert [p.hauteur for p in courbe.series[1].points] == [100.0, 200.0, 300.0]
    # Le tableau garde les nombres publiés.
    assert [p.lue.valeur for p in courbe.series[1].points] == [1e6, 2e6, 3e6]


def test_a_count_starting_at_zero_takes_the_first_common_year_as_base():
    courbe = build_courbe(NOMBRE, [("Ici", annees(0.0, 50.0, 100.0)), ("France", annees(100.0, 200.0, 300.0))])
    assert courbe.base == "2017"
    assert [p.hauteur for p in courbe.series[0].points] == [0.0, 100.0, 200.0]


def test_a_handful_of_people_is_counted_never_put_in_percent():
    courbe = build_courbe(NOMBRE, [("Ici", annees(1.0, 1.0, 2.0)), ("France", annees(100.0, 200.0, 300.0))])
    assert courbe.base == ""
    assert [s.libelle for s in courbe.series] == ["Ici"]
    phrase = write_evolution(NOMBRE, ("2016", lue(1.0)), ("2023", lue(2.0)))
    assert phrase.replace("\u00a0", " ") == "Entre 2016 et 2023 : de 1 à 2 habitants."


def test_what_moves_under_the_rounding_does_not_move_on_the_curve():
    euros = make_indicateur(type_mesure="moyenne", unite="€ par an", decimales=0)
    courbe = build_courbe(euros, [("France", annees(3549.93, 3549.86, 3549.93))])
    assert [p.hauteur for p in courbe.series[0].points] == [3550.0, 3550.0, 3550.0]


def test_reference_without_the_same_years_is_left_out():
    courbe = build_courbe(PART, [("Ici", annees(1.0, 2.0, 3.0)), ("France", annees(5.0, 6.0, depart=1990))])
    assert [s.libelle for s in courbe.series] == ["Ici"]


def test_the_same_estimate_repeated_is_not_a_stable_curve():
    repetee = {str(a): lue(256518.0, "estime") for a in range(2016, 2020)}
    assert build_courbe(NOMBRE, [("Mayotte", repetee)]) is None
    phrase = write_evolution(NOMBRE, ("2016", repetee["2016"]), ("2019", repetee["2019"]))
    assert "l'évolution n'est pas mesurée" in phrase
    assert "stable" not in phrase
    # Une vraie stabilité, mesurée à chaque fois, se dit.
    assert "stable" in write_evolution(NOMBRE, ("2016", lue(10.0)), ("2019", lue(10.0)))


@pytest.mark.parametrize(
    ("indicateur", "avant", "apres", "attendu"),
    [
        (PART, lue(30.14), lue(31.46), "Entre 2016 et 2023 : de 30,1 à 31,5 %, soit +1,4 point."),
        (PART, lue(31.46), lue(28.0), "Entre 2016 et 2023 : de 31,5 à 28,0 %, soit −3,5 points."),
        (NOMBRE, lue(7400.0), lue(7268.0), "Entre 2016 et 2023 : de 7 400 à 7 268 habitants, soit −1,8 %."),
        (PART, lue(30.14), lue(30.06), "Entre 2016 et 2023 : stable (30,1 %)."),
        (PART, lue(30.0, denominateur=20.0), lue(32.4), "Entre 2016 et 2023 : de 30 à 32 %, soit +2 points."),
    ],
)
def test_evolution_in_words(indicateur, avant, apres, attendu):
    texte = write_evolution(indicateur, ("2016", avant), ("2023", apres))
    assert texte.replace("\u00a0", " ").replace("\u202f", " ") == attendu


def test_overlapping_estimates_do_not_conclude():
    avant, apres = lue(30.0, "estime", 28.0, 32.0), lue(31.0, "estime", 29.0, 33.0)
    assert "on ne peut pas conclure" in write_evolution(PART, ("2016", avant), ("2023", apres))
    apres = lue(36.0, "estime", 35.0, 37.0)
    assert "soit +6,0 points" in write_evolution(PART, ("2016", avant), ("2023", apres)).replace("\u00a0", " ")


@pytest.mark.parametrize("statut", ["secret", "non_disponible", "non_significatif", "hors_champ"])
def test_no_evolution_from_a_value_that_says_nothing(statut):
    assert write_evolution(PART, ("2016", lue(None, statut)), ("2023", lue(3.0))) == ""


@pytest.mark.parametrize(
    ("periode", "date"),
    [("2021", 2021), ("2021-S2", 2021.5), ("2021-T3", 2021.5), ("2021-07", 2021.5), ("2016-2023", 2023)],
)
def test_periods_have_a_place_in_time(periode, date):
    assert read_date(periode) == date


def test_a_period_without_year_is_refused():
    with pytest.raises(ValueError, match="n'a pas d'année"):
        read_date("hiver")
