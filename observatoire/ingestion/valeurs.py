"""Valeurs d'une colonne de texte : nombres, marques de secret ou d'absence, textes illisibles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from observatoire.ingestion.lecteurs import parse_nombres
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.sources import Source, VariableSource, Vide
from observatoire.modeles.statuts import Statut

_EXEMPLES = 5
_RANG_VIDE = {Vide.ABSENT: Statut.NON_DISPONIBLE.rang, Vide.SECRET: Statut.SECRET.rang, Vide.ZERO: Statut.PUBLIE.rang}


@dataclass(frozen=True)
class ValeursLues:
    """Une colonne, ligne à ligne.

    Attributes:
        valeur: nombres ; ``nan`` pour une marque, un vide ou un texte illisible.
        statut: rang du statut de chaque cellule.
        illisible: textes qui ne sont ni nombre ni marque déclarée.
    """

    valeur: NDArray[np.float64]
    statut: NDArray[np.uint8]
    illisible: NDArray[np.bool_]


def read_valeurs(colonne: pa.ChunkedArray, source: Source, variable: VariableSource) -> ValeursLues:
    """Lit une colonne de nombres ; une marque ou un vide n'est jamais un zéro sans déclaration."""
    texte = pc.utf8_trim_whitespace(colonne)
    vide = np.asarray(pc.fill_null(pc.equal(texte, ""), fill_value=True))
    statut = np.full(len(texte), Statut.PUBLIE.rang, dtype=np.uint8)
    marque = np.zeros(len(texte), dtype=bool)
    for marques, rang in (
        (source.marques_secret, Statut.SECRET.rang),
        (source.marques_absence, Statut.NON_DISPONIBLE.rang),
        # Le producteur ne donne pas de nombre : il n'y a rien à montrer, quel que soit le motif.
        (source.marques_non_significatif, Statut.NON_DISPONIBLE.rang),
    ):
        if marques:
            trouve = np.asarray(pc.fill_null(pc.is_in(texte, value_set=pa.array(marques)), fill_value=False))
            statut[trouve], marque = rang, marque | trouve
    if variable.recoder:
        valeur, illisible = _recode(texte, variable.recoder)
    else:
        valeur, illisible = parse_nombres(texte)
    sens = variable.vide or source.vide
    statut[vide] = _RANG_VIDE[sens]
    valeur = np.where(marque | vide, np.nan, valeur * variable.facteur)
    if sens is Vide.ZERO:
        valeur[vide] = 0.0
    if variable.moins_de is not None:
        valeur = np.where(np.isnan(valeur), np.nan, (valeur < variable.moins_de).astype(float))
    illisible = illisible & ~marque & ~vide
    statut[illisible] = Statut.NON_DISPONIBLE.rang
    return ValeursLues(valeur, statut, illisible)


def _recode(texte: pa.ChunkedArray, table: dict[str, float]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    serie = texte.to_pandas()
    valeur = serie.map(table).to_numpy(dtype=float, na_value=np.nan)
    return valeur, np.isnan(valeur) & serie.notna().to_numpy()


def list_illisibles(
    colonne: pa.ChunkedArray, lues: ValeursLues, lignes: NDArray[np.int64], *, fichier: str, nom: str, fiche: str
) -> Iterator[Anomalie]:
    """Un texte qui n'est ni nombre ni marque déclarée arrête la livraison ; chacun est dit une fois."""
    if not lues.illisible.any():
        return
    textes = pd.Series(colonne.filter(pa.array(lues.illisible)).to_pylist())
    premieres = pd.Series(lignes[lues.illisible]).groupby(textes).min()
    comptes = textes.value_counts()
    for texte in comptes.index[:_EXEMPLES]:
        yield Anomalie(
            code="nombre_illisible",
            gravite=Gravite.BLOQUANT,
            fichier=fichier,
            ligne=int(premieres[texte]),
            colonne=nom,
            valeur=str(texte)[:40],
            message=f"« {str(texte)[:40]} » n'est pas un nombre ({comptes[texte]} cellule(s) de cette colonne).",
            suggestion=(
                f"Si ce texte dit un secret ou une absence, ajoutez-le à « marques_secret » ou "
                f"« marques_absence » dans {fiche} ; sinon, corrigez le fichier à la source."
            ),
        )
    if len(comptes) > _EXEMPLES:
        yield Anomalie(
            code="nombre_illisible",
            gravite=Gravite.BLOQUANT,
            fichier=fichier,
            colonne=nom,
            message=f"{len(comptes) - _EXEMPLES} autre(s) texte(s) illisible(s) dans cette colonne.",
            suggestion="Vérifiez que c'est bien la colonne d'un nombre.",
        )
