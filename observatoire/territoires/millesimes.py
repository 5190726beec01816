"""Millésime d'une liste de codes : celui qui en explique le plus, et les mélanges."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from observatoire.modeles.mailles import Maille
from observatoire.territoires.referentiel import Referentiel


def list_cogs_of(referentiel: Referentiel, maille: Maille) -> tuple[str, ...]:
    """Millésimes où un niveau est connu, du plus ancien au plus récent."""
    t = referentiel.territoires
    return tuple(sorted(t.cog[t.maille == maille].unique()))


def list_millesimes_possibles(
    referentiel: Referentiel, codes: pd.Index, maille: Maille = Maille.COMMUNE
) -> pd.DataFrame:
    """Classe les COG selon la part des codes qu'ils expliquent.

    Args:
        referentiel: référentiel territorial.
        codes: codes lus.
        maille: leur niveau ; un niveau connu d'un seul COG n'a qu'une ligne.

    Returns:
        ``cog, connus, inconnus, absents`` (codes attendus et absents), le meilleur d'abord.
    """
    lignes = []
    for cog in list_cogs_of(referentiel, maille):
        attendus = pd.Index(referentiel.list_territoires(maille, cog).code)
        connus = int((attendus.get_indexer(codes) >= 0).sum())
        absents = int((pd.Index(codes.unique()).get_indexer(attendus) < 0).sum())
        lignes.append((cog, connus, len(codes) - connus, absents))
    table = pd.DataFrame(lignes, columns=["cog", "connus", "inconnus", "absents"])
    return table.sort_values(["connus", "absents", "cog"], ascending=[False, True, False], ignore_index=True)


@dataclass(frozen=True)
class Melange:
    """Codes de plusieurs millésimes dans une même liste.

    Attributes:
        cog: millésime qui explique le plus de codes.
        codes: par autre millésime, les codes qu'il est seul, avec ses voisins, à expliquer ; du
            millésime qui en explique le plus à celui qui en explique le moins.
        inconnus: codes d'aucun millésime connu.
    """

    cog: str
    codes: dict[str, tuple[str, ...]]
    inconnus: tuple[str, ...]


def find_melange(referentiel: Referentiel, codes: pd.Index, maille: Maille = Maille.COMMUNE) -> Melange | None:
    """Mélange de millésimes, ou ``None`` si un seul COG explique tous les codes que l'on sait expliquer.

    Les codes que le meilleur millésime n'explique pas sont donnés à celui qui en explique le plus (le
    plus proche du meilleur à égalité), puis au suivant : on nomme aussi peu de millésimes que possible.
    """
    uniques = pd.Index(codes.unique())
    classement = list_millesimes_possibles(referentiel, uniques, maille)
    if classement.empty:
        return None
    meilleur = str(classement.cog.iloc[0])
    restants = _remove(uniques, referentiel, maille, meilleur)
    trouves: dict[str, tuple[str, ...]] = {}
    autres = [c for c in classement.cog if c != meilleur]
    while len(restants) and autres:
        reste = {c: _remove(restants, referentiel, maille, c) for c in autres}
        choisi = min(autres, key=lambda c: (len(reste[c]), abs(int(c) - int(meilleur)), c))
        if len(reste[choisi]) == len(restants):
            break
        trouves[choisi] = tuple(sorted(restants.difference(reste[choisi])))
        restants = reste[choisi]
        autres.remove(choisi)
    return Melange(meilleur, trouves, tuple(sorted(restants))) if trouves else None


def _remove(codes: pd.Index, referentiel: Referentiel, maille: Maille, cog: str) -> pd.Index:
    """Codes qu'un COG n'explique pas."""
    return codes[pd.Index(referentiel.list_territoires(maille, cog).code).get_indexer(codes) < 0]
