"""Ce que dit la personne qui dépose un fichier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from observatoire.modeles.livraisons import Confidentialite
from observatoire.modeles.mailles import Maille

if TYPE_CHECKING:
    from observatoire.ingestion.controles import Precedent


@dataclass(frozen=True)
class Demande:
    """Ce que dit la personne qui dépose.

    Attributes:
        periode: période du fichier ; vide s'il la porte lui-même.
        maille: niveau des lignes ; celui de la source par défaut.
        cog: année du code officiel géographique ; vide : reconnue.
        confidentialite: régime de la livraison.
        precedents: dernières valeurs connues, pour dire les sauts.
    """

    periode: str = ""
    maille: Maille | None = None
    cog: str = ""
    confidentialite: Confidentialite = Confidentialite.OUVERTE
    precedents: Mapping[tuple[str, Maille], Precedent] = field(default_factory=dict)
