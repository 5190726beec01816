"""L'exercice du README est joué, commande par commande, sur une copie de son espace."""

import importlib.util
import json
import re
import shlex
from pathlib import Path

import pandas as pd
import pytest

from observatoire.analyse.consultation import open_consultation
from observatoire.cli import main
from observatoire.modeles.mailles import Maille
from observatoire.registres.base import open_registres
from observatoire.registres.depots import list_depots
from observatoire.secret import proteger
from observatoire.store.publications import current_id, list_publications
from tests.publication.espace_exercice import EXERCICE, au_travail, make_espace_exercice

RACINE = Path(__file__).resolve().parents[2]
README = (RACINE / "README.md").read_text(encoding="utf-8")
GUIDE = (RACINE / "docs" / "livraisons.md").read_text(encoding="utf-8")
SECRET = (RACINE / "docs" / "secret.md").read_text(encoding="utf-8")
AIPD = (RACINE / "docs" / "aipd-type.md").read_text(encoding="utf-8")
REGIMES = {
    "exercice_asll": "convention_protegee",
    "exercice_rsa": "convention",
    "exercice_insertion": "ouverte",
}
SOURCES_CITEES = {"DEPOT_RSA": "exercice_rsa", "DEPOT_PLACES": "exercice_insertion"}
DECOUPAGES = (
    ("Personne seule", "Couple", "Famille monoparentale", "Autre situation"),
    ("Moins de 30 ans", "30 à 49 ans", "50 ans et plus"),
)


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
    # Un masque un peu moins bon, trouvé plus vite ; la preuve est la même.
    monkeypatch.setattr(proteger, "DELAI_S", 10.0)
    premieres = []
    with au_travail(espace):
        for arguments, refusee in exercise_commands():
            depots = list_depots(open_registres(espace)) if current_id(espace) else []
            sens = {"IDENTIFIANT": depots[-1].id if depots else "", "PUBLICATION": (premieres or [""])[-1]}
            sens |= {nom: d.id for d in depots for nom, s in SOURCES_CITEES.items() if d.source == s}
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
    check_exacts(espace)


def check_exacts(espace):
    """Les effectifs exacts sont en ligne : aucun petit nombre, des voisines masquées, des zéros montrés."""
    consultation = open_consultation(espace)
    exactes = {r["Code commune"]: int(r["Foyers au RSA"]) for r in read_csv(EXERCICE / "livraisons" / "rsa_2024.csv")}
    fiche = consultation.find_indicateur("exercice_nb_foyers_rsa")
    lues = consultation.read_valeurs(fiche, Maille.COMMUNE, "2024", "01").set_index("code_territoire")
    vraies = pd.Series(exactes).reindex(lues.index)
    petites = (vraies > 0) & (vraies < 5)
    masquees = lues.statut == "secret"
    assert petites.sum() > 50
    assert masquees[petites].all()
    assert lues.valeur[masquees].isna().all()
    assert not masquees[vraies == 0].any()
    assert (lues.valeur[~masquees] == vraies[~masquees]).all()
    departement = consultation.read_valeur(fiche, Maille.DEPARTEMENT, "2024", "01")
    assert departement.valeur.tolist() == [sum(exactes.values())]
    for part in ("exercice_part_monoparentales_rsa", "exercice_rsa_1000_habitants"):
        taux = consultation.read_valeurs(consultation.find_indicateur(part), Maille.COMMUNE, "2024", "01")
        assert taux.set_index("code_territoire").valeur[petites].isna().all(), part


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


def read_csv(chemin: Path) -> list[dict[str, str]]:
    import csv
    import io

    texte = chemin.read_bytes().decode("cp1252").split("\r\n", 2)[2]
    return list(csv.DictReader(io.StringIO(texte), delimiter=";"))


def test_made_up_deliveries_are_rebuilt_byte_for_byte(tmp_path):
    refaits = load_fabrique().main(tmp_path)
    assert len(refaits) == 7
    assert {c.name for c in tmp_path.iterdir()} == {c.name for c in (EXERCICE / "livraisons").iterdir()}
    for chemin in tmp_path.iterdir():
        assert chemin.read_bytes() == (EXERCICE / "livraisons" / chemin.name).read_bytes(), chemin.name


def test_protected_deliveries_hold_no_small_number():
    for chemin in sorted((EXERCICE / "livraisons").glob("asll_*.csv")):
        for ligne in read_csv(chemin):
            for nom in ("Demandes reçues", "Accompagnements commencés"):
                assert ligne[nom] in {"s", "conf."} or int(ligne[nom]) % 5 == 0, (chemin.name, ligne)


@pytest.mark.parametrize("annee", ["2024", "2025"])
def test_exact_deliveries_add_up_both_ways_and_hold_small_numbers(annee):
    lignes = read_csv(EXERCICE / "livraisons" / f"rsa_{annee}.csv")
    assert len(lignes) == 391
    for ligne in lignes:
        for decoupage in DECOUPAGES:
            assert sum(int(ligne[nom]) for nom in decoupage) == int(ligne["Foyers au RSA"]), ligne
    # Sans petit nombre ni zéro, l'exercice ne montrerait rien du secret.
    petits = sum(0 < int(ligne[nom]) < 5 for ligne in lignes for nom in DECOUPAGES[0])
    assert petits > 500
    assert any(ligne["Foyers au RSA"] == "0" for ligne in lignes)


def test_manifests_say_fictitious():
    import hashlib

    import yaml

    for chemin in sorted((EXERCICE / "livraisons").glob("*.csv")):
        manifeste = yaml.safe_load(chemin.with_suffix(".livraison.yaml").read_text("utf-8"))
        assert manifeste["sha256"] == hashlib.sha256(chemin.read_bytes()).hexdigest()
        assert manifeste["confidentialite"] == REGIMES[manifeste["source"]]
        assert "FICTIF" in manifeste["titre"]
        assert chemin.read_bytes().startswith(b"FICTIF")
        assert "fictif" in manifeste["producteur"].lower()
        assert manifeste["licence"]


def test_guide_names_only_known_commands():
    from tests.documentation.test_readme import cli_leaves

    for document in (GUIDE, SECRET, AIPD):
        citees = set(re.findall(r"`(?:observatoire )?((?:livraison|publication|secret) [a-z]+)", document))
        assert citees
        assert citees - set(cli_leaves()) == set()


def test_guide_tells_every_status_role_and_nature():
    from observatoire.modeles.livraisons import Confidentialite, NatureDepot
    from observatoire.publication.droits import Role

    for mot in (*Confidentialite, *NatureDepot, *Role):
        assert str(mot) in GUIDE, mot


def test_secret_page_tells_every_setting_of_a_rule():
    from observatoire.modeles.sources import RegleSecret, VariableSource

    propres_au_mode_p = {"arrondi", "marques", "masque_sous_seuil"}
    attendus = set(RegleSecret.model_fields) - propres_au_mode_p - {"id", "libelle", "mode", "reference"}
    for cle in (*attendus, "partitions", "total_de", "au_plus", "contributeurs", "contributeur_max"):
        assert f"`{cle}`" in SECRET or f"{cle}:" in SECRET, cle
    assert set(VariableSource.model_fields) >= {"partitions", "contributeurs", "contributeur_max"}


@pytest.mark.parametrize("nom", ["livraisons.md", "secret.md", "aipd-type.md"])
def test_local_links_of_guides_lead_somewhere(nom):
    texte = (RACINE / "docs" / nom).read_text("utf-8")
    cibles = [c.split("#")[0] for c in re.findall(r"\]\(([^)]+)\)", texte) if not c.startswith(("http", "#"))]
    assert cibles
    assert [c for c in cibles if not (RACINE / "docs" / c).is_file()] == []


def test_source_example_of_secret_page_loads():
    import yaml

    from observatoire.modeles.sources import VariableSource

    (bloc,) = re.findall(r"^```yaml\n(.*?)^```$", SECRET, re.MULTILINE | re.DOTALL)
    variables = {nom: VariableSource.model_validate(v) for nom, v in yaml.safe_load(bloc)["variables"].items()}
    assert len(variables["foyers"].decoupages) == 2
    assert variables["montant"].contributeurs == "foyers"
