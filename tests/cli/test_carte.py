"""``observatoire carte`` : formats, messages, codes de sortie."""

from __future__ import annotations

from pathlib import Path

import pytest

from observatoire.cli import main
from observatoire.config import Espace

DEBUTS = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<?xml", "html": b"<!DOCTYPE html>"}
CARTE = ("part_menages_bas_revenus", "--maille", "commune", "--departement", "974")


def run(espace: Espace, *arguments: str) -> int:
    with pytest.raises(SystemExit) as sortie:
        main(["--racine", str(espace.racine), "carte", *arguments])
    return int(sortie.value.code or 0)


@pytest.mark.parametrize("genre", DEBUTS)
def test_every_format_is_written(espace_construit: Espace, tmp_path: Path, capsys, genre: str) -> None:
    cible = tmp_path / f"carte.{genre}"
    assert run(espace_construit, *CARTE, "--sortie", str(cible)) == 0
    assert cible.read_bytes().startswith(DEBUTS[genre])
    dit = capsys.readouterr().out
    assert dit.startswith(f"✓ Carte écrite : {cible} ({genre}, ")
    assert dit.endswith(" Mo)\n")
    assert [f.name for f in tmp_path.iterdir()] == [cible.name]


@pytest.mark.parametrize(
    ("arguments", "attendu"),
    [
        ((*CARTE, "--sortie", "carte.gif"), "choisir png, svg, pdf, html"),
        ((*CARTE, "--sortie", "carte"), "n'a pas d'extension : choisir png"),
        ((*CARTE, "--sortie", "absent/carte.png"), "Le dossier « absent » n'existe pas"),
        ((*CARTE, "--periode", "1999", "--sortie", "c.png"), "Périodes publiées : 2010"),
        (("zone_abcd", "-m", "commune", "-o", "c.png"), "Vouliez-vous dire « zone_abc » ?"),
        (("zone_abc", "-m", "comune", "-o", "c.png"), "Vouliez-vous dire « commune » ?"),
        (("zone_abc", "-m", "commune", "-d", "999", "-o", "c.png"), "le code « 999 »"),
        (("part_logements_vacants", "-m", "iris", "-d", "38", "-o", "c.png"), "Pas de carte au niveau « iris »"),
    ],
)
def test_faults_are_told_and_nothing_is_written(
    espace_construit: Espace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys,
    arguments: tuple[str, ...],
    attendu: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(espace_construit, *arguments) == 2
    assert attendu in capsys.readouterr().err
    assert [f.name for f in tmp_path.iterdir()] == []


def test_failed_write_keeps_the_previous_map(
    espace_construit: Espace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    cible = tmp_path / "carte.svg"
    cible.write_text("carte d'avant", "utf-8")

    def refuse(self: Path, contenu: bytes) -> int:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert run(espace_construit, *CARTE, "--sortie", str(cible)) == 2
    message = capsys.readouterr().err
    assert "Impossible d'écrire" in message
    assert "droits du dossier" in message
    assert cible.read_text("utf-8") == "carte d'avant"
