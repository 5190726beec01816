"""Passages entre millésimes du COG : composition année par année, poids de somme 1.

Une fusion ou un changement de code a le poids 1 (exact) ; une scission répartit selon la population
des communes rétablies (estimé). Méthodes §2. Hors ligne, sans sauter d'année.
"""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from observatoire.errors import AppelError
from observatoire.territoires.referentiel import Referentiel

TOLERANCE_POIDS = 1e-9
"""Un poids plus proche de 1 que cela est un poids entier."""


def compose_passages(referentiel: Referentiel, cog_de: str, cog_vers: str) -> pd.DataFrame:
    """Compose les passages d'un COG vers un COG plus récent (ou le même).

    Returns:
        ``code_de, code_vers, poids`` : toute commune de ``cog_de``, la somme des poids par
        ``code_de`` vaut 1.

    Raises:
        AppelError: un des deux COG n'est pas embarqué, ou l'ordre est inversé.
    """
    cogs = referentiel.cogs
    for cog in (cog_de, cog_vers):
        if cog not in cogs:
            msg = f"Le COG {cog} n'est pas embarqué. COG connus : {', '.join(cogs)}."
            raise AppelError(msg)
    if cog_de > cog_vers:
        msg = f"On ne remonte pas le temps : le COG {cog_vers} est antérieur au COG {cog_de}."
        raise AppelError(msg)
    codes = referentiel.list_communes(cog_de)
    composition = pd.DataFrame({"code_de": codes, "code_vers": codes, "poids": 1.0})
    etapes = cogs[cogs.index(cog_de) : cogs.index(cog_vers) + 1]
    for avant, apres in pairwise(etapes):
        composition = _advance(composition, referentiel.passages, avant, apres)
    return composition.sort_values(["code_de", "code_vers"]).reset_index(drop=True)


def _advance(composition: pd.DataFrame, passages: pd.DataFrame, avant: str, apres: str) -> pd.DataFrame:
    """Avance d'un COG : les codes absents de la table de passage restent eux-mêmes."""
    etape = passages.loc[
        (passages.cog_de == avant) & (passages.cog_vers == apres), ["code_de", "code_vers", "poids"]
    ].rename(columns={"code_de": "milieu", "code_vers": "arrivee", "poids": "poids_etape"})
    suite = composition.rename(columns={"code_vers": "milieu"}).merge(etape, on="milieu", how="left")
    suite["code_vers"] = suite.arrivee.fillna(suite.milieu)
    suite["poids"] *= suite.poids_etape.fillna(1.0)
    somme = suite.groupby(["code_de", "code_vers"], as_index=False, sort=False).agg(poids=("poids", "sum"))
    # Une commune scindée puis réunie retrouve un poids entier, sans l'erreur d'arrondi de ses parts.
    somme.loc[(somme.poids - 1.0).abs() < TOLERANCE_POIDS, "poids"] = 1.0
    return somme


def list_millesimes_possibles(referentiel: Referentiel, codes: pd.Index) -> pd.DataFrame:
    """Classe les COG selon la part des codes qu'ils expliquent.

    Returns:
        ``cog, connus, inconnus, absents`` (codes attendus et absents), le meilleur d'abord.
    """
    lignes = []
    for cog in referentiel.cogs:
        communes = referentiel.list_communes(cog)
        connus = int(codes.isin(communes).sum())
        lignes.append((cog, connus, len(codes) - connus, int((~communes.isin(codes)).sum())))
    table = pd.DataFrame(lignes, columns=["cog", "connus", "inconnus", "absents"])
    return table.sort_values(["connus", "absents", "cog"], ascending=[False, True, False], ignore_index=True)
