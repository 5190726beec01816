"""Masque : quelles cases cacher, au moindre coût, pour que toutes les promesses tiennent ensemble.

Méthode exacte de Fischetti et Salazar (Mathematical Programming, 1999) : un maître choisit le masque le
moins coûteux, l'attaquant l'éprouve, chaque promesse trahie rend une coupe ; on recommence jusqu'à ce que
toutes tiennent. Le masque trouvé est alors optimal. Si le délai expire, le masque est complété jusqu'à ce
qu'il tienne, et l'écart au mieux est dit.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from observatoire.mesures.intervalles import Vecteur
from observatoire.secret.attaque import Attaque, Coupe, Indices
from observatoire.secret.exigences import Promesses, build_coupes, cap_promesses, list_fautes, read_promesses
from observatoire.secret.maitre import Maitre
from observatoire.secret.ponts import list_ponts
from observatoire.secret.relaxation import MOITIE
from observatoire.secret.reparation import DELAI_S as REPARATION_MAX_S
from observatoire.secret.reparation import prune, repair
from observatoire.secret.systeme import Booleens, Etat, Systeme

DELAI_S = 300.0
INFIME = 1e-6
"""Part masquée que l'on tient pour nulle."""
AMPLITUDE = 2.0
"""Une case relâchée varie d'au plus tant de fois le plus haut niveau promis."""
GUIDE = 0.9
"""Part du coût d'une case dont on fait grâce quand la relaxation la masque tout entière."""
REPARATION_MIN_S = 3.0
"""Temps laissé à la construction d'un masque, si pressé que l'on soit : à défaut, on masquerait tout."""
RECOLTES = 8
"""Essais de complétion entre deux maîtres."""
PATIENCE_S = 10.0
ECART_VISE = 0.005
"""Passé ``PATIENCE_S`` secondes, un masque à moins de cela du meilleur suffit."""
TOLERANCES = (0.05, 0.01, 0.0)
"""Écarts successifs au mieux : un masque qui tient d'abord, le meilleur ensuite."""


@dataclass(frozen=True)
class Masque:
    """Masque d'un système.

    Attributes:
        masquees: cases masquées (n,), occultes comprises.
        promesses: ce qu'il garantit, case par case.
        reduites: cases dont la promesse est bornée par ce qui est déjà public.
        cout: coût des cases masquées par choix (ni sensibles, ni occultes).
        borne: aucun masque sûr ne coûte moins.
        optimal: vrai si l'optimum est prouvé.
        tours: allers et retours entre le maître et l'attaquant.
        coupes: coupes employées.
    """

    masquees: Booleens
    promesses: Promesses
    reduites: Indices
    cout: float
    borne: float
    optimal: bool
    tours: int
    coupes: int

    @property
    def ecart(self) -> float:
        """Part du coût que l'on n'a pas prouvée nécessaire (0 : optimum)."""
        return 0.0 if self.optimal or self.cout <= 0 else max(0.0, 1.0 - self.borne / self.cout)


def solve_masque(systeme: Systeme, *, delai_s: float = DELAI_S) -> Masque:
    """Trouve le masque le moins coûteux qui tienne toutes les promesses, en nombres réels.

    Les promesses se vérifient ensuite en nombres entiers par ``audit.audit``, qui peut en demander plus.

    Args:
        systeme: cases et relations.
        delai_s: temps de calcul au-delà duquel on complète le masque plutôt que d'en chercher un meilleur ; ce
            que font d'autres programmes pendant ce temps n'y change rien.

    Raises:
        SystemeIncoherentError: les relations contredisent les valeurs.
    """
    systeme.check()
    recherche = Recherche(systeme, read_promesses(systeme), Maitre(systeme, time.thread_time() + delai_s))
    recherche.relax()
    optimal = all(recherche.improve(tolerance) for tolerance in TOLERANCES)
    masquees = recherche.conclude(optimal=optimal)
    cout = recherche.compute_cout(masquees)
    return Masque(
        masquees=masquees,
        promesses=recherche.promesses,
        reduites=recherche.promesses.list_reduites(read_promesses(systeme)),
        cout=cout,
        borne=cout if optimal else min(recherche.borne, cout),
        optimal=optimal,
        tours=recherche.tours,
        coupes=recherche.maitre.nombre,
    )


class Recherche:
    """Allers et retours entre le maître et l'attaquant ; garde le meilleur masque qui tienne."""

    def __init__(self, systeme: Systeme, promesses: Promesses, maitre: Maitre) -> None:
        """Part du seul secret primaire."""
        self.systeme = systeme
        self.promesses = promesses
        self.maitre = maitre
        self._sures: set[bytes] = set()
        self.tours = 0
        self.borne = 0.0
        self._debut = time.thread_time()
        self._delai_s = maitre.echeance - self._debut
        self._parts = np.zeros(len(systeme))
        self._meilleur: Booleens | None = None
        self._dernier = systeme.toujours_cachees

    @property
    def expiree(self) -> bool:
        """Vrai si le temps donné est écoulé."""
        return time.thread_time() > self.maitre.echeance

    def relax(self) -> None:
        """Réunit les coupes par la relaxation continue, jusqu'à ce qu'elles ne lui apprennent plus rien."""
        parts = self.systeme.toujours_cachees.astype(float)
        while not self.expiree:
            if not self.maitre.add(list_ponts(self.systeme, parts)):
                coupes = self._try(parts >= MOITIE)
                if not (coupes and self._add(coupes)) and not self._add(self._attack_parts(parts)):
                    break
            parts, borne = self.maitre.relax()
            self.borne = max(self.borne, borne)
        self._dernier, self._parts = parts > MOITIE, np.where(self.systeme.toujours_cachees, 0.0, parts)

    def improve(self, tolerance: float) -> bool:
        """Cherche un masque à ``tolerance`` du meilleur ; faux si le temps a manqué."""
        while not self.expiree:
            masquees, borne, prouve = self.maitre.solve(tolerance)
            self.borne = max(self.borne, borne)
            if not prouve:
                return False
            self._dernier = masquees
            self.maitre.add(list_ponts(self.systeme, masquees.astype(float)))
            coupes = self._try(masquees)
            if not coupes:
                return True
            self._add(coupes)
            self._harvest(masquees, coupes)
            if self._is_good_enough():
                return False
        return False

    def _harvest(self, masquees: Booleens, coupes: list[Coupe]) -> None:
        """Complète le masque au plus court et récolte d'autres coupes ; finit souvent par un masque qui tient."""
        for _ in range(RECOLTES):
            masquees = complete(self.systeme, masquees, coupes)
            coupes = self._try(masquees)
            if not coupes or self.expiree:
                return
            self._add(coupes)

    def _is_good_enough(self) -> bool:
        """Vrai si l'on a cherché un moment, et que le meilleur masque est tout près de la borne."""
        if self._meilleur is None or time.thread_time() - self._debut < PATIENCE_S:
            return False
        cout = self.compute_cout(self._meilleur)
        return cout - self.borne <= ECART_VISE * cout

    def _add(self, coupes: list[Coupe]) -> bool:
        """Ajoute des coupes, ou réduit les promesses qu'elles prouvent intenables ; vrai si cela change tout."""
        reduites = {c.case for c in coupes if cap_promesses(self.systeme, self.promesses, c)}
        return self.maitre.add([c for c in coupes if c.case not in reduites]) > 0 or bool(reduites)

    def conclude(self, *, optimal: bool) -> Booleens:
        """Le meilleur masque qui tienne ; s'il n'est pas prouvé le meilleur, on en construit deux autres, amincis.

        La relaxation les guide : ce qu'elle masque y coûte moins.
        """
        if optimal and self._meilleur is not None:
            return self._meilleur
        delai_s = min(REPARATION_MAX_S, max(REPARATION_MIN_S, self._delai_s))
        guide = replace(self.systeme, couts=self.systeme.couts * (1.0 - GUIDE * self._parts))
        meilleurs = [] if self._meilleur is None else [self._meilleur]
        for depart in (self._dernier, self.systeme.toujours_cachees):
            masquees = repair(guide, depart, self.promesses, delai_s=delai_s)
            meilleurs.append(prune(self.systeme, masquees, self.promesses, delai_s=delai_s))
        return min(meilleurs, key=self.compute_cout)

    def compute_cout(self, masquees: Booleens) -> float:
        """Coût des cases masquées par choix."""
        return float(self.systeme.couts[masquees & (self.systeme.etats == Etat.LIBRE)].sum())

    def _try(self, masquees: Booleens) -> list[Coupe]:
        """Éprouve un masque, et le garde s'il tient à moindre coût."""
        self.tours += 1
        coupes = attack(self.systeme, masquees, self.promesses, self._sures)
        if not coupes and (self._meilleur is None or self.compute_cout(masquees) < self.compute_cout(self._meilleur)):
            self._meilleur = masquees
        return coupes

    def _attack_parts(self, parts: Vecteur) -> list[Coupe]:
        """Coupes d'un masque relâché : chaque case ne varie qu'en proportion de la part masquée."""
        s = self.systeme
        hausse = np.minimum(s.sup - s.valeurs, AMPLITUDE * np.nanmax(s.plafond, initial=1.0))
        bornes = s.valeurs - (s.valeurs - s.inf) * parts, s.valeurs + hausse * parts
        choix = np.where(s.etats == Etat.LIBRE, parts, 1.0)
        p = self.promesses
        promesses = Promesses(s.valeurs + (p.plafond - s.valeurs) * choix, s.valeurs - (s.valeurs - p.plancher) * choix)
        coupes: list[Coupe] = []
        for composante in Attaque(s, parts > INFIME, bornes).list_composantes():
            coupes += build_coupes(s, composante, list_fautes(composante, promesses), self.promesses)
        return coupes


def complete(systeme: Systeme, masquees: Booleens, coupes: list[Coupe]) -> Booleens:
    """Masque assez de cases pour vérifier des coupes, la moins chère par unité utile d'abord."""
    complet = masquees.copy()
    for coupe in coupes:
        permises = systeme.etats[coupe.cases] != Etat.PUBLIEE
        cases, apports = coupe.cases[permises], coupe.coefficients[permises]
        manque = coupe.besoin - float(apports[complet[cases]].sum())
        if manque <= INFIME:
            continue
        dehors = ~complet[cases]
        cases, apports = cases[dehors], apports[dehors]
        ordre = np.argsort(systeme.couts[cases] / np.minimum(apports, manque), kind="stable")
        suffisent = int(np.searchsorted(np.cumsum(apports[ordre]), manque - INFIME)) + 1
        complet[cases[ordre[:suffisent]]] = True
    return complet


def attack(systeme: Systeme, masquees: Booleens, promesses: Promesses, sures: set[bytes]) -> list[Coupe]:
    """Coupes des promesses trahies ; une composante déjà éprouvée n'est pas reprise."""
    coupes: list[Coupe] = []
    for composante in Attaque(systeme, masquees).list_composantes():
        if composante.cle in sures:
            continue
        fautes = list_fautes(composante, promesses)
        if fautes:
            coupes += build_coupes(systeme, composante, fautes, promesses)
        else:
            sures.add(composante.cle)
    return coupes
