"""Lecture stricte : rien n'est converti, rien ne s'efface, chaque clé sait sa ligne."""

from __future__ import annotations

import pytest

from observatoire.catalogue.yaml_strict import Document, parse_yaml, read_yaml


def parse(texte):
    return parse_yaml(texte, Document("essai.yaml"))


@pytest.mark.parametrize(
    "ecrit",
    ["01004", "NO", "no", "12:30", "1e3", "0x1F", "2024-01-01", "~", "null", "true", "1_000", ".5"],
)
def test_scalaire_stays_text(ecrit):
    assert parse(f"code: {ecrit}").donnees == {"code": ecrit}


def test_cle_repetee_is_refused_with_both_lines():
    document = parse("unite: a\nlibelle: b\nunite: c\n")
    assert document.donnees == {"unite": "a", "libelle": "b"}
    assert [str(f) for f in document.fautes] == [
        "essai.yaml, ligne 3 : clé répétée « unite », déjà écrite ligne 1 ; gardez-en une seule"
    ]


def test_cle_repetee_in_depth_is_refused():
    assert len(parse("a:\n  - {b: 1, b: 2}\n").fautes) == 1


def test_line_of_each_path():
    document = parse("libelle: x\nclasses:\n  methode: fixes\n  bornes:\n    - 1\n    - 2\n")
    assert document.line_of("libelle") == 1
    assert document.line_of("classes", "methode") == 3
    assert document.line_of("classes", "bornes", 1) == 6
    assert document.line_of("classes", "absent") == 2  # à défaut, celle du parent


@pytest.mark.parametrize(
    ("texte", "mots"),
    [
        ("libelle: a : b\n", "entre guillemets"),
        ('libelle: "a\n', "guillemet"),
        ("a:\n\t- b\n", "tabulation"),
        ("a: 1\n b: 2\n", "retrait|entre guillemets"),
        ("a: [1, 2\nb: 3\n", "fermées"),
        ("a: 1\n---\nb: 2\n", "un seul document"),
        ("a: &x 1\nb: *x\n", "renvoi"),
        ("a: \x01\n", "UTF-8"),
    ],
)
def test_ecriture_illisible_is_explained(texte, mots):
    (faute,) = parse(texte).fautes
    assert any(mot in faute.message for mot in mots.split("|")), faute.message


def test_fichier_not_utf8_is_said(tmp_path):
    (tmp_path / "x.yaml").write_bytes("libellé: é".encode("latin-1"))
    (faute,) = read_yaml(tmp_path / "x.yaml").fautes
    assert "UTF-8" in faute.message


def test_fichier_with_byte_order_mark_is_read(tmp_path):
    (tmp_path / "x.yaml").write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_yaml(tmp_path / "x.yaml").donnees == {"a": "1"}


def test_fichier_empty_gives_nothing():
    document = parse("# rien\n")
    assert document.donnees is None
    assert document.fautes == []
