"""Ajout seul : la base elle-même refuse de changer ou d'ôter une ligne."""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa

_REFUS = {
    "sqlite": "CREATE TRIGGER {table}_sans_{nom} BEFORE {geste} ON {table} BEGIN SELECT RAISE(ABORT, '{phrase}'); END",
    "postgresql": "CREATE RULE {table}_sans_{nom} AS ON {geste} TO {table} DO INSTEAD NOTHING",
}


def forbid_changes(table: sa.Table, phrase: str) -> None:
    """Pose le refus à la création de la table.

    Args:
        table: table en ajout seul.
        phrase: ce que la base répond à qui voudrait changer une ligne.
    """
    sa.event.listen(table, "after_create", partial(_forbid, phrase))


def _forbid(phrase: str, table: sa.Table, connexion: sa.Connection, **_options: object) -> None:
    texte = _REFUS.get(connexion.dialect.name)
    for geste in ("UPDATE", "DELETE") if texte else ():
        ordre = str(texte).format(table=table.name, nom=geste.lower(), geste=geste, phrase=phrase)
        connexion.exec_driver_sql(ordre)
