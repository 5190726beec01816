"""Contexte d'une commande : l'espace et, à la demande, la publication ouverte."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from observatoire.config import Espace, load_espace

if TYPE_CHECKING:
    from observatoire.analyse.consultation import Consultation


@dataclass(frozen=True)
class Contexte:
    """Espace d'une commande."""

    espace: Espace

    def consultation(self, publication: str | None = None) -> Consultation:
        """Ouvre une publication, la courante par défaut."""
        from observatoire.analyse.consultation import open_consultation

        return open_consultation(self.espace, publication)


def ouvrir_contexte(racine: str | None) -> Contexte:
    """Ouvre l'espace demandé."""
    return Contexte(load_espace(racine))


def contexte_of(ctx: typer.Context) -> Contexte:
    """Contexte posé par l'application."""
    objet = ctx.obj
    assert isinstance(objet, Contexte)  # noqa: S101 -- posé par principal._options
    return objet
