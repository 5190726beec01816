"""Registre des sorties : rien ne sort qui n'y soit inscrit, et l'attaquant passe par chacune."""

import ast
import dataclasses
import importlib
import inspect
import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from typer.main import get_command

from observatoire import config
from observatoire.analyse.consultation import open_consultation
from observatoire.analyse.export_json import build_valeurs_json
from observatoire.app import serveur
from observatoire.app.routes_differees import load_router
from observatoire.cartes import couche, valeurs
from observatoire.cli.principal import application
from observatoire.config import NOM_VARIABLE_RACINE
from observatoire.exports.sorties import CHAMPS, SORTIES, Acces, list_ids
from observatoire.modeles.livraisons import Manifeste
from observatoire.secret import proteger
from observatoire.store import corrections, schema
from observatoire.store.publications import LivraisonActive, Publication
from tests.secret.attaquant.connaissance import Connaissance
from tests.secret.attaquant.espaces import EspaceMonde, creer
from tests.secret.attaquant.lecteurs import LECTEURS, confronter, find_canaris, list_canaris
from tests.secret.attaquant.lecture import read_copies, read_structure
from tests.secret.attaquant.sorties import Lecture, Vue
from tests.secret.attaquant.verdict import attaquer

LONGS = os.environ.get("OBSERVATOIRE_ESSAIS_LONGS") == "1"

RACINE = Path(__file__).resolve().parents[2]
PAQUET = RACINE / "observatoire"
CIBLES = {cible for sortie in SORTIES for cible in sortie.cibles}
HORS_STORE = {"socle", "tables"}
"""Le socle est confidentiel ; ``tables`` ne sait pas ce qu'il écrit."""


def list_modules(dossier):
    return [
        (f".{c.relative_to(RACINE).with_suffix('')}".replace("/", ".")[1:], c) for c in sorted(dossier.rglob("*.py"))
    ]


def list_functions(arbre):
    return [n for n in ast.walk(arbre) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


# --- Détection ---------------------------------------------------------------------------------------


def test_every_sortie_has_a_reader_and_a_name():
    assert len(list_ids()) == len(set(list_ids()))
    assert set(LECTEURS) == set(list_ids())


@pytest.mark.parametrize("cible", sorted(CIBLES))
def test_every_cible_exists(cible):
    module, _, fonction = cible.partition(":")
    if not fonction:
        assert (RACINE / Path(*module.split("."))).with_suffix(".py").is_file()
        return
    assert callable(getattr(importlib.import_module(module), fonction))


def test_every_route_is_registered():
    servies = {r.path for r in (*serveur.make_arguments()["routes"], *load_router().routes)}
    assert servies == {route for sortie in SORTIES for route in sortie.routes}


def list_commandes(commande, nom=""):
    if not hasattr(commande, "commands"):
        return {nom}
    return {c for cle, suite in commande.commands.items() for c in list_commandes(suite, f"{nom} {cle}".strip())}


def test_every_command_is_registered():
    assert list_commandes(get_command(application)) == {c for sortie in SORTIES for c in sortie.commandes}


def test_every_download_button_is_registered():
    trouves = set()
    for module, chemin in list_modules(PAQUET / "app"):
        for fonction in list_functions(ast.parse(chemin.read_text("utf-8"))):
            appels = [n.func for n in ast.walk(fonction) if isinstance(n, ast.Call)]
            if any(isinstance(a, ast.Attribute) and a.attr == "download_button" for a in appels):
                trouves.add(f"{module}:{fonction.name}")
    assert trouves
    assert trouves <= CIBLES


def test_every_export_function_is_registered():
    trouves = set()
    for module, chemin in list_modules(PAQUET / "exports"):
        for noeud in ast.parse(chemin.read_text("utf-8")).body:
            rendu = ast.unparse(noeud.returns) if isinstance(noeud, ast.FunctionDef) and noeud.returns else ""
            if rendu in {"str", "bytes"} and not noeud.name.startswith("_"):
                trouves.add(f"{module}:{noeud.name}")
    assert trouves
    assert trouves <= CIBLES


def test_every_writer_of_the_store_is_registered():
    trouves = {
        f"{module}:{noeud.name}"
        for module, chemin in list_modules(PAQUET / "store")
        if chemin.stem not in HORS_STORE
        for noeud in ast.parse(chemin.read_text("utf-8")).body
        if isinstance(noeud, ast.FunctionDef) and noeud.name.startswith(("write_", "save_", "dump_"))
    }
    assert trouves
    assert trouves <= CIBLES


def test_every_page_is_registered():
    pages = {module for module, chemin in list_modules(PAQUET / "app" / "pages") if chemin.stem != "__init__"}
    assert pages <= CIBLES


# --- Champs des charges utiles ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nom", "champs"),
    [
        ("observations", schema.OBSERVATIONS.names),
        ("territoires", schema.TERRITOIRES.names),
        ("corrections", corrections.COLONNES),
        ("publication", [c.name for c in dataclasses.fields(Publication)]),
        ("livraison_active", [c.name for c in dataclasses.fields(LivraisonActive)]),
        ("manifeste", list(Manifeste.model_fields)),
    ],
)
def test_stored_fields_are_registered(nom, champs):
    assert set(champs) == CHAMPS[nom]


def test_message_fields_are_registered():
    codees = valeurs.encode_valeurs(
        [1.04, 3.0], ["publie", "estime"], decimales=0, bornes_classes=(1.0,), bornes_inf=[1.04, 2.0],
        bornes_sup=[1.04, 5.0],
    )  # fmt: skip
    dessins = [
        valeurs.dessin_aplats(["#fff"], []), valeurs.dessin_symboles("#fff", "#000", 3.0),
        valeurs.dessin_typologie(["#fff"], ["A"]),
    ]  # fmt: skip
    message = couche.build_message({}, codees, dessins[0], {}, selection="")
    assert set(message) <= CHAMPS["carte"]
    assert set(message["valeurs"]) == CHAMPS["carte_valeurs"]
    assert {cle for d in dessins for cle in d} == CHAMPS["carte_dessin"]


def test_json_fields_are_registered_in_the_source():
    """Les clés écrites dans la fonction : celles qui ne paraissent que parfois y sont aussi."""
    arbre = ast.parse(inspect.getsource(build_valeurs_json))
    (meta,) = (n for n in ast.walk(arbre) if isinstance(n, ast.Dict) and len(n.keys) > 5)
    assert {k.value for k in meta.keys} == CHAMPS["valeurs_meta"]


# --- Ce que chaque sortie dit --------------------------------------------------------------------------------

GRAINE = 39
"""Deux tables de quelques variables, des parts, des variables que rien ne montre, de grands nombres masqués."""


@pytest.fixture(scope="module")
def attaque(tmp_path_factory):
    """Espace republié, dessiné, un dépôt en attente ; lu par un vrai serveur d'essai."""
    base = tmp_path_factory.mktemp("sorties")
    monde = creer(base / "monde", GRAINE, tables=6 if LONGS else 2, dessine=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proteger, "DELAI_S", 10.0 if LONGS else 1.0)
        monde.construire()
        monde.republier(np.random.default_rng(GRAINE))
        brouillon = monde.attendre(np.random.default_rng(GRAINE + 1))
        patch.setenv(NOM_VARIABLE_RACINE, str(monde.espace.racine))
        patch.setattr(config, "RACINE_DEPOT", monde.base / "depot")
        arguments = serveur.make_arguments()
        client = TestClient(Starlette(routes=arguments["routes"], middleware=arguments["middleware"]))
        yield Attaque(monde, client, brouillon, base)


@dataclass
class Attaque:
    """Ce que l'attaquant regarde, et la diffusion à laquelle il le confronte."""

    monde: EspaceMonde
    client: TestClient
    brouillon: str
    base: Path
    lectures: list[tuple[int, Vue, Lecture]] = field(default_factory=list)

    @cached_property
    def consultations(self):
        return [open_consultation(self.monde.espace, p) for p in self.monde.publications]

    @cached_property
    def diffusees(self):
        tous = list(self.consultations[0].catalogue.indicateurs)
        return [pd.concat([read_copies(c, i) for i in tous], ignore_index=True) for c in self.consultations]

    @cached_property
    def canaris(self):
        vraies = (x for verite in self.monde.verites for v in verite.values() for x in v[~np.isnan(v)].tolist())
        return list_canaris(self.diffusees, vraies, self.consultations[0].territoires.table.libelle)

    def list_vues(self):
        """Des effectifs et une part, à la commune, dans les deux publications."""
        fiches = [i for t in self.monde.tables for i, f in t.fiches.items() if "commune" in f["mailles"]]
        choisies = [*[f for f in fiches if f[0] == "i"][:2], *[f for f in fiches if f[0] == "p"][:1]]
        for numero, consultation in enumerate(self.consultations):
            lues = self.diffusees[numero]
            for indicateur in choisies:
                ici = lues[(lues.indicateur == indicateur) & (lues.maille == "commune") & (lues.periode == "2024")]
                masquees = ici.code_territoire[ici.statut == "secret"].tolist()
                dossier = self.base / f"{numero}-{indicateur}"
                dossier.mkdir(exist_ok=True)
                codes = ici.code_territoire.tolist()
                yield numero, Vue(
                    consultation, self.client, indicateur, "commune", "2024", "974", (masquees or codes)[0], dossier,
                    zones=(tuple(codes[:5]), tuple(codes[5:]), tuple(codes[::2])), brouillon=self.brouillon,
                    comptes_rendus=tuple(self.monde.comptes_rendus),
                )  # fmt: skip


def test_the_trap_is_set(attaque):
    """Sans cases masquées ni grands nombres cachés, l'essai ne prouverait rien."""
    assert len(attaque.canaris) >= 3
    assert all((d.statut == "secret").sum() > 20 for d in attaque.diffusees)
    assert attaque.brouillon


@pytest.mark.parametrize("sortie", SORTIES, ids=lambda s: s.id)
def test_a_sortie_says_no_more_than_the_diffusion(sortie, attaque):
    vues = list(attaque.list_vues())
    # L'atelier dit la même chose quel que soit l'indicateur regardé : une vue par publication suffit.
    choisies = vues if LONGS or sortie.acces is Acces.PUBLIC else [vues[0], vues[-1]]
    for numero, vue in choisies:
        lecture = LECTEURS[sortie.id](vue)
        assert confronter(lecture, attaque.diffusees[numero]) == []
        if sortie.acces is not Acces.RESERVE:
            assert find_canaris(lecture, attaque.canaris) == []
        if sortie.acces is Acces.PUBLIC or lecture.zones:
            attaque.lectures.append((numero, vue, lecture))


def test_all_sorties_together_recover_nothing(attaque):
    """Tout ce que les sorties ont dit, joint : les faits, les zones accordées, les deux publications."""
    structure = read_structure(attaque.monde)
    for table in attaque.monde.tables:
        connaissance = Connaissance(structure, attaque.monde.verites, set(table.variables))
        fautes = []
        for numero, lues in enumerate(attaque.diffusees):
            fautes += connaissance.learn(numero, lues[lues.indicateur.isin(table.fiches)])
        for numero, vue, lecture in attaque.lectures:
            if vue.indicateur in table.fiches:
                connaissance.learn_zones(numero, vue, lecture.zones)
        connaissance.aim_communes()
        verdict = attaquer(connaissance.savoir(), connaissance.aveugle(), connaissance.cibles())
        assert [*fautes, *verdict.fautes, *connaissance.check_bornes()] == []
