"""L'exercice du README est joué, commande par commande, sur une copie de son espace."""

import importlib.util
import json
import re
import shlex
from pathlib import Path

import pytest

from observatoire.cli import main
from observatoire.registres.base import open_registres
from observatoire.registres.depots import list_depots
from observatoire.store.publications import current_id, list_publications
from tests.publication.espace_exercice import EXERCICE, au_travail, make_espace_exercice

RACINE = Path(__file__).resolve().parents[2]
README = (RACINE / "README.md").read_text(encoding="utf-8")
GUIDE = (RACINE / "docs" / "livraisons.md").read_text(encoding="utf-8")


def exercise_commands() -> list[tuple[list[str], bool]]:
    """Commandes des blocs de l'exercice, et si elles doivent être refusées."""
    blocs = re.findall(r"^```shell\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    lignes = [ligne for bloc in blocs for ligne in bloc.splitlines() if ligne.startswith("observatoire ")]
    return [(shlex.split(ligne, comments=True)[1:], "# refusé" in ligne) for ligne in lignes]


def play(arguments, capsys) -> tuple[int, str]:
    with pytest.raises(SystemExit) as sortie:
        main(arguments)
    rendu = capsys.readouterr()
    return int(sortie.value.code or 0), rendu.out + rendu.err


def test_exercise_is_played_from_end_to_end(tmp_path, monkeypatch, capsys):
    espace = make_espace_exercice(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "exercice").symlink_to(espace.racine)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OBSERVATOIRE_RACINE", str(espace.racine))
    premieres = []
    with au_travail(espace):
        for arguments, refusee in exercise_commands():
            depots = list_depots(open_registres(espace)) if current_id(espace) else []
            sens = {"IDENTIFIANT": depots[-1].id if depots else "", "PUBLICATION": (premieres or [""])[-1]}
            code, texte = play([sens.get(a, a) for a in arguments], capsys)
            assert code == (1 if refusee else 0), f"{shlex.join(arguments)}\n{texte}"
            assert "Traceback" not in texte
            if arguments[:2] == ["livraison", "publier"]:
                premieres = list_publications(espace)[:-1]
            if refusee:
                for faute in ("conf.", "01039", "01065", "zéros de tête"):
                    assert faute in texte, faute
        # Revenu en arrière : 2024 est en ligne, 2025 ne l'est plus.
        code, texte = play(["valeurs", "-i", "exercice_demandes_asll", "-m", "commune", "-d", "01", "--json"], capsys)
    assert code == 0
    contenu = json.loads(texte)
    assert contenu["meta"]["periode"] == "2024"
    assert contenu["meta"]["libelle"].startswith("FICTIF")
    assert {v["statut"] for v in contenu["valeurs"]} >= {"secret", "arrondi"}
    assert "FICTIF" in (tmp_path / "bon-a-publier.html").read_text("utf-8")


def test_a_rectification_is_told_beside_the_figure(tmp_path, monkeypatch, capsys):
    espace = make_espace_exercice(tmp_path)
    monkeypatch.setenv("OBSERVATOIRE_RACINE", str(espace.racine))
    with au_travail(espace):
        assert play(["construire"], capsys)[0] == 0
        for nom in ("asll_2024.csv", "asll_2024_rectifie.csv"):
            fichier = str(espace.racine / "livraisons" / nom)
            options = ["--source", "exercice_asll", "--periode", "2024", "--confidentialite", "convention_protegee"]
            code, texte = play(["livraison", "deposer", fichier, *options], capsys)
            assert code == 0, texte
            depot = list_depots(open_registres(espace))[-1]
            assert play(["livraison", "publier", depot.id], capsys)[0] == 0
        assert str(depot.nature) == "corrige"
        _, texte = play(["valeurs", "-i", "exercice_demandes_asll", "-m", "commune", "-d", "01", "--json"], capsys)
    valeurs = {v["code_territoire"]: v for v in json.loads(texte)["valeurs"]}
    assert valeurs["01004"]["correction"]["avant"] == pytest.approx(valeurs["01004"]["valeur"] * 115 / 135)
    assert "corrigé le" in valeurs["01004"]["correction"]["texte"]
    assert "correction" not in valeurs["01001"]


def load_fabrique():
    spec = importlib.util.spec_from_file_location("fabriquer", EXERCICE / "fabriquer.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_made_up_deliveries_are_rebuilt_byte_for_byte(tmp_path):
    refaits = load_fabrique().main(tmp_path)
    assert len(refaits) == 4
    for chemin in tmp_path.iterdir():
        assert chemin.read_bytes() == (EXERCICE / "livraisons" / chemin.name).read_bytes(), chemin.name


def test_made_up_deliveries_hold_no_small_number():
    import csv
    import io

    for chemin in sorted((EXERCICE / "livraisons").glob("*.csv")):
        texte = chemin.read_bytes().decode("cp1252").split("\r\n", 2)[2]
        for ligne in csv.DictReader(io.StringIO(texte), delimiter=";"):
            for nom in ("Demandes reçues", "Accompagnements commencés"):
                assert ligne[nom] in {"s", "conf."} or int(ligne[nom]) % 5 == 0, (chemin.name, ligne)


def test_manifests_say_fictitious():
    import hashlib

    import yaml

    for chemin in sorted((EXERCICE / "livraisons").glob("*.csv")):
        manifeste = yaml.safe_load(chemin.with_suffix(".livraison.yaml").read_text("utf-8"))
        assert manifeste["sha256"] == hashlib.sha256(chemin.read_bytes()).hexdigest()
        assert manifeste["confidentialite"] == "convention_protegee"
        assert "fictif" in manifeste["producteur"].lower()
        assert manifeste["licence"]


def test_guide_names_only_known_commands():
    from tests.documentation.test_readme import cli_leaves

    citees = set(re.findall(r"`(?:observatoire )?((?:livraison|publication) [a-z]+)", GUIDE))
    assert citees
    assert citees - set(cli_leaves()) == set()


def test_guide_tells_every_status_role_and_nature():
    from observatoire.modeles.livraisons import Confidentialite, NatureDepot
    from observatoire.publication.droits import Role

    for mot in (*Confidentialite, *NatureDepot, *Role):
        assert str(mot) in GUIDE, mot
