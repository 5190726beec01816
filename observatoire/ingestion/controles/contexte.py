"""Ce que voit un contrôle : les lots d'un fichier, sa source, le référentiel et les valeurs d'avant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.modeles.livraisons import Confidentialite
from observatoire.modeles.lots import CodeEcarte, Lot, Mesures
from observatoire.modeles.mailles import Maille
from observatoire.modeles.sources import Source, VariableSource
from observatoire.modeles.tables import TableLue
from observatoire.territoires.referentiel import Referentiel


@dataclass(frozen=True)
class Precedent:
    """Dernières valeurs connues d'une variable à un niveau.

    Attributes:
        periode: période de ces valeurs.
        codes: codes des territoires, dans la géographie de la livraison contrôlée.
        valeurs: valeur de chaque code, ``nan`` quand il n'y en a pas.
    """

    periode: str
    codes: pd.Index
    valeurs: NDArray[np.float64]


@dataclass(frozen=True)
class Positions:
    """Coordonnées lues d'un fichier, telles qu'écrites.

    Attributes:
        longitude: première coordonnée (est), ``nan`` si elle manque.
        latitude: seconde coordonnée (nord).
        codes: code de commune de chaque point ; vide si inconnu.
        lignes: ligne du producteur de chaque point.
    """

    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    codes: pd.Index
    lignes: NDArray[np.int64]


@dataclass(frozen=True)
class ContexteControle:
    """Livraison à contrôler.

    Attributes:
        fichier: nom du fichier reçu.
        source: sa déclaration.
        lots: mesures lues.
        referentiel: territoires connus.
        precedents: dernières valeurs connues, par variable et niveau.
        confidentialite: régime de la livraison.
        positions: coordonnées des lignes, si le fichier en porte.
        table: lignes retenues, sous les noms déclarés, pour chercher les doublons.
        ecartes: codes qui ne sont pas entrés dans un lot.
    """

    fichier: str
    source: Source
    lots: tuple[Lot, ...]
    referentiel: Referentiel
    precedents: Mapping[tuple[str, Maille], Precedent] = field(default_factory=dict)
    confidentialite: Confidentialite = Confidentialite.OUVERTE
    positions: Positions | None = None
    table: TableLue | None = None
    ecartes: tuple[CodeEcarte, ...] = ()
    _codes: dict[Maille, dict[str, pd.DataFrame]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def list_codes(self, maille: Maille) -> dict[str, pd.DataFrame]:
        """Territoires d'un niveau (``code, code_departement``), par année du code officiel géographique."""
        if maille not in self._codes:
            t = self.referentiel.territoires
            colonnes = ["cog", "code", "code_departement"]
            choisis = t.loc[(t.maille == str(maille)).to_numpy(), colonnes]
            self._codes[maille] = {str(cog): lot for cog, lot in choisis.groupby("cog", sort=True)}
        return self._codes[maille]

    def find_cog(self, lot: Lot) -> str:
        """Année dans laquelle les territoires d'un lot sont connus ; la plus proche de celle du lot."""
        connus = self.list_codes(lot.maille)
        if not connus or lot.cog in connus:
            return lot.cog if connus else ""
        return min(connus, key=lambda cog: (abs(int(cog) - int(lot.cog)) if lot.cog.isdigit() else 0, cog))

    def iter_mesures(self) -> Iterator[tuple[Lot, str, VariableSource, Mesures]]:
        """Chaque mesure de chaque lot, avec sa déclaration."""
        for lot in self.lots:
            for nom, mesures in lot.mesures.items():
                variable = self.source.variables.get(nom.partition("=")[0])
                if variable is not None:
                    yield lot, nom, variable, mesures


_UNITE_SANS_COMPTE = re.compile(r"€|euro|%|m²|indice|oui ou non|rapport|taux|heure|point|\bans?\b")


def is_effectif(variable: VariableSource) -> bool:
    """Vrai si la variable compte des cas (personnes, foyers, logements) ; faux pour un montant ou une part."""
    return variable.additive and not variable.categorie and not _UNITE_SANS_COMPTE.search(variable.unite.lower())


def is_part(variable: VariableSource) -> bool:
    """Vrai si la variable est une part en pour cent."""
    return variable.unite.strip().startswith("%")
