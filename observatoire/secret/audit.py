"""Audit : pour chaque case masquée, ce que l'attaquant déduit, et si la promesse tient (méthodes §1.5).

Les bornes en nombres réels sont un intervalle extérieur. Là où elles touchent la promesse à moins de 1
sans tableau entier pour témoin, les programmes sont rejoués en nombres entiers : rien n'est promis que
l'attaquant pourrait serrer davantage.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from observatoire.mesures.intervalles import Vecteur
from observatoire.mesures.programmation_lineaire import Extreme, Sens
from observatoire.secret.attaque import Attaque, Composante, Indices
from observatoire.secret.exigences import MARGE, Promesses, reaches
from observatoire.secret.systeme import Booleens, Etat, Systeme

IGNOREE = Extreme(np.nan, None, None)
"""Ce que l'on n'a pas cherché."""
DEUX = 2.0
"""Un intervalle plus étroit peut ne tenir qu'un seul entier."""


@dataclass(frozen=True)
class Audit:
    """Résultat d'un audit.

    Attributes:
        bas: plus petite valeur possible de chaque case masquée, en nombres réels (n,) ; ``nan`` si publiée.
        haut: plus grande. Ces bornes ne dépendent que du publié : elles peuvent se montrer. Celles qu'on a
            rejouées en nombres entiers n'y sont pas : les montrer dirait lesquelles l'ont été.
        trahies: cases dont la promesse ne tient pas.
        retrouvees: cases masquées par choix dont il ne reste qu'une valeur possible.
        rejouees: nombre de programmes rejoués en nombres entiers.
        bas_entier: plus petite valeur possible, là où elle a été rejouée.
        haut_entier: plus grande.
    """

    bas: Vecteur
    haut: Vecteur
    trahies: Indices
    retrouvees: Indices
    rejouees: int
    bas_entier: Vecteur
    haut_entier: Vecteur

    @property
    def tient(self) -> bool:
        """Vrai si toutes les promesses tiennent, et que rien de masqué ne se retrouve."""
        return not len(self.trahies) and not len(self.retrouvees)


class Bornes(NamedTuple):
    """Bornes d'une composante : réelles, et entières là où elles ont été rejouées."""

    bas: Vecteur
    haut: Vecteur
    bas_entier: Vecteur
    haut_entier: Vecteur
    rejouees: int


def audit(
    systeme: Systeme,
    masquees: Booleens,
    promesses: Promesses,
    *,
    sures: dict[bytes, Bornes] | None = None,
    progression: Callable[[float], None] | None = None,
) -> Audit:
    """Encadre toutes les cases masquées et vérifie toutes les promesses.

    Args:
        systeme: cases et relations.
        masquees: cases masquées (n,).
        promesses: ce qui est garanti.
        sures: composantes déjà auditées ; complété au passage, pour un audit repris après une retouche.
        progression: appelée avec la part des cases faite.
    """
    memoire = {} if sures is None else sures
    bornes = [np.full(len(systeme), np.nan) for _ in range(4)]
    rejouees, faites, total = 0, 0, max(1, int(masquees.sum()))
    for composante in Attaque(systeme, masquees).list_composantes():
        if composante.cle not in memoire:
            memoire[composante.cle] = _bound(systeme, composante, promesses)
        lues = memoire[composante.cle]
        for place, valeurs in enumerate(lues[:4]):
            bornes[place][composante.cases] = valeurs
        rejouees += lues.rejouees
        faites += len(composante.cases)
        if progression:
            progression(faites / total)
    bas, haut, bas_entier, haut_entier = bornes
    return Audit(
        bas,
        haut,
        _list_trahies(masquees, promesses, bas_entier, haut_entier),
        _list_retrouvees(systeme, bas_entier, haut_entier),
        rejouees,
        bas_entier,
        haut_entier,
    )


def _list_trahies(masquees: Booleens, promesses: Promesses, bas: Vecteur, haut: Vecteur) -> Indices:
    engagees_haut = masquees & ~np.isnan(promesses.plafond)
    engagees_bas = masquees & ~np.isnan(promesses.plancher)
    fautes = (engagees_haut & ~reaches(haut, promesses.plafond, Sens.HAUT)) | (
        engagees_bas & ~reaches(bas, promesses.plancher, Sens.BAS)
    )
    return np.flatnonzero(fautes)


def _list_retrouvees(systeme: Systeme, bas: Vecteur, haut: Vecteur) -> Indices:
    """Cases qu'on a choisi de masquer et dont l'intervalle est un point : les masquer ne sert à rien."""
    choisies = systeme.etats == Etat.LIBRE
    with np.errstate(invalid="ignore"):
        marge = np.where(systeme.entieres, 1.0 - MARGE, MARGE * np.maximum(1.0, systeme.valeurs))
        return np.flatnonzero(choisies & (haut - bas < marge))


def _bound(systeme: Systeme, composante: Composante, promesses: Promesses) -> Bornes:
    """Bornes d'une composante : en nombres réels, puis entières là où cela peut changer la réponse."""
    cases = composante.cases
    niveaux = {Sens.BAS: promesses.plancher[cases], Sens.HAUT: promesses.plafond[cases]}
    # Une case jamais montrée dont rien n'est promis n'intéresse personne.
    muettes = (systeme.etats[cases] == Etat.OCCULTE) & np.isnan(niveaux[Sens.BAS]) & np.isnan(niveaux[Sens.HAUT])
    extremes = {
        sens: [IGNOREE if muette else composante.find_extreme(place, sens) for place, muette in enumerate(muettes)]
        for sens in (Sens.BAS, Sens.HAUT)
    }
    reelles = {sens: np.array([e.valeur for e in liste]) for sens, liste in extremes.items()}
    entieres = {sens: valeurs.copy() for sens, valeurs in reelles.items()}
    comptees = systeme.entieres[cases]
    with np.errstate(invalid="ignore"):
        serrees = reelles[Sens.HAUT] - reelles[Sens.BAS] < DEUX - MARGE
    rejouees = 0
    for sens, liste in extremes.items():
        with np.errstate(invalid="ignore"):
            proches = np.abs(reelles[sens] - niveaux[sens]) < 1.0 - MARGE
        for place in np.flatnonzero((proches | serrees) & comptees).tolist():
            if not _is_whole(liste[place], comptees):
                entieres[sens][place] = composante.find_extreme(place, sens, entier=True).valeur
                rejouees += 1
    return Bornes(reelles[Sens.BAS], reelles[Sens.HAUT], entieres[Sens.BAS], entieres[Sens.HAUT], rejouees)


def _is_whole(extreme: Extreme, entieres: Booleens) -> bool:
    """Vrai si le tableau qui atteint la borne est entier : la borne l'est donc aussi."""
    if extreme.point is None:
        return not np.isfinite(extreme.valeur) or float(extreme.valeur).is_integer()
    point = extreme.point[entieres]
    return bool(np.all(np.abs(point - np.round(point)) < MARGE))
