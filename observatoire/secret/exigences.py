"""Exigences : ce qu'on promet de chaque case masquée, et celles qu'un masque ne tient pas.

Promesse (méthodes §1.5) : l'attaquant croit possible au moins ``plafond`` et au plus ``plancher``. Un
tableau possible qui atteint ces deux niveaux en est la preuve ; un seul en prouve souvent beaucoup.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from observatoire.mesures.intervalles import Vecteur
from observatoire.mesures.programmation_lineaire import Extreme, Sens
from observatoire.secret.attaque import Composante, Coupe
from observatoire.secret.systeme import Booleens, Etat, Systeme

GROUPE = 6
"""Nombre de promesses à partir duquel un témoin commun vaut d'être cherché."""
RENDEMENT = 0.8
"""Part des promesses restantes au-delà de laquelle les témoins communs ne rapportent plus."""
MARGE = 1e-6
"""Écart toléré sur une borne : la précision du solveur."""


class Faute(NamedTuple):
    """Promesse qu'un masque ne tient pas."""

    case: int
    place: int
    sens: Sens
    extreme: Extreme


@dataclass(frozen=True)
class Promesses:
    """Niveaux promis (n,) ; ``nan`` : rien de promis."""

    plafond: Vecteur
    plancher: Vecteur

    def keep(self, cases: Booleens) -> Promesses:
        """Les seules promesses de certaines cases."""
        return Promesses(np.where(cases, self.plafond, np.nan), np.where(cases, self.plancher, np.nan))


def read_promesses(systeme: Systeme) -> Promesses:
    """Promesses qui engagent vraiment : au-delà de la valeur elle-même."""
    plafond = np.where(systeme.plafond > systeme.valeurs, systeme.plafond, np.nan)
    plancher = np.where(systeme.plancher < systeme.valeurs, systeme.plancher, np.nan)
    return Promesses(plafond, plancher)


def list_fautes(composante: Composante, promesses: Promesses) -> list[Faute]:
    """Promesses que la composante ne tient pas.

    Chaque tableau possible trouvé sert de témoin pour toutes les autres cases.
    """
    cases = composante.cases
    niveaux = {Sens.HAUT: promesses.plafond[cases], Sens.BAS: promesses.plancher[cases]}
    restent = {sens: ~np.isnan(niveau) for sens, niveau in niveaux.items()}
    fautes = []
    for sens, niveau in niveaux.items():
        _clear_together(composante, niveaux, restent, sens)
        while restent[sens].any():
            place = int(np.argmax(restent[sens]))
            extreme = composante.find_extreme(place, sens)
            restent[sens][place] = False
            if extreme.point is not None:
                _clear(extreme.point, niveaux, restent)
            if not reaches(extreme.valeur, niveau[place], sens):
                fautes.append(Faute(int(cases[place]), place, sens, extreme))
    return fautes


def _clear_together(
    composante: Composante, niveaux: dict[Sens, Vecteur], restent: dict[Sens, Booleens], sens: Sens
) -> None:
    """Cherche des témoins communs à beaucoup de promesses, tant que chacun en prouve assez."""
    while (avant := int(restent[sens].sum())) >= GROUPE:
        places = np.flatnonzero(restent[sens])
        temoin = composante.find_temoin(places, niveaux[sens][places], sens)
        if temoin is None:
            return
        _clear(temoin, niveaux, restent)
        if restent[sens].sum() > RENDEMENT * avant:
            return


def _clear(point: Vecteur, niveaux: dict[Sens, Vecteur], restent: dict[Sens, Booleens]) -> None:
    """Les promesses que ce tableau possible atteint sont tenues."""
    for sens, niveau in niveaux.items():
        restent[sens] &= ~reaches(point, niveau, sens)


def reaches(valeurs: Vecteur | float, niveaux: Vecteur | float, sens: Sens) -> Booleens:
    """Vrai là où une valeur atteint le niveau promis ; faux sans promesse."""
    with np.errstate(invalid="ignore"):
        if sens is Sens.HAUT:
            return np.asarray(np.asarray(valeurs) >= np.asarray(niveaux) - MARGE)
        return np.asarray(np.asarray(valeurs) <= np.asarray(niveaux) + MARGE)


def build_coupes(systeme: Systeme, composante: Composante, fautes: list[Faute], promesses: Promesses) -> list[Coupe]:
    """Une coupe par promesse non tenue ; le besoin est celui de la promesse entière."""
    coupes = []
    for faute in fautes:
        niveau = promesses.plafond if faute.sens is Sens.HAUT else promesses.plancher
        besoin = abs(float(niveau[faute.case] - systeme.valeurs[faute.case]))
        coupes.append(composante.build_coupe(faute.place, faute.sens, faute.extreme, besoin))
    return coupes


def cap_promesses(systeme: Systeme, promesses: Promesses, coupe: Coupe) -> bool:
    """Ramène une promesse à ce que l'on peut tenir ; vrai si la coupe montrait qu'elle ne peut l'être.

    Une population publique de trois habitants, un chiffre déjà diffusé bornent quoi que l'on masque : la
    coupe le prouve, quand toutes les cases qu'on peut masquer n'y suffisent pas.
    """
    apport = float(coupe.coefficients[systeme.etats[coupe.cases] != Etat.PUBLIEE].sum())
    if apport >= coupe.besoin - MARGE:
        return False
    valeur = systeme.valeurs[coupe.case]
    if coupe.sens is Sens.HAUT:
        niveau = valeur + apport
        promesses.plafond[coupe.case] = np.floor(niveau + MARGE) if systeme.entieres[coupe.case] else niveau
        if promesses.plafond[coupe.case] <= valeur + MARGE:
            promesses.plafond[coupe.case] = np.nan
    else:
        niveau = valeur - apport
        promesses.plancher[coupe.case] = np.ceil(niveau - MARGE) if systeme.entieres[coupe.case] else niveau
        if promesses.plancher[coupe.case] >= valeur - MARGE:
            promesses.plancher[coupe.case] = np.nan
    return True
