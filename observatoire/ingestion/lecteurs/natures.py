"""Nature d'une cellule (nombre, code, année, texte, marque) : ce qui distingue un en-tête de données."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import Enum

Ligne = Sequence[str | None]


class Nature(Enum):
    """Nature d'une cellule."""

    VIDE = "vide"
    MARQUE = "marque"
    NOMBRE = "nombre"
    ANNEE = "annee"
    CODE = "code"
    TEXTE = "texte"


MARQUES = frozenset(
    "s ns nd nr nc n.c. n.d. n.s. na n/a ndiff c - – — * ** . .. … / x".split()  # noqa: SIM905 -- plus lisible
)
"""Textes courts des producteurs pour « secret », « non disponible », « non significatif »."""
_NOMBRE = re.compile(r"[-+\u2212]?(\d[\d \u00a0\u202f\u2009'’.,]*|[.,]\d+)([eE][-+]?\d+)?\s*%?")
_CORSE = re.compile(r"\d{0,4}2[AB]\d*")
_CODE = re.compile(r"[A-Z]{1,4}\d[\dA-Z]{3,}|\d{3,}[A-Z]{1,2}|[A-Z]{1,3}-?\d{5,}")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?([ T]\d.*)?|\d{4}[-_]?[TQ]\d")
_ANNEE = re.compile(r"(19|20)\d\d")
_N_A = re.compile(r"n/?a\b.*(secret|disponible|significatif|diffus)", re.IGNORECASE)


def find_nature(cellule: str | None) -> Nature:
    """Nature d'une cellule.

    Examples:
        >>> [find_nature(c).value for c in ("2A004", "Q216", "2 256", "2019", "nd", "QP093025", "Code")]
        ['nombre', 'texte', 'nombre', 'annee', 'marque', 'code', 'texte']
    """
    texte = cellule.strip() if cellule else ""
    if not texte:
        return Nature.VIDE
    if texte.lower() in MARQUES or _N_A.match(texte):
        return Nature.MARQUE
    if _ANNEE.fullmatch(texte):
        return Nature.ANNEE
    if _NOMBRE.fullmatch(texte) or _CORSE.fullmatch(texte) or _DATE.fullmatch(texte):
        return Nature.NOMBRE
    if _CODE.fullmatch(texte):
        return Nature.CODE
    return Nature.TEXTE


def find_natures_colonnes(lignes: Sequence[Ligne]) -> list[Nature]:
    """Nature la plus fréquente de chaque colonne, marques et vides laissés ; VIDE si elle n'a rien."""
    natures = []
    for colonne in zip(*lignes, strict=True):
        compte = Counter(map(find_nature, colonne))
        del compte[Nature.VIDE], compte[Nature.MARQUE]
        if not compte:
            marquee = any(find_nature(c) is Nature.MARQUE for c in colonne)
            natures.append(Nature.NOMBRE if marquee else Nature.VIDE)
            continue
        # Une colonne de nombres contient aussi des valeurs qui ont l'air d'années.
        if compte[Nature.NOMBRE] * 10 > compte[Nature.ANNEE]:
            compte[Nature.NOMBRE] += compte.pop(Nature.ANNEE, 0)
        natures.append(max(compte, key=lambda nature: compte[nature]))
    return natures


def rate_ligne(ligne: Ligne, colonnes: Sequence[Nature]) -> tuple[int, int]:
    """Compte les cellules de la nature de leur colonne, et celles qui la contredisent.

    Les colonnes de texte ne disent rien : un en-tête y ressemble aux données. Une ligne d'années
    au-dessus de nombres est un en-tête, non des données.
    """
    pareilles = contraires = annees = 0
    for cellule, colonne in zip(ligne, colonnes, strict=True):
        nature = find_nature(cellule)
        if colonne in (Nature.TEXTE, Nature.VIDE) or nature in (Nature.VIDE, Nature.MARQUE):
            continue
        if nature is colonne:
            pareilles += 1
        elif nature is Nature.ANNEE and colonne is Nature.NOMBRE:
            annees += 1
        elif {nature, colonne} <= {Nature.NOMBRE, Nature.CODE, Nature.ANNEE}:
            pareilles += 1
        else:
            contraires += 1
    return (pareilles, contraires + annees) if annees > pareilles else (pareilles + annees, contraires)
