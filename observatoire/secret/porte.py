"""Porte : rien n'atteint la diffusion sans passer ici.

Mode P (données déjà protégées à la source) : les marques et les intervalles du producteur sont
propagés, rien n'est masqué deux fois. Mode C (effectifs exacts reçus par convention) : refusé tant
qu'aucune protection prouvée n'est disponible ; mieux vaut ne rien publier que publier sans preuve.
"""

from __future__ import annotations

import pandas as pd

from observatoire.errors import PublicationError
from observatoire.modeles.catalogue import Catalogue
from observatoire.modeles.indicateurs import Indicateur
from observatoire.modeles.livraisons import Confidentialite, Manifeste
from observatoire.modeles.statuts import STATUTS_SANS_VALEUR

CHIFFRES = ["valeur", "borne_inf", "borne_sup", "numerateur", "denominateur"]


def check_mode(catalogue: Catalogue, indicateur: Indicateur, manifestes: dict[str, Manifeste]) -> None:
    """Vérifie que l'indicateur peut passer la porte.

    Raises:
        PublicationError: une de ses sources, ou sa règle de secret, relève d'une convention.
    """
    variables = [v for v in (indicateur.numerateur, indicateur.denominateur, indicateur.poids) if v]
    sources = {catalogue.source_of(v).id: catalogue.source_of(v) for v in variables}
    conventions = [
        livraison.fichier
        for source in sources.values()
        for livraison in source.livraisons
        if manifestes[livraison.fichier].confidentialite is Confidentialite.CONVENTION
    ]
    if conventions or catalogue.secrets[indicateur.secret].mode == "C":
        motif = f"livraison {conventions[0]}" if conventions else f"règle de secret « {indicateur.secret} »"
        msg = (
            f"« {indicateur.id} » relève d'une convention ({motif}) : ses effectifs exacts ne peuvent être "
            "publiés sans protection prouvée. Retirez l'indicateur, ou livrez des données déjà protégées."
        )
        raise PublicationError(msg)


def protect(observations: pd.DataFrame) -> pd.DataFrame:
    """Fait passer la porte à des observations de mode P.

    Une valeur secrète, absente ou sans objet ne garde aucun chiffre : ni valeur, ni borne, ni
    numérateur, ni dénominateur.
    """
    sans_valeur = observations.statut.isin([str(s) for s in STATUTS_SANS_VALEUR])
    protegees = observations.copy()
    protegees.loc[sans_valeur, CHIFFRES] = float("nan")
    return protegees
