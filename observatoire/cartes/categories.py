"""Catégories d'une carte : la classe d'un territoire quand elle y est seule, sinon « mixte » avec ses parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from observatoire.modeles.nombres import INSECABLE, format_nombre
from observatoire.modeles.statuts import STATUTS_SANS_VALEUR, Statut

if TYPE_CHECKING:
    from collections.abc import Mapping

    from observatoire.modeles.indicateurs import Indicateur

ENTIER = 100.0
TOLERANCE = 1e-6


def reduce_categories(indicateur: Indicateur, valeurs: pd.DataFrame) -> pd.DataFrame:
    """Réduit une typologie à une ligne par territoire, sans jamais élire la classe la plus peuplée.

    Returns:
        Les colonnes reçues, plus ``mixte`` (plusieurs classes) et ``parts`` (« A 60 %, C 40 % », vide sinon).
    """
    sans_valeur = valeurs["statut"].isin([str(s) for s in STATUTS_SANS_VALEUR]).to_numpy(dtype=bool)
    nombres = valeurs["valeur"].to_numpy(dtype=np.float64, na_value=np.nan)
    # Les classes présentes d'abord, de la plus grande part à la plus petite.
    triees = valeurs.assign(valeur=nombres, presente=~sans_valeur & (nombres > 0)).sort_values(
        ["code_territoire", "presente", "valeur"], ascending=[True, False, False], kind="stable"
    )
    une = triees.drop_duplicates("code_territoire")
    mixte = une["presente"] & ((une["valeur"] - ENTIER).abs() > TOLERANCE)
    codes = une["code_territoire"][mixte]
    classes = triees[triees["presente"] & triees["code_territoire"].isin(codes)]
    libelles = {m.code: shorten_libelle(m.libelle) for m in indicateur.modalites}
    parts = {str(code): _write_parts(lot, libelles) for code, lot in classes.groupby("code_territoire", sort=False)}
    # Une part estimée fait un mélange estimé : le statut le plus fort l'emporte.
    rangs = classes["statut"].map(lambda s: Statut(s).rang).groupby(classes["code_territoire"]).max()
    statuts = {str(code): str(list(Statut)[rang]) for code, rang in rangs.items()}
    ordre = une["code_territoire"].tolist()
    return une.drop(columns="presente").assign(
        mixte=mixte,
        parts=[parts.get(code, "") for code in ordre],
        statut=[statuts.get(code, statut) for code, statut in zip(ordre, une["statut"], strict=True)],
    )


def shorten_libelle(libelle: str) -> str:
    """Libellé sans la précision qui le suit : « C (la moins tendue) » devient « C »."""
    return libelle.split(" (", maxsplit=1)[0]


def _write_parts(lot: pd.DataFrame, libelles: Mapping[str, str]) -> str:
    return ", ".join(
        f"{libelles.get(str(modalite), str(modalite))}{INSECABLE}{_format_part(part)}"
        for modalite, part in zip(lot["modalite"], lot["valeur"], strict=True)
    )


def _format_part(part: float) -> str:
    """Part entière ; ni « 0 % » pour une classe présente, ni « 100 % » à côté d'une autre."""
    if part < 1:
        return f"moins de 1{INSECABLE}%"
    return f"plus de 99{INSECABLE}%" if part > ENTIER - 1 else f"{format_nombre(part)}{INSECABLE}%"
