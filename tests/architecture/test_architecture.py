"""La maison tient : sens des imports, taille des fichiers, rien de la machine ni d'un autre hôte."""

import ast
import re
import subprocess
import sys
import textwrap
from functools import cache
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[2]
PAQUET = RACINE / "observatoire"
LIGNES_MAX = 400

# Écrits en morceaux pour que ce fichier ne porte pas lui-même ce qu'il interdit.
HOTES_DE_REGISTRES = tuple(
    f"{nom}.{fin}"
    for nom, fin in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb.debian", "org"),
        ("security.debian", "org"),
    )
)
# Un dossier personnel ou de travail, en tête de chemin (jamais la suite d'une adresse).
CHEMIN_DE_MACHINE = re.compile(rb"(?<![\w./~$}-])/(?:root|home|Users|work|opt)/[\w.-]")


@cache
def tracked_files() -> tuple[Path, ...]:
    """Fichiers suivis par git, ou qui le seraient ; sans git, tout sauf les dossiers cachés."""
    commande = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        sortie = subprocess.run(commande, cwd=RACINE, capture_output=True, check=True).stdout.decode()
        noms = [nom for nom in sortie.split("\0") if nom]
    except (OSError, subprocess.CalledProcessError):
        noms = [
            str(chemin.relative_to(RACINE))
            for chemin in RACINE.rglob("*")
            if not any(p.startswith(".") or p in {"__pycache__", "entrepot", "depot"} for p in chemin.parts)
        ]
    return tuple(RACINE / nom for nom in noms if (RACINE / nom).is_file())


def tracked(suffixe: str) -> list[Path]:
    return [chemin for chemin in tracked_files() if chemin.suffix == suffixe]


def names(chemins: list[Path]) -> list[str]:
    return sorted(str(chemin.relative_to(RACINE)) for chemin in chemins)


def imports_of(chemin: Path) -> set[str]:
    """Modules importés par un fichier, y compris ``from a import b`` rendu ``a`` et ``a.b``."""
    trouves: set[str] = set()
    for noeud in ast.walk(ast.parse(chemin.read_text(encoding="utf-8"))):
        if isinstance(noeud, ast.Import):
            trouves |= {alias.name for alias in noeud.names}
        elif isinstance(noeud, ast.ImportFrom) and noeud.module and not noeud.level:
            trouves |= {noeud.module} | {f"{noeud.module}.{alias.name}" for alias in noeud.names}
    return trouves


# --- Sens des imports ---------------------------------------------------------------------------


def test_contrats_hold():
    commande = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    resultat = subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, check=False)
    assert resultat.returncode == 0, resultat.stdout + resultat.stderr
    assert "0 broken" in resultat.stdout


def test_streamlit_and_its_components_stay_in_app():
    # Le contrat ne nomme que streamlit ; ses composants (streamlit_folium…) suivent la même règle.
    fautifs = [
        chemin
        for chemin in tracked(".py")
        if chemin.is_relative_to(PAQUET)
        and not chemin.is_relative_to(PAQUET / "app")
        and any(module.split(".")[0].startswith("streamlit") for module in imports_of(chemin))
    ]
    assert names(fautifs) == []


def test_only_secret_writes_the_diffusion():
    # import-linter ne distingue pas lire d'écrire : les fonctions d'écriture s'appellent write_*.
    fautifs = []
    for chemin in tracked(".py"):
        if not chemin.is_relative_to(PAQUET) or chemin.is_relative_to(PAQUET / "secret"):
            continue
        if chemin.is_relative_to(PAQUET / "store"):
            continue
        texte = chemin.read_text(encoding="utf-8")
        modules = imports_of(chemin)
        directs = any(re.fullmatch(r"observatoire\.store\.diffusion\.write_\w+", module) for module in modules)
        par_le_module = "observatoire.store.diffusion" in modules and re.search(r"\bdiffusion\.write_\w+\(", texte)
        if directs or par_le_module:
            fautifs.append(chemin)
    assert names(fautifs) == []


# --- Taille et rangement --------------------------------------------------------------------------


def test_files_are_short():
    longs = {
        str(chemin.relative_to(RACINE)): lignes
        for chemin in tracked(".py")
        if (lignes := len(chemin.read_text(encoding="utf-8").splitlines())) > LIGNES_MAX
    }
    assert longs == {}, f"au-delà de {LIGNES_MAX} lignes, un fichier porte plusieurs idées : les séparer"


def test_no_drawer_module():
    interdits = {"utils", "util", "helpers", "helper", "misc", "common", "outils", "divers"}
    assert names([c for c in tracked(".py") if c.stem in interdits or c.parent.name in interdits]) == []


def test_every_package_has_its_tests():
    paquets = {chemin.parent.name for chemin in PAQUET.glob("*/__init__.py")}
    # Un paquet qui n'a encore que son titre n'a rien à essayer.
    paquets = {nom for nom in paquets if len(list((PAQUET / nom).rglob("*.py"))) > 1}
    sans_essai = {nom for nom in paquets if not list((RACINE / "tests" / nom).glob("test_*.py"))}
    assert sans_essai == set()


def test_every_python_folder_is_a_package():
    dossiers = {chemin.parent for chemin in tracked(".py") if chemin.is_relative_to(PAQUET)}
    assert names([dossier for dossier in dossiers if not (dossier / "__init__.py").is_file()]) == []


def test_every_module_has_a_docstring():
    muets = [
        chemin
        for chemin in tracked(".py")
        if chemin.is_relative_to(PAQUET) and not ast.get_docstring(ast.parse(chemin.read_text(encoding="utf-8")))
    ]
    assert names(muets) == []


# --- Rien de la machine, rien d'un autre hôte ---------------------------------------------------------


def test_no_registry_host_in_tracked_files():
    motif = re.compile("|".join(re.escape(hote) for hote in HOTES_DE_REGISTRES).encode())
    assert names([chemin for chemin in tracked_files() if motif.search(chemin.read_bytes())]) == []


def test_no_machine_path_in_tracked_files():
    fautifs = {}
    for chemin in tracked_files():
        octets = chemin.read_bytes()
        if b"\0" in octets:  # image ou table : ses octets ne se lisent pas comme un texte
            continue
        if trouve := CHEMIN_DE_MACHINE.search(octets):
            fautifs[str(chemin.relative_to(RACINE))] = octets[trouve.start() : trouve.end() + 40].decode(
                errors="replace"
            )
    assert fautifs == {}


@pytest.mark.parametrize("nom", ["registres.sqlite", "data/entrepot", "data/depot", ".streamlit/secrets.toml"])
def test_confidential_paths_are_not_tracked(nom):
    cible = RACINE / nom
    assert names([chemin for chemin in tracked_files() if chemin == cible or chemin.is_relative_to(cible)]) == []


def test_importing_the_code_reaches_no_host():
    """Importer tout le paquet (hors pages, qui sont des scripts) n'ouvre aucune connexion."""
    programme = textwrap.dedent(
        """
        import importlib, pkgutil, socket

        def refuse(*arguments, **options):
            raise SystemExit(f"connexion demandée à l'import : {arguments}")

        socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
        import observatoire
        for module in pkgutil.walk_packages(observatoire.__path__, "observatoire."):
            if not module.name.startswith("observatoire.app.pages.") and not module.name.endswith("__main__"):
                importlib.import_module(module.name)
        """
    )
    commande = [sys.executable, "-c", programme]
    resultat = subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, check=False)
    assert resultat.returncode == 0, resultat.stderr
