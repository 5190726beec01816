"""Preuve : un masque et son audit, l'un retouché jusqu'à ce que l'autre n'y trouve rien."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from observatoire.errors import PublicationError
from observatoire.secret.attaque import Attaque
from observatoire.secret.audit import Audit, Bornes, audit
from observatoire.secret.exigences import Promesses
from observatoire.secret.masque import DELAI_S, Masque, solve_masque
from observatoire.secret.systeme import Booleens, Etat, Systeme

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
    for _ in range(RETOUCHES):
        resultat = audit(systeme, masquees, promesses, sures=memoire, progression=progression)
        if resultat.tient:
            retenu = _conclude(systeme, masque, masquees)
            renoncees = 0 if avant is None else int((avant & _can_hide(systeme) & ~masquees).sum())
            return Preuve(retenu, resultat, reconduites & masquees, renoncees)
        masquees = _touch_up(systeme, masquees, promesses, resultat)
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


def _touch_up(systeme: Systeme, masquees: Booleens, promesses: Promesses, resultat: Audit) -> Booleens:
    """Publie ce qui se retrouve ; élargit d'une case les composantes dont une promesse n'est pas tenue."""
    retouchees = masquees.copy()
    retouchees[resultat.retrouvees] = False
    attaque = Attaque(systeme, masquees)
    trahies = set(resultat.trahies.tolist()) - set(resultat.retrouvees.tolist())
    for case in sorted(trahies):
        composante, _place = attaque.find_composante(case)
        voisines = composante.list_voisines(retouchees)
        voisines = voisines[systeme.etats[voisines] == Etat.LIBRE]
        if len(voisines):
            retouchees[voisines[np.argmin(systeme.couts[voisines])]] = True
        elif systeme.etats[case] == Etat.LIBRE:
            retouchees[case] = False
        else:
            _lower(promesses, resultat, case)
    return retouchees


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
