"""``livraison proposer`` : résumé, déclaration, JSON, codes de sortie."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from observatoire.cli.contexte import Contexte
from observatoire.cli.livraison_proposer import proposer
from observatoire.config import RACINE_DEPOT, Espace
from observatoire.errors import AppelError


@pytest.fixture
def lancer():
    """Joue la commande seule, dans l'espace du dépôt."""
    application = typer.Typer()
    application.command()(proposer)

    def jouer(*arguments: object):
        return CliRunner().invoke(application, [str(a) for a in arguments], obj=Contexte(Espace(RACINE_DEPOT)))

    return jouer


@pytest.fixture
def recu(tmp_path: Path) -> Path:
    chemin = tmp_path / "foyers_2023.csv"
    chemin.write_text("insee;foyers\n" + "\n".join(f"290{n:02d};{n}" for n in range(1, 30)), encoding="utf-8")
    return chemin


def test_summary_then_declaration(lancer, recu):
    resultat = lancer(recu)
    assert resultat.exit_code == 0
    assert "commune" in resultat.stdout
    assert resultat.stdout.index("À vérifier") < resultat.stdout.index("colonne_code: insee")


def test_declaration_is_written_once(lancer, recu, tmp_path):
    sortie = tmp_path / "foyers.yaml"
    assert lancer(recu, "--sortie", sortie).exit_code == 0
    assert "colonne_code: insee" in sortie.read_text(encoding="utf-8")
    assert isinstance(lancer(recu, "--sortie", sortie).exception, AppelError)


def test_json_holds_facts_and_declaration(lancer, recu):
    contenu = json.loads(lancer(recu, "--json").stdout)
    assert contenu["tables"][0]["territoire"]["niveau"] == "commune"
    assert contenu["declaration"].startswith("# yaml-language-server")


def test_unreadable_file_exits_with_one(lancer, tmp_path):
    vide = tmp_path / "vide.csv"
    vide.write_bytes(b"")
    resultat = lancer(vide)
    assert resultat.exit_code == 1
    assert "■" in resultat.stdout


def test_missing_file_is_a_fault_of_the_call(lancer, tmp_path):
    assert isinstance(lancer(tmp_path / "absent.csv").exception, AppelError)
