"""Séparateur d'un texte tabulaire et nombre de ses colonnes, d'après un échantillon."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass

SEPARATEURS = (";", "\t", "|", ",")
"""Candidats, dans l'ordre de préférence à égalité : la virgule est aussi une décimale."""
SANS_SEPARATEUR = "\x1f"
"""Lit un texte d'une seule colonne : ce caractère n'apparaît pas dans un fichier d'organisme."""
_TETE = 256 * 1024
_LIGNES = 2000
_REGULARITE = 0.1
"""Part des lignes que le séparateur doit couper pareil, au moins."""


@dataclass(frozen=True)
class Coupe:
    """Séparateur (vide : une seule colonne) et nombre de champs d'une ligne ordinaire."""

    separateur: str
    colonnes: int


def find_coupe(octets: bytes, *, declare: str = "") -> Coupe:
    r"""Reconnaît le séparateur d'un texte en UTF-8.

    Args:
        octets: texte en UTF-8.
        declare: séparateur déclaré (« \t » ou « tab » pour une tabulation) ; reconnu s'il est vide.
    """
    tete = octets[:_TETE]
    if len(octets) > _TETE:
        tete = tete[: tete.rfind(b"\n") + 1] or tete
    texte = tete.decode("utf-8", "replace")
    declare = {"\\t": "\t", "tab": "\t", "tabulation": "\t"}.get(declare, declare)
    if declare:
        return Coupe(declare, max(_count_champs(texte, declare), default=1))
    meilleure, note = Coupe("", 1), 0.0
    for separateur in SEPARATEURS:
        comptes = _count_champs(texte, separateur)
        total = sum(comptes.values())
        colonnes, fois = max(
            ((n, f) for n, f in comptes.items() if n > 1), key=lambda paire: (paire[1], paire[0]), default=(1, 0)
        )
        # Régularité d'abord ; puis le plus de colonnes, à peine : une décimale par ligne est aussi régulière.
        regularite = fois / total + min(colonnes, 100) / 1000 if fois else 0.0
        if regularite > note + 0.02:
            meilleure, note = Coupe(separateur, colonnes), regularite
    return meilleure if note >= _REGULARITE else Coupe("", 1)


def _count_champs(texte: str, separateur: str) -> Counter[int]:
    """Nombre de lignes par nombre de champs ; les lignes vides ne disent rien."""
    comptes: Counter[int] = Counter()
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur)
    try:
        for rang, ligne in enumerate(lecteur):
            if ligne and any(ligne):
                comptes[len(ligne)] += 1
            if rang >= _LIGNES:
                break
    except csv.Error:
        pass  # champ démesuré : ce séparateur n'est jugé que sur ce qui précède
    return comptes
