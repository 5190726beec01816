"""Les codes officiels géographiques (COG) portés par le découpage administratif."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from data.recette.archives import Archives

#: Version du paquet retenue pour la structure de chaque COG.
VERSIONS: dict[str, str] = {
    "2019": "0.3.0",
    "2021": "1.1.1",
    "2022": "2.3.1",
    "2023": "3.1.1",
    "2024": "4.1.0",
    "2025": "5.3.0",
    "2026": "6.0.0",
}
COG_CIBLE = "2026"

#: Nombre officiel de communes (métropole et DROM) de chaque COG.
NOMBRES_DE_COMMUNES: dict[str, int] = {
    "2019": 34_970,
    "2021": 34_965,
    "2022": 34_955,
    "2023": 34_945,
    "2024": 34_935,
    "2025": 34_875,
    "2026": 34_875,
}
DROM = ("971", "972", "973", "974", "976")
PARIS_LYON_MARSEILLE = {"75": "75056", "69": "69123", "13": "13055"}


def get_departement(codes: pd.Series) -> pd.Series:
    """Département (ou collectivité d'outre-mer) d'un code de commune ou d'IRIS."""
    return codes.str[:2].where(~codes.str[:2].isin(["97", "98"]), codes.str[:3])


def get_zone(departements: pd.Series) -> pd.Series:
    """Zone d'un code de département : métropole, DROM ou collectivité."""
    zone = pd.Series("metro", index=departements.index, dtype="str")
    zone = zone.mask(departements.str[:2].isin(["97", "98"]), "com")
    return zone.mask(departements.isin(DROM), "drom")


def read_communes(archives: Archives, version: str) -> pd.DataFrame:
    """Toutes les lignes communales d'une version (actuelles ou non), normalisées.

    Une colonne absente d'une version est ajoutée vide ; ``departement`` et
    ``zone`` sont déduits du code, seule règle commune à toutes les versions.
    """
    communes = archives.read_etalab(version, "communes").copy()
    for colonne in (
        "anciensCodes",
        "chefLieu",
        "commune",
        "communeAbsorbante",
        "nouveauCode",
        "population",
    ):
        if colonne not in communes:
            communes[colonne] = None
    communes["departement"] = get_departement(communes["code"])
    communes["zone"] = get_zone(communes["departement"])
    return communes


def select_actuelles(communes: pd.DataFrame, *, com: bool = False) -> pd.DataFrame:
    """Communes actuelles : métropole et DROM, ou collectivités d'outre-mer."""
    actuelles = communes["type"].eq("commune-actuelle")
    return communes[actuelles & (communes["zone"].eq("com") == com)]


def read_membres(archives: Archives, version: str, table: str = "epci") -> pd.DataFrame:
    """Communes membres de chaque groupement : code_groupement, code, population."""
    groupements = archives.read_etalab(version, table)[["code", "membres"]]
    eclate = groupements.rename(columns={"code": "code_groupement"}).explode("membres")
    membres = pd.json_normalize(eclate["membres"].tolist())
    membres["code_groupement"] = eclate["code_groupement"].to_numpy()
    if "populationMunicipale" not in membres:
        membres["populationMunicipale"] = None
    return membres[["code_groupement", "code", "populationMunicipale"]]


def read_codes(archives: Archives, cog: str) -> set[str]:
    """Codes des communes (métropole et DROM) d'un COG."""
    communes = select_actuelles(read_communes(archives, VERSIONS[cog]))
    codes = set(communes["code"])
    if len(codes) != NOMBRES_DE_COMMUNES[cog]:
        message = f"COG {cog} : {len(codes)} communes."
        raise ValueError(message)
    return codes
