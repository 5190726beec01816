"""Des lots aux variables du socle : une ligne par mesure, avec ses bornes et son statut."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.mesures.intervalles import bounds_of_arrondi
from observatoire.modeles.lots import Lot, Mesures
from observatoire.modeles.sources import Source
from observatoire.modeles.statuts import Statut
from observatoire.store.schema import VARIABLES

_STATUTS = pd.Index([str(s) for s in Statut])


def lots_to_variables(lots: Iterable[Lot], source: Source, *, livraison: str) -> pd.DataFrame:
    """Met des lots à la forme du socle.

    Args:
        lots: lots retenus.
        source: leur source.
        livraison: fichier livré, tel que le socle le cite.

    Returns:
        Colonnes de ``store.schema.VARIABLES`` ; les textes répétés y sont en catégories.
    """
    morceaux = [_to_frame(lot, source, livraison) for lot in lots if lot.mesures]
    if not morceaux:
        return VARIABLES.empty_table().to_pandas()
    if len(morceaux) == 1:
        return morceaux[0]
    return _unite_categories(morceaux)


def _to_frame(lot: Lot, source: Source, livraison: str) -> pd.DataFrame:
    """Un lot entier d'un coup : les variables se suivent, chacune sur tous les territoires du lot."""
    cles = list(lot.mesures)
    noms, modalites = zip(*((nom, modalite) for nom, _, modalite in (c.partition("=") for c in cles)), strict=True)
    bornes = [_bounds(m, source.variables[n].arrondi) for m, n in zip(lot.mesures.values(), noms, strict=True)]
    valeur = np.concatenate([m.valeur for m in lot.mesures.values()])
    statut = np.concatenate([b[2] for b in bornes])
    rang = np.repeat(np.arange(len(cles)), len(lot.codes))
    territoire = np.tile(np.arange(len(lot.codes)), len(cles))
    # Une modalité qu'un territoire n'a pas n'est pas une absence de mesure : elle n'a pas de ligne.
    garde = ~np.isnan(valeur) | ~np.array([bool(m) for m in modalites])[rang]
    if not garde.all():
        valeur, statut, rang, territoire = valeur[garde], statut[garde], rang[garde], territoire[garde]
    return pd.DataFrame(
        {
            "variable": _categories(noms, rang),
            "maille": _constant(str(lot.maille), len(rang)),
            "code_territoire": lot.codes.astype("str").take(territoire),
            "cog": _constant(lot.cog, len(rang)),
            "periode": _constant(lot.periode, len(rang)),
            "periode_mesuree": _constant(lot.periode, len(rang)),
            "modalite": _categories(modalites, rang),
            "valeur": valeur,
            "borne_inf": np.concatenate([b[0] for b in bornes])[garde],
            "borne_sup": np.concatenate([b[1] for b in bornes])[garde],
            "statut": pd.Categorical.from_codes(statut.astype(np.int8), categories=_STATUTS),
            "livraison": _constant(livraison, len(rang)),
        },
        copy=False,
    )[VARIABLES.names]


def _bounds(mesures: Mesures, arrondi: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.uint8]]:
    if not arrondi:
        return mesures.valeur, mesures.valeur, mesures.statut
    statut = np.where(mesures.statut == Statut.PUBLIE.rang, Statut.ARRONDI.rang, mesures.statut).astype(np.uint8)
    inf, sup = bounds_of_arrondi(mesures.valeur, arrondi)
    absente = np.isnan(mesures.valeur)
    return np.where(absente, np.nan, inf), np.where(absente, np.nan, sup), statut


def _constant(texte: str, nombre: int) -> pd.Categorical[str]:
    return pd.Categorical.from_codes(np.zeros(nombre, dtype=np.int8), categories=pd.Index([texte]))


def _categories(textes: tuple[str, ...], rang: NDArray[np.intp]) -> pd.Categorical[str]:
    uniques = list(dict.fromkeys(textes))
    codes = np.array([uniques.index(t) for t in textes])
    return pd.Categorical.from_codes(codes[rang], categories=pd.Index(uniques))


def _unite_categories(morceaux: list[pd.DataFrame]) -> pd.DataFrame:
    """Réunit des lots sans redéplier leurs catégories en textes."""
    tout = {}
    for nom in VARIABLES.names:
        colonnes = [m[nom] for m in morceaux]
        if isinstance(colonnes[0].dtype, pd.CategoricalDtype):
            tout[nom] = pd.api.types.union_categoricals(colonnes)
        else:
            tout[nom] = pd.concat(colonnes, ignore_index=True)
    return pd.DataFrame(tout, copy=False)
