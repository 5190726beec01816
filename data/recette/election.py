"""Présidentielle 2022, premier tour : participation par département."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from data.recette.archives import Archives

OUTRE_MER = {"ZA": "971", "ZB": "972", "ZC": "973", "ZD": "974", "ZM": "976"}
ETRANGER = "ZZ"
NOMS = {
    "inscrits_nb": "inscrits",
    "abstention_nb": "abstentions",
    "votants_nb": "votants",
    "blancs_nb": "blancs",
    "nuls_nb": "nuls",
    "exprimes_nb": "exprimes",
}


def build_presidentielle(archives: Archives) -> pd.DataFrame:
    """Inscrits, abstentions et votants de chaque territoire, sans les candidats."""
    octets = archives.read_membre("prince", "prince/datasets/resultats-par-departement.csv")
    brut = pd.read_csv(io.BytesIO(octets), dtype={"dep_code": str})
    brut = brut[brut["num_tour"] == 1].drop_duplicates("dep_code")
    code = brut["dep_code"].replace(OUTRE_MER)
    champ = code.str.startswith("Z").map({True: "com", False: "departement"})
    table = brut.rename(columns=NOMS)[list(NOMS.values())].astype("int64")
    table.insert(0, "code_departement", code)
    table.insert(1, "champ", champ.mask(code == ETRANGER, "etranger"))
    justes = (table["inscrits"] == table["abstentions"] + table["votants"]) & (
        table["votants"] == table["blancs"] + table["nuls"] + table["exprimes"]
    )
    if not justes.all():
        message = "Présidentielle : inscrits, abstentions et votants ne concordent pas."
        raise ValueError(message)
    return table
