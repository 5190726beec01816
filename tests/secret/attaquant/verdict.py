"""Verdict : ce que l'attaquant a trouvé, confronté à la vérité et à la promesse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from tests.secret.attaquant.bornes import INFINI, PRES, Encadrement, Exigence, Savoir, encadrer


@dataclass(frozen=True)
class Cibles:
    """Cases que l'attaquant vise.

    Attributes:
        sommes: feuilles que somme chacune.
        valeurs: leur vérité, que l'attaquant ignore.
        seuils: nombre sous lequel une case se protège.
        planchers: plus petite valeur que chacun sait possible (1 si les zéros sont publiés et la case montrée).
        noms: pour lire un échec.
        montrees: vraie pour une case que les sorties disent masquée ; nul ne doit la retrouver exactement.
        temoin: vérité de chaque inconnue : une solution parmi d'autres.
        nulles: vraie pour une case où un zéro se protège comme un petit nombre (zéros non publiés).
    """

    sommes: sparse.csr_matrix
    valeurs: np.ndarray
    seuils: np.ndarray
    planchers: np.ndarray
    noms: tuple[str, ...]
    montrees: np.ndarray
    nulles: np.ndarray
    temoin: np.ndarray


@dataclass(frozen=True)
class Verdict:
    """Ce que l'attaque a donné ; ``fautes`` est vide si la promesse tient."""

    fautes: tuple[str, ...]
    encadrement: Encadrement
    cases: int


def attaquer(savoir: Savoir, ignorant: Savoir, cibles: Cibles) -> Verdict:
    """Encadre chaque cible et juge.

    Ce que chacun saurait si toute case non nulle était masquée (``ignorant``) ne peut être défendu par aucun
    masque : la promesse s'arrête là.

    Args:
        savoir: ce que dit la publication.
        ignorant: ce que dirait une publication qui masque tout ce qui peut l'être.
        cibles: cases visées, et leur vérité.
    """
    vraies = cibles.valeurs
    sensibles = ((vraies > 0) | cibles.nulles) & (vraies < cibles.seuils)
    haut_du, bas_du = cibles.seuils.astype(float), np.maximum(cibles.planchers, vraies - (vraies > 0))
    assez = Exigence(
        np.where(sensibles, bas_du, vraies), np.where(sensibles, haut_du, vraies), cibles.montrees, cibles.temoin
    )
    vu = encadrer(savoir, cibles.sommes, assez=assez)
    dehors = (vu.bas_entier > vraies + PRES) | (vu.haut_entier < vraies - PRES)
    fautes = [f"{cibles.noms[i]} : {vraies[i]:g} hors de {_dire(vu, i)}, erreur" for i in np.flatnonzero(dehors)]
    trop_bas, trop_haut = sensibles & (vu.haut_entier < haut_du - PRES), sensibles & (vu.bas_entier > bas_du + PRES)
    exactes = cibles.montrees & (vu.haut_entier - vu.bas_entier < PRES)
    douteuses = np.flatnonzero(trop_bas | trop_haut | exactes)
    if len(douteuses):
        aveugle = encadrer(ignorant, cibles.sommes[douteuses])
        for rang, i in enumerate(douteuses.tolist()):
            plafond, plancher = min(haut_du[i], aveugle.haut_entier[rang]), max(bas_du[i], aveugle.bas_entier[rang])
            inevitable = aveugle.haut_entier[rang] - aveugle.bas_entier[rang] < PRES
            if exactes[i] and not inevitable:
                fautes.append(f"{cibles.noms[i]} : {vraies[i]:g} retrouvé exactement")
            elif sensibles[i] and vu.haut_entier[i] < plafond - PRES:
                fautes.append(f"{cibles.noms[i]} : {vraies[i]:g} dans {_dire(vu, i)}, plafond {plafond:g} non tenu")
            elif sensibles[i] and vu.bas_entier[i] > plancher + PRES:
                fautes.append(f"{cibles.noms[i]} : {vraies[i]:g} dans {_dire(vu, i)}, plancher {plancher:g} non tenu")
    return Verdict(tuple(fautes), vu, len(vraies))


def _dire(vu: Encadrement, rang: int) -> str:
    return f"[{vu.bas_entier[rang]:g} ; {vu.haut_entier[rang]:g}]"


def savoir_du_monde(monde, masquees: np.ndarray) -> Savoir:
    """Ce que montre un monde : ses cases publiées, la marque des autres."""
    valeurs = monde.valeurs
    vues = monde.affichees
    montrees = vues & ~masquees
    # Une case jamais montrée peut être nulle ; une case masquée vaut au moins 1 si les zéros sont publiés.
    mini = np.where(montrees, valeurs, 1.0 if monde.zeros else 0.0)[vues]
    maxi = np.where(montrees, valeurs, INFINI)[vues]
    n = len(monde.feuilles)
    return Savoir(np.zeros(n), np.full(n, INFINI), monde.cases[np.flatnonzero(vues)], mini, maxi)


def viser_monde(monde, masquees: np.ndarray) -> Cibles:
    """Toutes les cases masquées ou jamais montrées d'un monde."""
    fines = np.diff(monde.cases.indptr) == 1
    caches = masquees | (~monde.affichees & fines)
    rangs = np.flatnonzero(caches & (monde.valeurs > 0) if monde.zeros else caches)
    planchers = np.where(monde.affichees & monde.zeros, 1.0, 0.0)
    return Cibles(
        sommes=monde.cases[rangs],
        valeurs=monde.valeurs[rangs],
        seuils=np.full(len(rangs), monde.seuil),
        planchers=planchers[rangs],
        noms=tuple(monde.etiquettes[i] for i in rangs),
        montrees=monde.affichees[rangs],
        nulles=(monde.affichees & (not monde.zeros))[rangs],
        temoin=monde.feuilles,
    )


def tout_masquer(monde) -> np.ndarray:
    """Masque le plus large : tout ce qui n'a pas encore été dit, les zéros à part s'ils sont publiés."""
    masquables = ~monde.dites & monde.affichees
    return masquables & (monde.valeurs > 0) if monde.zeros else masquables
