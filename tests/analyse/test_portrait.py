"""Portraits sur les données construites ; les nombres attendus sont relus dans les Parquet, par un autre chemin."""

from functools import cache

import pandas as pd
import pytest

from observatoire.analyse.consultation import open_consultation
from observatoire.analyse.portrait import build_portrait, choose_portee, count_par_commune
from observatoire.analyse.portrait.modele import Sens
from observatoire.modeles.indicateurs import Nature, TypeMesure
from observatoire.modeles.mailles import Maille


@pytest.fixture(scope="module")
def consultation(espace_construit):
    return open_consultation(espace_construit)


@pytest.fixture(scope="module")
def portrait_of(consultation):
    lieux = count_par_commune(consultation)

    @cache
    def build(maille, code, references=()):
        return build_portrait(consultation, Maille(maille), code, references, lieux_par_commune=lieux)

    return build


@pytest.fixture(scope="module")
def read_parquet(consultation):
    dossier = consultation.espace.diffusion / "copies" / consultation.publication.id / "par_indicateur"

    @cache
    def read(indicateur):
        return pd.read_parquet(dossier / f"{indicateur}.parquet")

    return read


def find(portrait, indicateur):
    return next(m for q in portrait.questions for m in q.mesures if m.indicateur.id == indicateur)


def plain(texte):
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


# --- Valeurs relues à la source


@pytest.mark.parametrize(
    ("maille", "code"),
    [("commune", "97421"), ("commune", "75056"), ("epci", "243500741"), ("departement", "976"), ("france", "FR")],
)
def test_every_value_shown_is_the_published_one(portrait_of, read_parquet, maille, code):
    vues = 0
    for question in portrait_of(maille, code).questions:
        for mesure in question.mesures:
            table = read_parquet(mesure.indicateur.id)
            lignes = table[(table.maille == maille) & (table.code_territoire == code)]
            if lignes.empty:
                assert mesure.lue.statut == "non_disponible", mesure.indicateur.id
                continue
            derniere = lignes[lignes.periode == lignes.periode.max()].sort_values("valeur", ascending=False)
            assert mesure.periode == derniere.periode.iloc[0]
            assert [v.statut for v in mesure.lues] == derniere.statut.tolist()
            attendues = [None if pd.isna(v) else v for v in derniere.valeur]
            assert [v.valeur for v in mesure.lues] == attendues, mesure.indicateur.id
            vues += 1
    assert vues > 20


def test_references_are_of_the_same_period_and_right(portrait_of, read_parquet):
    comparees = 0
    for question in portrait_of("commune", "97421").questions:
        for mesure in question.mesures:
            for comparaison in mesure.comparaisons:
                table = read_parquet(mesure.indicateur.id)
                la = table[
                    (table.maille == comparaison.reference.maille)
                    & (table.code_territoire == comparaison.reference.code)
                    & (table.periode == mesure.periode)
                ]
                assert comparaison.lue.valeur == la.valeur.iloc[0]
                comparees += 1
    assert comparees > 40


@pytest.mark.parametrize(("code", "departement"), [("97421", "974"), ("26001", "26"), ("29083", "29")])
def test_etendue_is_that_of_the_significant_values_of_the_departement(
    portrait_of, consultation, read_parquet, code, departement
):
    portrait = portrait_of("commune", code)
    codes = set(consultation.territoires.list_territoires(Maille.COMMUNE, departement).code)
    verifiees = ecartees = 0
    for mesure in (m for q in portrait.questions for m in q.mesures if m.etendue):
        table = read_parquet(mesure.indicateur.id)
        siennes = table[
            (table.maille == "commune") & (table.periode == mesure.periode) & table.code_territoire.isin(codes)
        ]
        gardees = siennes[(siennes.statut != "non_significatif") & siennes.valeur.notna()]
        ecartees += len(siennes) - len(gardees)
        assert mesure.etendue == (gardees.valeur.min(), gardees.valeur.max(), len(gardees)), mesure.indicateur.id
        verifiees += 1
    assert verifiees > 10
    assert ecartees > 0 or departement == "974"


def test_salazie_reads_as_published(portrait_of):
    mesure = find(portrait_of("commune", "97421"), "part_menages_bas_revenus")
    assert plain(mesure.part_sur) == "980 sur 2 091 ménages"
    assert plain(mesure.phrase) == "En 2010, 46,8 % des ménages de Salazie étaient à bas revenus."
    assert [plain(c.phrase) for c in mesure.comparaisons] == [
        "Plus élevé que la CIREST (37,6 %, estimé) : +9,2 points.",
        "Plus élevé que La Réunion (31,5 %) : +15,3 points.",
    ]


def test_lieux_are_counted_as_the_indicator_counts_them(portrait_of, consultation, read_parquet):
    for maille, code in (("commune", "97421"), ("epci", "249740093"), ("departement", "33"), ("france", "FR")):
        mesure = find(portrait_of(maille, code), "mairies_10000_hab")
        table = read_parquet("nb_mairies")
        attendu = table[(table.maille == maille) & (table.code_territoire == code)].valeur.iloc[0]
        assert mesure.lieux.nombre == attendu, (maille, code)


# --- Ce qui ne doit pas être dit


@pytest.mark.parametrize(("maille", "code"), [("commune", "97421"), ("commune", "26274"), ("departement", "976")])
def test_words_of_comparison_agree_with_the_numbers(portrait_of, maille, code):
    for question in portrait_of(maille, code).questions:
        for mesure in question.mesures:
            for c in mesure.comparaisons:
                if c.sens not in (Sens.PLUS, Sens.MOINS):
                    continue
                ici, la = mesure.lue, c.lue
                assert "non_significatif" not in (ici.statut, la.statut)
                assert (ici.valeur > la.valeur) == (c.sens is Sens.PLUS)
                if None in (ici.borne_inf, la.borne_inf):
                    # Estimation sans intervalle (Mayotte) : la comparaison le dit de la référence.
                    assert la.statut != "estime" or "estimé" in c.phrase
                    continue
                disjoints = ici.borne_inf > la.borne_sup or ici.borne_sup < la.borne_inf
                assert disjoints, (mesure.indicateur.id, c.phrase)


def test_smallest_commune_compares_nothing_it_cannot(portrait_of):
    portrait = portrait_of("commune", "26274")
    fragiles = [m for q in portrait.questions for m in q.mesures if m.lue.statut == "non_significatif"]
    assert fragiles
    for mesure in fragiles:
        assert mesure.etendue is None
        assert all("Trop peu de cas" in c.phrase for c in mesure.comparaisons if c.lue.montrable)
    vide = [m for q in portrait_of("commune", "55039").questions for m in q.mesures if m.lue.statut == "hors_champ"]
    assert vide
    assert not any(m.phrase or m.etendue or m.courbe for m in vide)


def test_population_of_mayotte_has_no_curve(portrait_of):
    assert find(portrait_of("departement", "976"), "population_municipale").courbe is None
    assert portrait_of("departement", "976").sujet.population_estimee
    courbe = find(portrait_of("commune", "97421"), "population_municipale").courbe
    assert courbe.base == "2016"
    assert [s.libelle for s in courbe.series] == ["Salazie", "CIREST", "La Réunion"]


# --- Rangement


@pytest.mark.parametrize(
    ("maille", "code"),
    [("commune", "97421"), ("commune", "29083"), ("departement", "33"), ("france", "FR"), ("iris", "974210101")],
)
def test_nothing_is_lost_nor_shown_twice_in_a_question(portrait_of, consultation, maille, code):
    portrait = portrait_of(maille, code)
    assert [q.id for q in portrait.questions] == [
        p.id for p in sorted(consultation.catalogue.problematiques.values(), key=lambda p: p.ordre)
    ]
    for question in portrait.questions:
        montres = [m.indicateur.id for m in question.mesures] + [
            m.nombre.indicateur.id for m in question.mesures if m.nombre
        ]
        absents = [n.indicateur.id for n in question.non_publies]
        assert len(set(montres + absents)) == len(montres + absents), question.id
        attendus = {i.id for i in consultation.catalogue.by_problematique(question.id)}
        if question.id == "portrait":
            attendus = {i for i in attendus if find_nature(consultation, i) not in (Nature.BESOIN, Nature.RESSOURCE)}
        assert attendus <= set(montres + absents), question.id


def find_nature(consultation, identifiant):
    return consultation.catalogue.indicateurs[identifiant].nature


def test_needs_are_left_and_resources_right(portrait_of):
    for question in portrait_of("commune", "97421").questions:
        assert all(ligne.besoin.indicateur.nature is Nature.BESOIN for ligne in question.lignes)
        droite = [*question.autres_ressources, *(m for ligne in question.lignes for m in ligne.ressources)]
        assert all(m.indicateur.nature is Nature.RESSOURCE for m in droite)
        for ligne in question.lignes:
            liees = set(ligne.besoin.indicateur.ressources_liees)
            if ligne.besoin.nombre:
                liees |= set(ligne.besoin.nombre.indicateur.ressources_liees)
            places = {i for m in ligne.ressources for i in (m.indicateur.id, m.nombre and m.nombre.indicateur.id)}
            assert not ligne.ressources or places & liees


def test_what_is_not_published_here_says_why(portrait_of):
    absents = {n.indicateur.id: n.raison for q in portrait_of("commune", "97421").questions for n in q.non_publies}
    assert plain(absents["part_abstention"]).startswith("niveau le plus fin publié : département")
    assert absents["nb_lieux_mediation"] == "la source ne couvre que 12 départements"
    france = {n.indicateur.id: n.raison for q in portrait_of("france", "FR").questions for n in q.non_publies}
    assert france["part_menages_bas_revenus"] == "la source ne couvre que La Réunion"


# --- Références et cas particuliers


@pytest.mark.parametrize(
    ("maille", "code", "attendues"),
    [
        ("commune", "97421", ["epci", "departement"]),
        ("commune", "75056", ["epci", "region"]),
        ("commune", "29083", ["departement", "region"]),
        ("epci", "249740093", ["departement", "france"]),
        ("epci", "243500741", ["departement-35", "france"]),
        ("departement", "33", ["region", "france"]),
        ("departement", "976", ["france"]),
        ("region", "84", ["france"]),
        ("france", "FR", []),
        ("iris", "974210101", ["commune", "departement"]),
        ("commune_com", "97501", []),
    ],
)
def test_usual_references(portrait_of, maille, code, attendues):
    portrait = portrait_of(maille, code)
    assert [r.cle for r in portrait.references] == attendues
    assert portrait.messages == ()


def test_impossible_references_say_why(portrait_of):
    raisons = {c.cle: c.raison for c in portrait_of("commune", "75056").choix}
    assert raisons["departement"] == "la commune est le département"
    assert {c.cle: c.raison for c in portrait_of("departement", "974").choix}[
        "region"
    ] == "le département est la région"
    assert {c.cle: c.raison for c in portrait_of("commune", "29083").choix}["epci"].startswith("aucun EPCI")
    assert not any(c.raison for c in portrait_of("commune", "26274").choix)


def test_wanted_references_are_taken_and_refused_ones_said(portrait_of):
    voulues = portrait_of("commune", "97421", ("france", "epci"))
    assert [r.cle for r in voulues.references] == ["france", "epci"]
    refusee = portrait_of("commune", "75056", ("departement", "france"))
    assert [r.cle for r in refusee.references] == ["epci", "france"]
    assert "la commune est le département" in refusee.messages[0]
    double = portrait_of("commune", "97421", ("france", "france"))
    assert [r.cle for r in double.references] == ["france", "epci"]


def test_references_are_named_with_their_article(portrait_of):
    noms = {c: portrait_of("departement", c).references[0].nom.territoire for c in ("29", "971")}
    assert noms["29"] == "la région Bretagne"
    commune = portrait_of("commune", "35238", ("departement", "region"))
    assert [r.nom.territoire for r in commune.references] == ["le département d'Ille-et-Vilaine", "la région Bretagne"]


@pytest.mark.parametrize(
    ("maille", "code", "portee"),
    [
        ("commune", "97421", "974"),
        ("epci", "249740093", "974"),
        ("epci", "243500741", None),
        ("departement", "33", None),
    ],
)
def test_where_a_territory_is_placed(portrait_of, maille, code, portee):
    assert choose_portee(portrait_of(maille, code).sujet) == portee


def test_alone_of_its_level_has_no_range(portrait_of):
    paris = portrait_of("commune", "75056")
    assert paris.portee == ""
    assert "Paris" in paris.seul
    assert not any(m.etendue for q in paris.questions for m in q.mesures)


def test_territory_without_any_value_is_empty_and_says_why(portrait_of):
    portrait = portrait_of("commune_com", "97501")
    assert portrait.vide
    raisons = {n.raison for q in portrait.questions for n in q.non_publies}
    assert raisons == {"la source s'arrête à la métropole et aux départements d'outre-mer"}


def test_population_of_an_iris_is_that_of_the_census(portrait_of, read_parquet):
    sujet = portrait_of("iris", "974210101").sujet
    table = read_parquet("part_65_ans_plus")
    attendue = table[(table.maille == "iris") & (table.code_territoire == "974210101")].denominateur.iloc[0]
    assert (sujet.population, sujet.annee_population) == (attendue, "2021")


def test_mixed_zone_keeps_all_its_parts(portrait_of):
    mesure = find(portrait_of("france", "FR"), "zone_abc")
    assert mesure.indicateur.type_mesure is TypeMesure.TYPOLOGIE
    assert len(mesure.lues) > 2
    assert sum(v.valeur for v in mesure.lues) == pytest.approx(100)
    assert mesure.phrase == ""
