"""Le rapport se lit, se filtre, et part en classeur : lignes à leur numéro, cellules en cause, rien d'exécutable."""

import io
import os
import tempfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from observatoire.app.atelier.classeur_fautes import FEUILLE_FAUTES, FEUILLE_LIGNES, write_classeur_fautes
from observatoire.app.atelier.en_cours import PREFIXE, Reponses, clean_nom, keep_fichier, purge
from observatoire.app.atelier.etat import Etape, EtatAtelier, read_etat
from observatoire.app.atelier.rapport_html import (
    PAR_PAGE,
    render_anomalies,
    render_ecartes,
    render_quarantaine,
    write_synthese,
)
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.lots import CodeEcarte, RapportLivraison
from observatoire.modeles.sources import Source
from tests.app.texte_rendu import read_texte

SOURCE = Source(
    id="demandes", libelle="Demandes", producteur="Département", licence="Licence Ouverte", rythme="annuel",
    maille="commune", colonne_code="commune", colonnes_ignorees=["*"],
    variables={"n": {"libelle": "Demandes", "unite": "demandes", "colonne": "demandes"}},
)  # fmt: skip
FICHIER = "Demandes de logement\n;;\ncommune;demandes;nom\n97401;12;=1+1\n97499;x;Durand\n97403;3;+33\n"


def faute(gravite=Gravite.BLOQUANT, code="code_inconnu", **champs):
    valeurs = {"fichier": "x.csv", "message": "« 97499 » n'est pas un code.", "suggestion": "Corrigez-le."} | champs
    return Anomalie(code, gravite, **valeurs)


def test_the_address_says_the_step_and_the_filters():
    etat = read_etat({"etape": "verifier", "gravite": "bloquant", "page": "2", "inconnu": "x"})
    assert (etat.etape, etat.gravite, etat.numero) == (Etape.VERIFIER, "bloquant", 2)
    assert etat.make_lien(page="") == "atelier?etape=verifier&gravite=bloquant"
    assert read_etat({"etape": "nimporte"}) == EtatAtelier()
    assert EtatAtelier().make_lien() == "atelier"


@pytest.mark.parametrize(
    ("anomalies", "phrase"),
    [
        ((), "535 lignes lues, rien à corriger."),
        ((faute(),), "535 lignes lues, 1 point bloquant."),
        (
            (faute(), faute(), faute(Gravite.A_REGARDER), faute(Gravite.INFORMATION)),
            "535 lignes lues, 2 points bloquants et 1 point à regarder.",
        ),
    ],
)
def test_the_summary_is_one_sentence(anomalies, phrase):
    rapport = RapportLivraison("x.csv", "demandes", anomalies=anomalies, lignes_lues=535)
    assert write_synthese(rapport).replace("\u00a0", " ") == phrase


def test_anomalies_are_filtered_and_paged():
    anomalies = [faute(ligne=n) for n in range(PAR_PAGE + 5)] + [faute(Gravite.A_REGARDER, "doublon", colonne="a<b")]
    page = render_anomalies(anomalies, EtatAtelier(etape=Etape.VERIFIER, page="2"))
    assert "Page 2 sur 2" in page
    assert page.count("<tr data-code=") == 6
    seul = render_anomalies(anomalies, EtatAtelier(controle="doublon"))
    assert seul.count("<tr data-code=") == 1
    assert "a&lt;b" in seul
    assert '<option value="a_regarder">À regarder (1)</option>' in seul
    assert "Aucun point ne répond" in render_anomalies(anomalies, EtatAtelier(gravite="information"))


def test_every_discarded_code_tells_what_it_carries():
    html = render_ecartes([CodeEcarte("", "non localisés", (3,), 2, {"n": 1235.0}, declare=True)], {"n": "Foyers"})
    texte = read_texte(html)
    assert "1 code n’entre pas" in texte
    assert "(vide) non localisés 2 1 235 (Foyers)" in texte


def test_the_refusal_of_personal_data_explains_and_quotes_nothing():
    texte = read_texte(render_quarantaine(["numéro de sécurité sociale dans la colonne « nir » (812 lignes)"]))
    assert "il est refusé" in texte
    assert "« nir » (812 lignes)" in texte
    assert "Rien n’en a été gardé" in texte


def test_the_workbook_keeps_row_numbers_and_marks_the_cell(tmp_path):
    fichier = tmp_path / "demandes.csv"
    fichier.write_text(FICHIER, "utf-8")
    rapport = RapportLivraison(
        fichier.name,
        SOURCE.id,
        anomalies=(
            faute(ligne=5, colonne="commune", valeur="97499"),
            faute(Gravite.A_REGARDER, "valeur_impossible", ligne=6, colonne="demandes", valeur="=cmd()"),
        ),
    )
    octets = write_classeur_fautes(fichier, SOURCE, Reponses(source=SOURCE.id, periode="2024"), rapport)
    classeur = load_workbook(io.BytesIO(octets))
    feuille = classeur[FEUILLE_LIGNES]
    assert [c.value for c in feuille[3]] == ["commune", "demandes", "nom"]
    assert feuille["A5"].value == "97499"
    assert feuille["A5"].fill.fgColor.rgb == "FFFCEBEA"
    assert "Corrigez-le." in feuille["A5"].comment.text
    assert feuille["B6"].fill.fgColor.rgb == "FFFFF3D9"
    assert feuille["B5"].comment is None
    # La ligne juste n'y est pas ; celles qu'on voit gardent leur numéro.
    assert feuille["A4"].value is None
    assert feuille.sheet_format.zeroHeight
    assert not feuille.row_dimensions[5].hidden
    # Rien ne s'exécute : une formule est un texte, précédé d'une apostrophe.
    assert feuille["C6"].value == "'+33"
    assert {c.data_type for ligne in feuille.iter_rows() for c in ligne} <= {"s", "n"}
    fautes = classeur[FEUILLE_FAUTES]
    assert [c.value for c in fautes[3]][2:5] == [6, "demandes", "'=cmd()"]


def test_a_column_of_persons_is_never_copied(tmp_path):
    fichier = tmp_path / "demandes.csv"
    fichier.write_text(FICHIER, "utf-8")
    rapport = RapportLivraison(
        fichier.name,
        SOURCE.id,
        anomalies=(
            faute(Gravite.A_REGARDER, "quarantaine", colonne="nom", message="noms de personnes (3 lignes)"),
            faute(ligne=5, colonne="commune", valeur="97499"),
        ),
    )
    octets = write_classeur_fautes(fichier, SOURCE, Reponses(source=SOURCE.id, periode="2024"), rapport)
    feuille = load_workbook(io.BytesIO(octets))[FEUILLE_LIGNES]
    assert [c.value for c in feuille[5]] == ["97499", "x", "(colonne non recopiée)"]


@pytest.mark.parametrize(
    ("nom", "propre"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\Users\\a\\caf.csv", "caf.csv"), ("..", "fichier"), ("", "fichier"),
        ("a\x00b:c?.xlsx", "a_b_c_.xlsx"), ("é" * 300 + ".csv", "é" * 117 + ".csv"),
    ],
)  # fmt: skip
def test_a_received_name_never_becomes_a_path(nom, propre):
    assert clean_nom(nom) == propre


def test_the_working_copy_is_erased_when_closed_or_forgotten():
    en_cours = keep_fichier("x.csv", b"a", Reponses())
    dossier = en_cours.chemin.parent
    assert en_cours.present
    en_cours.close()
    assert not dossier.exists()
    arrete = keep_fichier("x.csv", b"a", Reponses())
    purge()
    assert not arrete.present
    abandonne = Path(tempfile.mkdtemp(prefix=PREFIXE))
    recent = Path(tempfile.mkdtemp(prefix=PREFIXE))
    os.utime(abandonne, (0, 0))
    purge()
    assert (abandonne.exists(), recent.exists()) == (False, True)
    recent.rmdir()
    oublie = keep_fichier("x.csv", b"a", Reponses())
    dossier = oublie.chemin.parent
    del oublie
    assert not dossier.exists()
