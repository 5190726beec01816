"""Formules des types de mesure, avec bornes : rapport, moyenne, évolution (méthodes §3.1)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from observatoire.mesures.intervalles import Vecteur, bounds_of_ratio


class Encadre(NamedTuple):
    """Valeur et bornes, case par case ; ``nan`` : inconnu."""

    valeur: Vecteur
    inf: Vecteur
    sup: Vecteur


def compute_ratio(num: Encadre, den: Encadre, multiplicateur: float, *, part: bool) -> Encadre:
    """Rapport des sommes, multiplié ; ``nan`` si le dénominateur est nul.

    ``part`` : le numérateur est inclus dans le dénominateur, le rapport est donc entre 0 et 1.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        valeur = np.where(den.valeur > 0, num.valeur / den.valeur, np.nan)
    inf, sup = bounds_of_ratio((num.inf, num.sup), (den.inf, den.sup), part=part)
    return Encadre(valeur * multiplicateur, inf * multiplicateur, sup * multiplicateur)


def compute_evolution(debut: Encadre, fin: Encadre, annees: Vecteur) -> Encadre:
    """Taux annuel moyen d'évolution, en % : ``((fin / debut)^(1/n) - 1) x 100``.

    ``nan`` si la durée n'est pas positive ou si l'effectif de départ est nul.
    """
    utiles = np.where(annees > 0, annees, np.nan)

    def taux(arrivee: Vecteur, depart: Vecteur) -> Vecteur:
        with np.errstate(divide="ignore", invalid="ignore"):
            rapport = np.where(depart > 0, arrivee / depart, np.nan)
            # Un rapport de 1 donnerait 1 à toute puissance, même inconnue.
            return np.where(annees > 0, (np.power(rapport, 1.0 / utiles) - 1.0) * 100.0, np.nan)

    return Encadre(taux(fin.valeur, debut.valeur), taux(fin.inf, debut.sup), taux(fin.sup, debut.inf))


def compute_moyenne(somme_ponderee: Encadre, poids: Encadre, multiplicateur: float) -> Encadre:
    """Moyenne pondérée ``Σ w·x / Σ w``, multipliée."""
    return compute_ratio(somme_ponderee, poids, multiplicateur, part=False)
