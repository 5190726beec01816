"""Verrous et commandes de construction : tout est figé, rien ne nomme un hôte."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[2]
EPINGLE = re.compile(r"^(?P<nom>[a-z0-9][a-z0-9.-]*)==(?P<version>[^ ;\\]+)(?P<marqueur>[^\\]*)\\$")
EMPREINTE = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


def pins(fichier: str) -> dict[str, str]:
    lignes = (RACINE / fichier).read_text(encoding="utf-8").splitlines()
    return {m["nom"]: m["version"] for ligne in lignes if (m := EPINGLE.match(ligne))}


def declared(groupe: str | None = None) -> set[str]:
    projet = tomllib.loads((RACINE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    exigences = projet["optional-dependencies"][groupe] if groupe else projet["dependencies"]
    return {re.split(r"[\[<>=!~ ;]", exigence, maxsplit=1)[0].lower().replace("_", "-") for exigence in exigences}


@pytest.mark.parametrize("fichier", ["requirements.lock", "requirements-dev.lock"])
def test_every_line_is_a_pin_or_a_hash(fichier):
    lignes = (RACINE / fichier).read_text(encoding="utf-8").splitlines()
    assert lignes[0].startswith("#")
    for numero, ligne in enumerate(lignes[1:], start=2):
        assert EPINGLE.match(ligne) or EMPREINTE.match(ligne), f"{fichier}, ligne {numero} : {ligne}"


@pytest.mark.parametrize("fichier", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_has_a_hash(fichier):
    lignes = (RACINE / fichier).read_text(encoding="utf-8").splitlines()[1:]
    for ligne, suivante in zip(lignes, [*lignes[1:], ""], strict=True):
        if EPINGLE.match(ligne):
            assert EMPREINTE.match(suivante), f"{ligne} n'a pas d'empreinte"


def test_dev_lock_contains_the_runtime_lock():
    execution, developpement = pins("requirements.lock"), pins("requirements-dev.lock")
    assert execution.items() <= developpement.items()


def test_locks_cover_the_declared_dependencies():
    assert declared() | declared("construction") <= pins("requirements.lock").keys()
    assert declared("dev") <= pins("requirements-dev.lock").keys()


def test_every_imported_library_is_declared():
    # Une bibliothèque arrivée par une autre peut disparaître avec elle : ce qu'on importe, on le déclare.
    distributions = packages_distributions()
    declarees = declared() | {"pydantic-core"}  # avance du même pas que pydantic, qui l'épingle
    orphelins = {}
    for chemin in (RACINE / "observatoire").rglob("*.py"):
        for noeud in ast.walk(ast.parse(chemin.read_text(encoding="utf-8"))):
            if isinstance(noeud, ast.Import):
                modules = [alias.name for alias in noeud.names]
            elif isinstance(noeud, ast.ImportFrom) and noeud.module and not noeud.level:
                modules = [noeud.module]
            else:
                continue
            for module in {nom.split(".")[0] for nom in modules} - sys.stdlib_module_names - {"observatoire"}:
                noms = {nom.lower().replace("_", "-") for nom in distributions.get(module, [module])}
                if not noms & declarees:
                    orphelins[module] = str(chemin.relative_to(RACINE))
    assert orphelins == {}


def test_ci_script_is_executable_and_well_formed():
    script = RACINE / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)


def test_make_alone_lists_its_targets_in_french():
    sortie = subprocess.run(["make", "-s"], cwd=RACINE, capture_output=True, text=True, check=True).stdout
    cibles = set(re.findall(r"^([a-z][a-z-]*):.*## ", (RACINE / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"app", "test", "test-long", "lint", "types", "contrats", "format", "verrou", "donnees", "propre"} <= cibles
    for cible in cibles:
        assert f"make {cible}" in sortie


def test_streamlit_file_agrees_with_the_code():
    # Deux façons de lancer l'application, les mêmes réglages : celui qui lance Streamlit lui-même lit le fichier.
    from observatoire.app.reglages_streamlit import OPTIONS

    texte = (RACINE / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    fichier = {f"{section}.{cle}": v for section, cles in tomllib.loads(texte).items() for cle, v in cles.items()}
    ecarts = {cle: (valeur, OPTIONS[cle]) for cle, valeur in fichier.items() if OPTIONS.get(cle, valeur) != valeur}
    assert ecarts == {}
    assert {cle for cle in OPTIONS if cle.startswith("theme.")} <= fichier.keys()
