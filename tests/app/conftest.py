"""Petite publication écrite à la main : quatre communes inventées à La Réunion, deux indicateurs, une typologie."""

import json
import math

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from observatoire.cartes.fond import write_fonds
from observatoire.catalogue.fige import save_catalogue_fige
from observatoire.config import COG_CIBLE, NOM_VARIABLE_RACINE, Espace
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Indicateur
from observatoire.modeles.sources import Problematique, RegleSecret, Source
from observatoire.secret.diffuser import diffuse
from observatoire.secret.porte import Porte
from observatoire.store.publications import Publication, save_publication, switch_publication
from observatoire.store.schema import RESSOURCES

PUBLICATION = "essai"
COMMUNES = {"97401": "Les Avirons", "97402": "Bras-Panon", "97403": "L'Étang-Salé", "97404": "Le Port"}
TNCC = {"97401": 4, "97402": 0, "97403": 5, "97404": 2}
COMMUN = {
    "definition": "Définition inventée pour les essais.",
    "unite": "%",
    "champ": "Ménages",
    "source": "source_essai",
    "mailles": ["commune", "departement"],
    "frequence": "une fois",
    "secret": "ouverte",
}


def make_catalogue() -> Catalogue:
    fiches = [
        Indicateur(
            id="part_bas_revenus", libelle="Part des ménages à bas revenus", libelle_court="Bas revenus",
            nature="besoin",
            problematiques=["insertion", "habitat"], type_mesure="ratio", numerateur="bas_revenus",
            denominateur="menages",
            multiplicateur=100, polarite=-1, ressources_liees=["nb_lieux"],
            lecture="En {periode}, {valeur} % des ménages {du_territoire} étaient à bas revenus "
            "({numerateur} sur {denominateur}).",
            **COMMUN,
        ),
        Indicateur(
            id="nb_lieux", libelle="Lieux d'accueil", libelle_court="Lieux d'accueil", nature="ressource",
            problematiques=["insertion"], type_mesure="effectif", numerateur="lieux", polarite=1, decimales=0,
            lecture="En {periode}, on comptait {valeur} lieux d'accueil {a_territoire}.",
            **(COMMUN | {"unite": "lieux"}),
        ),
        Indicateur(
            id="zone", libelle="Zone du logement", libelle_court="Zone", nature="contexte", problematiques=["habitat"],
            type_mesure="typologie", numerateur="zone", polarite=0,
            modalites=[{"code": "A", "libelle": "A"}, {"code": "B", "libelle": "B"}],
            lecture="En {periode}, {territoire} était en zone {valeur}.", **(COMMUN | {"unite": "zone"}),
        ),
    ]  # fmt: skip
    variable = {"libelle": "x", "unite": "ménages"}
    source = Source(
        id="source_essai", libelle="Source d'essai", producteur="Insee", licence="Licence Ouverte", rythme="une fois",
        maille="commune", colonne_code="code", livraisons=[{"fichier": "x.parquet", "periode": "2010"}],
        variables=dict.fromkeys(("bas_revenus", "menages", "lieux", "zone"), variable),
    )  # fmt: skip
    problematiques = [
        Problematique(id="insertion", libelle="Insertion", description="Ressources des ménages.", ordre=1),
        Problematique(id="habitat", libelle="Habitat", description="Se loger.", ordre=2),
    ]
    regle = RegleSecret(id="ouverte", libelle="Ouverte", mode="P", reference="aucune")
    return Catalogue(
        {f.id: f for f in fiches}, {source.id: source}, {p.id: p for p in problematiques}, {regle.id: regle}, {}
    )


def make_observations() -> list[pd.DataFrame]:
    vide = math.nan
    lignes = [
        ("part_bas_revenus", "commune", "97401", "2010", "", 20.0, 20.0, 20.0, 200.0, 1000.0, "publie"),
        ("part_bas_revenus", "commune", "97402", "2010", "", 35.5, 34.0, 37.0, 355.0, 1000.0, "estime"),
        ("part_bas_revenus", "commune", "97403", "2010", "", vide, vide, vide, vide, vide, "secret"),
        ("part_bas_revenus", "departement", "974", "2010", "", 31.5, 31.5, 31.5, 945.0, 3000.0, "publie"),
        ("nb_lieux", "commune", "97401", "2026", "", 3.0, 3.0, 3.0, 3.0, vide, "publie"),
        ("nb_lieux", "commune", "97404", "2026", "", 0.0, 0.0, 0.0, 0.0, vide, "publie"),
        ("nb_lieux", "departement", "974", "2026", "", 3.0, 3.0, 3.0, 3.0, vide, "publie"),
        *(
            ("zone", "commune", c, "2024", z, 100.0, 100.0, 100.0, 1.0, vide, "publie")
            for c, z in zip(COMMUNES, "AABB", strict=True)
        ),
    ]  # fmt: skip
    noms = ["indicateur", "maille", "code_territoire", "periode", "modalite", "valeur", "borne_inf", "borne_sup",
            "numerateur", "denominateur", "statut"]  # fmt: skip
    tout = pd.DataFrame(lignes, columns=noms).assign(cog=COG_CIBLE, periode_denominateur="", marques="", couverture=1.0)
    return [groupe for _, groupe in tout.groupby("indicateur")]


def make_territoires() -> pd.DataFrame:
    lignes = [("commune", c, n, TNCC[c], "974", 1000.0) for c, n in COMMUNES.items()]
    lignes += [("departement", "974", "La Réunion", 0, "974", 4000.0), ("france", "FR", "France", 3, None, 4000.0)]
    noms = ["maille", "code", "libelle", "type_liaison", "code_departement", "population"]
    return pd.DataFrame(lignes, columns=noms).assign(cog=COG_CIBLE, nature="", zone="drom", chef_lieu="")


def make_liens() -> pd.DataFrame:
    liens = [("commune", c, "departement", "974") for c in COMMUNES] + [
        ("commune", c, "france", "FR") for c in COMMUNES
    ]
    return pd.DataFrame(liens, columns=["maille_enfant", "code_enfant", "maille_parent", "code_parent"])


def make_communes() -> gpd.GeoDataFrame:
    carres = [
        shapely.box(55.4 + k % 2 * 0.1, -21.2 + k // 2 * 0.1, 55.5 + k % 2 * 0.1, -21.1 + k // 2 * 0.1)
        for k in range(4)
    ]
    return gpd.GeoDataFrame({"code": list(COMMUNES), "zone": "drom"}, geometry=carres, crs=4326)


PORTE = Porte(Catalogue({}, {}, {}, {}, {}))
"""Porte d'une publication sans effectif exact."""


def publish(espace: Espace) -> None:
    territoires, liens = make_territoires(), make_liens()
    observations = make_observations()
    ressources = pd.DataFrame({nom: [] for nom in RESSOURCES.names})
    tables = {"territoires": territoires, "liens": liens, "ressources": ressources}
    diffuse(espace, observations, tables, porte=PORTE, publication=PUBLICATION, motif={"auteur": "essai"})
    peuples = territoires.assign(population_municipale=territoires.population)
    write_fonds(make_communes(), peuples, liens.assign(cog=COG_CIBLE), espace.fonds)
    espace.publications.mkdir(parents=True, exist_ok=True)
    save_catalogue_fige(make_catalogue(), espace.publications / f"{PUBLICATION}.catalogue")
    (espace.publications / f"{PUBLICATION}.livraisons").write_text(json.dumps({}), "utf-8")
    indicateurs = {
        o.indicateur.iloc[0]: {m: sorted(set(g.periode)) for m, g in o.groupby("maille")} for o in observations
    }
    publication = Publication(
        id=PUBLICATION, date="2026-11-22T00:00:00+00:00", cog=COG_CIBLE, empreinte="0", auteur="essai", motif="essai",
        catalogue=f"{PUBLICATION}.catalogue", indicateurs=indicateurs,
    )  # fmt: skip
    save_publication(espace, publication)
    switch_publication(espace, PUBLICATION)


@pytest.fixture(scope="session")
def espace_essai(tmp_path_factory):
    espace = Espace(tmp_path_factory.mktemp("espace"))
    (espace.racine / "espace.yaml").write_text('nom: Observatoire d\'essai\ndepartement: "974"\nlogo: null\n', "utf-8")
    publish(espace)
    return espace


@pytest.fixture
def espace_servi(espace_essai, monkeypatch):
    monkeypatch.setenv(NOM_VARIABLE_RACINE, str(espace_essai.racine))
    return espace_essai


@pytest.fixture
def espace_vide(tmp_path, monkeypatch):
    monkeypatch.setenv(NOM_VARIABLE_RACINE, str(tmp_path))
    return Espace(tmp_path)
