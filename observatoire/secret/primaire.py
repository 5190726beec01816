"""Secret primaire : quelles cases sont sensibles, et ce qu'il faut en promettre (méthodes §1.3 et §1.5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from observatoire.mesures.intervalles import Vecteur
from observatoire.modeles.sources import RegleSecret
from observatoire.secret.systeme import Booleens, Etat

FREQUENCE, DOMINANCE, COMPLEMENT, SECONDAIRE, DIFFUSABLE = "A", "B", "C", "D", "V"
"""Motifs gardés dans le socle (codes du manuel de l'Insee ; ``C`` : complément ou groupe homogène)."""


@dataclass(frozen=True)
class Regle:
    """Règle d'une variable : la plus sévère de celles des indicateurs qui la montrent."""

    seuil: int
    zeros_publies: bool
    complement: bool
    homogene: bool
    dominance: float
    contributeurs_min: int


def strictest(regles: list[RegleSecret]) -> Regle:
    """Réunit plusieurs règles en gardant, point par point, la plus sévère."""
    return Regle(
        seuil=max(r.seuil for r in regles),
        zeros_publies=all(r.zeros_publies for r in regles),
        complement=any(r.complement for r in regles),
        homogene=any(r.homogene for r in regles),
        dominance=min(r.dominance for r in regles),
        contributeurs_min=max(r.contributeurs_min for r in regles),
    )


@dataclass(frozen=True)
class Exigences:
    """États et promesses de cases d'une même variable (mêmes longueurs)."""

    etats: NDArray[np.int8]
    motifs: NDArray[np.object_]
    inf: Vecteur
    plafond: Vecteur
    plancher: Vecteur


def classify_effectifs(valeurs: Vecteur, regle: Regle) -> Exigences:
    """Effectifs : ``0 < n < k`` est sensible ; une case masquée vaut au moins 1 si les zéros sont publiés."""
    nulles = valeurs == 0
    sensibles = (valeurs < regle.seuil) & (~nulles if regle.zeros_publies else True)
    etats = np.full(len(valeurs), Etat.LIBRE, dtype=np.int8)
    etats[sensibles] = Etat.SENSIBLE
    if regle.zeros_publies:
        etats[nulles] = Etat.PUBLIEE
    inf = np.where(nulles, 0.0, 1.0) if regle.zeros_publies else np.zeros(len(valeurs))
    plafond = np.where(sensibles, float(regle.seuil), np.nan)
    plancher = np.where(nulles, np.nan, np.maximum(inf, valeurs - 1.0))
    return Exigences(etats, _name(sensibles, FREQUENCE), inf, plafond, plancher)


def classify_montants(valeurs: Vecteur, contributeurs: Vecteur, plus_gros: Vecteur | None, regle: Regle) -> Exigences:
    """Montants : sensibles sous ``contributeurs_min`` contributeurs, ou si un seul domine.

    La promesse laisse au moins la marge complémentaire de la dominance (15 % pour 85 %) ; si le plus gros
    contributeur est connu, elle va jusqu'au total où il ne dominerait plus (règle (1, k), Hundepool et
    coauteurs, 2012).
    """
    peu = (contributeurs > 0) & (contributeurs < regle.contributeurs_min)
    domine = np.zeros(len(valeurs), dtype=bool)
    marge = (1.0 - regle.dominance) * valeurs
    if plus_gros is not None:
        domine = (valeurs > 0) & (plus_gros > regle.dominance * valeurs)
        marge = np.where(domine, np.maximum(marge, plus_gros / regle.dominance - valeurs), marge)
    sensibles = (peu | domine) & (valeurs > 0)
    etats = np.where(sensibles, Etat.SENSIBLE, Etat.LIBRE).astype(np.int8)
    etats[valeurs == 0] = Etat.PUBLIEE
    motifs = np.where(sensibles & domine & ~peu, DOMINANCE, _name(sensibles, FREQUENCE))
    plafond = np.where(sensibles, valeurs + marge, np.nan)
    plancher = np.where(sensibles, np.maximum(0.0, valeurs - (1.0 - regle.dominance) * valeurs), np.nan)
    return Exigences(etats, motifs.astype(object), np.zeros(len(valeurs)), plafond, plancher)


def promise_occultes(valeurs: Vecteur, seuil: int) -> tuple[Vecteur, Vecteur]:
    """Plafond et plancher promis d'effectifs jamais montrés : les totaux qui les entourent ne doivent pas les dire."""
    petits = (valeurs > 0) & (valeurs < seuil)
    return np.where(petits, float(seuil), np.nan), np.where(petits, valeurs - 1.0, np.nan)


def promise_complements(complements: Vecteur, ensembles: Vecteur, parts: Vecteur, regle: Regle) -> Vecteur:
    """Plafond promis de ceux qui ne sont pas concernés ; ``nan`` : rien à protéger.

    ``0 < N - n < k`` : les autres se comptent sur les doigts. ``n = N`` : tous sont concernés, ce qui en dit
    autant de chacun (règle de non-inférence, si le sujet est sensible).
    """
    petits = (complements > 0) & (complements < regle.seuil) & (parts > 0) & regle.complement
    tous = (complements == 0) & (parts > 0) & regle.homogene
    return np.where(petits | tous, np.minimum(float(regle.seuil), ensembles), np.nan)


def _name(sensibles: Booleens, motif: str) -> NDArray[np.object_]:
    return np.where(sensibles, motif, DIFFUSABLE).astype(object)
