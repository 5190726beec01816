"""Situation : où se place une valeur parmi celles des territoires de même niveau."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from observatoire.analyse.consultation import Consultation
from observatoire.analyse.portee import name_portee
from observatoire.modeles.mailles import Maille


class Etendue(NamedTuple):
    """Plus petite et plus grande valeurs montrées, et le nombre de territoires qui en ont une."""

    minimum: float
    maximum: float
    territoires: int


@dataclass(frozen=True)
class Situation:
    """Étendues des indicateurs parmi les territoires d'un niveau.

    Attributes:
        portee: « communes de La Réunion », « départements de France » ; vide s'il n'y a qu'un territoire.
        seul: phrase qui le dit quand le territoire est seul de son niveau.
        etendues: par couple (indicateur, période).
    """

    portee: str = ""
    seul: str = ""
    etendues: Mapping[tuple[str, str], Etendue] = field(default_factory=dict)

    def find(self, indicateur: str, periode: str) -> Etendue | None:
        """Étendue d'un indicateur à une période, si deux territoires au moins ont une valeur."""
        trouvee = self.etendues.get((indicateur, periode))
        return trouvee if trouvee is not None and trouvee.territoires > 1 else None


def read_situation(consultation: Consultation, maille: Maille, departement: str | None) -> Situation:
    """Étendue de tous les indicateurs parmi les territoires d'un niveau, dans un département ou en France.

    Ni les valeurs non significatives, ni les catégories n'y entrent.
    """
    codes = consultation.territoires.list_codes(maille, departement)
    nom = name_portee(consultation, departement)
    if len(codes) <= 1:
        seul = "" if maille is Maille.FRANCE else f"Seul territoire de ce niveau {nom.a_territoire}."
        return Situation(seul=seul)
    table = consultation.read_etendues(maille, sorted(codes))
    etendues = {
        (str(indicateur), str(periode)): Etendue(float(bas), float(haut), int(n))
        for indicateur, periode, bas, haut, n in table.itertuples(index=False)
    }
    return Situation(f"{maille.libelle_pluriel} {nom.du_territoire}", "", etendues)
