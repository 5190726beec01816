"""Audit privé d'une zone : ce que l'attaquant déduirait de chaque case masquée, une fois la zone diffusée.

Il connaît tout ce qui a été publié, les relations entre niveaux, modalités et variables, et l'intervalle de
chaque zone arrondie. Aucune valeur ne sort d'ici : la réponse est oui ou non.
"""

from __future__ import annotations

import time

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from observatoire.mesures.intervalles import Vecteur
from observatoire.mesures.programmation_lineaire import find_composantes
from observatoire.secret.attaque import Indices, bound_cases
from observatoire.secret.systeme import Booleens, Systeme
from observatoire.secret.zones_systeme import Montage

MARGE = 1e-6
"""Écart toléré sur une borne : la précision du solveur."""
DELAI_S = 20.0
"""Temps donné à toutes les recherches de tableaux entiers ; au-delà, rien n'est prouvé : la zone est refusée."""


def keeps_promesses(montage: Montage) -> bool:
    """Vrai si toute case masquée liée aux sommes demandées tient encore sa promesse une fois celles-ci connues."""
    systeme, masquees, demandees = montage
    caches = np.flatnonzero(masquees)
    etiquettes = find_composantes(systeme.relations[:, caches])
    touchees = etiquettes[np.isin(caches, list(demandees.values()))]
    return not find_fautes(systeme, masquees, caches[np.isin(etiquettes, touchees)]).size


def find_fautes(systeme: Systeme, masquees: Booleens, cases: Indices) -> Indices:
    """Cases, parmi celles-ci, dont l'attaquant déduit plus que promis.

    Là où une promesse entière tient à moins de 1, un tableau entier doit l'atteindre : les bornes en nombres
    réels sont plus larges que ce que l'attaquant sait.
    """
    valeurs, plafond, plancher = systeme.valeurs[cases], systeme.plafond[cases], systeme.plancher[cases]
    # Une promesse que la valeur tient d'elle-même ne demande rien.
    hautes, basses = plafond > valeurs, plancher < valeurs
    if not (hautes | basses).any():
        return cases[:0]
    bas, haut = (bornes[cases] for bornes in bound_cases(systeme, masquees, cases[hautes | basses]))
    fautes = np.zeros(len(cases), dtype=bool)
    for engagees, ecarts, sens in ((hautes, haut - plafond, 1.0), (basses, plancher - bas, -1.0)):
        fautes |= engagees & (ecarts < -MARGE)
        proches = engagees & (ecarts >= -MARGE) & (ecarts < 1.0 - MARGE) & systeme.entieres[cases]
        if proches.any():
            niveaux = plafond if sens > 0 else plancher
            tient = _reach_entiers(systeme, masquees, cases[proches], niveaux[proches], sens)
            fautes[np.flatnonzero(proches)[~tient]] = True
    return cases[fautes]


def _reach_entiers(systeme: Systeme, masquees: Booleens, cases: Indices, niveaux: Vecteur, sens: float) -> Booleens:
    """Vrai là où un tableau d'effectifs entiers atteint le niveau (au moins si ``sens`` est positif, au plus sinon)."""
    caches = np.flatnonzero(masquees)
    sous = sparse.csr_matrix(systeme.relations[:, caches])
    etiquettes = find_composantes(sous)
    reste = -(systeme.relations @ np.where(masquees, 0.0, systeme.valeurs))
    tient = np.zeros(len(cases), dtype=bool)
    fin = time.monotonic() + DELAI_S
    for rang, (case, niveau) in enumerate(zip(cases, niveaux, strict=True)):
        ici = np.flatnonzero(etiquettes == etiquettes[np.searchsorted(caches, case)])
        lignes = np.flatnonzero(np.diff(sous[:, ici].indptr) > 0)
        colonnes = caches[ici]
        inf, sup = systeme.inf[colonnes].copy(), systeme.sup[colonnes].copy()
        place = int(np.searchsorted(colonnes, case))
        (inf if sens > 0 else sup)[place] = niveau
        resultat = milp(
            np.zeros(len(ici)),
            constraints=LinearConstraint(sous[lignes][:, ici], reste[lignes], reste[lignes]),
            bounds=Bounds(inf, sup),
            integrality=systeme.entieres[colonnes].astype(int),
            options={"time_limit": max(0.0, fin - time.monotonic())},
        )
        tient[rang] = resultat.x is not None
    return tient
