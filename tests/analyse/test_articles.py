import pytest

from observatoire.analyse.articles import name_territoire
from observatoire.modeles.mailles import Maille

COMMUNES = [
    ("Saint-Denis", 0, "Saint-Denis", "de Saint-Denis", "à Saint-Denis"),
    ("Abbeville", 1, "Abbeville", "d'Abbeville", "à Abbeville"),
    ("Le Port", 2, "Le Port", "du Port", "au Port"),
    ("La Possession", 3, "La Possession", "de La Possession", "à La Possession"),
    ("Les Avirons", 4, "Les Avirons", "des Avirons", "aux Avirons"),
    ("L'Étang-Salé", 5, "L'Étang-Salé", "de L'Étang-Salé", "à L'Étang-Salé"),
    ("Los Masos", 8, "Los Masos", "de Los Masos", "à Los Masos"),
    ("Hyères", 1, "Hyères", "d'Hyères", "à Hyères"),
    ("Yerres", 0, "Yerres", "de Yerres", "à Yerres"),
]
DEPARTEMENTS = [
    ("La Réunion", 0, "La Réunion", "de La Réunion", "à La Réunion"),
    ("Mayotte", 0, "Mayotte", "de Mayotte", "à Mayotte"),
    ("Paris", 0, "Paris", "de Paris", "à Paris"),
    ("Guadeloupe", 3, "la Guadeloupe", "de la Guadeloupe", "en Guadeloupe"),
    ("Gironde", 3, "la Gironde", "de la Gironde", "dans la Gironde"),
    ("Isère", 5, "l'Isère", "de l'Isère", "dans l'Isère"),
    ("Cher", 2, "le Cher", "du Cher", "dans le Cher"),
    ("Landes", 4, "les Landes", "des Landes", "dans les Landes"),
    ("Seine-Saint-Denis", 3, "la Seine-Saint-Denis", "de la Seine-Saint-Denis", "en Seine-Saint-Denis"),
    ("Eure-et-Loir", 1, "Eure-et-Loir", "d'Eure-et-Loir", "en Eure-et-Loir"),
    ("Maine-et-Loire", 0, "Maine-et-Loire", "de Maine-et-Loire", "en Maine-et-Loire"),
]
REGIONS = [
    ("Bretagne", 0, "Bretagne", "de Bretagne", "en Bretagne"),
    ("Île-de-France", 1, "Île-de-France", "d'Île-de-France", "en Île-de-France"),
    ("Grand Est", 2, "le Grand Est", "du Grand Est", "dans le Grand Est"),
    ("Hauts-de-France", 4, "les Hauts-de-France", "des Hauts-de-France", "dans les Hauts-de-France"),
]
GROUPEMENTS = [
    (
        "CA du Nord de la Réunion",
        "la CA du Nord de la Réunion",
        "de la CA du Nord de la Réunion",
        "dans la CA du Nord de la Réunion",
    ),
    ("Bordeaux Métropole", "Bordeaux Métropole", "de Bordeaux Métropole", "à Bordeaux Métropole"),
    ("Orléans Métropole", "Orléans Métropole", "d'Orléans Métropole", "à Orléans Métropole"),
    ("Métropole de Lyon", "la Métropole de Lyon", "de la Métropole de Lyon", "dans la Métropole de Lyon"),
    (
        "Eurométropole de Strasbourg",
        "l'Eurométropole de Strasbourg",
        "de l'Eurométropole de Strasbourg",
        "dans l'Eurométropole de Strasbourg",
    ),
]


@pytest.mark.parametrize(("libelle", "tncc", "seul", "du", "a"), COMMUNES)
def test_commune_keeps_its_article_as_part_of_its_name(libelle, tncc, seul, du, a):
    assert name_territoire(libelle, tncc, Maille.COMMUNE) == (seul, du, a)


@pytest.mark.parametrize(("libelle", "tncc", "seul", "du", "a"), DEPARTEMENTS)
def test_departement_receives_an_article(libelle, tncc, seul, du, a):
    assert name_territoire(libelle, tncc, Maille.DEPARTEMENT) == (seul, du, a)


@pytest.mark.parametrize(("libelle", "tncc", "seul", "du", "a"), REGIONS)
def test_region(libelle, tncc, seul, du, a):
    assert name_territoire(libelle, tncc, Maille.REGION) == (seul, du, a)


@pytest.mark.parametrize(("libelle", "seul", "du", "a"), GROUPEMENTS)
def test_epci_has_no_type_de_liaison(libelle, seul, du, a):
    assert name_territoire(libelle, float("nan"), Maille.EPCI) == (seul, du, a)


def test_france_and_small_levels():
    assert name_territoire("France", 3, Maille.FRANCE) == ("la France", "de France", "en France")
    assert name_territoire("Avallon", 1, Maille.ARRONDISSEMENT).du_territoire == "de l'arrondissement d'Avallon"
    assert name_territoire("Centre", 0, Maille.IRIS).a_territoire == "dans l'IRIS Centre"
    assert name_territoire("Salazie, IRIS 0101", 0, Maille.IRIS).du_territoire == "de l'IRIS 0101 (Salazie)"
