"""Relevé : toutes les observations d'un territoire, retrouvées par indicateur et par période."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from observatoire.analyse.consultation import Consultation
from observatoire.analyse.resumes import ValeurLue, read_valeur_lue
from observatoire.analyse.series import read_date
from observatoire.modeles.mailles import Maille
from observatoire.modeles.statuts import Statut


@dataclass(frozen=True)
class Releve:
    """Observations d'un territoire.

    Attributes:
        lues: par indicateur puis par période, la plus ancienne d'abord ; la plus grande part d'abord.
        marques: par couple (indicateur, période).
    """

    lues: Mapping[str, Mapping[str, tuple[ValeurLue, ...]]]
    marques: Mapping[tuple[str, str], tuple[Statut, ...]]

    def find(self, indicateur: str, periode: str) -> ValeurLue | None:
        """Valeur d'un indicateur à une période, s'il y en a une."""
        trouvees = self.lues.get(indicateur, {}).get(periode, ())
        return trouvees[0] if trouvees else None

    def series(self, indicateur: str) -> dict[str, ValeurLue]:
        """Valeur par période."""
        return {p: lues[0] for p, lues in self.lues.get(indicateur, {}).items()}


def read_releve(consultation: Consultation, maille: Maille, code: str) -> Releve:
    """Lit en une fois toutes les observations d'un territoire."""
    table = consultation.read_territoire(maille, code)
    indicateurs = consultation.catalogue.indicateurs
    lues: dict[str, dict[str, list[ValeurLue]]] = {}
    marques: dict[tuple[str, str], tuple[Statut, ...]] = {}
    for ligne in table.to_dict("records"):
        identifiant, periode = str(ligne["indicateur"]), str(ligne["periode"])
        if identifiant not in indicateurs:
            continue
        modalites = {m.code: m.libelle for m in indicateurs[identifiant].modalites}
        lue = read_valeur_lue({str(c): v for c, v in ligne.items()}, modalites)
        lues.setdefault(identifiant, {}).setdefault(periode, []).append(lue)
        marques[identifiant, periode] = tuple(Statut(m) for m in str(ligne["marques"] or "").split(",") if m)
    return Releve({i: _order(par_periode) for i, par_periode in lues.items()}, marques)


def _order(par_periode: Mapping[str, list[ValeurLue]]) -> dict[str, tuple[ValeurLue, ...]]:
    return {
        p: tuple(sorted(par_periode[p], key=lambda v: -(v.valeur or 0.0))) for p in sorted(par_periode, key=read_date)
    }
