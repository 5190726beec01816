"""Lecture indépendante des fichiers des producteurs : leurs octets, sans rien de l'observatoire."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd


def read_lignes(chemin: Path, *, separateur: str = ";") -> list[dict[str, str]]:
    """Lignes d'un texte, telles que le producteur les a écrites."""
    with chemin.open(encoding="utf-8-sig", newline="") as fichier:
        return list(csv.DictReader(fichier, delimiter=separateur))


def to_nombre(texte: str) -> float | None:
    """Nombre écrit à la française ; rien si la cellule est vide."""
    return float(texte.replace(",", ".")) if texte else None


def read_feuille(chemin: Path, feuille: str, premiere: int) -> list[list[str]]:
    """Lignes d'une feuille à partir d'une ligne du tableur (1 pour la première), en texte."""
    brute = pd.read_excel(chemin, sheet_name=feuille, header=None, dtype=str, engine="calamine")
    return brute.iloc[premiere - 1 :].fillna("").to_numpy().tolist()
