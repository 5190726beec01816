"""``secret auditer`` et ``secret expliquer`` : codes de sortie, droits, journal, et pas une valeur de trop."""

import json
import re
import shutil

import pytest

from observatoire.publication.secret import REFUS
from observatoire.registres.base import open_registres
from observatoire.registres.journal import read, verify
from observatoire.store.publications import load_publication
from observatoire.store.socle import protections_dir, read_protections
from tests.secret.espace_exact import FOYERS, EspaceExact

CASE = "aides:commune:97401:2024"
ROLES = """
    nom: Essai
    departement: "974"
    roles:
      - {auteur: obs-01, role: contributeur}
      - {auteur: obs-02, role: valideur}
"""


@pytest.fixture(scope="module")
def publie(tmp_path_factory):
    petit = EspaceExact(tmp_path_factory.mktemp("cli-secret"))
    petit.publier(petit.deposer_exact(FOYERS | {"97413": 33}, "2024").depot.id)
    return petit


@pytest.fixture
def copie(publie, tmp_path):
    """Copie de cet espace, avec des rôles."""
    petit = publie.copy_to(tmp_path / "copie")
    (petit.espace.racine / "espace.yaml").write_text(re.sub("^    ", "", ROLES, flags=re.MULTILINE), "utf-8")
    return petit


@pytest.fixture
def dit(copie, lance):
    """Joue ``secret …`` dans cette copie."""

    def dit(*arguments):
        with copie.au_travail():
            return lance("--racine", copie.espace.racine, "secret", *arguments)

    return dit


def read_gestes(petit, geste):
    return [ligne for ligne in read(open_registres(petit.espace)) if ligne.geste == geste]


# --- Auditer ----------------------------------------------------------------------------------------


def test_auditer_tells_each_system_and_no_value(copie, dit):
    sortie = dit("auditer")
    assert sortie.code == 0, sortie.erreur
    assert re.search(r"^aides +2024 ", sortie.texte, re.MULTILINE)
    assert "toute case masquée tient sa promesse" in sortie.texte
    contenu = json.loads(dit("auditer", "--json").texte)
    assert contenu["tient"] is True
    (systeme,) = contenu["systemes"]
    # Des nombres de cases, et rien d'autre : ni territoire, ni motif, ni intervalle.
    assert set(systeme) == {
        "source", "periode", "cases", "masquees", "eprouvees", "rejouees", "fautes", "incoherence"
    }  # fmt: skip
    assert "97401" not in json.dumps(contenu)


def test_auditer_exits_one_when_the_proof_fails(copie, dit):
    identifiant = load_publication(copie.espace).id
    cases = read_protections(copie.espace, identifiant)
    cases.loc[cases.motif == "D", "masquee"] = False
    cases.to_parquet(protections_dir(copie.espace, identifiant) / "cases.parquet")
    sortie = dit("auditer")
    assert sortie.code == 1
    assert "La preuve ne tient pas" in sortie.texte
    assert json.loads(dit("auditer", "--json").texte)["tient"] is False


def test_auditer_without_socle_says_where_to_do_it(copie, dit):
    shutil.rmtree(copie.espace.socle)
    sortie = dit("auditer")
    assert sortie.code == 1
    assert "là où elle a été construite" in sortie.erreur


# --- Expliquer --------------------------------------------------------------------------------------


def test_expliquer_answers_a_valideur_and_writes_it_down(copie, dit):
    sortie = dit("expliquer", CASE, "--auteur", "obs-02")
    assert sortie.code == 0, sortie.erreur
    for attendu in ("Les Avirons", "case masquée", "petit nombre, de 1 à 4", "Un lecteur déduit", "5 au moins"):
        assert attendu in sortie.texte, attendu
    (ligne,) = read_gestes(copie, "consultation")
    assert (ligne.auteur, ligne.role, ligne.motif) == ("obs-02", "valideur", CASE)
    assert ligne.publication == load_publication(copie.espace).id
    assert ligne.details == {}
    assert verify(open_registres(copie.espace)) == ()


def test_expliquer_in_json(copie, dit):
    contenu = json.loads(dit("expliquer", CASE, "--auteur", "obs-02", "--json").texte)
    assert (contenu["cellule"], contenu["statut"], contenu["masquee"]) == (CASE, "secret", True)
    assert contenu["motifs"][0]["code"] == "A"
    assert not {"valeur", "plancher"} & set(contenu["motifs"][0])


@pytest.mark.parametrize("cellule", [CASE, "aides:commune:97402:2024", "aides:commune:99999:2024", "n'importe quoi"])
@pytest.mark.parametrize("auteur", ["obs-01", "inconnu"])
def test_expliquer_refuses_others_with_one_sentence(copie, dit, cellule, auteur):
    sortie = dit("expliquer", cellule, "--auteur", auteur)
    assert (sortie.code, sortie.texte, sortie.erreur) == (1, "", f"Erreur : {REFUS}\n")
    (ligne,) = read_gestes(copie, "consultation_refusee")
    assert ligne.auteur == auteur
    assert ligne.motif == ""
    assert read_gestes(copie, "consultation") == []


def test_sans_liste_de_roles_the_only_post_may_ask(copie, dit):
    (copie.espace.racine / "espace.yaml").unlink()
    assert dit("expliquer", CASE).code == 0


@pytest.mark.parametrize(
    ("cellule", "dite"),
    [
        ("aides", "Écrivez « indicateur:niveau:code:periode »"),
        ("aides:commune::2024", "comme « aides:"),
        ("aide:commune:97401:2024", "« aides »"),
        ("aides:comune:97401:2024", "« commune »"),
        ("aides:commune:97499:2024", "Vouliez-vous dire « 974"),
        ("aides:commune:97401:2034", "« 2024 »"),
        ("aides:commune:97401:2024:femmes", "n'a pas de modalités"),
        ("aides:region:04:2024", "Niveaux publiés : commune, departement"),
    ],
)
def test_expliquer_says_how_to_name_a_cell(copie, dit, cellule, dite):
    sortie = dit("expliquer", cellule, "--auteur", "obs-02")
    assert sortie.code == 2
    assert dite in sortie.erreur, sortie.erreur
    assert read_gestes(copie, "consultation") == []


def test_expliquer_gives_back_lost_leading_zeros(copie, dit):
    assert (
        json.loads(dit("expliquer", "population:commune:1004:2023", "--auteur", "obs-02", "--json").texte)["cellule"]
        == "population:commune:01004:2023"
    )


def test_expliquer_donnees_ouvertes_has_no_motif(copie, dit):
    sortie = dit("expliquer", "demandes:commune:97401:2024", "--auteur", "obs-02")
    assert sortie.code == 0
    assert "déjà protégées par leur producteur" in sortie.texte
    assert "case masquée" in sortie.texte


def test_journal_and_messages_hold_no_value(copie, dit):
    """Ce que la commande laisse derrière elle ne contient aucun effectif exact."""
    masquees = read_protections(copie.espace, load_publication(copie.espace).id)
    voisine = masquees[(masquees.motif == "D") & (masquees.maille == "commune")].iloc[0]
    dit("expliquer", f"aides:commune:{voisine.code_territoire}:2024", "--auteur", "obs-02")
    (ligne,) = read_gestes(copie, "consultation")
    ecrit = json.dumps([ligne.auteur, ligne.role, ligne.motif, ligne.depot, ligne.sha256, ligne.details])
    nombres = re.findall(r"\d+", ecrit.replace(f"{voisine.code_territoire}:2024", "").replace("obs-02", ""))
    assert nombres == []
