"""Le circuit d'une livraison en ligne de commande : messages français, JSON, codes de sortie."""

import json

import pytest

from tests.publication.petit_espace import AIDES, PetitEspace


@pytest.fixture(scope="module")
def petit(tmp_path_factory):
    petit = PetitEspace(tmp_path_factory.mktemp("livraison"))
    petit.add_aides()
    petit.construire()
    return petit


def deposer(dans, petit, valeurs, *options, nom="aides.csv"):
    fichier = petit.write_aides(valeurs, nom)
    return dans("livraison", "deposer", fichier, "-s", "aides", "--cog", "2026", *options)


def test_whole_circuit(dans, petit):
    ancienne = json.loads(dans("publication", "lister", "--json").texte)["publications"][-1]["id"]
    fichier = petit.write_aides(AIDES)
    controle = dans("livraison", "controler", fichier, "-s", "aides", "-p", "2024", "--cog", "2026")
    assert (controle.code, "✓ Recevable : 6 lignes lues, 6 retenues" in controle.texte) == (0, True)

    depose = deposer(dans, petit, AIDES, "-p", "2024", "--auteur", "obs-01", "--motif", "envoi de mars", "--json")
    assert depose.code == 0
    contenu = json.loads(depose.texte)
    depot = contenu["depot"]["id"]
    assert (contenu["depot"]["nature"], contenu["depot"]["statut"]) == ("nouvelle", "brouillon")
    encore = deposer(dans, petit, AIDES, "-p", "2024")
    assert (encore.code, f"déjà déposé : {depot}" in encore.texte) == (0, True)

    montre = dans("livraison", "differences", depot)
    assert montre.code == 0
    assert "Indicateurs nouveaux : aides." in montre.texte
    assert json.loads(dans("livraison", "differences", depot, "--json").texte)["comptes"]["gagne"] >= 4

    publie = dans("livraison", "publier", depot, "--auteur", "obs-02")
    assert (publie.code, "✓ Publication " in publie.texte) == (0, True)
    valeurs = ("valeurs", "-i", "aides", "-m", "commune", "-d", "974", "--json")
    lues = {v["code_territoire"]: v["valeur"] for v in json.loads(dans(*valeurs).texte)["valeurs"]}
    assert (lues["97401"], lues["97404"], lues["97406"]) == (10, None, 0)
    liste = dans("livraison", "lister")
    assert "en ligne" in liste.texte
    assert "nouvelle période" in liste.texte

    compare = dans("publication", "comparer", ancienne, "--json")
    assert json.loads(compare.texte)["nouveaux"] == ["aides"]
    assert "✓ Rien ne change" in dans("publication", "comparer", ancienne, ancienne).texte

    journal = dans("publication", "journal")
    assert (journal.code, "✓ Le journal est intact" in journal.texte) == (0, True)
    assert "envoi de mars" in journal.texte
    assert json.loads(dans("publication", "journal", "--json").texte)["intact"] is True

    retire = dans("livraison", "retirer", depot, "--motif", "essai fini")
    assert (retire.code, "En attente d'une livraison : aides." in retire.texte) == (0, True)


def test_faulty_file_exits_one_and_names_the_line(dans, petit):
    sortie = deposer(dans, petit, {**AIDES, "97499": "5"}, "-p", "2025", nom="fautif.csv")
    assert sortie.code == 1
    assert "■ fautif.csv, ligne 8, colonne « commune »" in sortie.texte
    assert "97499" in sortie.texte
    controle = dans(
        "livraison", "controler", petit.base / "recus" / "fautif.csv", "-s", "aides", "-p", "2025", "--json"
    )
    assert controle.code == 1
    assert json.loads(controle.texte)["refusee"] is True


# commande, message attendu : l'appel est en cause, la sortie vaut 2
APPELS = [
    (("livraison", "controler", "absent.csv", "-s", "aides"), "n'existe pas"),
    (("livraison", "publier", "20200101-000000-aaaaaaaa"), "Le dépôt « 20200101-000000-aaaaaaaa » n'existe pas"),
    (("livraison", "rejeter", "x", "--motif", "m", "--auteur", "Jeanne Durand"), "n'est pas un identifiant"),
    (("livraison", "rejeter", "x"), "il manque « --motif »"),
    (("valeurs", "-i", "population", "-m", "commune", "--au", "hier"), "n'est pas une date"),
    (("valeurs", "-i", "population", "-m", "commune", "--au", "2001-01-01"), "Aucune publication"),
    (("valeurs", "-i", "population", "-m", "commune", "--au", "2026-01-01", "--publication", "x"), "gardez l'un"),
]


@pytest.mark.parametrize(("arguments", "message"), APPELS)
def test_faulty_call_exits_two(dans, arguments, message):
    sortie = dans(*arguments)
    assert (sortie.code, message in sortie.erreur) == (2, True), sortie.erreur


def test_words_not_allowed_are_listed(dans, petit):
    sortie = deposer(dans, petit, AIDES, "-p", "2025", "--nature", "neuve")
    assert (sortie.code, "nouvelle, remplace, complete, corrige" in sortie.erreur) == (2, True)
    sortie = deposer(dans, petit, AIDES, "-p", "2025", "--confidentialite", "secrete")
    assert (sortie.code, "ouverte, convention, convention_protegee" in sortie.erreur) == (2, True)


def test_values_as_of_a_day(dans):
    import datetime as dt

    aujourdhui = dt.datetime.now().astimezone().date().isoformat()
    sortie = dans("valeurs", "-i", "population", "-m", "departement", "--au", aujourdhui, "--json")
    assert sortie.code == 0
    courante = [p for p in json.loads(dans("publication", "lister", "--json").texte)["publications"] if p["courante"]]
    assert json.loads(sortie.texte)["meta"]["publication"] == courante[0]["id"]
