"""Système de l'attaquant d'une zone : celui que le socle garde d'une publication, et les zones arrondies en plus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from observatoire.mesures.intervalles import Vecteur
from observatoire.modeles.mailles import Maille
from observatoire.secret.protections import rebuild
from observatoire.secret.systeme import Booleens, Etat, Systeme

_COMMUNE = ["variable", "code_territoire", "valeur"]
"""Effectif d'une commune ; rectifié, c'en est un autre, que l'ancienne publication montrait."""


@dataclass(frozen=True)
class Somme:
    """Somme d'une variable sur des communes, dont seul l'arrondi est, ou sera, diffusé.

    Attributes:
        variable: variable exacte.
        unites: communes.
        valeurs: valeur exacte de chacune, dans la publication dont la zone est tirée.
        pas: pas de l'arrondi.
        demandee: vrai pour la zone qu'on juge, faux pour une zone déjà accordée.
        seuil: en deçà, la somme demandée est elle-même un secret.
        seuil_reste: en deçà, ce qui lui manque pour atteindre son ensemble en est un.
        ensemble: variable que celle-ci ne peut dépasser.
    """

    variable: str
    unites: tuple[str, ...]
    valeurs: Vecteur
    pas: int
    demandee: bool = False
    seuil: int = 0
    seuil_reste: int = 0
    ensemble: str = ""

    @property
    def exacte(self) -> float:
        """Somme exacte, qui ne se diffuse pas."""
        return float(self.valeurs.sum())

    def bound(self) -> tuple[float, float]:
        """Ce que l'arrondi en dit."""
        entiere = bool((self.valeurs % 1 == 0).all())
        return bound_arrondi(round_somme(self.exacte, self.pas), self.pas, entiere=entiere)


class Montage(NamedTuple):
    """Système monté.

    Attributes:
        systeme: cases et relations.
        masquees: ce que l'attaquant ne lit pas (n,).
        demandees: rang de chaque somme demandée, par variable.
    """

    systeme: Systeme
    masquees: Booleens
    demandees: dict[str, int]


def round_somme(valeur: float, pas: int) -> float:
    """Arrondit au multiple de ``pas`` le plus proche ; un demi monte."""
    return float(np.floor(valeur / pas + 0.5) * pas)


def bound_arrondi(arrondie: float, pas: int, *, entiere: bool) -> tuple[float, float]:
    """Ce que dit une valeur arrondie : [r - 2 ; r + 2] pour un effectif arrondi à 5."""
    bas, haut = arrondie - pas / 2, arrondie + pas / 2
    return (max(float(np.ceil(bas)), 0.0), float(np.ceil(haut)) - 1.0) if entiere else (max(bas, 0.0), haut)


def read_communes(cases: pd.DataFrame, variable: str) -> dict[str, float]:
    """Valeur exacte de chaque commune montrée, masquée ou non, d'une variable.

    Une commune faite de plusieurs unités d'origine (IRIS, communes fusionnées depuis) n'en est pas : on ne
    saurait la suivre d'une publication à l'autre. La première rangée d'une commune est celle de la
    publication ; les suivantes disent ce qu'elle a été.
    """
    siennes = _select_communes(cases)
    siennes = siennes[siennes.variable == variable].drop_duplicates("code_territoire")
    return dict(zip(siennes.code_territoire.astype("str"), siennes.valeur.astype(float), strict=True))


def _select_communes(cases: pd.DataFrame) -> pd.DataFrame:
    if cases.empty:
        return pd.DataFrame(columns=[*_COMMUNE, "rang"])
    seule = cases.unite.astype("str") == f"{Maille.COMMUNE}:" + cases.code_territoire.astype("str")
    communes = cases[seule & (cases.maille == str(Maille.COMMUNE)) & (cases.modalite == "")]
    return communes.sort_values("rang")


class Fondations:
    """Système d'une publication, avant toute zone : se prépare une fois, sert à toutes les demandes."""

    def __init__(self, cases: pd.DataFrame, relations: pd.DataFrame) -> None:
        """Remonte le système.

        Args:
            cases: cases gardées d'un seul système.
            relations: ses relations.
        """
        self._systeme, self._masquees, _promesses = rebuild(cases, relations)
        communes = _select_communes(cases)
        cles = zip(*(communes[c].tolist() for c in _COMMUNE), strict=True)
        # À l'envers : la première case d'une même clé l'emporte.
        self._rangs = dict(reversed(list(zip(cles, communes.rang.tolist(), strict=True))))

    def find_cases(self, somme: Somme) -> NDArray[np.intp] | None:
        """Case de chaque commune d'une somme ; ``None`` si l'une n'est pas là avec cette valeur."""
        cles = zip(somme.unites, somme.valeurs.tolist(), strict=True)
        rangs = [self._rangs.get((somme.variable, code, valeur), -1) for code, valeur in cles]
        return None if -1 in rangs else np.array(rangs, dtype=np.intp)

    def build_montage(self, sommes: Sequence[Somme]) -> Montage:
        """Ajoute les zones déjà accordées, et celles qu'on demande, quand leurs communes sont dans le système.

        Chaque somme est une case bornée par son arrondi ; la différence entre une somme demandée et son
        ensemble, si tous deux le sont, en est une autre.
        """
        ajout = _Ajout(len(self._systeme))
        demandees: dict[str, Somme] = {}
        rangs: dict[str, int] = {}
        for somme in sommes:
            cases = self.find_cases(somme)
            if cases is None:
                continue
            petite = somme.demandee and 0 < somme.exacte < somme.seuil
            rang = ajout.add(somme.exacte, *somme.bound(), plafond=float(somme.seuil) if petite else np.nan)
            ajout.relate(cases, rang)
            if somme.demandee:
                demandees[somme.variable], rangs[somme.variable] = somme, rang
        for variable, somme in demandees.items():
            if somme.ensemble in demandees:
                reste = demandees[somme.ensemble].exacte - somme.exacte
                petit = 0 < reste < somme.seuil_reste
                autres = ajout.add(reste, plafond=float(somme.seuil_reste) if petit else np.nan)
                ajout.relate(np.array([rangs[variable], autres]), rangs[somme.ensemble])
        masquees = np.append(self._masquees, np.ones(len(ajout.valeurs), dtype=bool))
        return Montage(ajout.join(self._systeme), masquees, rangs)


class _Ajout:
    """Cases et relations ajoutées à un système."""

    def __init__(self, debut: int) -> None:
        self._debut = debut
        self.valeurs: list[float] = []
        self._bornes: list[tuple[float, float]] = []
        self._plafonds: list[float] = []
        self._termes: list[tuple[NDArray[np.intp], int]] = []

    def add(self, valeur: float, inf: float = 0.0, sup: float = np.inf, *, plafond: float = np.nan) -> int:
        """Ajoute une case, jamais diffusée telle quelle, et rend son rang."""
        self.valeurs.append(valeur)
        self._bornes.append((inf, sup))
        self._plafonds.append(plafond)
        return self._debut + len(self.valeurs) - 1

    def relate(self, parties: NDArray[np.intp], total: int) -> None:
        """Ajoute ``total = Σ parties``."""
        self._termes.append((parties, total))

    def join(self, s: Systeme) -> Systeme:
        """Système augmenté."""
        nombre, ajoutees = self._debut + len(self.valeurs), len(self.valeurs)
        longueurs = [len(parties) + 1 for parties, _total in self._termes]
        colonnes = [np.append(parties, total) for parties, total in self._termes]
        signes = [np.append(np.ones(n - 1), -1.0) for n in longueurs]
        lignes = np.repeat(np.arange(len(longueurs)), longueurs)
        forme = (len(longueurs), nombre)
        vide = np.zeros(0)
        neuves = sparse.csr_matrix(
            (np.concatenate([vide, *signes]), (lignes, np.concatenate([vide, *colonnes]).astype(np.intp))), shape=forme
        )
        r = sparse.csr_matrix(s.relations)
        anciennes = sparse.csr_matrix((r.data, r.indices, r.indptr), shape=(r.shape[0], nombre))
        inf, sup = np.array(self._bornes).reshape(-1, 2).T
        return Systeme(
            valeurs=np.append(s.valeurs, self.valeurs),
            inf=np.append(s.inf, inf),
            sup=np.append(s.sup, sup),
            relations=sparse.csr_matrix(sparse.vstack([anciennes, neuves])),
            etats=np.append(s.etats, np.full(ajoutees, Etat.OCCULTE)).astype(np.int8),
            couts=np.append(s.couts, np.zeros(ajoutees)),
            plafond=np.append(s.plafond, self._plafonds),
            plancher=np.append(s.plancher, np.full(ajoutees, np.nan)),
            entieres=np.append(s.entieres, np.array(self.valeurs) % 1 == 0).astype(bool),
        )
