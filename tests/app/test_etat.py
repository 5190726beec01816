import pytest

from observatoire.analyse.consultation import open_consultation
from observatoire.app.etat import Choix
from observatoire.modeles.indicateurs import Nature


@pytest.fixture
def choix(espace_essai):
    return Choix(open_consultation(espace_essai), lambda portee: ["commune"] if portee == "974" else [])


def test_nothing_asked_gives_a_need_of_the_default_departement(choix):
    etat = choix.resolve({}, "974")
    assert (etat.indicateur, etat.maille, etat.periode, etat.departement) == (
        "part_bas_revenus",
        "commune",
        "2010",
        "974",
    )
    assert choix.messages == []


def test_every_parameter_is_written_even_when_it_is_the_default(choix):
    assert set(choix.resolve({}, "974").to_params()) == {
        "problematique", "nature", "indicateur", "mesure", "maille", "periode", "departement",
    }  # fmt: skip


def test_a_valid_address_comes_back_unchanged(choix):
    etat = choix.resolve({}, "974")
    params = etat.to_params() | {"territoire": "97402"}
    assert choix.resolve(params, "974").to_params() == params
    assert choix.messages == []


def test_problematique_and_nature_choose_the_indicator(choix):
    assert choix.resolve({"problematique": "insertion", "nature": "ressource"}, "974").indicateur == "nb_lieux"
    assert choix.resolve({"problematique": "habitat", "nature": "contexte"}, "974").indicateur == "zone"


@pytest.mark.parametrize(
    ("demande", "mot"),
    [
        ({"indicateur": "part_bas_revenu"}, "n'est pas publié"),
        ({"departement": "999"}, "Le département « 999 » n'existe pas"),
        ({"maille": "galaxie"}, "n'existe pas"),
        ({"maille": "iris"}, "n'a pas cet indicateur ici"),
        ({"periode": "1789"}, "1789"),
        ({"territoire": "75056"}, "Aucun territoire"),
    ],
)
def test_unknown_values_give_the_nearest_and_say_so(choix, demande, mot):
    etat = choix.resolve(demande, "974")
    assert etat.indicateur == "part_bas_revenus"
    assert (etat.departement, etat.maille, etat.periode, etat.territoire) == ("974", "commune", "2010", "")
    assert len(choix.messages) == 1
    assert mot in choix.messages[0]


def test_problematiques_follow_the_catalogue_order(choix):
    assert list(choix.problematiques()) == ["insertion", "habitat"]
    assert choix.natures("insertion") == [Nature.BESOIN, Nature.RESSOURCE]


def test_levels_that_cannot_be_chosen_say_why(espace_essai):
    choix = Choix(open_consultation(espace_essai), lambda _: ["iris", "commune", "region"])
    indicateur = choix.consultation.find_indicateur("part_bas_revenus")
    raisons = {str(m): raison for m, raison in choix.niveaux(indicateur, "974")}
    assert raisons == {
        "iris": "la source ne descend pas sous le niveau «\u00a0commune\u00a0»",
        "commune": "",
        "region": "la fiche de l'indicateur ne retient pas ce niveau",
    }


def test_a_setting_that_drags_another_is_not_a_fault(choix):
    etat = choix.resolve({"indicateur": "nb_lieux", "periode": "2010", "territoire": "inconnu", "entraine": "1"}, "974")
    assert (etat.periode, etat.territoire) == ("2026", "")
    assert choix.messages == []


def test_part_or_nombre_only_where_both_exist(choix):
    assert choix.resolve({"indicateur": "part_bas_revenus", "mesure": "nombre"}, "974").mesure == "nombre"
    assert choix.resolve({"indicateur": "part_bas_revenus", "mesure": "x"}, "974").mesure == "part"
    assert choix.resolve({"indicateur": "zone", "mesure": "nombre"}, "974").mesure == ""


@pytest.mark.parametrize("comparer", ["periode:1789", "periode:2010", "indicateur:zzz", "autre:1", "indicateur"])
def test_a_second_map_that_does_not_exist_is_dropped_and_said(choix, comparer):
    etat = choix.resolve({"indicateur": "part_bas_revenus", "comparer": comparer}, "974")
    assert etat.comparer == ""
    assert "une seule carte" in choix.messages[0]


def test_links_keep_the_state_and_change_one_thing(choix):
    etat = choix.resolve({"indicateur": "part_bas_revenus", "territoire": "97402"}, "974")
    assert "territoire=97402" in etat.make_lien(periode="2011")
    assert "periode=2011" in etat.make_lien(periode="2011")
    assert "territoire" not in etat.make_lien(territoire="")
