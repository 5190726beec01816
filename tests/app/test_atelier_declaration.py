"""Écrire dans une déclaration : à sa place, sans rien perdre, jamais une fiche fautive."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatoire.app.atelier.correspondances import Decisions, apply_decisions
from observatoire.app.atelier.declaration import check_texte, list_changements, read_declaration, write_declaration
from observatoire.app.atelier.yaml_edition import add_item, set_value
from observatoire.catalogue.yaml_strict import Document, parse_yaml
from observatoire.errors import AppelError, ConfigurationError
from observatoire.publication.droits import DroitError
from observatoire.publication.historique import read_journal, verify_journal
from tests.publication.petit_espace import PetitEspace

FICHE = """\
# En tête
libelle: Demandes   # nom montré
codes_ignores: {"975*": outre-mer}
millesimes:
  # l'an dernier
  "2023":
    cog: "2023"   # relu

# les mesures
variables:
  demandes: {libelle: Demandes, unite: demandes}
"""


def read(texte):
    document = parse_yaml(texte, Document(""))
    assert document.fautes == []
    return document.donnees


@pytest.mark.parametrize(
    ("chemin", "valeur"),
    [
        (("libelle",), "Demandes : nouvelles"),
        (("codes_corriges", "01001"), "01004"),
        (("codes_ignores", "99*"), "étranger, « ailleurs »"),
        (("millesimes", "2023", "colonnes", "a"), "nb # a"),
        (("millesimes", "2024", "colonnes", "a b"), "no"),
    ],
)
def test_one_line_changes_and_comments_stay(chemin, valeur):
    change = set_value(FICHE, chemin, valeur)
    lue = read(change)
    for cle in chemin:
        lue = lue[cle]
    assert lue == valeur
    for commentaire in ("# En tête", "# nom montré", "# l'an dernier", "# relu", "# les mesures"):
        assert commentaire in change
    otees = [texte for signe, _, texte in list_changements(FICHE, change) if signe == "−"]
    assert len(otees) <= 1


def test_list_items_are_added_once():
    change = add_item(add_item(FICHE, "colonnes_ignorees", ["LIB*", "x, y"]), "colonnes_ignorees", ["LIB*", "z"])
    assert read(change)["colonnes_ignorees"] == ["LIB*", "x, y", "z"]
    assert add_item(change, "colonnes_ignorees", ["z"]) == change


@settings(max_examples=150, deadline=None)
@given(
    cle=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12),
    valeur=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20),
)
def test_any_text_is_written_and_read_back(cle, valeur):
    voulu = read(FICHE)
    lue = read(set_value(set_value(FICHE, ("codes_corriges", cle), valeur), ("codes_ignores", cle), valeur))
    assert lue["codes_corriges"] == {cle: valeur}
    assert lue["codes_ignores"] == voulu["codes_ignores"] | {cle: valeur}
    assert lue["millesimes"] == voulu["millesimes"]


def test_decisions_are_written_where_the_ingestion_reads_them():
    decisions = Decisions(
        {"demandes": "nb"}, ("LIB",), {"97499": "97411"}, {"Saint Denis": "97411"}, {"": "non localisé"}
    )
    lue = read(apply_decisions(FICHE, decisions, annee="2024"))
    assert lue["millesimes"]["2024"] == {"colonnes": {"demandes": "nb"}}
    assert lue["colonnes_ignorees"] == ["LIB"]
    assert lue["codes_corriges"] == {"97499": "97411"}
    assert lue["noms_communes"] == {"Saint Denis": "97411"}
    assert lue["codes_ignores"] == {"975*": "outre-mer", "(vide)": "non localisé"}


@pytest.fixture
def petit(tmp_path):
    petit = PetitEspace(tmp_path)
    with petit.au_travail():
        yield petit


def test_a_common_declaration_is_copied_into_the_space_then_overrides_it(petit):
    avant = read_declaration(petit.espace, "populations")
    assert avant.texte
    assert not avant.dans_espace
    texte = set_value(avant.texte, ("codes_corriges", "97499"), "97411")
    assert check_texte(petit.espace, "populations", texte) == []
    write_declaration(petit.espace, "populations", texte, auteur="local", motif="essai")
    apres = read_declaration(petit.espace, "populations")
    assert (apres.texte, apres.dans_espace) == (texte, True)
    assert (petit.depot / "indicators" / "_sources" / "populations.yaml").read_text("utf-8") == avant.texte
    (ligne,) = read_journal(petit.espace)
    assert (ligne.geste, ligne.details) == ("declaration", {"source": "populations"})
    assert verify_journal(petit.espace) == ()


def test_a_faulty_declaration_is_said_line_by_line_and_never_written(petit):
    texte = read_declaration(petit.espace, "local").texte.replace("maille: commune", "maille: comune")
    (faute,) = check_texte(petit.espace, "local", texte)
    assert faute.ligne == 5
    assert faute.proche == "commune"
    with pytest.raises(ConfigurationError, match="comune"):
        write_declaration(petit.espace, "local", texte, auteur="local", motif="essai")
    assert "comune" not in read_declaration(petit.espace, "local").texte
    assert read_journal(petit.espace) == []


@pytest.mark.parametrize("identifiant", ["../x", "A", "", "é", "a/b", "_x"])
def test_an_identifier_never_becomes_a_path(petit, identifiant):
    with pytest.raises(AppelError, match="ne peut pas nommer une source"):
        check_texte(petit.espace, identifiant, "libelle: x")


def test_a_reader_cannot_change_a_declaration(petit):
    (petit.espace.racine / "espace.yaml").write_text("roles:\n  - {auteur: obs-01, role: lecteur}\n", "utf-8")
    texte = read_declaration(petit.espace, "local").texte
    with pytest.raises(DroitError, match="contributeur"):
        write_declaration(petit.espace, "local", texte, auteur="obs-01", motif="essai")
