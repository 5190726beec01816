"""L'ébauche est une déclaration valide, commentée, qui se lit telle quelle."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from observatoire.catalogue.forme import build_fiche
from observatoire.catalogue.yaml_strict import Document, parse_yaml
from observatoire.ingestion.livraison import Demande, read_livraison
from observatoire.ingestion.proposition import Proposition, propose, render_declaration
from observatoire.ingestion.proposition.ecriture_yaml import write_commentaire, write_liste, write_table, write_texte
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import Source

CONNUES = [n for n in range(1, 30) if n not in {9, 14}]
LONGUE = "insee;sexe;annee;nb\n" + "\n".join(
    f"290{n:02d};{s};2022;{n}" for n in CONNUES for s in ("Femmes", "Hommes", "Total")
)
NIVEAUX = "GEO;GEO_OBJECT;SEX;TIME_PERIOD;OBS_VALUE\n" + "\n".join(
    f"{code};{genre};{sexe};2022;{rang}"
    for rang, (code, genre) in enumerate(
        [("29001", "COM"), ("29002", "COM"), ("29003", "COM"), ("29", "DEP"), ("53", "REG"), ("F", "FRANCE")]
    )
    for sexe in ("_T", "F", "M")
)
PIEGES = 'insee;Taux, en % [brut];"Oui: non #1"\n' + "\n".join(f"290{n:02d};{n},5;{n}" for n in range(1, 30))


def build_source(proposition: Proposition) -> Source:
    """Relit l'ébauche avec le chargeur du catalogue."""
    document = parse_yaml(render_declaration(proposition), Document("essai.yaml"))
    fiche, fautes = build_fiche(Source, proposition.identifiant, document.donnees, document)
    assert [str(f) for f in (*document.fautes, *fautes)] == []
    assert fiche.objet is not None
    return fiche.objet


@pytest.mark.parametrize("texte", [LONGUE, NIVEAUX, PIEGES, "a;b\nx;y\nz;t\n"])
def test_every_draft_is_a_valid_source(proposer, texte):
    source = build_source(proposer("Mon fichier (2022) – copie.csv", texte))
    assert source.id == "mon_fichier_copie"


def test_long_table_reads_one_modality_per_variable(proposer):
    source = build_source(proposer("long.csv", LONGUE))
    assert {tuple(v.ou["sexe"]) for v in source.variables.values()} == {("Femmes",), ("Hommes",), ("Total",)}
    assert source.periode is not None
    assert source.periode.colonne == "annee"


def test_other_levels_of_the_producer_are_declared(proposer):
    source = build_source(proposer("melodi.csv", NIVEAUX))
    assert source.maille is Maille.COMMUNE
    assert source.filtres == {"GEO_OBJECT": ("COM",)}
    assert {n.maille for n in source.niveaux} == {Maille.DEPARTEMENT, Maille.REGION, Maille.FRANCE}


def test_doubts_are_comments_above_their_line(proposer):
    texte = "insee;nb\n" + "\n".join(f"290{n:02d};{'s' if n < 9 else n}" for n in range(1, 30)) + "\nEnsemble;9\n"
    lignes = render_declaration(proposer("doutes.csv", texte)).splitlines()
    rang = lignes.index("codes_ignores:")
    assert lignes[rang - 1].startswith("# À VÉRIFIER")
    assert lignes[rang + 1] == "  Ensemble: ligne de total"
    assert "marques_secret: [s]" in lignes


@pytest.mark.parametrize("texte", [LONGUE, NIVEAUX])
def test_draft_reads_its_own_file(tmp_path: Path, referentiel, texte):
    chemin = tmp_path / "recu.csv"
    chemin.write_text(texte, encoding="utf-8")
    source = build_source(propose(chemin, referentiel))
    rapport = read_livraison(chemin, source, referentiel, Demande(periode="2022"))
    assert not rapport.refusee, [str(a) for a in rapport.anomalies]
    assert rapport.lots


def test_individual_data_gets_no_draft_and_no_value(proposer):
    noms = ("MARTIN", "BERNARD", "THOMAS", "PETIT", "ROBERT", "RICHARD", "DURAND", "DUBOIS", "MOREAU", "LAURENT")
    corps = "\n".join(f"{nom};Jeanne;0{n + 1}/02/1950;29001" for n, nom in enumerate(noms))
    proposition = proposer("liste.csv", f"nom;prenom;date_naissance;insee\n{corps}\n")
    assert proposition.quarantaine
    assert render_declaration(proposition) == ""
    assert not any(nom in motif for nom in noms for motif in proposition.quarantaine)


def test_unreadable_file_is_told_without_trace(proposer):
    proposition = proposer("abime.xlsx", "PK\x03\x04 ceci n'est pas un classeur")
    assert proposition.refusee
    assert proposition.anomalies


@pytest.mark.parametrize(
    ("texte", "ecrit"), [("Ain", "Ain"), ("01", '"01"'), ("true", '"true"'), ("a: b", '"a: b"'), ("", '""')]
)
def test_text_keeps_its_type(texte, ecrit):
    assert write_texte(texte) == ecrit


@pytest.mark.parametrize("invisible", ["\u2028", "\x85", "\u00a0", "\ufeff", "\n", "\U000e0001"])
def test_invisible_characters_survive_the_draft(invisible):
    texte = f"a{invisible}b"
    document = parse_yaml(f"cle: {write_texte(texte)}\n", Document("essai.yaml"))
    assert document.fautes == []
    assert document.donnees == {"cle": texte}


@pytest.mark.parametrize("graine", range(30))
def test_damaged_bytes_never_break_the_draft(tmp_path: Path, referentiel, graine):
    hasard = random.Random(graine)
    octets = bytearray(hasard.choice([LONGUE, NIVEAUX, PIEGES]).encode())
    for _ in range(hasard.choice([1, 5, 40])):
        rang = hasard.randrange(len(octets))
        octets[rang : rang + hasard.randrange(3)] = hasard.choice(
            [b";", b"\n", b'"', b"\xe2\x80\xa8", b"\x00", b"\xff", b"[", b": #"]
        )
    chemin = tmp_path / "abime.csv"
    chemin.write_bytes(octets)
    proposition = propose(chemin, referentiel)
    if not proposition.refusee:
        build_source(proposition)


def test_flow_values_are_quoted():
    assert write_liste(["a, b", "c"]) == '["a, b", c]'
    assert write_table({"x": "01", "n": 3, "l": ("a",)}) == '{x: "01", n: 3, l: [a]}'


def test_comment_never_leaves_its_lines():
    lignes = write_commentaire("mot\nretour " * 30, 2, verifier=True)
    assert all(ligne.startswith("  #") for ligne in lignes)
