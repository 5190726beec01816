"""Preuve : un masque et son audit, l'un retouché jusqu'à ce que l'autre n'y trouve rien."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from observatoire.errors import PublicationError
from observatoire.secret.attaque import Attaque, Indices
from observatoire.secret.audit import Audit, Bornes, audit
from observatoire.secret.exigences import Promesses
from observatoire.secret.masque import DELAI_S, Masque, solve_masque
from observatoire.secret.reparation import repair
from observatoire.secret.systeme import Booleens, Etat, Systeme

PRUDENTES = 8
"""Nombre de retouches où l'on n'ajoute qu'une case à la fois."""
RETOUCHES = 50
"""Nombre de retouches au-delà duquel on refuse de publier."""
STABILITE = 0.10
"""Une case masquée à la période d'avant le reste tant que ces reconductions ne coûtent pas plus que cette
part du masque."""


class ProtectionError(PublicationError):
    """Aucune protection n'a pu être prouvée : rien n'est publié."""


@dataclass(frozen=True)
class Preuve:
    """Masque audité.

    Attributes:
        masque: masque retenu.
        audit: ce que l'attaquant en déduit.
        reconduites: cases masquées parce qu'elles l'étaient.
        renoncees: cases masquées la fois d'avant, publiées cette fois-ci.
    """

    masque: Masque
    audit: Audit
    reconduites: Booleens
    renoncees: int


def prove(
    systeme: Systeme,
    *,
    delai_s: float = DELAI_S,
    avant: Booleens | None = None,
    progression: Callable[[float], None] | None = None,
) -> Preuve:
    """Masque un système et prouve que les promesses tiennent, en nombres entiers.

    Args:
        systeme: cases et relations.
        delai_s: temps donné à la recherche du masque le moins coûteux.
        avant: cases masquées à la période d'avant (n,) : elles le restent si cela coûte peu.
        progression: appelée avec la part de l'audit faite.

    Raises:
        ProtectionError: une promesse ne peut être tenue.
    """
    masque = solve_masque(systeme, delai_s=delai_s)
    masquees, reconduites = _renew(systeme, masque, avant)
    promesses = masque.promesses
    memoire: dict[bytes, Bornes] = {}
    retouche = _Retouche(systeme)
    for _ in range(RETOUCHES):
        resultat = audit(systeme, masquees, promesses, sures=memoire, progression=progression)
        if resultat.tient:
            retenu = _conclude(systeme, masque, masquees)
            renoncees = 0 if avant is None else int((avant & _can_hide(systeme) & ~masquees).sum())
            return Preuve(retenu, resultat, reconduites & masquees, renoncees)
        # Ce qu'une retouche masque doit être protégé à son tour.
        masquees = repair(systeme, retouche.apply(masquees, promesses, resultat), promesses)
    msg = (
        f"La protection de {len(resultat.trahies)} cases n'a pu être prouvée : rien n'est publié. Retirez un "
        "niveau ou une modalité, ou attendez la prochaine période."
    )
    raise ProtectionError(msg)


def _can_hide(systeme: Systeme) -> Booleens:
    return systeme.etats != Etat.PUBLIEE


def _renew(systeme: Systeme, masque: Masque, avant: Booleens | None) -> tuple[Booleens, Booleens]:
    """Reconduit le masque d'avant, des cases les moins coûteuses aux plus coûteuses, dans la limite fixée."""
    masquees = masque.masquees.copy()
    reconduites = np.zeros(len(systeme), dtype=bool)
    if avant is None:
        return masquees, reconduites
    reconduites = avant & masquees
    choix = np.flatnonzero(avant & ~masquees & (systeme.etats == Etat.LIBRE))
    choix = choix[np.argsort(systeme.couts[choix], kind="stable")]
    total = float(systeme.couts[masquees & (systeme.etats != Etat.OCCULTE)].sum())
    gardees = choix[np.cumsum(systeme.couts[choix]) <= STABILITE * total]
    masquees[gardees] = True
    reconduites[gardees] = True
    return masquees, reconduites


@dataclass
class _Retouche:
    """Retouches d'un masque dont l'audit n'est pas content.

    Attributes:
        systeme: cases et relations.
        tours: retouches faites.
        essayees: cases masquées puis retrouvées : on ne les reprend qu'en dernier.
        cernees: cases autour desquelles on a déjà tout masqué.
    """

    systeme: Systeme
    tours: int = 0
    essayees: set[int] = field(default_factory=set)
    cernees: set[int] = field(default_factory=set)

    def apply(self, masquees: Booleens, promesses: Promesses, resultat: Audit) -> Booleens:
        """Publie ce qui se retrouve ; élargit les composantes dont une promesse n'est pas tenue."""
        self.tours += 1
        retouchees = masquees.copy()
        retrouvees = set(resultat.retrouvees.tolist())
        retouchees[resultat.retrouvees] = False
        self.essayees |= retrouvees
        attaque = Attaque(self.systeme, masquees)
        for case in sorted(set(resultat.trahies.tolist()) - retrouvees):
            voisines = attaque.find_composante(case)[0].list_voisines(retouchees)
            choisies = self._choose(case, voisines[self.systeme.etats[voisines] == Etat.LIBRE])
            if len(choisies):
                retouchees[choisies] = True
            elif self.systeme.etats[case] == Etat.LIBRE:
                retouchees[case] = False
            else:
                _lower(promesses, resultat, case)
        return retouchees

    def _choose(self, case: int, voisines: Indices) -> Indices:
        """Une case, la moins coûteuse ; puis toutes les neuves ; puis toutes, une seule fois."""
        neuves = voisines[~np.isin(voisines, list(self.essayees))]
        if len(neuves):
            return neuves[[int(np.argmin(self.systeme.couts[neuves]))]] if self.tours <= PRUDENTES else neuves
        if case in self.cernees:
            return neuves
        self.cernees.add(case)
        return voisines


def _lower(promesses: Promesses, resultat: Audit, case: int) -> None:
    """Rien de plus ne peut être masqué autour : la promesse est ce que le public ignore déjà."""
    if not np.isnan(promesses.plafond[case]):
        promesses.plafond[case] = min(promesses.plafond[case], resultat.haut_entier[case])
    if not np.isnan(promesses.plancher[case]):
        promesses.plancher[case] = max(promesses.plancher[case], resultat.bas_entier[case])


def _conclude(systeme: Systeme, masque: Masque, masquees: Booleens) -> Masque:
    """Le masque retenu, son coût, et s'il est encore le moins coûteux."""
    if (masquees == masque.masquees).all():
        return masque
    cout = float(systeme.couts[masquees & (systeme.etats == Etat.LIBRE)].sum())
    return replace(masque, masquees=masquees, cout=cout, optimal=cout <= masque.borne + 1e-6)
