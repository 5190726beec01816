"""Diffuser : écrire dans la diffusion ce qui a passé la porte."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from observatoire.config import Espace
from observatoire.secret.porte import Porte
from observatoire.secret.protections import save_protections
from observatoire.secret.rapport import build_rapport
from observatoire.store import diffusion


def diffuse(
    espace: Espace,
    observations: Iterable[pd.DataFrame],
    tables: dict[str, pd.DataFrame],
    *,
    porte: Porte,
    publication: str,
    motif: dict[str, str],
) -> dict[str, int]:
    """Protège puis écrit les observations, un indicateur à la fois, et les tables d'appui.

    Args:
        espace: espace de travail.
        observations: un tableau par indicateur.
        tables: ``territoires``, ``liens``, ``ressources``.
        porte: porte ouverte pour cette publication.
        publication: identifiant de la publication à venir.
        motif: auteur, motif, empreinte, écrits au journal des tables.

    Returns:
        Version de chaque table écrite.
    """

    def protegees() -> Iterator[pd.DataFrame]:
        for tableau in observations:
            yield porte.protect(tableau)

    save_protections(espace, publication, porte.protections)
    build_rapport(espace, publication, porte, tables["territoires"])
    versions = diffusion.write_observations(espace, protegees(), publication=publication, motif=motif)
    versions |= diffusion.write_tables(espace, tables, publication=publication, motif=motif)
    return versions
