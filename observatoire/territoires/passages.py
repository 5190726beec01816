"""Passages entre millésimes du COG : composition année par année, poids de somme 1.

Une fusion ou un changement de code a le poids 1 (exact) ; une scission répartit selon la population
des communes rétablies (estimé). Remonter le temps échange les rôles : une scission se réunit sans
erreur, une fusion se partage selon la population des communes d'avant. Hors ligne, sans sauter d'année.
"""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from observatoire.errors import AppelError
from observatoire.territoires.millesimes import list_millesimes_possibles
from observatoire.territoires.poids import compute_parts, load_populations
from observatoire.territoires.referentiel import Referentiel

__all__ = ["compose_passages", "list_millesimes_possibles", "list_mouvements_entre"]

TOLERANCE_POIDS = 1e-9
"""Un poids plus proche de 1 que cela est un poids entier."""
LIENS = ["code_de", "code_vers", "poids"]


def compose_passages(referentiel: Referentiel, cog_de: str, cog_vers: str) -> pd.DataFrame:
    """Compose les passages d'un COG vers un autre, plus récent ou plus ancien.

    Returns:
        ``code_de, code_vers, poids, estime`` : toute commune de ``cog_de`` ; la somme des poids par
        ``code_de`` vaut 1 ; ``estime`` dit qu'une part de commune a été évaluée par la population.

    Raises:
        AppelError: un des deux COG n'est pas embarqué.
    """
    cogs = referentiel.cogs
    for cog in (cog_de, cog_vers):
        if cog not in cogs:
            msg = f"Le COG {cog} n'est pas embarqué. COG connus : {', '.join(cogs)}."
            raise AppelError(msg)
    codes = referentiel.list_communes(cog_de)
    composition = pd.DataFrame({"code_de": codes, "code_vers": codes, "poids": 1.0})
    for etape in _list_etapes(referentiel, cog_de, cog_vers):
        composition = advance(composition, etape)
    composition["estime"] = composition.poids != 1.0
    return composition.sort_values(["code_de", "code_vers"]).reset_index(drop=True)


def _list_etapes(referentiel: Referentiel, cog_de: str, cog_vers: str) -> list[pd.DataFrame]:
    """Étapes d'un COG à l'autre, dans l'ordre où les parcourir."""
    cogs, passages = referentiel.cogs, referentiel.passages
    debut, fin = sorted((cog_de, cog_vers))
    paires = list(pairwise(cogs[cogs.index(debut) : cogs.index(fin) + 1]))
    etapes = [passages.loc[(passages.cog_de == a) & (passages.cog_vers == b), LIENS] for a, b in paires]
    if cog_de <= cog_vers:
        return etapes
    # Les seules communes touchées : lire les autres prendrait l'essentiel du temps.
    touchees = pd.Index(pd.concat([passages.code_de, passages.code_vers]).unique())
    populations = load_populations(referentiel, touchees)
    inverses = [
        invert_etape(etape, referentiel.list_communes(avant), populations, avant)
        for etape, (avant, _) in zip(etapes, paires, strict=True)
    ]
    return inverses[::-1]


def list_mouvements_entre(referentiel: Referentiel, cog_de: str, cog_vers: str) -> pd.DataFrame:
    """Passages de toutes les étapes entre deux COG, sans les composer : ``cog_de, cog_vers, code_de, code_vers…``.

    La géographie stable d'une série part de là : composer cacherait une scission défaite ensuite.
    """
    debut, fin = sorted((cog_de, cog_vers))
    p = referentiel.passages
    return p[(p.cog_de >= debut) & (p.cog_vers <= fin)].reset_index(drop=True)


def advance(composition: pd.DataFrame, etape: pd.DataFrame) -> pd.DataFrame:
    """Avance d'une étape : les codes absents de l'étape restent eux-mêmes.

    Args:
        composition: ``code_de, code_vers, poids``.
        etape: ``code_de, code_vers, poids`` des seuls codes touchés.
    """
    suite = composition.rename(columns={"code_vers": "milieu"}).merge(
        etape[LIENS].set_axis(["milieu", "arrivee", "poids_etape"], axis=1), on="milieu", how="left"
    )
    suite["code_vers"] = suite.arrivee.fillna(suite.milieu)
    suite["poids"] *= suite.poids_etape.fillna(1.0)
    somme = suite.groupby(["code_de", "code_vers"], as_index=False, sort=False).agg(poids=("poids", "sum"))
    # Une commune scindée puis réunie retrouve un poids entier, sans l'erreur d'arrondi de ses parts.
    somme.loc[(somme.poids - 1.0).abs() < TOLERANCE_POIDS, "poids"] = 1.0
    return somme


def invert_etape(etape: pd.DataFrame, communes_avant: pd.Index, populations: pd.DataFrame, annee: str) -> pd.DataFrame:
    """Remonte une étape : de chaque commune d'après à celles dont elle est faite.

    Args:
        etape: ``code_de, code_vers, poids`` des codes touchés, vers l'avant.
        communes_avant: communes d'avant.
        populations: ``poids.POPULATIONS``.
        annee: année du COG d'avant.

    Raises:
        AppelError: une commune d'après en réunit plusieurs dont on ne sait pas la population.
    """
    if etape.empty:
        return etape[LIENS]
    touches = pd.Index(etape.code_vers.unique())
    # Une commune qui en absorbe d'autres sans changer de code n'est pas dite par l'étape : elle y reste.
    restees = _list_restees(touches, communes_avant, etape)
    complet = pd.concat(
        [etape[LIENS], pd.DataFrame({"code_de": restees, "code_vers": restees, "poids": 1.0})], ignore_index=True
    )
    plusieurs = complet.duplicated("code_vers", keep=False)
    familles = complet.loc[plusieurs, ["code_vers", "code_de"]].set_axis(["famille", "code"], axis=1)
    parts = compute_parts(familles, populations, annee, cote="avant")
    masses = complet.merge(
        parts.rename(columns={"famille": "code_vers", "code": "code_de"}), on=["code_vers", "code_de"], how="left"
    )
    masses["masse"] = masses.population.fillna(1.0) * masses.poids
    masses["poids"] = masses.masse / masses.groupby("code_vers").masse.transform("sum")
    return masses.rename(columns={"code_de": "code_vers", "code_vers": "code_de"})[LIENS]


def _list_restees(touches: pd.Index, communes_avant: pd.Index, etape: pd.DataFrame) -> pd.Index:
    existaient = communes_avant.get_indexer(touches) >= 0
    parties = pd.Index(etape.code_de.unique()).get_indexer(touches) >= 0
    return touches[existaient & ~parties]
