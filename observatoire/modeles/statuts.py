"""Statut d'une valeur : ce qu'on sait d'elle, et comment on la montre."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Statut(StrEnum):
    """Statut d'une valeur, du plus faible au plus fort ; le plus fort l'emporte."""

    PUBLIE = "publie"
    ARRONDI = "arrondi"
    ESTIME = "estime"
    PARTIEL = "partiel"
    NON_SIGNIFICATIF = "non_significatif"
    NON_DISPONIBLE = "non_disponible"
    HORS_CHAMP = "hors_champ"
    SECRET = "secret"  # noqa: S105 -- statut statistique, pas un mot de passe

    @property
    def rang(self) -> int:
        """Force du statut (0 = publié)."""
        return RANGS[self]

    @property
    def signe(self) -> str:
        """Signe conventionnel des tableaux (proche de l'usage de l'Insee)."""
        return DESCRIPTIONS[self].signe

    @property
    def libelle(self) -> str:
        """Libellé montré à l'usager."""
        return DESCRIPTIONS[self].libelle


class DescriptionStatut(NamedTuple):
    """Libellé, signe et explication d'un statut."""

    libelle: str
    signe: str
    explication: str


DESCRIPTIONS = {
    Statut.PUBLIE: DescriptionStatut("publié", "", "Valeur exacte telle que publiée ou calculée."),
    Statut.ARRONDI: DescriptionStatut("arrondi", "a", "Valeur arrondie par le producteur."),
    Statut.ESTIME: DescriptionStatut("estimé", "e", "Valeur estimée ; l'intervalle dit ce qui est certain."),
    Statut.PARTIEL: DescriptionStatut("partiel", "pa", "Une partie du territoire manque dans la source."),
    Statut.NON_SIGNIFICATIF: DescriptionStatut("non significatif", "n.s.", "Trop peu de cas pour conclure."),
    Statut.NON_DISPONIBLE: DescriptionStatut("non disponible", "nd", "La source ne donne pas cette valeur."),
    Statut.HORS_CHAMP: DescriptionStatut("sans objet", "///", "La question ne se pose pas ici."),
    Statut.SECRET: DescriptionStatut(
        "Masqué pour protéger les personnes",
        "s",
        "Secret statistique ; à ne lire ni comme un zéro, ni comme un petit nombre.",
    ),
}

RANGS = {statut: rang for rang, statut in enumerate(Statut)}
STATUTS_SANS_VALEUR = frozenset({Statut.NON_DISPONIBLE, Statut.HORS_CHAMP, Statut.SECRET})
"""Statuts dont la valeur est toujours nulle."""
