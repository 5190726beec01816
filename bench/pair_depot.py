"""Le pair d'un dépôt : pandas seul, les mêmes contrôles écrits comme on les écrit d'ordinaire, et une fusion.

Ce que l'observatoire cherche dans ce fichier est cherché ici aussi : codes (inconnus, absents, en double, zéros
perdus, géographie), nombres (illisibles, marques, négatifs, non entiers, parts, mois), sauts contre ce qui est en
ligne, et données individuelles colonne par colonne.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

MARQUES = ("s", "nd", "ns", "")
PERSONNELS = {
    "nir": r"[1-478]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[AB])\d{6}(?:\d{2})?",
    "courriel": r"\S+@\S+\.\S+",
    "telephone": r"(?:\+33|0)[1-9](?:[ .-]?\d{2}){4}",
    "iban": r"[A-Z]{2}\d{2}(?: ?\w{4}){3,7}",
    "naissance": r"\d{1,2}/\d{1,2}/(?:19|20)\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}",
    "adresse": r"\d+\s?(?:bis|ter)?,?\s+(?:rue|avenue|allée|chemin|impasse|place|boulevard|route)\b.*",
    "dossier": r"[A-Z]{1,4}[-/]?\d{5,}",
}
"""Formes cherchées dans chaque colonne, comme le fait la quarantaine."""


def deposit(fichier: Path, en_ligne: pd.DataFrame, cogs: Mapping[str, list[str]]) -> dict[str, int]:
    """Lit, contrôle et compare un fichier ; rend les comptes de ce qui a été trouvé.

    Args:
        fichier: CSV reçu.
        en_ligne: valeurs publiées, ``code, mesure, valeur``.
        cogs: codes de commune de chaque année.
    """
    lu = pd.read_csv(fichier, sep=";", dtype=str, keep_default_na=False)
    mesures = [c for c in lu.columns if c != "code"]
    trouve = _check_codes(lu, cogs)
    textes = lu[mesures].apply(lambda c: c.str.strip())
    trouve |= _check_personnes(textes)
    marques = textes.isin(MARQUES)
    nettoyes = textes.apply(lambda c: c.str.replace(r"[\s\u00a0\u202f]", "", regex=True).str.replace(",", "."))
    nombres = nettoyes.apply(pd.to_numeric, errors="coerce")
    trouve["illisibles"] = int((nombres.isna() & ~marques).to_numpy().sum())
    trouve["negatifs"] = int((nombres < 0).to_numpy().sum())
    trouve["non_entiers"] = int((nombres % 1 > 0).to_numpy().sum())
    trouve["petits"] = int(((nombres > 0) & (nombres < 5)).to_numpy().sum())
    trouve["constantes"] = int((nombres == nombres.iloc[0]).all().sum())
    long = nombres.assign(code=lu["code"]).melt(id_vars="code", var_name="mesure", value_name="valeur")
    diff = long.merge(en_ligne, on=["code", "mesure"], how="outer", suffixes=("", "_avant"), indicator=True)
    trouve["sauts"] = _count_sauts(diff)
    trouve["gagnes"] = int((diff["_merge"] == "left_only").sum())
    trouve["perdus"] = int((diff["_merge"] == "right_only").sum())
    revises = diff[(diff["_merge"] == "both") & (diff.valeur != diff.valeur_avant)]
    ampleur = (revises.valeur - revises.valeur_avant).abs()
    trouve["revises"] = len(revises.assign(ampleur=ampleur).sort_values("ampleur"))
    return trouve


def _check_codes(lu: pd.DataFrame, cogs: Mapping[str, list[str]]) -> dict[str, int]:
    """Rend les zéros, choisit la géographie qui explique le plus de codes, compte ce qui n'en est pas."""
    lu["code"] = lu["code"].str.strip().str.upper()
    courts = lu["code"].str.fullmatch(r"\d{4}")
    lu.loc[courts, "code"] = "0" + lu.loc[courts, "code"]
    explique = {annee: int(lu["code"].isin(codes).sum()) for annee, codes in cogs.items()}
    absents = {annee: int((~pd.Series(codes).isin(lu["code"])).sum()) for annee, codes in cogs.items()}
    annee = max(cogs, key=lambda a: (explique[a], -absents[a], a))
    return {
        "zeros_rendus": int(courts.sum()),
        "codes_inconnus": len(lu) - explique[annee],
        "manquants": absents[annee],
        "doublons": int(lu["code"].duplicated().sum()),
    }


def _check_personnes(textes: pd.DataFrame) -> dict[str, int]:
    return {
        motif: sum(int(textes[c].str.fullmatch(forme).sum()) for c in textes.columns)
        for motif, forme in PERSONNELS.items()
    }


def _count_sauts(diff: pd.DataFrame) -> int:
    """Rapports trop loin de la médiane de leur mesure, comptés en écarts médians."""
    positifs = diff[(diff.valeur > 0) & (diff.valeur_avant > 0)]
    rapports = np.log(positifs.valeur / positifs.valeur_avant)
    medianes = rapports.groupby(positifs.mesure).transform("median")
    ecarts = (rapports - medianes).abs()
    etalon = ecarts.groupby(positifs.mesure).transform("median")
    return int(((ecarts > 6 * etalon.clip(lower=0.1)) & ((positifs.valeur - positifs.valeur_avant).abs() > 10)).sum())
