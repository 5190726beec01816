"""Étages d'un en-tête : ce que ses cellules fusionnées couvrent, et combien de lignes il occupe."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from observatoire.ingestion.lecteurs.natures import Ligne, Nature
from observatoire.modeles.tables import TableBrute

_ETAGES_MAXIMAUX = 5


def expand_fusions(lignes: Sequence[Ligne], brute: TableBrute) -> list[list[str | None]]:
    """Recopie, dans les premières lignes d'une grille, la valeur d'une cellule fusionnée partout où elle s'étend."""
    grille = [list(ligne) for ligne in lignes]
    if not grille:
        return grille
    large = len(grille[0])
    for haut, gauche, bas, droite in brute.fusions:
        debut, fin = (int(r) for r in np.searchsorted(brute.lignes, (haut, bas)))
        if debut >= len(grille) or gauche >= large:
            continue
        valeur = grille[debut][gauche]
        for rang in range(debut, min(fin + 1, len(grille))):
            for colonne in range(gauche, min(droite + 1, large)):
                grille[rang][colonne] = valeur
    return grille


def fill_right(ligne: Sequence[str | None], sous: Sequence[str | None]) -> list[str | None]:
    """Étend un intitulé vers la droite, tant que l'étage du dessous nomme des colonnes sans rien au-dessus."""
    remplie: list[str | None] = []
    courant: str | None = None
    for cellule, dessous in zip(ligne, sous, strict=True):
        if cellule and cellule.strip():
            courant = cellule
        elif not dessous:
            courant = None
        remplie.append(courant)
    return remplie


def find_etages(
    grille: Sequence[Sequence[str | None]], entete: int, natures: Sequence[Nature], brutes: Sequence[Ligne]
) -> tuple[int, ...]:
    """Lignes d'un en-tête dont on connaît la dernière.

    Une ligne de noms complète et sans répétition se suffit (des codes sous des libellés longs) ; sinon
    les étages du dessus sont nécessaires pour distinguer les colonnes.

    Args:
        grille: premières lignes, cellules fusionnées étendues.
        entete: rang de la dernière ligne d'en-tête.
        natures: nature des colonnes.
        brutes: mêmes lignes, cellules fusionnées non étendues.

    Returns:
        Les rangs des étages, de haut en bas.
    """
    vivantes = [rang for rang, nature in enumerate(natures) if nature is not Nature.VIDE]
    etages = [entete]
    while len(etages) < _ETAGES_MAXIMAUX:
        noms = [tuple(_propre(grille[rang][c]) for rang in etages) for c in vivantes]
        complets = all(any(nom) for nom in noms)
        if complets and len(set(noms)) == len(noms):
            break
        dessus = etages[0] - 1
        if dessus < 0:
            break
        ecrites = {c for c, cellule in enumerate(brutes[dessus]) if cellule and cellule.strip()}
        # Une seule cellule écrite au-dessus est un titre, non un étage.
        if len(ecrites) < 2:  # noqa: PLR2004
            break
        etages.insert(0, dessus)
    return tuple(etages)


def _propre(cellule: str | None) -> str:
    return " ".join(cellule.split()) if cellule else ""
