"""Exigences : ce qu'on promet de chaque case masquée, et celles qu'un masque ne tient pas.

Promesse (méthodes §1.5) : l'attaquant croit possible au moins ``plafond`` et au plus ``plancher``. Un
tableau possible qui atteint ces deux niveaux en est la preuve ; un seul en prouve souvent beaucoup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from observatoire.mesures.intervalles import Vecteur
from observatoire.mesures.programmation_lineaire import Extreme, Sens
from observatoire.secret.attaque import Attaque, Composante, Coupe, Indices
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

    def copy(self) -> Promesses:
        """Les mêmes, à modifier sans crainte."""
        return Promesses(self.plafond.copy(), self.plancher.copy())

    def list_reduites(self, entieres: Promesses) -> Indices:
        """Cases dont la promesse n'est plus celle d'``entieres``."""
        haut, bas = self.plafond == entieres.plafond, self.plancher == entieres.plancher
        haut |= np.isnan(self.plafond) & np.isnan(entieres.plafond)
        bas |= np.isnan(self.plancher) & np.isnan(entieres.plancher)
        return np.flatnonzero(~(haut & bas))

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
    return list(iterate_fautes(composante, promesses))


def iterate_fautes(composante: Composante, promesses: Promesses, proches: Booleens | None = None) -> Iterator[Faute]:
    """Promesses non tenues, au fil de la recherche ; celles des cases ``proches`` (n,) d'abord."""
    cases = composante.cases
    niveaux = {Sens.HAUT: promesses.plafond[cases], Sens.BAS: promesses.plancher[cases]}
    restent = {sens: ~np.isnan(niveau) for sens, niveau in niveaux.items()}
    if proches is not None:
        for sens in niveaux:
            yield from _iterate_sens(composante, niveaux, restent, sens, proches[cases])
    for sens in niveaux:
        _clear_together(composante, niveaux, restent, sens)
        yield from _iterate_sens(composante, niveaux, restent, sens, np.ones(len(cases), dtype=bool))


def _iterate_sens(
    composante: Composante, niveaux: dict[Sens, Vecteur], restent: dict[Sens, Booleens], sens: Sens, voulues: Booleens
) -> Iterator[Faute]:
    """Éprouve une à une les promesses voulues ; chaque tableau trouvé en prouve d'autres."""
    while (choix := restent[sens] & voulues).any():
        place = int(np.argmax(choix))
        extreme = composante.find_extreme(place, sens)
        restent[sens][place] = False
        if extreme.point is not None:
            _clear(extreme.point, niveaux, restent)
        if not reaches(extreme.valeur, niveaux[sens][place], sens):
            yield Faute(int(composante.cases[place]), place, sens, extreme)


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
    _cap(systeme, promesses, coupe.case, coupe.sens, apport)
    return True


def cap_intenables(systeme: Systeme, promesses: Promesses, fautes: list[Faute]) -> None:
    """Ramène des promesses à ce que donne le plus grand masque permis : rien ne peut tenir davantage."""
    if not fautes:
        return
    attaque = Attaque(systeme, systeme.etats != Etat.PUBLIEE)
    for faute in fautes:
        composante, place = attaque.find_composante(faute.case)
        apport = abs(composante.find_extreme(place, faute.sens).valeur - float(systeme.valeurs[faute.case]))
        _cap(systeme, promesses, faute.case, faute.sens, apport)


def _cap(systeme: Systeme, promesses: Promesses, case: int, sens: Sens, apport: float) -> None:
    """La promesse devient ``apport`` de part ou d'autre de la valeur ; rien, si rien ne peut varier."""
    valeur = systeme.valeurs[case]
    entiere = bool(systeme.entieres[case])
    if sens is Sens.HAUT:
        niveau = np.floor(valeur + apport + MARGE) if entiere else valeur + apport
        promesses.plafond[case] = min(promesses.plafond[case], niveau) if niveau > valeur + MARGE else np.nan
    else:
        niveau = np.ceil(valeur - apport - MARGE) if entiere else valeur - apport
        promesses.plancher[case] = max(promesses.plancher[case], niveau) if niveau < valeur - MARGE else np.nan
