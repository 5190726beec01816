"""Petit espace d'essai : les vraies communes de La Réunion, et quatre indicateurs qui poussent la carte à bout."""

import json
import math
from pathlib import Path

import geopandas as gpd
import pandas as pd

from observatoire.cartes.fond import write_fonds
from observatoire.catalogue.fige import save_catalogue_fige
from observatoire.config import COG_CIBLE
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Indicateur
from observatoire.modeles.sources import Problematique, RegleSecret, Source
from observatoire.secret.diffuser import diffuse
from observatoire.secret.porte import Porte
from observatoire.store.publications import Publication, save_publication, switch_publication
from observatoire.store.schema import RESSOURCES

REFERENTIEL = Path(__file__).resolve().parents[2] / "data" / "referentiel"
CAS = {"97401": "secret", "97402": "non_disponible", "97403": "non_significatif"}
"""Statuts de l'indicateur ``cas`` ; la commune 97404 y porte un vrai zéro, les autres une valeur."""
ZERO, SEULE = "97404", "97421"
INDICATEURS = {
    "cas": "Tous les cas",
    "une_classe": "Une seule classe",
    "une_commune": "Une seule commune",
    "ordinaire": "Ordinaire",
}


def make_catalogue():
    fiches = {
        identifiant: Indicateur(
            id=identifiant, libelle=libelle, libelle_court=libelle, nature="besoin", problematiques=["essai"],
            definition="Indicateur inventé pour les essais.", unite="%", champ="Ménages", source="source_essai",
            mailles=["commune", "departement"], frequence="une fois", secret="ouverte", type_mesure="ratio",
            numerateur="cas", denominateur="menages", multiplicateur=100, polarite=-1,
            lecture="En {periode}, {valeur} % des ménages {du_territoire} étaient dans ce cas "
            "({numerateur} sur {denominateur}).",
        )
        for identifiant, libelle in INDICATEURS.items()
    }  # fmt: skip
    source = Source(
        id="source_essai", libelle="Source d'essai", producteur="Insee", licence="Licence Ouverte", rythme="une fois",
        maille="commune", colonne_code="code", livraisons=[{"fichier": "x.parquet", "periode": "2024"}],
        variables={nom: {"libelle": nom, "unite": "ménages"} for nom in ("cas", "menages")},
    )  # fmt: skip
    sujet = Problematique(id="essai", libelle="Essai", description="Cas rares.", ordre=1)
    regle = RegleSecret(id="ouverte", libelle="Ouverte", mode="P", reference="aucune")
    return Catalogue(fiches, {source.id: source}, {sujet.id: sujet}, {regle.id: regle}, {})


def load_reunion():
    """Territoires, liens et contours de La Réunion, de sa région et de la France."""
    territoires = pd.read_parquet(REFERENTIEL / "territoires.parquet").query("cog == @COG_CIBLE")
    liens = pd.read_parquet(REFERENTIEL / "appartenances.parquet").query("cog == @COG_CIBLE")
    ici = (territoires.maille == "commune") & (territoires.code_departement == "974")
    larges = ["epci", "departement", "region", "france"]
    liens = liens[liens.code_enfant.isin(territoires.code[ici]) & liens.maille_parent.isin(larges)]
    parents = territoires.maille.isin(larges) & territoires.code.isin(liens.code_parent)
    territoires = territoires[ici | parents]
    contours = gpd.read_parquet(REFERENTIEL / "contours_communes.parquet")
    return territoires, liens, contours[contours["code"].isin(territoires.code[ici])]


def make_observations(communes, ecart):
    """Un tableau par indicateur ; ``ecart`` décale les valeurs d'une publication à l'autre."""
    # Une valeur non significative est publiée : c'est son signe qui dit de ne pas conclure.
    sans_valeur = {code: math.nan for code, statut in CAS.items() if statut != "non_significatif"}
    valeurs = {
        "cas": {c: float(rang) + ecart for rang, c in enumerate(communes)} | {ZERO: 0.0} | sans_valeur,
        "une_classe": dict.fromkeys(communes, 12.0),
        "une_commune": dict.fromkeys(communes, math.nan) | {SEULE: 46.8},
        "ordinaire": {c: 10.0 + rang + ecart for rang, c in enumerate(communes)},
    }
    for identifiant, par_commune in valeurs.items():
        lignes = [("commune", code, v) for code, v in par_commune.items()]
        if identifiant in {"cas", "ordinaire"}:
            lignes.append(("departement", "974", 20.0 + ecart))
        tableau = pd.DataFrame(lignes, columns=["maille", "code_territoire", "valeur"])
        statuts = tableau.code_territoire.map(CAS if identifiant == "cas" else {}).astype(object)
        statuts = statuts.fillna(tableau.valeur.notna().map({True: "publie", False: "non_disponible"}))
        yield tableau.assign(
            indicateur=identifiant, periode="2024", modalite="", borne_inf=tableau.valeur, borne_sup=tableau.valeur,
            numerateur=tableau.valeur * 10, denominateur=tableau.valeur.where(tableau.valeur.isna(), 1000.0),
            statut=statuts,
            cog=COG_CIBLE, periode_denominateur="", marques="", couverture=1.0,
        )  # fmt: skip


PORTE = Porte(Catalogue({}, {}, {}, {}, {}))
"""Porte d'une publication sans effectif exact."""


def publish(espace, identifiant, date, ecart=0.0):
    """Publie ; une seconde fois, d'autres valeurs sous un autre identifiant."""
    territoires, liens, contours = load_reunion()
    communes = sorted(territoires.loc[territoires.maille == "commune", "code"])
    observations = list(make_observations(communes, ecart))
    tables = {
        "territoires": territoires.rename(columns={"population_municipale": "population"}),
        "liens": liens.drop(columns="cog"),
        "ressources": pd.DataFrame({nom: [] for nom in RESSOURCES.names}),
    }
    diffuse(espace, observations, tables, porte=PORTE, publication=identifiant, motif={"auteur": "essai"})
    if not espace.fonds.is_dir():
        write_fonds(contours, territoires, liens, espace.fonds)
    espace.publications.mkdir(parents=True, exist_ok=True)
    save_catalogue_fige(make_catalogue(), espace.publications / f"{identifiant}.catalogue")
    (espace.publications / f"{identifiant}.livraisons").write_text(json.dumps({}), "utf-8")
    niveaux = {o.indicateur.iloc[0]: {m: ["2024"] for m in o.maille.unique()} for o in observations}
    publication = Publication(
        id=identifiant, date=date, cog=COG_CIBLE, empreinte="0", auteur="essai", motif="essai",
        catalogue=f"{identifiant}.catalogue", indicateurs=niveaux,
    )  # fmt: skip
    save_publication(espace, publication)
    switch_publication(espace, identifiant)
