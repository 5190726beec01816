"""Codes postaux des communes de 2026."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd

from data.recette.cog import (
    COG_CIBLE,
    PARIS_LYON_MARSEILLE,
    VERSIONS,
    read_communes,
)
from data.recette.passages import map_anciens_codes, map_delegations

if TYPE_CHECKING:
    from data.recette.archives import Archives


def build_codes_postaux(archives: Archives, passages: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Couples code postal, commune ; et codes de commune non résolus.

    Le découpage administratif donne les couples de base ; ``codes-postaux`` en ajoute,
    quand son code de commune mène à une seule commune de 2026.
    """
    lignes = read_communes(archives, VERSIONS[COG_CIBLE])
    communes = lignes[lignes["type"] == "commune-actuelle"]
    base = communes[["code", "codesPostaux"]].explode("codesPostaux").dropna()
    base.columns = pd.Index(["code_commune", "code_postal"])
    objets = json.loads(archives.read_membre("codes_postaux", "codes-postaux.json"))
    ajout = pd.DataFrame(objets)[["codeCommune", "codePostal"]]
    ajout.columns = pd.Index(["code", "code_postal"])
    scindees = set(passages.loc[passages["nature"] == "scission", "code_de"])
    vers = map_anciens_codes(communes) | map_delegations(lignes)
    municipaux = lignes[lignes["type"] == "arrondissement-municipal"]
    vers |= dict(zip(municipaux["code"], municipaux["commune"], strict=True))
    vers |= {code: code for code in communes["code"] if code not in scindees}
    vers |= dict.fromkeys(PARIS_LYON_MARSEILLE.values(), "")
    ajout["code_commune"] = ajout["code"].map(vers)
    inconnus = sorted(ajout.loc[ajout["code_commune"].isna(), "code"].unique())
    ajout = ajout[ajout["code_commune"].fillna("") != ""]
    colonnes = ["code_postal", "code_commune"]
    table = pd.concat([base[colonnes], ajout[colonnes]]).drop_duplicates()
    return table.astype("str"), inconnus
