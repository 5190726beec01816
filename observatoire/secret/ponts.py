"""Ponts : une case masquée par choix, seule de sa relation, se retrouve ; la masquer ne sert à rien.

D'où une inégalité que tout masque utile vérifie, relation par relation : ``x_i ≤ Σ x_j`` sur les autres
cases. Elle se trouve en une passe sur la matrice, bien avant que l'attaquant ne la montre.
"""

from __future__ import annotations

import numpy as np

from observatoire.mesures.intervalles import Vecteur
from observatoire.mesures.programmation_lineaire import Sens
from observatoire.secret.attaque import Coupe
from observatoire.secret.systeme import Etat, Systeme

BRUIT = 1e-4
"""Écart sous lequel une part masquée ne viole rien."""


def list_ponts(systeme: Systeme, parts: Vecteur) -> list[Coupe]:
    """Inégalités violées par un masque, relâché ou non.

    Args:
        systeme: cases et relations.
        parts: part masquée de chaque case (n,).
    """
    relations = systeme.relations
    masquees = np.where(systeme.etats == Etat.PUBLIEE, 0.0, np.where(systeme.toujours_cachees, 1.0, parts))
    remplies = np.flatnonzero(np.diff(relations.indptr) > 0)
    if not len(remplies):
        return []
    valeurs, debuts = masquees[relations.indices], relations.indptr[remplies]
    sommes, plus_fortes = np.add.reduceat(valeurs, debuts), np.maximum.reduceat(valeurs, debuts)
    # Seule la plus forte part d'une relation peut dépasser la somme des autres.
    coupes = []
    for ligne in remplies[2.0 * plus_fortes > sommes + BRUIT]:
        cases = relations.indices[relations.indptr[ligne] : relations.indptr[ligne + 1]]
        if systeme.toujours_cachees[cases].any():
            continue
        libres = cases[systeme.etats[cases] == Etat.LIBRE]
        seule = int(libres[np.argmax(masquees[libres])])
        autres = np.asarray(libres[libres != seule], dtype=np.intp)
        coupes.append(Coupe(autres, np.ones(len(autres)), 1.0, seule, Sens.HAUT))
    return coupes
