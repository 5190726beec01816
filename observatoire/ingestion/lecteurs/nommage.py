"""Nommer les colonnes d'une grille d'après son en-tête, et ne garder que ses données."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from observatoire.ingestion.lecteurs.entete import expand_fusions, fill_right
from observatoire.ingestion.lecteurs.natures import Nature, find_nature
from observatoire.modeles.tables import FormeTable, TableBrute, TableLue

SEPARATEUR_ETAGES = " / "


def name_table(brute: TableBrute, forme: FormeTable) -> TableLue:
    """Rend les données d'une grille sous les noms de son en-tête.

    Les noms sont uniques (« Total », « Total (2) »), sans espaces de bord ; les étages sont joints par
    « / » ; une colonne sans nom ni donnée est retirée ; les valeurs perdent leurs espaces de bord.

    Args:
        brute: grille lue.
        forme: place de l'en-tête et des données.
    """
    debut, fin = (int(r) for r in np.searchsorted(brute.lignes, (forme.premiere_ligne, forme.derniere_ligne + 1)))
    donnees = brute.cellules.slice(debut, max(fin - debut, 0))
    noms = list(brute.entete_connue) or _read_noms(brute, forme)
    colonnes = [_trim(colonne) for colonne in donnees.columns]
    colonnes = _spread_fusions(colonnes, brute, debut)
    gardees = [rang for rang, colonne in enumerate(colonnes) if noms[rang] or colonne.null_count < len(colonne)]
    titres = make_uniques([noms[rang] or f"colonne {rang + 1}" for rang in gardees])
    table = pa.table(dict(zip(titres, (colonnes[rang] for rang in gardees), strict=True)))
    lignes = brute.lignes[debut:fin]
    if brute.entete_connue or not gardees:
        return TableLue(brute.nom, table, lignes if gardees else lignes[:0], forme)
    pleines = _find_pleines(table)
    if not pleines.all():
        table, lignes = table.filter(pa.array(pleines)), lignes[pleines]
    return TableLue(brute.nom, table, lignes, forme)


def make_uniques(noms: Sequence[str]) -> list[str]:
    """Numérote les noms répétés.

    Examples:
        >>> make_uniques(["Code", "Total", "Total"])
        ['Code', 'Total', 'Total (2)']
    """
    pris: set[str] = set(noms)
    vus: set[str] = set()
    uniques = []
    for nom in noms:
        unique, rang = nom, 2
        while unique in vus or (unique != nom and unique in pris):
            unique, rang = f"{nom} ({rang})", rang + 1
        vus.add(unique)
        uniques.append(unique)
    return uniques


def _read_noms(brute: TableBrute, forme: FormeTable) -> list[str]:
    """Nom de chaque colonne ; vide si l'en-tête ne la nomme pas."""
    large = brute.cellules.num_columns
    if not forme.lignes_entete:
        return [""] * large
    rangs = [int(r) for r in np.searchsorted(brute.lignes, forme.lignes_entete)]
    tete = brute.cellules.slice(0, rangs[-1] + 1)
    lignes = list(zip(*(colonne.to_pylist() for colonne in tete.columns), strict=True))
    grille = expand_fusions(lignes, brute)
    etages = [grille[rang] for rang in rangs]
    for haut in range(len(etages) - 2, -1, -1):
        etages[haut] = fill_right(etages[haut], etages[haut + 1])
    noms = []
    for colonne in range(large):
        parties = [" ".join(etage[colonne].split()) for etage in etages if etage[colonne]]  # type: ignore[union-attr]
        noms.append(SEPARATEUR_ETAGES.join(dict.fromkeys(p for p in parties if p)))
    return noms


def _trim(colonne: pa.ChunkedArray) -> pa.ChunkedArray:
    propre = pc.utf8_trim_whitespace(colonne)
    vides = pc.equal(propre, "")
    return pc.if_else(vides, None, propre) if pc.any(vides).as_py() else propre


def _find_pleines(table: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Vrai pour une ligne qui a au moins une valeur : une ligne blanche n'est pas une donnée."""
    pleines = np.zeros(table.num_rows, dtype=bool)
    for colonne in table.columns:
        if colonne.null_count < len(colonne):
            pleines |= pc.is_valid(colonne).to_numpy()
        if pleines.all():
            break
    return pleines


def _spread_fusions(colonnes: list[pa.ChunkedArray], brute: TableBrute, debut: int) -> list[pa.ChunkedArray]:
    """Recopie un libellé fusionné sur plusieurs lignes ; jamais une mesure, qui serait comptée plusieurs fois."""
    verticales = [f for f in brute.fusions if f[2] > f[0] and f[1] == f[3] < len(colonnes)]
    for colonne in sorted({f[1] for f in verticales}):
        valeurs = colonnes[colonne].to_pylist()
        for haut, _, bas, _ in (f for f in verticales if f[1] == colonne):
            premier, dernier = (int(r) - debut for r in np.searchsorted(brute.lignes, (haut, bas)))
            if premier < 0 or premier >= len(valeurs):
                continue
            if colonne == 0 or find_nature(valeurs[premier]) in (Nature.TEXTE, Nature.CODE):
                fin = min(dernier + 1, len(valeurs))
                valeurs[premier:fin] = [valeurs[premier]] * (fin - premier)
        colonnes[colonne] = pa.chunked_array([valeurs], pa.string())
    return colonnes
