"""Tableaux à marges et à niveaux emboîtés ou non, mis sous la forme d'un système de cases."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from observatoire.secret.systeme import Etat, Systeme


@dataclass(frozen=True)
class Niveau:
    """Réunions d'éléments d'un autre niveau d'un même axe.

    ``groupes`` donne le groupe de chaque élément du niveau ``de`` (0 : les unités de base) ;
    -1 : hors de tout groupe.
    """

    groupes: np.ndarray
    de: int = 0

    @property
    def nombre(self) -> int:
        return int(self.groupes.max()) + 1


@dataclass(frozen=True)
class Axe:
    """Une dimension : ses unités de base, puis les groupes de chaque niveau, dans l'ordre."""

    unites: int
    niveaux: tuple[Niveau, ...] = ()

    @property
    def debuts(self) -> np.ndarray:
        """Rang du premier élément de chaque niveau, puis longueur de l'axe."""
        return np.cumsum([0, self.unites, *(n.nombre for n in self.niveaux)])

    def relations(self) -> sparse.csr_matrix:
        """Une ligne par groupe : ses enfants moins lui."""
        longueur, lignes, colonnes, signes, rang = int(self.debuts[-1]), [], [], [], 0
        for niveau, debut in zip(self.niveaux, self.debuts[1:], strict=False):
            dedans = np.flatnonzero(niveau.groupes >= 0)
            lignes += [rang + niveau.groupes[dedans], rang + np.arange(niveau.nombre)]
            colonnes += [self.debuts[niveau.de] + dedans, debut + np.arange(niveau.nombre)]
            signes += [np.ones(len(dedans)), -np.ones(niveau.nombre)]
            rang += niveau.nombre
        if not lignes:
            return sparse.csr_matrix((0, longueur))
        tout = [np.concatenate(x) for x in (signes, lignes, colonnes)]
        return sparse.csr_matrix((tout[0], (tout[1], tout[2])), shape=(rang, longueur))

    def extend(self, valeurs: np.ndarray) -> np.ndarray:
        """Ajoute les groupes au premier axe de ``valeurs``."""
        tout = np.zeros((int(self.debuts[-1]), *valeurs.shape[1:]))
        tout[: self.unites] = valeurs
        for niveau, debut in zip(self.niveaux, self.debuts[1:], strict=False):
            dedans = np.flatnonzero(niveau.groupes >= 0)
            np.add.at(tout, debut + niveau.groupes[dedans], tout[self.debuts[niveau.de] + dedans])
        return tout


def axe(unites: int, *groupements: np.ndarray, total: bool = True) -> Axe:
    """Axe dont chaque groupement réunit des unités de base (ils se coupent librement), avec son total."""
    groupes = [*groupements, *([np.zeros(unites, int)] if total else [])]
    return Axe(unites, tuple(Niveau(np.asarray(g)) for g in groupes))


@dataclass(frozen=True)
class Regle:
    """Ce qu'un tableau protège, et ce que chacun sait d'une case masquée."""

    seuil: int = 5
    zeros_publies: bool = True
    inf: float | None = None
    """Par défaut 1 si les zéros sont publiés, 0 sinon."""
    sup: float = np.inf


@dataclass(frozen=True)
class Tableau:
    """Un tableau complet et son système, dont les cases suivent l'ordre de lecture."""

    valeurs: np.ndarray
    systeme: Systeme = field(repr=False)

    def case(self, *position: int) -> int:
        """Rang d'une case ; une position négative compte depuis la fin (-1 : le total)."""
        positives = [p % n for p, n in zip(position, self.valeurs.shape, strict=True)]
        return int(np.ravel_multi_index(positives, self.valeurs.shape))


def make_tableau(table: np.ndarray, axes: tuple[Axe, ...] | None = None, regle: Regle | None = None) -> Tableau:
    """Étend ``table`` (1 à 4 dimensions) de ses marges, et protège ses petits effectifs."""
    axes, regle = axes or tuple(axe(n) for n in table.shape), regle or Regle()
    valeurs = _extend(np.asarray(table, dtype=float), axes)
    plates = valeurs.ravel()
    sensibles = (plates > 0) & (plates < regle.seuil)
    etats = np.full(plates.size, Etat.LIBRE, dtype=np.int8)
    etats[sensibles] = Etat.SENSIBLE
    if regle.zeros_publies:
        etats[plates == 0] = Etat.PUBLIEE
    inf = float(regle.zeros_publies) if regle.inf is None else regle.inf
    # Trois cases de 1 font un total d'au moins 3, que chacun sait : on ne peut en promettre moins.
    certain = inf * _extend(np.asarray(table) > 0, axes).ravel()
    systeme = Systeme(
        valeurs=plates,
        inf=np.full(plates.size, inf),
        sup=np.full(plates.size, regle.sup),
        relations=_cross_relations(axes),
        etats=etats,
        couts=np.log1p(plates),
        plafond=np.where(sensibles, float(regle.seuil), np.nan),
        plancher=np.where(sensibles, np.maximum(certain, plates - 1), np.nan),
        entieres=np.ones(plates.size, dtype=bool),
    )
    systeme.check()
    return Tableau(valeurs, systeme)


def _extend(valeurs: np.ndarray, axes: tuple[Axe, ...]) -> np.ndarray:
    for rang, a in enumerate(axes):
        valeurs = np.moveaxis(a.extend(np.moveaxis(valeurs, rang, 0)), 0, rang)
    return valeurs


def _cross_relations(axes: tuple[Axe, ...]) -> sparse.csr_matrix:
    """Relations de chaque axe, répétées pour toutes les positions des autres."""
    longueurs = [int(a.debuts[-1]) for a in axes]
    morceaux = []
    for rang, a in enumerate(axes):
        avant, apres = int(np.prod(longueurs[:rang])), int(np.prod(longueurs[rang + 1 :]))
        bloc = sparse.kron(sparse.identity(avant), a.relations())
        morceaux.append(sparse.kron(bloc, sparse.identity(apres)))
    return sparse.csr_matrix(sparse.vstack(morceaux))
