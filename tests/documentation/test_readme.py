"""README ne peut pas mentir : ses commandes sont jouées, ses exemples chargés, ses tables complètes."""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[2]
README = (RACINE / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (RACINE / "CONTRIBUTING.md").read_text(encoding="utf-8")
# La commande installée n'est pas forcément dans le chemin : on appelle ce qu'elle appelle.
OBSERVATOIRE = [sys.executable, "-c", "from observatoire.cli import main; main()"]


@dataclass(frozen=True)
class Bloc:
    """Bloc clôturé d'un document : sa langue et ses lignes."""

    langue: str
    texte: str


def blocs(document: str, langue: str) -> list[Bloc]:
    trouves = re.findall(r"^```(\w+)\n(.*?)^```$", document, re.MULTILINE | re.DOTALL)
    return [Bloc(nom, texte) for nom, texte in trouves if nom == langue]


def console_commands() -> list[str]:
    lignes = "\n".join(bloc.texte for bloc in blocs(README, "console")).splitlines()
    return [ligne.removeprefix("$ ") for ligne in lignes if ligne.startswith("$ ")]


def observatoire_commands() -> list[str]:
    return [commande for commande in console_commands() if commande.startswith("observatoire ")]


def cli_leaves() -> dict[str, set[str]]:
    """Commandes finales de la CLI (« livraison proposer ») et leurs options, lues dans Typer."""
    import typer

    from observatoire import cli

    application = next(valeur for valeur in vars(cli).values() if isinstance(valeur, typer.Typer))
    feuilles: dict[str, set[str]] = {}

    def walk(commande, chemin):
        enfants = getattr(commande, "commands", None)
        if enfants is None:
            feuilles[" ".join(chemin)] = {option for p in commande.params for option in p.opts}
            return
        for nom, enfant in enfants.items():
            if not enfant.hidden:
                walk(enfant, (*chemin, nom))

    walk(typer.main.get_command(application), ())
    return feuilles


@pytest.fixture(scope="module")
def espace_prete(espace_construit, tmp_path_factory):
    """Copie de l'espace construit : une commande du README peut y écrire sans gêner les autres essais."""
    from observatoire.config import load_espace

    copie = tmp_path_factory.mktemp("readme") / "espace"
    # Le dépôt est lui-même un espace : n'emporter que ce qui en fait un.
    copie.mkdir()
    for nom in ("espace.yaml", "registres.sqlite"):
        if (espace_construit.racine / nom).is_file():
            shutil.copy2(espace_construit.racine / nom, copie / nom)
    for dossier in (espace_construit.entrepot, espace_construit.indicators, espace_construit.data / "depot"):
        if dossier.is_dir():
            shutil.copytree(dossier, copie / dossier.relative_to(espace_construit.racine))
    return load_espace(copie)


# --- Commandes ------------------------------------------------------------------------------------


def test_console_blocks_hold_only_known_commands():
    assert console_commands(), "aucun bloc console trouvé"
    assert [c for c in console_commands() if c.split()[0] not in {"make", "observatoire"}] == []


@pytest.mark.parametrize("commande", observatoire_commands(), ids=lambda c: "-".join(c.split()[1:3]))
def test_readme_command_runs(commande, espace_prete, tmp_path, monkeypatch):
    monkeypatch.setenv("OBSERVATOIRE_RACINE", str(espace_prete.racine))
    monkeypatch.setenv("PYTHONPATH", str(RACINE))
    resultat = subprocess.run(
        [*OBSERVATOIRE, *shlex.split(commande)[1:]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=300,
    )
    assert resultat.returncode == 0, resultat.stdout + resultat.stderr
    assert "Traceback" not in resultat.stderr
    if "--sortie" in commande:
        sortie = tmp_path / shlex.split(commande)[shlex.split(commande).index("--sortie") + 1]
        assert sortie.stat().st_size > 0


@pytest.mark.parametrize("document", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_make_targets_exist(document):
    cibles = set(re.findall(r"(?:^\$ |`)(?:\w+=\S+ )*make ([a-z][a-z-]*)", document, re.MULTILINE))
    assert {"app", "test"} <= cibles
    commande = ["make", "--dry-run", *sorted(cibles)]
    resultat = subprocess.run(
        commande, cwd=RACINE, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert resultat.returncode == 0, resultat.stderr


def test_windows_commands_do_what_make_does():
    (bloc,) = blocs(README, "powershell")
    makefile = (RACINE / "Makefile").read_text(encoding="utf-8")
    for morceau in (
        "--require-hashes -r",
        "--no-deps --no-build-isolation -e .",
        "observatoire construire",
        "observatoire app",
    ):
        assert morceau in bloc.texte
        assert morceau in makefile
    assert "requirements.lock" in bloc.texte


def test_minimum_python_is_the_declared_one():
    projet = tomllib.loads((RACINE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"Python {projet['requires-python'].removeprefix('>=')} ou plus récent" in README


# --- Tables -----------------------------------------------------------------------------------------


def documented_commands() -> set[str]:
    return set(re.findall(r"^\| `observatoire ([a-z -]+)` \|", README, re.MULTILINE))


def test_every_cli_command_is_documented():
    # « registre … » vaut pour ses sous-commandes : leur aide les décrit.
    oubliees = [
        commande
        for commande in cli_leaves()
        if not any(commande == ecrite or commande.startswith(f"{ecrite} ") for ecrite in documented_commands())
    ]
    assert oubliees == []


def test_every_documented_command_exists():
    feuilles = cli_leaves()
    inconnues = [
        ecrite
        for ecrite in documented_commands()
        if not any(commande == ecrite or commande.startswith(f"{ecrite} ") for commande in feuilles)
    ]
    assert inconnues == []


def test_every_page_is_documented():
    # L'accueil est à la racine du site ; chaque autre page porte le nom de son fichier.
    adresses = re.findall(r"^\| [^|]+ \| `/([a-z-]*)` \|", README, re.MULTILINE)
    documentees = {adresse or "accueil" for adresse in adresses}
    pages = {
        chemin.stem.replace("_", "-")
        for chemin in (RACINE / "observatoire" / "app" / "pages").glob("*.py")
        if not chemin.stem.startswith("_")
    }
    assert pages == documentees


# --- Exemples ---------------------------------------------------------------------------------------


def yaml_examples() -> dict[str, str]:
    """Exemples de fiches, par le chemin que dit leur première ligne."""
    trouves = {}
    for bloc in blocs(README, "yaml"):
        entete, _, _ = bloc.texte.partition("\n")
        trouves[entete.removeprefix("# ")] = bloc.texte
    return trouves


def test_examples_say_where_they_go():
    assert yaml_examples()
    assert all(re.fullmatch(r"indicators/[a-z_]+/[a-z_]+\.yaml", chemin) for chemin in yaml_examples())


def test_examples_load_with_the_real_catalogue(tmp_path):
    from observatoire.catalogue import load_catalogue

    for chemin, texte in yaml_examples().items():
        (tmp_path / chemin).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / chemin).write_text(texte, encoding="utf-8")
    catalogue = load_catalogue([RACINE / "indicators", tmp_path / "indicators"])
    for chemin in map(Path, yaml_examples()):
        assert chemin.stem in (catalogue.sources if chemin.parent.name == "_sources" else catalogue.indicateurs)
    # Un exemple qui remplacerait une vraie fiche tromperait son lecteur.
    assert catalogue.surcharges == ()


# --- Liens et images ----------------------------------------------------------------------------------


@pytest.mark.parametrize("document", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_local_links_lead_somewhere(document):
    cibles = [c for c in re.findall(r"\]\(([^)]+)\)", document) if not c.startswith(("http", "#"))]
    assert [cible for cible in cibles if not (RACINE / cible).is_file()] == []


def test_licence_is_whole():
    licence = (RACINE / "LICENSE").read_text(encoding="utf-8")
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in licence
    assert [f"\n{numero}." in licence for numero in range(1, 16)] == [True] * 15
    assert "Appendix" in licence
