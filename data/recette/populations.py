"""Populations légales de chaque commune : 2016 et 2019 à 2023."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from data.recette.cog import read_communes, read_membres, select_actuelles

if TYPE_CHECKING:
    from data.recette.archives import Archives

#: Année mesurée → (version du paquet, COG de la version).
VERSIONS_POPULATION: dict[str, tuple[str, str]] = {
    "2016": ("0.3.0", "2019"),
    "2019": ("1.1.1", "2021"),
    "2020": ("2.3.1", "2022"),
    "2021": ("4.0.0", "2024"),
    "2022": ("4.1.0", "2024"),
    "2023": ("6.0.0", "2026"),
}
VERSION_MAYOTTE = "1.1.1"
ANNEE_MAYOTTE = "2017"
#: Repères publiés : Lyon et Saint-Denis de La Réunion.
REPERES = {
    "2016": (515_695, 147_920),
    "2019": (522_969, 153_810),
    "2020": (522_228, 153_001),
    "2021": (522_250, 154_765),
    "2022": (520_774, 156_149),
    "2023": (519_127, 155_634),
}
NOTES = {
    "2016": (
        (
            "Les 17 communes de Mayotte n'ont aucune population dans la version 0.3.0 : "
            "elles reprennent le recensement de 2017 (256 518 habitants), porté par la "
            "version 1.1.1 et identique dans toutes les versions suivantes."
        ),
    ),
    "2021": (
        (
            "La version 4.0.0 porte dans communes.json les populations 2021 des communes du "
            "COG 2023 : 16 communes touchées par une fusion ou un rétablissement au "
            "1er janvier 2024 y sont sans population ou avec celle de leur ancien périmètre. "
            "Leur population au COG 2024 est celle des membres d'EPCI (DGCL) de la même "
            "version."
        ),
    ),
}
NOTE_MAYOTTE = (
    "Mayotte (976) : population du recensement de 2017 dans tous les millésimes ; "
    "periode_mesuree vaut 2017 pour ses communes."
)


def build_populations(archives: Archives, annee: str) -> tuple[pd.DataFrame, list[tuple[str, object, int]]]:
    """Population municipale de chaque commune, et corrections faites en 2021."""
    version, _ = VERSIONS_POPULATION[annee]
    communes = select_actuelles(read_communes(archives, version)).set_index("code")
    population = communes["population"].astype("Int64")
    corrections: list[tuple[str, object, int]] = []
    mayotte = population.index.str.startswith("976")
    reference = select_actuelles(read_communes(archives, VERSION_MAYOTTE))
    recensement = reference.set_index("code")["population"].astype("Int64")
    attendues = recensement.reindex(population.index[mayotte])
    if not population[mayotte].fillna(attendues).equals(attendues):
        message = f"Mayotte : populations inattendues dans la version {version}."
        raise ValueError(message)
    population[mayotte] = attendues
    if annee == "2021":
        membres = read_membres(archives, version).set_index("code")["populationMunicipale"]
        membres = membres.reindex(population.index).astype("Int64")
        ecarts = (population != membres).fillna(value=True) & membres.notna() & ~mayotte
        corrections = [(code, population[code], int(membres[code])) for code in population[ecarts].index]
        population = population.mask(ecarts, membres)
    table = pd.DataFrame(
        {
            "code_commune": population.index.to_numpy(),
            "population_municipale": population.to_numpy(),
            "periode_mesuree": annee,
        }
    )
    table.loc[mayotte, "periode_mesuree"] = ANNEE_MAYOTTE
    obtenus = table.set_index("code_commune")["population_municipale"]
    if (obtenus["69123"], obtenus["97411"]) != REPERES[annee]:
        message = f"Populations {annee} : repères faux."
        raise ValueError(message)
    return table, corrections
