"""Secret d'une publication : son rapport archivé, et ce que le secret coûte à la lecture.

Le rapport ne porte aucune valeur : des nombres de cases, les règles, le verdict de la preuve. Une publication
sans donnée reçue par convention n'en a pas ; on y compte alors ce que les producteurs ont masqué.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from observatoire.config import Espace
from observatoire.errors import PublicationError
from observatoire.modeles.mailles import MAILLES_PUBLIABLES, Maille

if TYPE_CHECKING:
    from observatoire.analyse.consultation import Consultation

EXTENSION = ".secret"


@dataclass(frozen=True)
class RegleAppliquee:
    """Règle de secret qu'une publication a appliquée elle-même."""

    id: str
    libelle: str
    mode: str
    seuil: int
    reference: str
    indicateurs: tuple[str, ...]


@dataclass(frozen=True)
class AuditLu:
    """Verdict de la preuve d'un système.

    Attributes:
        cases: cases masquées éprouvées.
        fautes: celles qui n'ont pas tenu ; une publication n'en a aucune.
        rejouees: celles refaites en nombres entiers, si le rapport le dit.
    """

    cases: int
    fautes: int
    rejouees: int | None = None


@dataclass(frozen=True)
class SystemeLu:
    """Tables protégées ensemble ; ``ecart`` : part du coût qui n'est pas prouvée nécessaire (0 : optimum)."""

    source: str
    periode: str
    cases: int
    masquees: int
    optimal: bool
    ecart: float
    audit: AuditLu


@dataclass(frozen=True)
class Cout:
    """Cases d'un indicateur à un niveau et une période ; ``part_population`` va de 0 à 1, si elle est connue."""

    indicateur: str
    maille: str
    periode: str
    cases: int
    masquees: int
    part_population: float | None = None

    @property
    def part_cases(self) -> float:
        """Part des cases masquées, de 0 à 1."""
        return self.masquees / self.cases if self.cases else 0.0


@dataclass(frozen=True)
class RapportSecret:
    """Rapport public, archivé avec sa publication."""

    publication: str
    cases: int
    masquees: int
    regles: tuple[RegleAppliquee, ...]
    systemes: tuple[SystemeLu, ...]
    indicateurs: tuple[Cout, ...]
    part_cases: float = 0.0
    duree_s: float = 0.0


@dataclass(frozen=True)
class Preuve:
    """Ce que la preuve a couvert, tous systèmes réunis.

    Attributes:
        systemes: nombre de systèmes.
        optimaux: ceux dont le masque est prouvé le moins coûteux.
        ecart: plus grand écart au moins coûteux, de 0 à 1.
        rejouees: cases refaites en nombres entiers ; ``None`` si aucun système ne le dit.
    """

    cases: int
    fautes: int
    rejouees: int | None
    systemes: int
    optimaux: int
    ecart: float


def read_rapport(espace: Espace, publication: str) -> RapportSecret | None:
    """Rapport d'une publication ; ``None`` si elle ne protège rien elle-même, ou si elle est plus ancienne.

    Raises:
        PublicationError: le rapport est là, mais ne se lit pas.
    """
    chemin = espace.publications / f"{publication}{EXTENSION}"
    if not chemin.is_file():
        return None
    try:
        return TypeAdapter(RapportSecret).validate_json(chemin.read_bytes())
    except (ValidationError, OSError) as erreur:
        # Le détail d'une faute citerait le contenu du rapport : il n'aide personne à l'écran.
        msg = (
            f"Le rapport de secret de la publication « {publication} » est illisible ({chemin.name}). "
            "Restaurez ce fichier depuis une sauvegarde, ou publiez de nouveau."
        )
        raise PublicationError(msg) from erreur


def sum_preuve(rapport: RapportSecret) -> Preuve:
    """Réunit les verdicts de tous les systèmes."""
    audits = [s.audit for s in rapport.systemes]
    rejouees = [a.rejouees for a in audits if a.rejouees is not None]
    return Preuve(
        cases=sum(a.cases for a in audits),
        fautes=sum(a.fautes for a in audits),
        rejouees=sum(rejouees) if rejouees else None,
        systemes=len(rapport.systemes),
        optimaux=sum(s.optimal for s in rapport.systemes),
        ecart=max((s.ecart for s in rapport.systemes), default=0.0),
    )


def list_couts(rapport: RapportSecret) -> tuple[Cout, ...]:
    """Coût de la protection, indicateur par indicateur et niveau par niveau, à la dernière période."""
    return _keep_recents(rapport.indicateurs)


def count_producteurs(consultation: Consultation, rapport: RapportSecret | None = None) -> tuple[Cout, ...]:
    """Valeurs masquées par leurs producteurs, comptées dans ce qui est publié ; les niveaux sans aucune sont tus.

    Args:
        consultation: publication ouverte.
        rapport: son rapport : les indicateurs qu'elle protège elle-même n'y sont pas comptés deux fois.
    """
    propres = {c.indicateur for c in rapport.indicateurs} if rapport is not None else set()
    lus = consultation.masquees.to_dict("records")
    couts = (
        Cout(
            indicateur=str(ligne["indicateur"]),
            maille=str(ligne["maille"]),
            periode=str(ligne["periode"]),
            cases=int(ligne["cases"]),
            masquees=int(ligne["masquees"]),
            part_population=_divide(float(ligne["population_masquee"]), float(ligne["population"])),
        )
        for ligne in lus
    )
    return _keep_recents(c for c in couts if c.indicateur not in propres)


def _keep_recents(couts: Iterable[Cout]) -> tuple[Cout, ...]:
    """Dernière période de chaque indicateur à chaque niveau, du niveau le plus fin au plus large."""
    recents = {(c.indicateur, c.maille): c for c in sorted(couts, key=lambda c: c.periode)}
    return tuple(sorted(recents.values(), key=lambda c: (c.indicateur, _rank(c.maille))))


def _rank(maille: str) -> int:
    return MAILLES_PUBLIABLES.index(Maille(maille)) if maille in MAILLES_PUBLIABLES else len(MAILLES_PUBLIABLES)


def _divide(partie: float, tout: float) -> float | None:
    return partie / tout if tout > 0 and partie == partie else None  # noqa: PLR0124 -- nan
