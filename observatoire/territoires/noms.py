"""Noms de communes : une forme comparable, et les ressemblances, sans jamais rien décider."""

from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

RESSEMBLANCE_MINIMALE = 0.55
"""Part de trigrammes communs (cosinus) sous laquelle deux noms ne se ressemblent pas."""
_ARTICLES = r"(?:les|le|la|l|aux|au)"
_REGLES = (
    (r"\bcedex(?:\s+\d+)?$", ""),  # acheminement postal
    (r"['’`´\-_./,]+", " "),
    (rf"^(.*?)\s*\(\s*({_ARTICLES})\s*\)$", r"\2 \1"),  # « Rochelle (La) »
    (r"[()]", " "),
    (r"\bste\b", "sainte"),
    (r"\bstes\b", "saintes"),
    (r"\bsts\b", "saints"),
    (r"\bst\b", "saint"),
    (r"\s+s\s+", " sur "),  # « Bellegarde s/ Valserine »
    (r"\s+", " "),
)
_ARTICLE_DE_TETE = rf"^{_ARTICLES} (?=\S)"


def normalize_noms(noms: pd.Series, *, article: bool = False) -> pd.Series:
    """Met des noms à une forme comparable : sans accent, casse, tiret ni article de tête, « saint » en entier.

    Args:
        noms: noms lus.
        article: garde l'article de tête (« Le Havre » n'est alors pas « Havre »).

    Examples:
        >>> normalize_noms(pd.Series(["ST-Médard en Jalles", "Rochelle (La)", "L’Haÿ-les-Roses"])).tolist()
        ['saint medard en jalles', 'rochelle', 'hay les roses']
    """
    uniques = pd.Index(noms.fillna("").unique())
    formes = pd.Series([_strip_accents(str(n)) for n in uniques], index=uniques, dtype=str).str.strip()
    for motif, remplacement in _REGLES:
        formes = formes.str.replace(motif, remplacement, regex=True).str.strip()
    if not article:
        formes = formes.str.replace(_ARTICLE_DE_TETE, "", regex=True)
    return pd.Series(formes.reindex(noms.fillna("")).to_numpy(), index=noms.index, dtype=str)


def _strip_accents(nom: str) -> str:
    ligatures = nom.casefold().replace("œ", "oe").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFKD", ligatures) if not unicodedata.combining(c))


def find_ressemblants(noms: pd.Series, connus: pd.Series, *, nombre: int = 3) -> list[list[int]]:
    """Rangs des noms connus qui ressemblent le plus à chaque nom (formes normalisées), du plus proche au moins.

    Args:
        noms: formes cherchées.
        connus: formes connues.
        nombre: candidats au plus.
    """
    if noms.empty or connus.empty:
        return [[] for _ in range(len(noms))]
    cherches, references = _count_trigrammes(noms, connus)
    scores = (cherches @ references.T).tocsr()
    resultat = []
    for rang in range(len(noms)):
        debut, fin = scores.indptr[rang], scores.indptr[rang + 1]
        colonnes, valeurs = scores.indices[debut:fin], scores.data[debut:fin]
        bons = valeurs >= RESSEMBLANCE_MINIMALE
        ordre = np.lexsort((colonnes[bons], -valeurs[bons]))[:nombre]
        resultat.append([int(c) for c in colonnes[bons][ordre]])
    return resultat


def _count_trigrammes(noms: pd.Series, connus: pd.Series) -> tuple[csr_array, csr_array]:
    """Trigrammes de deux listes de noms, sur un même vocabulaire, chaque ligne de longueur 1."""
    textes = [f" {n} " for n in (*noms, *connus)]
    tailles = np.array([max(len(t) - 2, 0) for t in textes])
    morceaux = pd.Series([t[k : k + 3] for t in textes for k in range(len(t) - 2)], dtype=object)
    codes, vocabulaire = pd.factorize(morceaux)
    lignes = np.repeat(np.arange(len(textes)), tailles)
    comptes = csr_array((np.ones(len(codes)), (lignes, codes)), shape=(len(textes), max(len(vocabulaire), 1)))
    comptes.sum_duplicates()
    normes = np.sqrt(comptes.multiply(comptes).sum(axis=1))
    normees = csr_array(comptes.multiply((1 / np.where(normes > 0, normes, 1.0))[:, None]))
    return normees[: len(noms)], normees[len(noms) :]
