"""Table en long : colonnes de modalités qui distinguent les lignes d'un même territoire."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from observatoire.ingestion.proposition.colonnes import read_total
from observatoire.ingestion.proposition.profil import Profil

_MODALITES_MAXIMUM = 400
_COMBINAISONS_MAXIMUM = 40
_STATUTS = ("obs_status", "conf_status", "unit_mult", "freq", "obs_status_fr", "decimals")


def pair_keys(profils: list[Profil], lignes: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """Numéro de la combinaison de valeurs de chaque ligne.

    Args:
        profils: colonnes à combiner.
        lignes: lignes retenues ; toutes par défaut.
    """
    cles = np.zeros(profils[0].lignes, dtype=np.int64) if profils else np.zeros(0, dtype=np.int64)
    for profil in profils:
        _, cles = np.unique(cles * (len(profil.valeurs) + 1) + profil.indices + 1, return_inverse=True)
    return cles if lignes is None else cles[lignes]


def find_dimensions(
    territoire: NDArray[np.int64], candidats: list[Profil], lignes: NDArray[np.bool_]
) -> tuple[list[Profil], bool]:
    """Colonnes de modalités qui varient à territoire égal.

    Args:
        territoire: numéro du territoire (et de la période) de chaque ligne.
        candidats: colonnes de texte.
        lignes: lignes retenues.

    Returns:
        Les dimensions, et si elles suffisent à rendre chaque ligne unique.
    """
    cles = territoire[lignes]
    if len(cles) == 0 or len(np.unique(cles)) == len(cles):
        return [], True
    dimensions: list[Profil] = []
    for profil in candidats:
        if not 1 < len(profil.valeurs) <= _MODALITES_MAXIMUM or profil.cle in _STATUTS:
            continue
        indices = profil.indices[lignes]
        # Un libellé du territoire, ou la région d'un département, ne varie pas à territoire égal.
        paires = len(np.unique(cles * (len(profil.valeurs) + 1) + indices + 1))
        if paires > len(np.unique(cles)) * 1.02 and not _is_copy(profil, dimensions, lignes):
            dimensions.append(profil)
    ensemble = cles
    for profil in dimensions:
        _, ensemble = np.unique(ensemble * (len(profil.valeurs) + 1) + profil.indices[lignes] + 1, return_inverse=True)
    return dimensions, len(np.unique(ensemble)) == len(ensemble)


def _is_copy(profil: Profil, dimensions: list[Profil], lignes: NDArray[np.bool_]) -> bool:
    """Libellé d'une dimension déjà retenue (une valeur pour une)."""
    for autre in dimensions:
        paires = len(np.unique(autre.indices[lignes] * (len(profil.valeurs) + 1) + profil.indices[lignes] + 1))
        if paires <= max(len(np.unique(autre.indices[lignes])), 1):
            return True
    return False


def find_combinaisons(dimensions: list[Profil], lignes: NDArray[np.bool_]) -> tuple[tuple[dict[str, str], ...], int]:
    """Combinaisons de modalités à lire, une par mesure ; au plus une dimension hors de son total.

    Args:
        dimensions: colonnes de modalités.
        lignes: lignes retenues.

    Returns:
        Les combinaisons (quarante au plus), et combien le fichier en contient.
    """
    if not dimensions:
        return (), 0
    table = np.column_stack([p.indices[lignes] for p in dimensions])
    table = table[(table >= 0).all(axis=1)]
    if not len(table):
        return (), 0
    uniques, comptes = np.unique(table, axis=0, return_counts=True)
    totaux = [read_total(p) for p in dimensions]
    rangs = np.array([p.textes.index(t) if t else -1 for p, t in zip(dimensions, totaux, strict=True)])
    # Une dimension sans total doit toujours être dite ; les autres ne quittent leur total qu'une à la fois.
    hors_total = ((uniques != rangs) & (rangs >= 0)).sum(axis=1)
    ordre = np.lexsort((-comptes, hors_total))
    if len(uniques) > _COMBINAISONS_MAXIMUM:
        ordre = ordre[hors_total[ordre] <= 1][:_COMBINAISONS_MAXIMUM]
    retenues = tuple({p.nom: p.textes[i] for p, i in zip(dimensions, uniques[rang], strict=True)} for rang in ordre)
    return retenues, len(uniques)
