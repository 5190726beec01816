"""Petite publication dont des valeurs sont masquées et bornées, avec ou sans rapport de secret."""

import json

import numpy as np
import pandas as pd

from observatoire.config import Espace
from observatoire.store import diffusion
from observatoire.store.schema import RESSOURCES
from tests.analyse.test_secret import RAPPORT
from tests.app import conftest as base

PART, NOMBRE = "part_bas_revenus", "nb_lieux"
DEUX_BORNES, SANS_MAXIMUM = "97403", "97402"
BORNES = {
    (PART, DEUX_BORNES): (2.04, 14.27),
    (NOMBRE, DEUX_BORNES): (1.0, 12.0),
    (NOMBRE, SANS_MAXIMUM): (1.0, np.nan),
}
"""Communes masquées, et ce que chacun en déduit."""
RAPPORT_ESSAI = RAPPORT | {
    "indicateurs": [c | {"indicateur": PART} for c in RAPPORT["indicateurs"]],
    "regles": [r | {"libelle": "Convention <b>Caf</b>", "indicateurs": [PART]} for r in RAPPORT["regles"]],
}


def publish_masquee(racine, rapport=None):
    """Publie ; les bornes sont celles que la porte du secret laisserait à des valeurs masquées."""
    espace = Espace(racine)
    (racine / "espace.yaml").write_text('nom: Observatoire d\'essai\ndepartement: "974"\n', "utf-8")
    base.publish(espace)
    suite = {"publication": base.PUBLICATION, "motif": {"auteur": "essai"}}
    tables = {"territoires": base.make_territoires(), "liens": base.make_liens()}
    tables["ressources"] = pd.DataFrame({nom: [] for nom in RESSOURCES.names})
    diffusion.write_observations(espace, [_hide(o) for o in base.make_observations()], **suite)
    diffusion.write_tables(espace, tables, **suite)
    if rapport is not None:
        (espace.publications / f"{base.PUBLICATION}.secret").write_text(json.dumps(rapport), "utf-8")
    return espace


def _hide(observations):
    identifiant = observations.indicateur.iloc[0]
    for (indicateur, code), bornes in BORNES.items():
        if indicateur != identifiant:
            continue
        autres = observations[observations.code_territoire != code]
        masquee = observations[observations.maille == "commune"].iloc[[0]].assign(
            code_territoire=code, valeur=np.nan, numerateur=np.nan, denominateur=np.nan,
            borne_inf=bornes[0], borne_sup=bornes[1], statut="secret",
        )  # fmt: skip
        observations = pd.concat([autres, masquee], ignore_index=True)
    return observations
