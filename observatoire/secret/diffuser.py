"""Diffuser : écrire dans la diffusion ce qui a passé la porte."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from observatoire.config import Espace
from observatoire.secret.porte import protect
from observatoire.store import diffusion


def diffuse(
    espace: Espace,
    observations: Iterable[pd.DataFrame],
    tables: dict[str, pd.DataFrame],
    *,
    publication: str,
    motif: dict[str, str],
) -> dict[str, int]:
    """Protège puis écrit les observations, un indicateur à la fois, et les tables d'appui.

    Args:
        espace: espace de travail.
        observations: un tableau par indicateur.
        tables: ``territoires``, ``liens``, ``ressources``.
        publication: identifiant de la publication à venir.
        motif: auteur, motif, empreinte, écrits au journal des tables.

    Returns:
        Version de chaque table écrite.
    """

    def protegees() -> Iterator[pd.DataFrame]:
        for tableau in observations:
            yield protect(tableau)

    versions = diffusion.write_observations(espace, protegees(), publication=publication, motif=motif)
    versions |= diffusion.write_tables(espace, tables, publication=publication, motif=motif)
    return versions
