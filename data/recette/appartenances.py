"""Les appartenances : quel territoire est contenu dans quel autre, par COG."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from data.recette.cog import (
    COG_CIBLE,
    PARIS_LYON_MARSEILLE,
    VERSIONS,
    read_communes,
    read_membres,
    select_actuelles,
)

if TYPE_CHECKING:
    from data.recette.archives import Archives

COLONNES = ["cog", "maille_enfant", "code_enfant", "maille_parent", "code_parent"]


def _link(enfant: str, codes_enfants: pd.Series, parent: str, codes_parents: pd.Series | str) -> pd.DataFrame:
    """Liens d'une maille vers une autre, sans les parents vides."""
    liens = pd.DataFrame(
        {
            "maille_enfant": enfant,
            "code_enfant": codes_enfants,
            "maille_parent": parent,
            "code_parent": codes_parents,
        }
    )
    return liens[liens["code_parent"].fillna("") != ""]


def link_groupement(archives: Archives, version: str, table: str) -> tuple[pd.DataFrame, list[str]]:
    """Liens commune → EPCI (ou EPT) et membres écartés (ce ne sont pas des communes)."""
    communes = select_actuelles(read_communes(archives, version))
    membres = read_membres(archives, version, table)
    connus = membres["code"].isin(communes["code"])
    liens = _link("commune", membres.loc[connus, "code"], table, membres["code_groupement"])
    return liens.dropna(), sorted(membres.loc[~connus, "code"])


def _link_cog(archives: Archives, version: str) -> tuple[pd.DataFrame, list[str]]:
    """Liens d'une version, sauf EPT, cantons et IRIS."""
    lignes = read_communes(archives, version)
    communes = select_actuelles(lignes)
    com = select_actuelles(lignes, com=True)
    municipaux = lignes[lignes["type"] == "arrondissement-municipal"]
    departements = archives.read_etalab(version, "departements")
    departements = departements[departements["code"].isin(communes["departement"])]
    regions = pd.Series(sorted(departements["region"].unique()))
    arrondissements = archives.read_etalab(version, "arrondissements")
    region = communes["departement"].map(departements.set_index("code")["region"])
    reels = communes["arrondissement"].isin(arrondissements["code"])
    epci, ecartes = link_groupement(archives, version, "epci")
    code = communes["code"]
    liens = [
        _link("commune", code[reels], "arrondissement", communes["arrondissement"][reels]),
        _link("commune", code, "departement", communes["departement"]),
        _link("commune", code, "region", region),
        epci,
        _link("commune", code, "france", "FR"),
        _link("arrondissement_municipal", municipaux["code"], "commune", municipaux["commune"]),
        _link(
            "arrondissement_municipal",
            municipaux["code"],
            "departement",
            municipaux["departement"],
        ),
        _link("departement", departements["code"], "region", departements["region"]),
        _link("region", regions, "france", "FR"),
        _link("commune_com", com["code"], "collectivite_outremer", com["departement"]),
    ]
    return pd.concat(liens, ignore_index=True), ecartes


def _link_iris(iris: pd.DataFrame, cog: str) -> pd.DataFrame:
    """Liens IRIS → commune et, à Paris, Lyon et Marseille, → arrondissement."""
    code, porteur = iris["code_iris"], iris["code_commune"]
    municipal = porteur.str.match(r"^(?:751|132|6938)\d+$")
    commune = porteur.str[:2].map(PARIS_LYON_MARSEILLE).where(municipal, porteur)
    return pd.concat(
        [
            _link("iris", code, "commune", commune),
            _link("iris", code[municipal], "arrondissement_municipal", porteur[municipal]),
        ]
    ).assign(cog=cog)


def build_appartenances(
    archives: Archives,
    iris: pd.DataFrame,
    cog_iris: str,
    cantons: pd.DataFrame,
) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Tous les liens, et les membres d'EPCI écartés par COG.

    ``cantons`` a deux colonnes, ``code_commune`` et ``code_canton``.
    """
    morceaux, ecartes = [], {}
    for cog, version in VERSIONS.items():
        liens, ecartes[cog] = _link_cog(archives, version)
        morceaux.append(liens.assign(cog=cog))
    ept, _ = link_groupement(archives, VERSIONS[COG_CIBLE], "ept")
    liens_cantons = _link("commune", cantons["code_commune"], "canton_ville", cantons["code_canton"])
    morceaux += [
        ept.assign(cog=COG_CIBLE),
        liens_cantons.assign(cog=COG_CIBLE),
        _link_iris(iris, cog_iris),
    ]
    table = pd.concat(morceaux, ignore_index=True)[COLONNES]
    if table.duplicated().any():
        message = "Appartenance en double."
        raise ValueError(message)
    return table, ecartes
