"""Place de l'en-tête et des données dans une grille : titres au-dessus, notes au-dessous."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from observatoire.ingestion.lecteurs.entete import expand_fusions, find_etages
from observatoire.ingestion.lecteurs.natures import Ligne, Nature, find_natures_colonnes, rate_ligne
from observatoire.ingestion.lecteurs.pied import find_bloc_suivant, find_derniere
from observatoire.modeles.sources import LectureDeclaree
from observatoire.modeles.tables import FormeTable, TableBrute

_TETE = 120
"""Lignes où l'on cherche l'en-tête."""
_CORPS = 400
"""Lignes où l'on juge la nature des colonnes."""
_COUVERTURE = 0.5
"""Part des colonnes vivantes qu'un en-tête nomme au moins."""
_LARGE = 0.2
"""Part des colonnes vivantes que remplit la ligne qui trahit les données."""


def find_forme(brute: TableBrute, lecture: LectureDeclaree | None = None) -> FormeTable | None:
    """Trouve l'en-tête et les données d'une grille.

    Args:
        brute: grille lue.
        lecture: place déclarée ; elle l'emporte sur ce qui serait reconnu.

    Returns:
        La forme, ou rien si la grille est vide ou ne contient que du texte libre.
    """
    if brute.cellules.num_rows == 0:
        return None
    if brute.entete_connue:
        return FormeTable((), int(brute.lignes[0]), int(brute.lignes[-1]))
    tete = read_lignes(brute, 0, _TETE)
    natures = find_natures_colonnes(_read_corps(brute))
    lecture = lecture or LectureDeclaree()
    if lecture.ligne_entete is not None:
        return _make_declaree(brute, lecture, natures)
    rang = _find_entete(tete, natures)
    if rang is None:
        return None
    entete, premiere = rang
    if entete < 0:
        etages: tuple[int, ...] = ()
    else:
        etages = find_etages(expand_fusions(tete[: premiere + 1], brute), entete, natures, tete)
    if lecture.premiere_ligne is not None:
        premiere = int(np.searchsorted(brute.lignes, lecture.premiere_ligne))
    return _make_forme(brute, etages, premiere, lecture, natures)


def read_lignes(brute: TableBrute, debut: int, nombre: int) -> list[Ligne]:
    """Lignes d'une grille, à partir d'un rang."""
    morceau = brute.cellules.slice(debut, nombre)
    return list(zip(*(colonne.to_pylist() for colonne in morceau.columns), strict=True))


def _read_corps(brute: TableBrute) -> list[Ligne]:
    """Échantillon du milieu de la grille : ni titres, ni notes, si elle est longue."""
    total = brute.cellules.num_rows
    debut = min(total // 4, _TETE) if total > 12 else 0  # noqa: PLR2004
    fin = max(debut + 1, total - min(total // 5, _TETE))
    return read_lignes(brute, debut, min(_CORPS, fin - debut))


def _make_declaree(brute: TableBrute, lecture: LectureDeclaree, natures: Sequence[Nature]) -> FormeTable | None:
    derniere_entete = lecture.ligne_entete or 1
    etages = [r for r in range(derniere_entete - lecture.etages_entete + 1, derniere_entete + 1) if r >= 1]
    rangs = np.searchsorted(brute.lignes, etages)
    if rangs[-1] >= len(brute.lignes):
        return None
    debut = lecture.premiere_ligne or derniere_entete + 1
    premiere = int(np.searchsorted(brute.lignes, debut))
    if premiere >= len(brute.lignes):
        return FormeTable(tuple(int(brute.lignes[r]) for r in rangs), debut, debut - 1)
    return _make_forme(brute, tuple(int(r) for r in rangs), premiere, lecture, natures)


def _make_forme(
    brute: TableBrute, etages: tuple[int, ...], premiere: int, lecture: LectureDeclaree, natures: Sequence[Nature]
) -> FormeTable:
    total = brute.cellules.num_rows
    if lecture.derniere_ligne is not None:
        derniere = int(np.searchsorted(brute.lignes, lecture.derniere_ligne, side="right")) - 1
    else:
        if etages:
            total = find_bloc_suivant(brute, etages[-1], premiere)
        queue = max(premiere, total - _CORPS)
        derniere = queue + find_derniere(read_lignes(brute, queue, total - queue), natures)
    haut = etages[0] if etages else premiere
    titre = tuple(
        str(cellule).strip() for ligne in read_lignes(brute, 0, min(haut, _TETE)) for cellule in ligne if cellule
    )
    return FormeTable(
        tuple(int(brute.lignes[rang]) for rang in etages),
        int(brute.lignes[premiere]),
        int(brute.lignes[max(derniere, premiere)]),
        titre,
    )


def _find_entete(tete: Sequence[Ligne], natures: Sequence[Nature]) -> tuple[int, int] | None:
    """Rang de la dernière ligne d'en-tête (-1 : pas d'en-tête) et de la première ligne de données."""
    vivantes = [rang for rang, nature in enumerate(natures) if nature is not Nature.VIDE]
    if not vivantes:
        return (0, 1) if len(tete) == 1 else None
    if all(natures[rang] is Nature.TEXTE for rang in vivantes):
        return _find_entete_de_textes(tete, vivantes)
    for rang, ligne in enumerate(tete):
        pareilles, contraires = rate_ligne(ligne, natures)
        remplies = sum(ligne[c] is not None for c in vivantes)
        large = remplies >= min(len(vivantes), max(2, len(vivantes) * _LARGE))
        if pareilles > contraires and large:
            entete = _climb(tete, natures, vivantes, rang)
            return entete, _first_donnee(tete, natures, entete, rang)
    # Aucune donnée reconnue : une table dont il ne reste que l'en-tête.
    return _find_entete_de_textes(tete, vivantes)


def _first_donnee(tete: Sequence[Ligne], natures: Sequence[Nature], entete: int, rang: int) -> int:
    """Première ligne sous l'en-tête qui ressemble aux données, même presque vide (« 01001 » puis des secrets)."""
    for candidate in range(entete + 1, rang):
        pareilles, contraires = rate_ligne(tete[candidate], natures)
        if pareilles > contraires:
            return candidate
    return rang


def _climb(tete: Sequence[Ligne], natures: Sequence[Nature], vivantes: Sequence[int], premiere: int) -> int:
    """Remonte des données jusqu'à la ligne qui les nomme, par-dessus vides, unités et intertitres."""
    for rang in range(premiere - 1, -1, -1):
        nommees = sum(bool(tete[rang][c] and str(tete[rang][c]).strip()) for c in vivantes)
        pareilles, contraires = rate_ligne(tete[rang], natures)
        if nommees >= len(vivantes) * _COUVERTURE and contraires >= pareilles:
            return rang
    # Un tableau dont seules quelques colonnes sont nommées : la ligne de textes la plus proche.
    for rang in range(premiere - 1, max(-1, premiere - 4), -1):
        if sum(tete[rang][c] is not None for c in vivantes) > 1:
            return rang
    return -1


def _find_entete_de_textes(tete: Sequence[Ligne], vivantes: Sequence[int]) -> tuple[int, int] | None:
    """Sans nombre pour guider : la première ligne qui nomme presque toutes les colonnes, sans répétition."""
    for rang, ligne in enumerate(tete):
        noms = [str(ligne[c]).strip() for c in vivantes if ligne[c]]
        if len(noms) >= max(1, len(vivantes) * 0.8) and len(set(noms)) == len(noms) and rang + 1 < len(tete):
            return rang, rang + 1
    return None
