"""Catalogue chargé : indicateurs, sources et vocabulaires, prêts à lire."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from observatoire.modeles.indicateurs import Indicateur, Nature
from observatoire.modeles.sources import Precaution, Problematique, RegleSecret, Source, Terme, VariableSource


def _rang_alphabetique(libelle: str) -> str:
    # « Évolution » se range à E, pas après Z.
    return "".join(c for c in unicodedata.normalize("NFKD", libelle.lower()) if not unicodedata.combining(c))


@dataclass(frozen=True)
class Catalogue:
    """Catalogue complet et contrôlé d'un espace ; chaque dictionnaire est rangé par identifiant."""

    indicateurs: dict[str, Indicateur]
    sources: dict[str, Source]
    problematiques: dict[str, Problematique]
    secrets: dict[str, RegleSecret]
    precautions: dict[str, Precaution]
    surcharges: tuple[str, ...] = field(default=())
    """Fiches de l'espace qui en remplacent une du dépôt, en clair."""
    glossaire: dict[str, Terme] = field(default_factory=dict)
    """Mots expliqués en place ; vide dans une publication d'avant le glossaire."""

    def source_of(self, variable: str) -> Source:
        """Source qui déclare une variable."""
        return next(s for s in self.sources.values() if variable in s.variables)

    def variable(self, identifiant: str) -> VariableSource:
        """Déclaration d'une variable."""
        return self.source_of(identifiant).variables[identifiant]

    def by_problematique(self, problematique: str, nature: Nature | None = None) -> list[Indicateur]:
        """Indicateurs d'une problématique, par libellé."""
        return sorted(
            (
                i
                for i in self.indicateurs.values()
                if problematique in i.problematiques and (nature is None or i.nature is nature)
            ),
            key=lambda i: _rang_alphabetique(i.libelle),
        )
