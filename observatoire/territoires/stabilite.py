"""Géographie stable : les plus petits ensembles de communes dont le contour n'a jamais bougé.

Composantes connexes du graphe des passages : sans poids, donc exactes. À préférer pour les séries
longues, au prix d'ensembles plus larges que les communes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def geographie_stable(*passages: pd.DataFrame, codes: pd.Index | None = None) -> pd.DataFrame:
    """Réunit les codes que relie au moins un passage, dans un sens ou dans l'autre.

    Args:
        passages: tables à colonnes ``code_de, code_vers`` ; toutes les étapes de la série.
        codes: codes à nommer aussi, même si rien ne les touche.

    Returns:
        ``code, composante`` : la composante porte le plus petit de ses codes. Un même code d'une année à
        l'autre est un même nœud, même s'il a changé de contours ou de commune.

    Examples:
        >>> fusion = pd.DataFrame({"code_de": ["01003"], "code_vers": ["01002"]})
        >>> geographie_stable(fusion, codes=pd.Index(["01001"])).to_numpy().tolist()
        [['01001', '01001'], ['01002', '01002'], ['01003', '01002']]
    """
    aretes = pd.concat(
        [pd.DataFrame(columns=["code_de", "code_vers"], dtype=str), *(p[["code_de", "code_vers"]] for p in passages)]
    )
    seuls = codes if codes is not None else pd.Index([], dtype=str)
    noeuds = pd.Index(sorted({*aretes.code_de, *aretes.code_vers, *seuls}))
    de, vers = noeuds.get_indexer(pd.Index(aretes.code_de)), noeuds.get_indexer(pd.Index(aretes.code_vers))
    graphe = coo_array((np.ones(len(de), dtype=np.int8), (de, vers)), shape=(len(noeuds), len(noeuds)))
    _, numeros = connected_components(graphe, directed=False)
    table = pd.DataFrame({"code": noeuds, "composante": numeros})
    # Les nœuds sont rangés : le premier d'une composante en est le plus petit.
    table["composante"] = table.groupby("composante").code.transform("first")
    return table
