"""Un appel fautif sort 2, des données en cause 1 ; toujours une phrase, jamais une trace."""

import subprocess
import sys

import pytest

from tests.publication.petit_espace import PetitEspace


def test_racine_inconnue(lance, tmp_path):
    sortie = lance("--racine", tmp_path / "nulle-part", "verifier")
    assert sortie.code == 2
    assert "nulle-part » n'existe pas. Créez ce dossier" in sortie.erreur


@pytest.mark.parametrize(
    "commande",
    [
        ["valeurs", "--indicateur", "population", "--maille", "commune"],
        ["territoires", "--maille", "commune", "--json"],
        ["publication", "restaurer", "20260101-a"],
    ],
)
def test_espace_sans_publication(lance, tmp_path, commande):
    sortie = lance("--racine", tmp_path, *commande)
    assert sortie.code == 1
    assert sortie.texte == ""
    assert "ublication" in sortie.erreur


def test_espace_sans_publication_says_what_to_run(lance, tmp_path):
    sortie = lance("--racine", tmp_path, "territoires", "--maille", "commune")
    assert "Aucune publication dans cet espace. Lancez « observatoire construire »." in sortie.erreur


def test_espace_sans_publication_has_an_empty_list(lance, tmp_path):
    assert lance("--racine", tmp_path, "publication", "lister", "--json") == (0, '{"publications": []}\n', "")
    assert lance("--racine", tmp_path, "publication", "lister").code == 0


FAUTES_D_APPEL = [
    (["valeurs", "--maille", "commune"], "il manque « --indicateur"),
    (["valeurs", "--indicateurs", "x"], "l'option « --indicateurs » n'existe pas. Vouliez-vous dire « --indicateur »"),
    (["valeur"], "cette commande n'existe pas"),
    (["verifier", "tout"], "argument en trop"),
]


@pytest.mark.parametrize(("arguments", "message"), FAUTES_D_APPEL)
def test_faute_d_appel_is_explained_in_french(lance, tmp_path, arguments, message):
    sortie = lance("--racine", tmp_path, *arguments)
    assert sortie.code == 2
    assert message in sortie.erreur
    assert "Aide : " in sortie.erreur


@pytest.mark.parametrize("option", ["-h", "--help", "--aide"])
def test_aide_is_in_french(lance, option):
    sortie = lance(option)
    assert sortie.code == 0
    assert "besoins et ressources des territoires" in sortie.texte
    assert "Dossier de l'espace" in sortie.texte
    for commande in ("construire", "app", "verifier", "valeurs", "territoires", "carte", "publication"):
        assert commande in sortie.texte


def test_verifier_accepts_the_catalogue_of_the_depot(lance):
    sortie = lance("verifier")
    assert (sortie.code, sortie.erreur) == (0, "")
    assert "✓ Catalogue sans faute : " in sortie.texte
    assert lance("verifier", "--json").texte == '{"fautes": []}\n'


def test_verifier_says_every_fault_at_once(lance, tmp_path):
    petit = PetitEspace(tmp_path)
    for nom, avant, apres in (("un", "polarite: 0", "polarite: 3"), ("deux", "nature: contexte", "nature: contextes")):
        source = (petit.espace.indicators / "habitat" / "demandes.yaml").read_text("utf-8")
        petit.write_fiche(nom, source.replace(avant, apres))
    with petit.au_travail():
        sortie = lance("--racine", petit.espace.racine, "verifier")
        en_json = lance("--racine", petit.espace.racine, "verifier", "--json")
    assert sortie.code == en_json.code == 1
    assert "espace/indicators/habitat/un.yaml, ligne" in sortie.texte
    assert "espace/indicators/habitat/deux.yaml, ligne" in sortie.texte
    assert "2 fautes à corriger. La publication en ligne n'est pas touchée." in sortie.texte
    assert "vouliez-vous dire « contexte » ?" in en_json.texte


def test_commande_runs_as_a_program(tmp_path):
    fini = subprocess.run(
        [sys.executable, "-m", "observatoire", "--racine", str(tmp_path), "territoires"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (fini.returncode, fini.stdout) == (1, "")
    assert fini.stderr == "Erreur : Aucune publication dans cet espace. Lancez « observatoire construire ».\n"
