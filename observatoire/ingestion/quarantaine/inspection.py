"""Inspection d'une table : tous les motifs, les bloquants d'abord ; une panne refuse, et ne dit rien."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from observatoire.ingestion.quarantaine.adresses import find_adresses
from observatoire.ingestion.quarantaine.contacts import find_courriels, find_telephones
from observatoire.ingestion.quarantaine.coordonnees import find_coordonnees
from observatoire.ingestion.quarantaine.dates import find_dates_naissance
from observatoire.ingestion.quarantaine.iban import find_iban
from observatoire.ingestion.quarantaine.identifiants import find_identifiants
from observatoire.ingestion.quarantaine.motifs import MotifQuarantaine, build_motif
from observatoire.ingestion.quarantaine.nir import find_nir
from observatoire.ingestion.quarantaine.noms import find_noms
from observatoire.ingestion.quarantaine.structure import find_structure
from observatoire.ingestion.quarantaine.vue import VueTable, build_vue
from observatoire.modeles.sources import Source
from observatoire.modeles.tables import TableLue

DETECTEURS: tuple[Callable[[VueTable], Iterator[MotifQuarantaine]], ...] = (
    find_nir,
    find_iban,
    find_noms,
    find_dates_naissance,
    find_identifiants,
    find_courriels,
    find_telephones,
    find_adresses,
    find_coordonnees,
    find_structure,
)
"""Recherches, de la plus sûre à la plus générale."""


def inspect_table(table: TableLue, *, source: Source | None = None) -> tuple[MotifQuarantaine, ...]:
    """Cherche dans une table ce qui désigne des personnes ; toutes les lignes sont vues.

    Args:
        table: table nommée, en texte.
        source: déclaration de la source, si elle est connue ; celle qui déclare des ressources est
            une liste de lieux.

    Returns:
        Motifs, les bloquants d'abord ; aucun ne porte une valeur du fichier.
    """
    try:
        vue = build_vue(table, source)
        motifs = [motif for detecteur in DETECTEURS for motif in detecteur(vue)]
    except Exception:  # noqa: BLE001 -- une exception d'Arrow cite la cellule fautive : elle ne doit pas remonter
        return (build_motif("inspection_impossible", None, table.donnees.num_rows, bloquant=True),)
    return tuple(sorted(motifs, key=lambda motif: not motif.bloquant))
