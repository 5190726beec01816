"""Chantier : les cases et les relations d'un système, accumulées pièce par pièce."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.secret.primaire import DIFFUSABLE
from observatoire.secret.relations import Relations
from observatoire.secret.systeme import Etat

Rangs = NDArray[np.intp]
OCCULTE = "occulte"
"""Maille d'une case qui n'est jamais montrée."""


@dataclass
class Chantier:
    """Cases et relations qu'on accumule.

    Une table de cases porte ``variable, periode, modalite, maille, code_territoire, variante, valeur, inf, sup,
    etat, plafond, plancher, motif, unite, courante``.
    """

    relations: Relations = field(default_factory=Relations)
    tables: list[pd.DataFrame] = field(default_factory=list)
    imposees: dict[int, str] = field(default_factory=dict)
    nombre: int = 0

    def add(self, cases: pd.DataFrame) -> Rangs:
        """Ajoute des cases et rend leurs rangs."""
        rangs = np.arange(self.nombre, self.nombre + len(cases))
        self.tables.append(cases)
        self.nombre += len(cases)
        return rangs

    def impose(self, cases: Rangs, motif: str) -> None:
        """Ces cases, libres jusqu'ici, sont sensibles."""
        self.imposees |= dict.fromkeys(cases.tolist(), motif)

    def build_table(self) -> pd.DataFrame:
        """Toutes les cases."""
        table = pd.concat([t for t in self.tables if len(t)], ignore_index=True)
        rangs = np.array(list(self.imposees), dtype=np.intp)
        libres = rangs[table.etat.to_numpy()[rangs] == Etat.LIBRE]
        table.loc[libres, "etat"] = np.int8(Etat.SENSIBLE)
        table.loc[libres, "motif"] = [self.imposees[r] for r in libres.tolist()]
        return table


def table_occultes(atomes: pd.DataFrame, periode: str) -> pd.DataFrame:
    """Cases jamais montrées, d'après ``variable, modalite, unite, valeur``."""
    return pd.DataFrame(
        {
            "variable": atomes.variable, "periode": periode, "modalite": atomes.modalite, "maille": OCCULTE,
            "code_territoire": atomes.unite, "variante": "", "valeur": atomes.valeur, "inf": 0.0, "sup": np.inf,
            "etat": np.int8(Etat.OCCULTE), "plafond": np.nan, "plancher": np.nan, "motif": DIFFUSABLE,
            "unite": atomes.unite, "courante": atomes.courante if "courante" in atomes else True,
        }
    ).reset_index(drop=True)  # fmt: skip
