"""Le catalogue des territoires de chaque COG : un code, une maille, un libellé."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from data.recette.cog import (
    COG_CIBLE,
    NOMBRES_DE_COMMUNES,
    VERSIONS,
    get_departement,
    get_zone,
    read_communes,
    read_membres,
    select_actuelles,
)

if TYPE_CHECKING:
    from data.recette.archives import Archives

COLONNES = [
    "cog",
    "maille",
    "code",
    "libelle",
    "type_liaison",
    "nature",
    "zone",
    "code_departement",
    "chef_lieu",
    "population_municipale",
]
NATURES_EPCI = {"MET69": "METLYON"}


def _normalize(table: pd.DataFrame, maille: str) -> pd.DataFrame:
    """Ramène une table du découpage administratif aux colonnes du catalogue."""
    noms = {
        "nom": "libelle",
        "typeLiaison": "type_liaison",
        "departement": "code_departement",
        "chefLieu": "chef_lieu",
        "population": "population_municipale",
        "populationMunicipale": "population_municipale",
    }
    table = table.drop(columns="region", errors="ignore").rename(columns=noms)
    return table.assign(maille=maille).reindex(columns=[c for c in COLONNES if c != "cog"])


def _build_epci(archives: Archives, version: str, table: str) -> pd.DataFrame:
    """EPCI ou EPT d'une version ; la zone est celle de leurs communes."""
    epci = archives.read_etalab(version, table)
    membres = read_membres(archives, version, table)
    zones = get_zone(get_departement(membres["code"])).groupby(membres["code_groupement"])
    zone = zones.first()
    return _normalize(
        epci.assign(
            nature=epci["type"].replace(NATURES_EPCI) if table == "epci" else "",
            zone=epci["code"].map(zone),
        ),
        table,
    )


def _build_collectivites(archives: Archives, version: str) -> pd.DataFrame:
    """Collectivités d'outre-mer d'une version (celles de 2021 par leurs communes)."""
    com = select_actuelles(read_communes(archives, version), com=True)
    if com.empty:
        return com
    if "collectiviteOutremer" in com:
        collectivites = pd.DataFrame(com["collectiviteOutremer"].tolist())
        collectivites = collectivites.drop_duplicates("code")
    else:
        departements = archives.read_etalab(version, "departements")
        collectivites = departements[departements["zone"] == "com"]
    return collectivites.assign(departement=collectivites["code"], zone="com")


def _build_cog(archives: Archives, version: str) -> pd.DataFrame:
    """Territoires d'une version, toutes mailles sauf IRIS et cantons."""
    lignes = read_communes(archives, version)
    departements = archives.read_etalab(version, "departements")
    departements = departements[get_zone(departements["code"]) != "com"]
    regions = archives.read_etalab(version, "regions")
    regions = regions[regions["code"].str.len() == 2]
    arrondissements = archives.read_etalab(version, "arrondissements")
    collectivites = _build_collectivites(archives, version)
    communes = select_actuelles(lignes)
    drom = get_zone(departements["code"]) == "drom"
    regions_drom = set(departements.loc[drom, "region"])
    zone_region = regions["code"].map(lambda code: "drom" if code in regions_drom else "metro")
    municipaux = lignes[lignes["type"] == "arrondissement-municipal"]
    france = pd.DataFrame({"code": ["FR"], "libelle": ["France"], "type_liaison": [3], "nature": [""]})
    morceaux = [
        _normalize(communes.drop(columns="chefLieu"), "commune"),
        _normalize(municipaux.drop(columns="chefLieu"), "arrondissement_municipal"),
        _build_epci(archives, version, "epci"),
        _normalize(
            arrondissements.assign(zone=get_zone(arrondissements["departement"])),
            "arrondissement",
        ),
        _normalize(
            departements.assign(departement=departements["code"], zone=get_zone(departements["code"])),
            "departement",
        ),
        _normalize(regions.assign(zone=zone_region), "region"),
        _normalize(france, "france"),
        _normalize(select_actuelles(lignes, com=True).drop(columns="chefLieu"), "commune_com"),
        _normalize(collectivites, "collectivite_outremer"),
    ]
    return pd.concat([m for m in morceaux if len(m)], ignore_index=True)


def _build_iris(archives: Archives, iris: pd.DataFrame, cog: str) -> pd.DataFrame:
    """IRIS du recensement ; le paquet n'en porte pas les noms."""
    lignes = read_communes(archives, VERSIONS[cog])
    actuelles = lignes[lignes["type"].isin(["commune-actuelle", "arrondissement-municipal"])]
    noms = actuelles.set_index("code")["nom"]
    liaisons = actuelles.set_index("code")["typeLiaison"]
    departement = get_departement(iris["code_iris"])
    libelle = iris["code_commune"].map(noms)
    numero = iris["code_iris"].str[5:]
    return pd.DataFrame(
        {
            "maille": "iris",
            "code": iris["code_iris"],
            "libelle": libelle.where(numero == "0000", libelle + ", IRIS " + numero),
            "type_liaison": iris["code_commune"].map(liaisons),
            "zone": get_zone(departement),
            "code_departement": departement,
            "population_municipale": iris["population"],
            "cog": cog,
        }
    )


def build_territoires(
    archives: Archives,
    iris: pd.DataFrame,
    cog_iris: str,
    cantons: pd.DataFrame,
) -> pd.DataFrame:
    """Tous les territoires de tous les COG, dans un seul catalogue."""
    morceaux = [_build_cog(archives, version).assign(cog=cog) for cog, version in VERSIONS.items()]
    ept = _build_epci(archives, VERSIONS[COG_CIBLE], "ept").assign(cog=COG_CIBLE)
    morceaux += [ept, _build_iris(archives, iris, cog_iris)]
    morceaux.append(cantons.assign(cog=COG_CIBLE, maille="canton_ville"))
    table = pd.concat(morceaux, ignore_index=True).reindex(columns=COLONNES)
    table["nature"] = table["nature"].fillna("")
    table["type_liaison"] = pd.to_numeric(table["type_liaison"]).astype("Int8")
    table["population_municipale"] = pd.to_numeric(table["population_municipale"]).astype("Int64")
    textes = ["zone", "code_departement", "chef_lieu"]
    table[textes] = table[textes].astype("str").where(table[textes].notna())
    _check(table)
    return table


def _check(table: pd.DataFrame) -> None:
    """Refuse un doublon de clé, un libellé vide ou un nombre officiel faux."""
    if table.duplicated(["cog", "maille", "code"]).any() or table["libelle"].isna().any():
        message = "Territoire en double ou sans libellé."
        raise ValueError(message)
    nombres = table[table["maille"] == "commune"].groupby("cog").size().to_dict()
    if nombres != NOMBRES_DE_COMMUNES:
        message = f"Nombres de communes inattendus : {nombres}"
        raise ValueError(message)
