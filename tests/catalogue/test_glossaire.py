"""Glossaire : un renvoi mène à un terme, une écriture n'en désigne qu'un, une vieille publication s'en passe."""

from __future__ import annotations

import json

import pytest

from observatoire.catalogue import find_fautes, load_catalogue
from observatoire.catalogue.fige import load_catalogue_fige, save_catalogue_fige
from observatoire.config import RACINE_DEPOT

GLOSSAIRE = """
menage:
  libelle: Ménage
  texte: Personnes qui partagent un même logement.
  formes: [ménage, ménages]
  voir: [foyer]
foyer:
  libelle: Foyer
  texte: Personnes d'une même déclaration d'impôt.
  formes: [foyer fiscal]
"""
# Ce qu'on abîme, et les mots que la faute doit porter.
CAS = [
    ("[foyer]", "[foyers]", ("ligne 5", "aucun terme", "« foyers »", "vouliez-vous dire « foyer » ?")),
    ("[foyer]", "[menage]", ("ligne 5", "renvoie à lui-même")),
    ("[foyer fiscal]", "[foyer fiscal, Ménages]", ("ligne 9", "« Ménages » désigne déjà « menage »")),
    ("texte: Personnes qui", "text: Personnes qui", ("clé inconnue « text »", "« texte »")),
    ("  libelle: Foyer\n", "", ("champ obligatoire absent : « libelle »",)),
    ("Personnes d'une même déclaration d'impôt.", "Court.", ("trop court",)),
]
# Les mots que tout lecteur d'un observatoire social peut demander.
EXIGES = {
    "commune", "epci", "iris", "canton_ou_ville", "qpv", "millesime", "cog", "secret_statistique", "non_significatif",
    "estime", "part", "taux", "revenu_declare", "unite_de_consommation", "menage", "foyer", "allocataire", "rsa", "apa",
    "ase", "pmi", "caf", "msa", "carsat", "cpam", "france_travail", "non_recours", "carroyage", "population_municipale",
    "densite", "reference", "classe", "symbole_proportionnel", "intervalle", "couverture", "publication",
}  # fmt: skip


def test_a_right_glossaire_has_no_faute(atelier):
    atelier.write("_glossaire.yaml", GLOSSAIRE)
    assert find_fautes([atelier.dossier]) == []
    assert load_catalogue([atelier.dossier]).glossaire["menage"].voir == ("foyer",)


@pytest.mark.parametrize(("avant", "apres", "mots"), CAS, ids=[c[2][-1] for c in CAS])
def test_a_wrong_glossaire_is_refused(atelier, avant, apres, mots):
    atelier.write("_glossaire.yaml", GLOSSAIRE)
    atelier.replace("_glossaire.yaml", avant, apres)
    fautes = [str(f) for f in find_fautes([atelier.dossier])]
    assert any(all(mot in faute for mot in mots) and "_glossaire.yaml" in faute for faute in fautes), fautes


def test_an_espace_replaces_a_terme(atelier, tmp_path):
    atelier.write("_glossaire.yaml", GLOSSAIRE)
    espace = tmp_path / "departement" / "indicators"
    espace.mkdir(parents=True)
    texte = "foyer:\n  libelle: Foyer\n  texte: Au sens de notre convention avec la caisse.\n"
    (espace / "_glossaire.yaml").write_text(texte, "utf-8")
    catalogue = load_catalogue([atelier.dossier, espace])
    assert catalogue.glossaire["foyer"].texte.startswith("Au sens de notre convention")
    assert catalogue.surcharges[0].startswith("« foyer » : departement/indicators/_glossaire.yaml remplace")


def test_publication_keeps_its_glossaire(atelier, tmp_path):
    atelier.write("_glossaire.yaml", GLOSSAIRE)
    catalogue = load_catalogue([atelier.dossier])
    save_catalogue_fige(catalogue, tmp_path / "fige")
    assert load_catalogue_fige(tmp_path / "fige") == catalogue


def test_publication_without_glossaire_stays_readable(atelier, tmp_path):
    catalogue = load_catalogue([atelier.dossier])
    save_catalogue_fige(catalogue, tmp_path / "fige")
    contenu = json.loads((tmp_path / "fige").read_text("utf-8"))
    del contenu["glossaire"]
    (tmp_path / "fige").write_text(json.dumps(contenu), "utf-8")
    relu = load_catalogue_fige(tmp_path / "fige")
    assert relu.glossaire == {}
    assert relu.indicateurs == catalogue.indicateurs


def test_publication_without_another_rubrique_is_refused(atelier, tmp_path):
    save_catalogue_fige(load_catalogue([atelier.dossier]), tmp_path / "fige")
    contenu = json.loads((tmp_path / "fige").read_text("utf-8"))
    del contenu["secrets"]
    (tmp_path / "fige").write_text(json.dumps(contenu), "utf-8")
    with pytest.raises((KeyError, TypeError)):
        load_catalogue_fige(tmp_path / "fige")


def test_real_glossaire_is_wide_enough():
    glossaire = load_catalogue([RACINE_DEPOT / "indicators"]).glossaire
    assert EXIGES - set(glossaire) == set()
    longs = {t.id: len(t.texte) for t in glossaire.values() if len(t.texte) > 320}
    assert longs == {}, "une définition se lit d'un coup d'œil"
    assert [t.id for t in glossaire.values() if not t.texte.endswith(".")] == []
