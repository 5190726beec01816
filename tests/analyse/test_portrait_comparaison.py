import pytest

from observatoire.analyse.articles import NomTerritoire
from observatoire.analyse.portrait.comparaison import compare
from observatoire.analyse.portrait.modele import Sens, TerritoireReference
from observatoire.modeles.mailles import Maille
from observatoire.modeles.nombres import round_comme_ecrit
from tests.analyse.test_series import lue, make_indicateur

PART = make_indicateur()
TROP_PEU = "La Réunion : 31,5 %. Trop peu de cas pour comparer."
REUNION = TerritoireReference(
    "departement", Maille.DEPARTEMENT, "974", "La Réunion", "La Réunion",
    NomTerritoire("La Réunion", "de La Réunion", "à La Réunion"),
)  # fmt: skip


def plain(texte):
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("ici", "la", "sens", "phrase"),
    [
        (lue(46.8), lue(31.5), Sens.PLUS, "Plus élevé que La Réunion (31,5 %) : +15,3 points."),
        (lue(19.7), lue(31.5), Sens.MOINS, "Moins élevé que La Réunion (31,5 %) : −11,8 points."),
        (lue(31.46), lue(31.54), Sens.PROCHE, "Proche de La Réunion (31,5 %)."),
        # 31,44 et 31,46 s'écrivent 31,4 et 31,5, mais leur écart (0,02) est sous l'arrondi.
        (lue(31.44), lue(31.46), Sens.PROCHE, "Proche de La Réunion (31,5 %)."),
        # 31,42 et 31,54 : l'écart de 0,12 s'écrit comme celui des nombres écrits.
        (lue(31.42), lue(31.54), Sens.MOINS, "Moins élevé que La Réunion (31,5 %) : −0,1 point."),
        (lue(47.2, denominateur=30.0), lue(31.5), Sens.PLUS, "Plus élevé que La Réunion (31,5 %) : +15 points."),
        (
            lue(33.0, "estime", 30.0, 36.0),
            lue(31.5, bas=31.5, haut=31.5),
            Sens.NON_DIFFERENT,
            "Non différent de La Réunion (31,5 %), compte tenu de l'estimation.",
        ),
        (
            lue(46.8, "estime", 46.0, 47.0),
            lue(31.5, bas=31.5, haut=31.5),
            Sens.PLUS,
            "Plus élevé que La Réunion (31,5 %) : +15,3 points.",
        ),
        (lue(40.0, "non_significatif"), lue(31.5), Sens.SANS_CONCLUSION, TROP_PEU),
        (lue(40.0), lue(31.5, "non_significatif"), Sens.SANS_CONCLUSION, TROP_PEU),
        (lue(None, "secret"), lue(31.5), Sens.SANS_CONCLUSION, "La Réunion : 31,5 %."),
        (lue(40.0), lue(None, "secret"), Sens.SANS_VALEUR, "La Réunion : masqué pour protéger les personnes."),
        (lue(None, "secret"), None, Sens.SANS_VALEUR, ""),
        (lue(40.0), None, Sens.SANS_VALEUR, "La Réunion : pas de valeur publiée, 2010."),
    ],
)  # fmt: skip
def test_comparison_in_words(ici, la, sens, phrase):
    comparaison = compare(PART, "2010", ici, REUNION, la)
    assert (comparaison.sens, plain(comparaison.phrase)) == (sens, phrase)


def test_neither_a_category_nor_a_count_is_compared():
    assert compare(make_indicateur(type_mesure="typologie", unite="zone"), "2010", lue(1.0), REUNION, lue(2.0)) is None
    nombre = compare(make_indicateur(type_mesure="effectif", unite="lieux"), "2010", lue(3.0), REUNION, lue(900.0))
    assert (nombre.sens, nombre.phrase, nombre.lue.valeur) == (Sens.SANS_OBJET, "", 900.0)


def test_long_units_are_not_repeated_and_euros_stay():
    taux = make_indicateur(unite="pour 10 000 hab.", type_mesure="ratio", multiplicateur=10000)
    assert plain(compare(taux, "2010", lue(3.0), REUNION, lue(2.0)).phrase) == "Plus élevé que La Réunion (2,0) : +1,0."
    euros = make_indicateur(unite="€ par an", type_mesure="moyenne", decimales=0)
    attendu = "Moins élevé que La Réunion (12 186 €) : −3 158 €."
    assert plain(compare(euros, "2010", lue(9028.0), REUNION, lue(12186.0)).phrase) == attendu


def test_written_difference_is_that_of_the_written_numbers():
    assert round_comme_ecrit(46.85, 1) == 46.9
    assert round_comme_ecrit(-0.25, 1) == -0.3
