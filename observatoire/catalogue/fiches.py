"""Fiches lues mais pas encore contrôlées ensemble : le brouillon du catalogue."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from observatoire.catalogue.yaml_strict import Document
from observatoire.modeles.indicateurs import Indicateur
from observatoire.modeles.sources import Precaution, Problematique, RegleSecret, Source, Terme

T = TypeVar("T")


@dataclass(frozen=True)
class Fiche(Generic[T]):
    """Une fiche : son identifiant, son document, et l'objet s'il est bien formé.

    Attributes:
        id: identifiant (nom du fichier, ou clé dans un fichier commun).
        document: document lu, pour retrouver les lignes.
        brut: données telles qu'écrites.
        objet: modèle construit, ou rien si la fiche porte une faute de forme.
        prefixe: chemin de la fiche dans son document.
    """

    id: str
    document: Document
    brut: dict[str, Any]
    objet: T | None
    prefixe: tuple[str, ...] = ()


@dataclass
class Brouillon:
    """Toutes les fiches retenues, avant contrôles croisés.

    Un identifiant dont la fiche est mal formée reste connu : sa faute de forme est déjà dite, les
    fiches qui le citent n'en font pas une seconde.
    """

    indicateurs: dict[str, Fiche[Indicateur]] = field(default_factory=dict)
    sources: dict[str, Fiche[Source]] = field(default_factory=dict)
    problematiques: dict[str, Fiche[Problematique]] = field(default_factory=dict)
    secrets: dict[str, Fiche[RegleSecret]] = field(default_factory=dict)
    precautions: dict[str, Fiche[Precaution]] = field(default_factory=dict)
    glossaire: dict[str, Fiche[Terme]] = field(default_factory=dict)
    surcharges: list[str] = field(default_factory=list)

    def variables(self) -> dict[str, list[Fiche[Source]]]:
        """Sources qui déclarent chaque variable, même mal formées."""
        trouvees: dict[str, list[Fiche[Source]]] = {}
        for fiche in self.sources.values():
            declarees = fiche.brut.get("variables")
            for nom in declarees if isinstance(declarees, dict) else ():
                trouvees.setdefault(nom, []).append(fiche)
        return trouvees

    def bien_formes(self) -> list[tuple[Fiche[Indicateur], Indicateur]]:
        """Indicateurs dont la forme est juste, avec leur fiche."""
        return [(f, f.objet) for f in self.indicateurs.values() if f.objet is not None]
