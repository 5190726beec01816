"""Lot : les mesures d'un fichier déposé, pour une période et un niveau, avant le socle."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.mailles import Maille


@dataclass(frozen=True)
class Mesures:
    """Une variable d'un lot : un élément par territoire du lot.

    Attributes:
        valeur: valeurs, ``nan`` quand il n'y en a pas.
        statut: rang du statut (``modeles.statuts.RANGS``), qui dit pourquoi une valeur manque.
        ligne: ligne du producteur d'où vient la valeur (la première, si plusieurs sont réduites).
    """

    valeur: NDArray[np.float64]
    statut: NDArray[np.uint8]
    ligne: NDArray[np.int64]


@dataclass(frozen=True)
class Lot:
    """Mesures d'une période et d'un niveau.

    Attributes:
        maille: niveau des codes.
        periode: période mesurée.
        cog: année du code officiel géographique des codes.
        codes: codes des territoires, uniques.
        mesures: par variable ; une variable de catégories y a une entrée par modalité, ``variable=modalité``.
    """

    maille: Maille
    periode: str
    cog: str
    codes: pd.Index
    mesures: dict[str, Mesures]


@dataclass(frozen=True)
class CodeEcarte:
    """Code qui n'entre pas, et ce qu'il emporte : jamais un silence.

    Attributes:
        code: code lu ; vide si la cellule l'était.
        motif: ignoré par la déclaration (sa raison), ou inconnu.
        lignes: lignes du producteur (dix au plus).
        nombre: nombre de lignes.
        masse: somme perdue, par variable additive.
        declare: vrai si la déclaration de la source le prévoit.
    """

    code: str
    motif: str
    lignes: tuple[int, ...]
    nombre: int
    masse: dict[str, float]
    declare: bool


@dataclass(frozen=True)
class RapportLivraison:
    """Ce qu'un contrôle a trouvé : de quoi accepter, corriger ou refuser.

    Attributes:
        fichier: nom du fichier reçu.
        source: identifiant de la source.
        lots: mesures retenues ; vide si la livraison est refusée.
        anomalies: toutes les fautes, rangées par gravité puis par ligne.
        ecartes: codes écartés et leur masse.
        lignes_lues: lignes de données du fichier.
        lignes_retenues: lignes entrées dans un lot.
        quarantaine: motifs de refus pour données individuelles (sans aucune valeur).
        reconnu: ce que la lecture a reconnu (encodage, séparateur, feuille, ligne d'en-tête…).
    """

    fichier: str
    source: str
    lots: tuple[Lot, ...] = ()
    anomalies: tuple[Anomalie, ...] = ()
    ecartes: tuple[CodeEcarte, ...] = ()
    lignes_lues: int = 0
    lignes_retenues: int = 0
    quarantaine: tuple[str, ...] = ()
    reconnu: dict[str, str] = field(default_factory=dict)

    @property
    def refusee(self) -> bool:
        """Vrai si une faute bloquante, ou un motif de quarantaine, interdit d'aller plus loin."""
        return bool(self.quarantaine) or any(a.gravite is Gravite.BLOQUANT for a in self.anomalies)
