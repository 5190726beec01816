"""Trois mentions qui suivent un chiffre partout : FICTIF, corrigé, livraison attendue."""

import csv
import datetime as dt
import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

import observatoire.app
from observatoire.analyse import consultation as lecture
from observatoire.analyse.consultation import open_consultation
from observatoire.analyse.export_json import build_valeurs_json
from observatoire.app import serveur
from observatoire.app.composants.partenariat import render_partenariat
from observatoire.app.entete import write_entete
from observatoire.app.reglages import Reglages, load_reglages
from observatoire.app.vues import CleVue, build_vue
from observatoire.cartes import vignette
from observatoire.cartes.fond import load_index
from observatoire.catalogue.fictif import TAMPON, stamp_fictifs
from observatoire.catalogue.fige import save_catalogue_fige
from observatoire.config import NOM_VARIABLE_RACINE, Espace
from observatoire.errors import ConfigurationError
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import Partenariat
from observatoire.store.corrections import SCHEMA, write_corrections
from tests.app import conftest as base
from tests.app.texte_rendu import read_texte
from tests.publication.espace_exercice import EXERCICE

PAGES = Path(observatoire.app.__file__).parent / "pages"
ATTENDUE = "ivraison attendue depuis 3 mois"
CORRIGE = "corrigé le 12/03/2026, était 18,5 %"
DEPOT = {"indicateur": "part_bas_revenus", "maille": "commune", "periode": "2010", "departement": "974"}
MANIFESTE = {
    "source": "source_essai", "fichier": "x.parquet", "producteur": "Insee", "titre": "Essai", "licence": "x",
    "millesime": "2010", "date_extraction": "2025-01-01", "sha256": "0", "confidentialite": "ouverte", "lignes": 4,
}  # fmt: skip


@pytest.fixture(scope="session")
def espace_mentions(tmp_path_factory):
    """Publication d'essai fictive, dont une livraison est attendue et un chiffre corrigé."""
    espace = Espace(tmp_path_factory.mktemp("mentions"))
    (espace.racine / "espace.yaml").write_text(
        'nom: FICTIF · Essai\ndepartement: "974"\nlogo: null\nexercice: true\n', "utf-8"
    )
    base.publish(espace)
    catalogue = base.make_catalogue()
    source = catalogue.sources["source_essai"].model_copy(
        update={"fictif": True, "partenariat": Partenariat(convention="Convention", attendu_mois=12, contact="Service")}
    )
    stampe = stamp_fictifs(replace(catalogue, sources={source.id: source}))
    save_catalogue_fige(stampe, espace.publications / f"{base.PUBLICATION}.catalogue")
    (espace.publications / f"{base.PUBLICATION}.livraisons").write_text(json.dumps({"x.parquet": MANIFESTE}), "utf-8")
    lignes = [
        {"code_territoire": code, "ancienne": 18.5, "statut_ancien": "publie", "nouvelle": 20.0}
        for code in ("97401", "97403")
    ]
    corrections = pd.DataFrame(lignes).assign(
        indicateur="part_bas_revenus", maille="commune", periode="2010", modalite="", corrigee_le="2026-03-12",
        publication="essai", depot="d", motif="faute",
    )[SCHEMA.names]  # fmt: skip
    write_corrections(
        espace, base.PUBLICATION, precedente=None, depots=["d"], nouvelles=corrections, masquer=lambda t: t
    )
    return espace


@pytest.fixture
def servi(espace_mentions, monkeypatch):
    monkeypatch.setenv(NOM_VARIABLE_RACINE, str(espace_mentions.racine))
    monkeypatch.setattr(lecture, "read_aujourdhui", lambda: dt.date(2026, 4, 1))
    return espace_mentions


@pytest.fixture
def client(servi):
    arguments = serveur.make_arguments()
    return TestClient(Starlette(routes=arguments["routes"], middleware=arguments["middleware"]))


def get(client, adresse, **autres):
    reponse = client.get(adresse, params=DEPOT | autres)
    assert reponse.status_code == 200, reponse.text
    return reponse


def read_classeur(contenu):
    classeur = openpyxl.load_workbook(io.BytesIO(contenu))
    cellules = [str(v) for f in classeur for ligne in f.iter_rows(values_only=True) for v in ligne if v is not None]
    return plain(" ".join([*cellules, str(classeur.properties.title)]))


def plain(texte):
    return " ".join(texte.replace("\u00a0", " ").replace("\u202f", " ").split())


def run(page, **params):
    essai = AppTest.from_file(str(PAGES / page), default_timeout=60)
    for nom, valeur in params.items():
        essai.query_params[nom] = valeur
    essai.run()
    assert not essai.exception, essai.exception
    return read_texte(" ".join(str(e.proto.body) for e in essai.get("html")))


# --- FICTIF -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "params"),
    [
        ("carte.py", DEPOT),
        ("carte.py", DEPOT | {"territoire": "97401"}),
        ("territoire.py", {"territoire": "commune-97401"}),
        ("methode.py", {"fiches": "toutes"}),
        ("accueil.py", {}),
    ],
)
def test_every_page_says_fictitious(servi, page, params):
    assert TAMPON in run(page, **params)


def test_every_page_has_the_banner_of_an_exercise(servi):
    reglages = load_reglages(servi)
    assert reglages.exercice
    assert TAMPON in read_texte(write_entete(reglages, "/carte"))
    assert "obs-exercice" in write_entete(reglages)
    assert "obs-exercice" not in write_entete(Reglages())


def test_exercise_is_yes_or_no(tmp_path):
    (tmp_path / "espace.yaml").write_text("nom: Essai\nexercice: peut-être\n", "utf-8")
    with pytest.raises(ConfigurationError, match="exercice"):
        load_reglages(Espace(tmp_path))


def test_every_export_says_fictitious(client):
    assert TAMPON in get(client, "/telecharger/carte.svg").text
    assert TAMPON in get(client, "/imprimer/carte").text
    assert TAMPON in read_classeur(get(client, "/telecharger/carte.xlsx").content)
    lignes = list(
        csv.DictReader(io.StringIO(get(client, "/telecharger/carte.csv").content.decode("utf-8-sig")), delimiter=";")
    )
    assert all(TAMPON in ligne["indicateur"] for ligne in lignes)
    image = Image.open(io.BytesIO(get(client, "/telecharger/carte.png").content))
    assert TAMPON in str(image.info)


def test_images_draw_the_word(client, monkeypatch):
    """Le mot est dessiné, pas seulement dans les propriétés : on écoute ce que la plume écrit."""
    from observatoire.cartes import statique

    ecrits = []
    for module in (vignette, statique):
        plume = module.Colonne

        class Ecoute(plume):
            def write(self, texte, *arguments, **options):
                ecrits.append(texte)
                return super().write(texte, *arguments, **options)

        monkeypatch.setattr(module, "Colonne", Ecoute)
    get(client, "/vignette/carte.png", departement="974", territoire="97402")
    assert any(TAMPON in t for t in ecrits)
    ecrits.clear()
    get(client, "/telecharger/carte.png", territoire="97402")
    assert any(TAMPON in t for t in ecrits)


# --- Livraison attendue ---------------------------------------------------------------------------------


def test_badge_is_on_map_sheet_and_territory(servi):
    assert ATTENDUE in run("carte.py", **DEPOT)
    # Le titre, la source sous la carte, et la fiche du territoire.
    assert run("carte.py", **DEPOT, territoire="97401").count(ATTENDUE) >= 3
    assert ATTENDUE in run("territoire.py", territoire="commune-97401")
    assert "Sources et partenaires" in run("methode.py")
    assert "attendue depuis" in run("methode.py")


def test_ledger_of_the_atelier_holds_sources_that_delivered_nothing():
    # L'espace d'exercice n'est pas construit : sa source est déclarée, rien n'est arrivé.
    texte = read_texte(render_partenariat(Espace(EXERCICE)))
    assert "FICTIF · Accompagnement social lié au logement Service fictif aucune" in texte


def test_badge_is_on_every_export(client):
    for adresse in ("/telecharger/carte.svg", "/imprimer/carte"):
        assert ATTENDUE in plain(get(client, adresse).text), adresse
    assert ATTENDUE in read_classeur(get(client, "/telecharger/carte.xlsx").content)
    assert ATTENDUE in plain(get(client, "/telecharger/carte.csv").content.decode("utf-8-sig"))


def test_badge_is_in_json_and_in_a_citation(servi):
    contenu = build_valeurs_json(open_consultation(servi), "part_bas_revenus", Maille.COMMUNE, departement="974")
    assert contenu["meta"]["attente_mois"] == 3
    assert ATTENDUE in plain(contenu["meta"]["source"])


def test_no_badge_when_nothing_is_waited(espace_servi):
    texte = run("carte.py", **DEPOT, territoire="97401")
    assert "attendue depuis" not in texte
    consultation = open_consultation(espace_servi)
    assert consultation.find_attente(consultation.find_indicateur("part_bas_revenus")) == 0


def test_an_old_publication_is_judged_at_its_own_date(servi, monkeypatch):
    # Cinq ans plus tard, ce qui est arrivé depuis n'est pas dans cette publication : elle n'en dit rien.
    monkeypatch.setattr(lecture, "read_aujourdhui", lambda: dt.date(2031, 4, 1))
    monkeypatch.setattr(lecture, "current_id", lambda _espace: "autre")
    assert open_consultation(servi).attentes == {"source_essai": 11}  # au 22/11/2026


# --- Chiffre corrigé ------------------------------------------------------------------------------------


def test_corrected_figure_says_so_on_pages(servi):
    carte = run("carte.py", **DEPOT, territoire="97401")
    assert carte.count(CORRIGE) >= 2  # la fiche, et la ligne du tableau
    assert CORRIGE in run("territoire.py", territoire="commune-97401")


def test_corrected_figure_says_so_in_the_tooltip(servi):
    consultation = open_consultation(servi)
    vue = build_vue(
        consultation,
        CleVue("part_bas_revenus", "commune", "2010", "974"),
        load_index(servi.fonds / consultation.publication.fonds),
    )
    corrections = vue.message["textes"]["corrections"]
    assert sorted(corrections) == ["0", "2"]
    assert plain(corrections["0"]).lower() == CORRIGE


def test_corrected_figure_says_so_in_files(client):
    assert CORRIGE in plain(get(client, "/imprimer/carte").text)
    assert CORRIGE in read_classeur(get(client, "/telecharger/carte.xlsx").content)
    texte = get(client, "/telecharger/carte.csv").content.decode("utf-8-sig")
    lignes = {ligne["code"]: ligne for ligne in csv.DictReader(io.StringIO(texte), delimiter=";")}
    assert plain(lignes["97401"]["correction"]) == CORRIGE
    assert lignes["97402"]["correction"] == ""
    assert "2 chiffres corrigés" in get(client, "/telecharger/carte.svg").text


def test_corrected_figure_says_so_in_json(servi):
    contenu = build_valeurs_json(open_consultation(servi), "part_bas_revenus", Maille.COMMUNE, departement="974")
    par_code = {v["code_territoire"]: v.get("correction") for v in contenu["valeurs"]}
    assert (par_code["97401"]["avant"], par_code["97401"]["corrige_le"]) == (18.5, "2026-03-12")
    assert par_code["97402"] is None


def test_masked_figure_never_tells_what_it_was(client, servi):
    """97403 a été corrigé, puis masqué : l'ancien chiffre n'est nulle part."""
    texte = run("carte.py", **DEPOT, territoire="97403")
    assert "corrigé le 12/03/2026" in texte
    contenu = json.dumps(build_valeurs_json(open_consultation(servi), "part_bas_revenus", Maille.COMMUNE))
    assert contenu.count("18.5") == 1
    csv_ = get(client, "/telecharger/carte.csv").content.decode("utf-8-sig")
    assert csv_.count("18,5") == 1
    assert get(client, "/imprimer/carte").text.count("18,5") == 1


def test_number_of_a_corrected_share_keeps_only_the_date(client):
    texte = get(client, "/telecharger/carte.csv", mesure="nombre").content.decode("utf-8-sig")
    ligne = next(li for li in csv.DictReader(io.StringIO(texte), delimiter=";") if li["code"] == "97401")
    assert ligne["correction"] == "corrigé le 12/03/2026"
    assert "18,5" not in texte
