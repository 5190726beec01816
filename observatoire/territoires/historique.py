"""Historique : des mouvements datés aux passages de chaque COG au suivant, et aux listes de communes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from observatoire.territoires.mouvements import group_by_etape
from observatoire.territoires.passages import invert_etape
from observatoire.territoires.poids import compute_parts

PASSAGES = ["cog_de", "cog_vers", "code_de", "code_vers", "nature", "poids", "source_poids", "estime"]
EXACT = "aucune : passage exact"
PREFIXES_COLLECTIVITES = ("975", "977", "978", "98")
"""Collectivités d'outre-mer : leurs communes ne sont pas au niveau « commune »."""


def list_transitions(mouvements: pd.DataFrame, de: str, vers: str, type_com: str = "COM") -> pd.DataFrame:
    """Communes touchées entre deux COG (``de`` < ``vers``), sans poids : ``code_de, code_vers, nature``.

    Les mouvements d'une même étape se composent dans l'ordre : une commune rétablie le matin et réunie
    le soir n'apparaît pas.
    """
    liens = pd.DataFrame({"code_de": [], "code_vers": []}, dtype=str)
    etapes = group_by_etape(mouvements, de, vers, type_com)
    if not etapes:
        return liens.assign(nature=liens.code_de)
    for etape in etapes:
        liens = _follow(liens, etape[["code_de", "code_vers"]].drop_duplicates())
    departs, arrivees = liens.groupby("code_de").size(), liens.groupby("code_vers").size()
    scindee = liens.code_de.map(departs) > 1
    reunie = liens.code_vers.map(arrivees) > 1
    nature = pd.Series("changement_code", index=liens.index).mask(reunie, "fusion").mask(scindee, "scission")
    # Une commune seule à se suivre elle-même n'a changé que de nom.
    utiles = scindee | reunie | (liens.code_de != liens.code_vers)
    return liens.assign(nature=nature)[utiles].sort_values(["code_de", "code_vers"], ignore_index=True)


def _follow(liens: pd.DataFrame, etape: pd.DataFrame) -> pd.DataFrame:
    """Enchaîne une étape ; un code déjà parti n'en repart pas."""
    suite = liens.rename(columns={"code_vers": "milieu"}).merge(
        etape.rename(columns={"code_de": "milieu"}), on="milieu", how="left"
    )
    suite["code_vers"] = suite.code_vers.fillna(suite.milieu)
    connus = pd.Index(liens.code_vers).append(pd.Index(liens.code_de))
    nouveaux = etape[~etape.code_de.isin(connus)]
    return pd.concat([suite[["code_de", "code_vers"]], nouveaux], ignore_index=True).drop_duplicates()


def rebuild_communes(mouvements: pd.DataFrame, codes: pd.Index, de: str, vers: str) -> pd.Index:
    """Liste des communes d'un COG, reconstruite depuis celle d'un autre, avant ou après.

    Args:
        mouvements: mouvements lus (``mouvements.read_mouvements``).
        codes: communes du COG ``de``.
        de: COG connu.
        vers: COG voulu.
    """
    actuels = set(codes)
    if de <= vers:
        for etape in group_by_etape(mouvements, de, vers):
            partis = actuels & set(etape.code_de)
            arrives = set(etape.code_vers[etape.code_de.isin(partis)])
            actuels = (actuels - partis) | arrives
    else:
        for etape in reversed(group_by_etape(mouvements, vers, de)):
            actuels = (actuels - set(etape.code_vers)) | set(etape.code_de)
    return pd.Index(sorted(c for c in actuels if not c.startswith(PREFIXES_COLLECTIVITES)))


def build_passages(mouvements: pd.DataFrame, de: str, vers: str, populations: pd.DataFrame) -> pd.DataFrame:
    """Passages d'une année à la suivante, de ``de`` à ``vers``, vers l'avant ou vers l'arrière.

    Args:
        mouvements: mouvements lus (``mouvements.read_mouvements``).
        de: COG de départ.
        vers: COG d'arrivée.
        populations: ``annee, code, population`` : pour peser les parts d'une scission (ou d'une fusion
            que l'on remonte) ; vide si aucune part n'est à peser.

    Returns:
        ``PASSAGES`` : les seules communes touchées, étape par étape ; la somme des poids par commune
        et par étape vaut 1.

    Raises:
        AppelError: la population d'une commune à partager manque.
    """
    debut, fin = sorted((int(de), int(vers)))
    annees = [str(a) for a in range(debut, fin + 1)]
    paires = list(pairwise(annees)) if de <= vers else [(b, a) for a, b in pairwise(annees)][::-1]
    etapes = [_build_paire(mouvements, a, b, populations) for a, b in paires]
    pleines = [e for e in etapes if not e.empty]
    return pd.concat(pleines, ignore_index=True) if pleines else _vide()


def _vide() -> pd.DataFrame:
    vide = pd.DataFrame({c: pd.Series(dtype=str) for c in PASSAGES})
    return vide.astype({"poids": float, "estime": bool})


def _build_paire(mouvements: pd.DataFrame, de: str, vers: str, populations: pd.DataFrame) -> pd.DataFrame:
    ancien, recent = sorted((de, vers))
    transitions = list_transitions(mouvements, ancien, recent)
    if transitions.empty:
        return _vide()
    passage = _weigh(transitions, populations, recent)
    if de > vers:
        inverse = invert_etape(passage, pd.Index([], dtype=str), populations, vers)
        sens = passage.rename(columns={"code_de": "code_vers", "code_vers": "code_de"})
        passage = inverse.merge(sens[["code_de", "code_vers", "nature"]], on=["code_de", "code_vers"])
        passage["nature"] = passage.nature.replace({"fusion": "scission", "scission": "fusion"})
        peses = passage.poids != 1.0
        passage["source_poids"] = np.where(
            peses, f"population municipale, communes du COG {vers} ou au plus près", EXACT
        )
    return passage.assign(cog_de=de, cog_vers=vers, estime=passage.poids != 1.0)[PASSAGES]


def _weigh(transitions: pd.DataFrame, populations: pd.DataFrame, annee: str) -> pd.DataFrame:
    """Pèse les scissions par la population des communes d'après ; tout le reste est entier."""
    scissions = transitions[transitions.duplicated("code_de", keep=False)]
    familles = scissions[["code_de", "code_vers"]].set_axis(["famille", "code"], axis=1)
    parts = compute_parts(familles, populations, annee, cote="apres").rename(
        columns={"famille": "code_de", "code": "code_vers"}
    )
    t = transitions.merge(parts, on=["code_de", "code_vers"], how="left")
    total = t.groupby("code_de").population.transform("sum")
    t["poids"] = (t.population / total).where(t.population.notna(), 1.0)
    t["source_poids"] = ("population municipale, communes du COG " + t.recensement).fillna(EXACT)
    return t
