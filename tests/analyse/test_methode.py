"""Fiches de méthode : tout indicateur a la sienne, complète, et aucune phrase n'y contredit la publication."""

import re
from datetime import date

import pytest

from observatoire.analyse.consultation import open_consultation
from observatoire.analyse.methode import build_fiche_methode, list_groupes
from observatoire.analyse.methode_niveaux import explain_absence, join_periodes, list_absents
from observatoire.analyse.methode_preuves import check_controles
from observatoire.analyse.methode_regles import (
    write_agregation,
    write_classes,
    write_formule,
    write_secret,
    write_seuil,
)
from observatoire.catalogue import load_catalogue
from observatoire.config import RACINE_DEPOT
from observatoire.errors import AppelError
from observatoire.modeles.indicateurs import Agregation, Classes, TypeMesure
from observatoire.modeles.mailles import MAILLES_DIFFUSEES, Maille

JOUR = date(2026, 11, 22)
CATALOGUE = load_catalogue([RACINE_DEPOT / "indicators"])
PUBLIES = sorted(i.id for i in CATALOGUE.indicateurs.values() if CATALOGUE.sources[i.source].livraisons)
"""Indicateurs dont les fichiers sont fournis ; les autres attendent un dépôt."""
TECHNIQUE = re.compile(r"\b(None|nan|True|False|[a-z]+_[a-z_0-9]+)\b")

FORMULES = {
    "part_menages_bas_revenus": "ménages à bas revenus ÷ ménages fiscaux × 100",
    "revenu_declare_moyen": "somme des revenus déclarés par unité de consommation ÷ population des ménages fiscaux",
    "nb_mairies": "somme de : mairies",
    "mairies_10000_hab": "mairies ÷ population municipale × 10 000",
    "densite_population": "population municipale ÷ superficie (en km²)",
    "evolution_annuelle_population": (
        "[(population municipale, dernière année ÷ population municipale, première année) puissance "
        "(1 ÷ nombre d'années) − 1] × 100"
    ),
    "part_habitants_mairie_samedi": (
        "population municipale concernée (commune dont la mairie ouvre le samedi) ÷ population municipale des "
        "territoires renseignés × 100"
    ),
    "valeur_locative_moyenne": (
        "somme de (valeur locative cadastrale moyenne des logements × logements) ÷ somme de : logements"
    ),
    "zone_abc": "catégorie lue dans la source : zone de la commune",
}
# Indicateur, niveau, et la raison attendue de son absence.
ABSENCES = [
    ("population_municipale", Maille.IRIS, "la source ne descend pas sous le niveau « commune »"),
    ("population_municipale", Maille.ARRONDISSEMENT_MUNICIPAL, "Paris, Lyon et Marseille d'un seul tenant"),
    ("part_abstention", Maille.COMMUNE, "la source ne descend pas sous le niveau « département »"),
    ("part_menages_bas_revenus", Maille.IRIS, "se rattachent aux communes, pas aux IRIS"),
    ("part_menages_bas_revenus", Maille.ARRONDISSEMENT_MUNICIPAL, "que pour Paris, Lyon et Marseille"),
    ("part_menages_bas_revenus", Maille.EPT, "métropole du Grand Paris, que la source ne couvre pas"),
    ("part_menages_bas_revenus", Maille.FRANCE, "qu'une partie du pays"),
    # Les douze départements d'Auvergne-Rhône-Alpes comprennent Lyon.
    ("nb_lieux_mediation", Maille.ARRONDISSEMENT_MUNICIPAL, "d'un seul tenant"),
    ("nb_lieux_mediation", Maille.EPT, "métropole du Grand Paris, que la source ne couvre pas"),
]


def plain(texte):
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture(scope="module")
def consultation(espace_construit):
    return open_consultation(espace_construit)


def texts_of(fiche):
    i = fiche.indicateur
    yield from (i.libelle, i.definition, i.champ, fiche.formule, fiche.sens, fiche.agregation, fiche.seuil)
    yield from (fiche.dessin, fiche.exemple, *fiche.secret, *fiche.limites)
    yield from (a.raison for a in fiche.niveaux_absents)
    yield from (t for p in fiche.precautions for t in p)
    yield from (lien.libelle for lien in (*fiche.problematiques, *fiche.ressources, *fiche.besoins))
    yield from (t for c in fiche.controles for t in (c.attendu, c.verdict, c.origine))
    yield from (t for s in fiche.sources for t in (s.libelle, s.producteur, s.licence, s.rythme, *s.roles))


@pytest.mark.parametrize("identifiant", PUBLIES)
def test_each_indicator_has_its_whole_fiche(consultation, identifiant):
    fiche = build_fiche_methode(consultation, identifiant, JOUR, "974")
    for champ in ("formule", "sens", "agregation", "niveaux", "sources", "secret", "dessin", "limites", "exemple"):
        assert getattr(fiche, champ), champ
    assert [t for t in texts_of(fiche) if TECHNIQUE.search(t)] == []
    assert all(s.annees and s.geographies and s.roles and s.licence for s in fiche.sources)
    # Publié ou expliqué : aucun niveau n'est passé sous silence.
    dits = {m for n in fiche.niveaux for m in n.mailles} | {a.maille for a in fiche.niveaux_absents}
    assert dits == set(MAILLES_DIFFUSEES)
    assert fiche.exemple.endswith(".")
    assert "{" not in fiche.exemple
    assert bool(fiche.seuil) == (fiche.indicateur.min_denominateur is not None)
    assert len(fiche.controles) == len(fiche.indicateur.controles)


def test_each_declared_value_is_found_again(consultation):
    manques = [
        (i.id, c.attendu, c.verdict)
        for i in consultation.catalogue.indicateurs.values()
        for c in check_controles(consultation, i)
        if not c.retrouve
    ]
    assert manques == []
    assert sum(len(i.controles) for i in consultation.catalogue.indicateurs.values()) >= 10


def test_a_value_that_differs_is_not_said_found(consultation):
    vrai = consultation.catalogue.indicateurs["part_menages_bas_revenus"]
    faux = [c.model_copy(update={"valeur": c.valeur + 1}) for c in vrai.controles]
    lus = check_controles(consultation, vrai.model_copy(update={"controles": tuple(faux)}))
    assert [c.retrouve for c in lus] == [False] * len(faux)
    assert plain(lus[0].attendu) == "32,5 % à La Réunion (département), en 2010"
    assert plain(lus[0].verdict) == "la publication donne 31,5 %"


def test_a_value_published_nowhere_is_said_so(consultation):
    vrai = consultation.catalogue.indicateurs["part_menages_bas_revenus"]
    ailleurs = vrai.controles[0].model_copy(update={"territoire": "33", "maille": Maille.DEPARTEMENT})
    (lu,) = check_controles(consultation, vrai.model_copy(update={"controles": (ailleurs,)}))
    assert not lu.retrouve
    assert "aucune valeur publiée" in lu.verdict
    assert "dans la Gironde" in lu.attendu or "en Gironde" in lu.attendu


@pytest.mark.parametrize(("identifiant", "formule"), FORMULES.items())
def test_formule_in_plain_words(identifiant, formule):
    assert plain(write_formule(CATALOGUE, CATALOGUE.indicateurs[identifiant])) == formule


@pytest.mark.parametrize(("identifiant", "maille", "raison"), ABSENCES)
def test_an_absent_level_has_its_reason(consultation, identifiant, maille, raison):
    absents = {a.maille: plain(a.raison) for a in list_absents(consultation, CATALOGUE.indicateurs[identifiant])}
    assert raison in absents[maille]


def test_a_declared_level_without_value_is_a_matter_of_coverage():
    indicateur = CATALOGUE.indicateurs["part_65_ans_plus"]
    assert "80 %" in plain(explain_absence(CATALOGUE, indicateur, Maille.DEPARTEMENT))


def test_a_measure_that_does_not_aggregate_says_so():
    mediane = CATALOGUE.indicateurs["revenu_declare_moyen"].model_copy(
        update={"type_mesure": TypeMesure.QUANTILE, "agregation": Agregation.INTERDITE, "denominateur": None}
    )
    assert "ne s'agrège pas" in explain_absence(CATALOGUE, mediane, Maille.DEPARTEMENT)
    assert write_agregation(CATALOGUE, mediane).startswith("Ne s'agrège pas")
    assert plain(write_formule(CATALOGUE, mediane)).startswith("valeur reprise du producteur")


@pytest.mark.parametrize(
    ("regle", "mots"),
    [
        ("filosofi_carroye", ("déjà protégées", "11 unités")),
        ("cnaf_arrondi5", ("déjà protégées", "multiple de 5")),
        ("convention_k5", ("ne publie rien dont la protection ne soit prouvée",)),
    ],
)
def test_secret_in_plain_words(regle, mots):
    phrases = plain(" ".join(write_secret(CATALOGUE.secrets[regle])))
    assert all(mot in phrases for mot in mots)
    assert ("déjà protégées" in phrases) == (CATALOGUE.secrets[regle].mode == "P")


def test_seuil_and_classes_in_plain_words():
    assert "Sous 200 habitants" in write_seuil(CATALOGUE, CATALOGUE.indicateurs["part_65_ans_plus"])
    fixes = plain(write_classes(CATALOGUE.indicateurs["densite_population"]))
    assert fixes == "5 classes aux limites fixes, les mêmes partout et chaque année : 25 ; 80 ; 300 ; 1 500 hab./km²."
    jenks = CATALOGUE.indicateurs["part_65_ans_plus"].model_copy(update={"classes": Classes(methode="fisher_jenks")})
    assert "Fisher-Jenks" in write_classes(jenks)


def test_limites_say_age_coverage_and_two_years(consultation):
    bas_revenus = " ".join(build_fiche_methode(consultation, "part_menages_bas_revenus", JOUR, "974").limites)
    assert "ne couvre que La Réunion" in bas_revenus
    assert "a 16 ans" in bas_revenus
    mairies = plain(" ".join(build_fiche_methode(consultation, "mairies_10000_hab", JOUR, "974").limites))
    assert "2026 pour la mesure, 2023 pour « population municipale »" in mairies
    mediation = " ".join(build_fiche_methode(consultation, "nb_lieux_mediation", JOUR, "974").limites)
    assert "12 départements (Ain, Allier, Ardèche, Cantal…)" in mediation
    assert "compte zéro" in mediation


def test_exemple_is_read_where_the_source_has_values(consultation):
    assert "La Réunion" in build_fiche_methode(consultation, "part_menages_bas_revenus", JOUR, "33").exemple
    assert "Gironde" in build_fiche_methode(consultation, "part_65_ans_plus", JOUR, "33").exemple
    assert "Saint-Denis" in build_fiche_methode(consultation, "zone_abc", JOUR, "974").exemple


def test_unknown_indicator_proposes_the_nearest(consultation):
    with pytest.raises(AppelError, match="part_menages_bas_revenus"):
        build_fiche_methode(consultation, "part_menage_bas_revenu", JOUR)


@pytest.mark.parametrize(
    ("periodes", "texte"),
    [
        (("2010",), "2010"),
        (("2016", "2019", "2020"), "2016, 2019, 2020"),
        (("2019", "2020", "2021", "2022"), "de 2019 à 2022"),
        (("2016-2023",), "de 2016 à 2023"),
        (("2024-T4", "2025-T1"), "4e trimestre 2024, 1er trimestre 2025"),
    ],
)
def test_periodes_in_plain_words(periodes, texte):
    assert join_periodes(periodes) == texte


def test_each_indicator_is_listed_once_without_filter(consultation):
    listes = [i.id for g in list_groupes(consultation) for i in g.indicateurs]
    assert sorted(listes) == sorted(consultation.catalogue.indicateurs)


def test_filters_keep_what_is_asked(consultation):
    (habitat,) = list_groupes(consultation, problematique="habitat", nature="besoin")
    assert {str(i.nature) for i in habitat.indicateurs} == {"besoin"}
    assert all("habitat" in i.problematiques for i in habitat.indicateurs)
    trouves = {i.id for g in list_groupes(consultation, cherche="MÉNAGES bas") for i in g.indicateurs}
    assert {"part_menages_bas_revenus", "nb_menages_bas_revenus"} <= trouves
    assert "population_municipale" not in trouves
    assert list_groupes(consultation, cherche="licorne") == ()


def test_fiche_says_what_a_resource_lights_up(consultation):
    fiche = build_fiche_methode(consultation, "mairies_10000_hab", JOUR, "974")
    assert "part_menages_bas_revenus" in {lien.id for lien in fiche.besoins}
