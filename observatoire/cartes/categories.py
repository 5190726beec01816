"""Catégories d'une carte : la classe d'un territoire quand elle y est seule, sinon « mixte » avec ses parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from observatoire.modeles.nombres import INSECABLE, format_nombre
from observatoire.modeles.statuts import STATUTS_SANS_VALEUR, Statut

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from observatoire.modeles.indicateurs import Indicateur

ENTIER = 100.0
TOLERANCE = 1e-6
_SANS_VALEUR = frozenset(str(s) for s in STATUTS_SANS_VALEUR)


def reduce_categories(indicateur: Indicateur, valeurs: pd.DataFrame) -> pd.DataFrame:
    """Réduit une typologie à une ligne par territoire, sans jamais élire la classe la plus peuplée.

    Returns:
        Les colonnes reçues, plus ``mixte`` (plusieurs classes) et ``parts`` (« A 60 %, C 40 % », vide sinon).
    """
    nombres = valeurs["valeur"].to_numpy(dtype=np.float64, na_value=np.nan)
    statuts, distincts = pd.factorize(valeurs["statut"])
    sans_valeur = np.array([*(s in _SANS_VALEUR for s in distincts), True])[statuts]
    presentes = ~sans_valeur & (nombres > 0)
    territoires, _ = pd.factorize(valeurs["code_territoire"])
    # Les classes présentes d'abord, de la plus grande part à la plus petite.
    ordre = np.lexsort((-nombres, ~presentes, territoires))
    premieres = ordre[np.flatnonzero(np.diff(territoires[ordre], prepend=-1))]
    mixtes = presentes[premieres] & (np.abs(nombres[premieres] - ENTIER) > TOLERANCE)
    une = valeurs.iloc[premieres].reset_index(drop=True)
    parts = np.full(len(une), "", dtype=object)
    rendus = une["statut"].to_numpy(dtype=object).copy()
    retenues = ordre[presentes[ordre] & mixtes[territoires[ordre]]]
    modalites = dict(zip(retenues.tolist(), valeurs["modalite"].iloc[retenues].tolist(), strict=True))
    for rang, lignes in _group(territoires, retenues).items():
        parts[rang] = _write_parts([modalites[ligne] for ligne in lignes], nombres[lignes].tolist(), indicateur)
        # Une part estimée fait un mélange estimé : le statut le plus fort l'emporte.
        rendus[rang] = str(max((Statut(distincts[statuts[ligne]]) for ligne in lignes), key=lambda s: s.rang))
    return une.assign(mixte=mixtes, parts=parts, statut=rendus)


def _group(territoires: NDArray[np.intp], lignes: NDArray[np.intp]) -> dict[int, list[int]]:
    groupes: dict[int, list[int]] = {}
    for territoire, ligne in zip(territoires[lignes].tolist(), lignes.tolist(), strict=True):
        groupes.setdefault(territoire, []).append(ligne)
    return groupes


def shorten_libelle(libelle: str) -> str:
    """Libellé sans la précision qui le suit : « C (la moins tendue) » devient « C »."""
    return libelle.split(" (", maxsplit=1)[0]


def _write_parts(modalites: list[str], parts: list[float], indicateur: Indicateur) -> str:
    libelles = {m.code: shorten_libelle(m.libelle) for m in indicateur.modalites}
    return ", ".join(
        f"{libelles.get(str(modalite), str(modalite))}{INSECABLE}{_format_part(part)}"
        for modalite, part in zip(modalites, parts, strict=True)
    )


def _format_part(part: float) -> str:
    """Part entière ; ni « 0 % » pour une classe présente, ni « 100 % » à côté d'une autre."""
    if part < 1:
        return f"moins de 1{INSECABLE}%"
    return f"plus de 99{INSECABLE}%" if part > ENTIER - 1 else f"{format_nombre(part)}{INSECABLE}%"
