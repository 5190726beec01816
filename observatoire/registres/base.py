"""Base des registres : une connexion, des transactions courtes, les mêmes requêtes d'un moteur à l'autre."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import NullPool

from observatoire.config import Espace
from observatoire.errors import ConfigurationError

NOM = "registres.sqlite"
ATTENTE_S = 10.0
"""Secondes d'attente si un autre processus tient la base ; les transactions durent des millisecondes."""

META = sa.MetaData()


@dataclass(frozen=True)
class Registres:
    """Registres ouverts d'un espace.

    Attributes:
        moteur: moteur SQLAlchemy.
        tete: petit fichier, à côté, qui garde la dernière ligne du journal.
    """

    moteur: sa.Engine
    tete: Path

    @contextmanager
    def ecriture(self) -> Iterator[sa.Connection]:
        """Transaction d'écriture : tout ou rien, un seul écrivain à la fois."""
        with self.moteur.connect().execution_options(ecriture=True) as connexion, connexion.begin():
            yield connexion

    @contextmanager
    def lecture(self) -> Iterator[sa.Connection]:
        """Connexion de lecture."""
        with self.moteur.connect() as connexion:
            yield connexion


def open_registres(espace: Espace, url: str | None = None) -> Registres:
    """Ouvre les registres d'un espace ; leurs tables sont créées au premier usage.

    Args:
        espace: espace de travail.
        url: adresse d'une base (``postgresql://…``) ; à défaut, ``registres.sqlite`` dans l'espace.

    Raises:
        ConfigurationError: la base ne s'ouvre pas.
    """
    # Les tables se déclarent en s'important ; les nommer ici évite un registre à moitié créé.
    from observatoire.registres import depots, diffusions, journal

    tables = (depots.TABLE, diffusions.TABLE, journal.TABLE)
    assert all(table.metadata is META for table in tables)  # noqa: S101 -- les registres partagent cette base
    chemin = espace.racine / NOM
    # Pas de connexion gardée : l'application sert plusieurs fils, et une base fermée se copie sans risque.
    moteur = sa.create_engine(url or f"sqlite:///{chemin}", poolclass=NullPool)
    if moteur.dialect.name == "sqlite":
        event.listen(moteur, "connect", _prepare_sqlite)
        event.listen(moteur, "begin", _begin_sqlite)
    try:
        # Une base d'avant un registre reçoit sa table ; les autres, déjà là, ne sont pas touchées.
        if not {table.name for table in tables} <= set(sa.inspect(moteur).get_table_names()):
            with Registres(moteur, chemin).ecriture() as connexion:
                META.create_all(connexion)
    except sa.exc.DatabaseError as erreur:
        msg = (
            f"Les registres ({chemin.name}) ne s'ouvrent pas : {erreur.orig}. Restaurez leur dernière copie ; "
            "les publications et les dépôts scellés ne sont pas touchés."
        )
        raise ConfigurationError(msg) from None
    return Registres(moteur, chemin.with_name("registres.tete.json"))


def _prepare_sqlite(connexion: Any, _fiche: object) -> None:  # noqa: ANN401 -- connexion du pilote
    # Le pilote n'ouvre pas de transaction à lui : c'est « begin » qui décide, en lecture ou en écriture.
    connexion.isolation_level = None
    connexion.execute(f"PRAGMA busy_timeout = {int(ATTENTE_S * 1000)}")
    connexion.execute("PRAGMA synchronous = FULL")


def _begin_sqlite(connexion: sa.Connection) -> None:
    ecriture = connexion.get_execution_options().get("ecriture", False)
    connexion.exec_driver_sql("BEGIN IMMEDIATE" if ecriture else "BEGIN")
