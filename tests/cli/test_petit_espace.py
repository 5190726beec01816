"""De bout en bout dans un espace à soi : construire, lire, publier de nouveau, revenir en arrière."""

import json

import pytest

from tests.publication.petit_espace import ABSENTE, FICHE_LOCALE, NULLE, SECRETE, PetitEspace


@pytest.fixture(scope="module")
def petit(tmp_path_factory):
    petit = PetitEspace(tmp_path_factory.mktemp("cli"))
    petit.construire()
    return petit


def read_demandes(dans):
    sortie = dans("valeurs", "--indicateur", "demandes", "--maille", "commune", "--departement", "974", "--json")
    assert sortie.code == 0
    return {v["code_territoire"]: v for v in json.loads(sortie.texte)["valeurs"]}


def test_secret_absence_et_zero_are_three_different_things(dans):
    valeurs = read_demandes(dans)
    chiffres = ("valeur", "borne_inf", "borne_sup", "numerateur", "denominateur")
    for code, statut in ((SECRETE, "secret"), (ABSENTE, "non_disponible")):
        assert valeurs[code]["statut"] == statut
        assert [valeurs[code][c] for c in chiffres] == [None] * 5
    assert valeurs[NULLE]["statut"] == "publie"
    assert [valeurs[NULLE][c] for c in chiffres] == [0, 0, 0, 0, None]


def test_tableau_shows_three_different_signs(dans):
    sortie = dans("valeurs", "-i", "demandes", "-m", "Communes", "-d", "974")
    lignes = {ligne.split()[0]: ligne.split() for ligne in sortie.texte.splitlines()}
    assert lignes[SECRETE][-2:] == ["s", "secret"]
    assert lignes[ABSENTE][-2:] == ["nd", "non_disponible"]
    assert "0" in lignes[NULLE]
    assert lignes[NULLE][-1] == "publie"


def test_construire_twice_says_nothing_changed(dans):
    sortie = dans("construire")
    assert sortie.code == 0
    assert "Rien n'a changé" in sortie.texte
    assert json.loads(dans("construire", "--json").texte)["neuve"] is False


def test_publication_faulty_then_new_then_restored(dans, petit):
    ancienne = json.loads(dans("publication", "lister", "--json").texte)["publications"][0]["id"]
    avant = read_demandes(dans)
    petit.write_fiche("demandes", FICHE_LOCALE.replace("polarite: 0", "polarite: 3"))
    fautive = dans("construire")
    assert fautive.code == 1
    assert "demandes.yaml" in fautive.erreur

    petit.write_fiche("demandes", FICHE_LOCALE.replace("en cours au", "déposées au"))
    neuve = json.loads(dans("construire", "--json", "--motif", "définition revue", "--auteur", "v1").texte)
    assert neuve["neuve"] is True
    liste = {p["id"]: p for p in json.loads(dans("publication", "lister", "--json").texte)["publications"]}
    assert liste[neuve["publication"]]["courante"] is True
    assert (liste[neuve["publication"]]["motif"], liste[neuve["publication"]]["auteur"]) == ("définition revue", "v1")

    restauree = dans("publication", "restaurer", ancienne)
    assert (restauree.code, restauree.texte) == (0, f"✓ La publication {ancienne} est de nouveau en ligne.\n")
    assert read_demandes(dans) == avant
    assert "en ligne" in next(x for x in dans("publication", "lister").texte.splitlines() if x.startswith(ancienne))


def test_publication_inconnue_is_refused(dans):
    sortie = dans("publication", "restaurer", "hier")
    assert sortie.code == 1
    assert "La publication « hier » n'existe pas. Publications connues : " in sortie.erreur
