"""Bornes : ce que des sommes publiées laissent possible à des sommes masquées (linéaire, entier, énuméré)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import connected_components

INFINI = 1e6
"""Personne n'imagine un million de cas dans une commune : c'est ainsi que l'attaquant dit « sans limite »."""
PRES = 1e-5
"""Écart sous lequel deux nombres sont le même."""
_ENUMERABLES = 2_000_000


@dataclass
class Savoir:
    """Tout ce que l'attaquant tient pour vrai d'inconnues entières.

    Attributes:
        bas, haut: bornes de chaque inconnue (n,).
        sommes: sommes d'inconnues dont il sait quelque chose (m, n).
        mini, maxi: ce qu'il en sait (m,) ; égaux si la somme est publiée.
    """

    bas: np.ndarray
    haut: np.ndarray
    sommes: sparse.csr_matrix
    mini: np.ndarray
    maxi: np.ndarray


@dataclass
class Encadrement:
    """Plus petite et plus grande valeur possibles de chaque cible, en nombres réels puis entiers."""

    bas: np.ndarray
    haut: np.ndarray
    bas_entier: np.ndarray
    haut_entier: np.ndarray
    programmes: int = 0


class ContradictionError(AssertionError):
    """Rien n'est possible : l'attaquant s'est trompé de structure, ou la publication se contredit."""


@dataclass(frozen=True)
class Exigence:
    """Ce qu'il suffit de prouver possible : au plus ``bas``, au moins ``haut``, deux valeurs si ``distinctes``.

    ``temoin`` est une solution entière ; elle ne sert qu'à prouver ce qui est possible.
    """

    bas: np.ndarray
    haut: np.ndarray
    distinctes: np.ndarray
    temoin: np.ndarray


def encadrer(
    savoir: Savoir, cibles: sparse.csr_matrix, *, entier: bool = True, assez: Exigence | None = None
) -> Encadrement:
    """Encadre chaque cible (une somme d'inconnues par ligne), composante par composante.

    Avec ``assez``, la recherche s'arrête dès que l'exigence est prouvée : l'encadrement peut être trop étroit,
    jamais trop large.
    """
    cibles = sparse.csr_matrix(cibles, dtype=float)
    bas, haut = _fixer(savoir)
    libres = np.flatnonzero(haut - bas > PRES)
    fixes = np.where(haut - bas > PRES, 0.0, bas)
    base = cibles @ fixes
    resultat = Encadrement(*(base.copy() for _ in range(4)))
    for ici, visees, piece in _decouper(savoir, cibles, libres, (bas, haut), fixes):
        if assez is not None:
            piece.add(assez.temoin[ici])
        for rang, cible in enumerate(visees):
            voulu = None
            if assez is not None:
                voulu = (assez.bas[cible] - base[cible], assez.haut[cible] - base[cible], bool(assez.distinctes[cible]))
            bornes = piece.bound(rang, entier=entier, voulu=voulu)
            for vecteur, borne in zip(
                (resultat.bas, resultat.bas_entier, resultat.haut, resultat.haut_entier), bornes, strict=True
            ):
                vecteur[cible] += borne
        resultat.programmes += piece.programmes
    for vecteur in (resultat.haut, resultat.haut_entier):
        vecteur[vecteur >= INFINI / 2] = np.inf
    return resultat


def _decouper(
    savoir: Savoir,
    cibles: sparse.csr_matrix,
    libres: np.ndarray,
    bornes: tuple[np.ndarray, np.ndarray],
    fixes: np.ndarray,
) -> Iterator[tuple[np.ndarray, np.ndarray, _Piece]]:
    """Groupes d'inconnues liées, et les cibles de chacun."""
    if not len(libres):
        return
    lignes, voulues = savoir.sommes[:, libres].tocsr(), cibles[:, libres].tocsr()
    utiles = np.diff(lignes.indptr) > 0
    decalage = (savoir.sommes @ fixes)[utiles]
    lignes, mini, maxi = lignes[utiles], savoir.mini[utiles] - decalage, savoir.maxi[utiles] - decalage
    # Une cible ne contraint rien, mais ce qu'elle réunit se résout ensemble.
    graphe = abs(sparse.vstack([lignes, voulues]).tocsr())
    nombre, composante = connected_components(graphe.T @ graphe, directed=False)
    for numero in range(nombre):
        ici = np.flatnonzero(composante == numero)
        visees = np.flatnonzero(np.diff(voulues[:, ici].tocsr().indptr))
        if not len(visees):
            continue
        siennes = np.flatnonzero(np.diff(lignes[:, ici].tocsr().indptr))
        piece = _Piece(
            *(borne[libres[ici]] for borne in bornes), lignes[siennes][:, ici].tocsr(), mini[siennes], maxi[siennes],
            voulues[visees][:, ici].toarray(),
        )  # fmt: skip
        yield libres[ici], visees, piece


def _fixer(savoir: Savoir) -> tuple[np.ndarray, np.ndarray]:
    """Propage ce qu'une seule somme dit de ses inconnues, jusqu'à ce que plus rien ne bouge."""
    bas, haut = savoir.bas.astype(float), np.minimum(savoir.haut.astype(float), INFINI)
    sommes = savoir.sommes.tocoo()
    lignes, colonnes, poids = sommes.row, sommes.col, sommes.data
    positifs = poids > 0
    for _ in range(60):
        petit, grand = (
            np.where(positifs, bas[colonnes], haut[colonnes]),
            np.where(positifs, haut[colonnes], bas[colonnes]),
        )
        total_petit = np.bincount(lignes, poids * petit, len(savoir.mini))
        total_grand = np.bincount(lignes, poids * grand, len(savoir.mini))
        reste_haut = savoir.maxi[lignes] - (total_petit[lignes] - poids * petit)
        reste_bas = savoir.mini[lignes] - (total_grand[lignes] - poids * grand)
        avant_bas, avant_haut = bas.copy(), haut.copy()
        np.minimum.at(haut, colonnes, np.where(positifs, reste_haut, reste_bas) / poids)
        np.maximum.at(bas, colonnes, np.where(positifs, reste_bas, reste_haut) / poids)
        if (bas > haut + PRES).any():
            raise ContradictionError
        haut = np.maximum(haut, bas)
        if np.abs(bas - avant_bas).max() < PRES and np.abs(haut - avant_haut).max() < PRES:
            break
    # Seul ce qui est fixé est retenu : le reste est l'affaire des programmes.
    fixees = haut - bas <= PRES
    milieu = (bas + haut) / 2
    milieu = np.where(np.abs(milieu - np.rint(milieu)) < 10 * PRES, np.rint(milieu), milieu)
    depart = np.minimum(savoir.haut.astype(float), INFINI)
    return np.where(fixees, milieu, savoir.bas), np.where(fixees, milieu, depart)


class _Piece:
    """Inconnues liées entre elles ; les solutions entières trouvées pour une cible servent aux suivantes."""

    def __init__(
        self,
        bas: np.ndarray,
        haut: np.ndarray,
        sommes: sparse.csr_matrix,
        mini: np.ndarray,
        maxi: np.ndarray,
        objectifs: np.ndarray,
    ) -> None:
        self.bornes, self.objectifs = Bounds(bas, haut), objectifs
        self.contraintes = LinearConstraint(sommes, mini, maxi) if sommes.shape[0] else None
        self.programmes = 0
        self.vu_bas, self.vu_haut = (np.full(len(objectifs), v) for v in (np.inf, -np.inf))
        self.limites = [np.where(o > 0, o * bas, o * haut)[o != 0].sum() for o in (*objectifs, *(-objectifs))]

    def add(self, solution: np.ndarray) -> None:
        """Une solution entière prouve que ses valeurs sont possibles."""
        valeurs = self.objectifs @ solution
        self.vu_bas, self.vu_haut = np.minimum(self.vu_bas, valeurs), np.maximum(self.vu_haut, valeurs)

    def bound(
        self, rang: int, *, entier: bool, voulu: tuple[float, float, bool] | None
    ) -> tuple[float, float, float, float]:
        """Minimum et maximum d'une cible : en réels, en entiers, deux fois."""
        reels, entiers = [], []
        for sens in (1, -1):
            if voulu is not None and self._is_proved(rang, sens, *voulu):
                valeur = self.vu_bas[rang] if sens > 0 else self.vu_haut[rang]
                reels.append(valeur)
                entiers.append(valeur)
                continue
            reel, ent = self._optimise(rang, sens, entier=entier)
            reels.append(reel)
            entiers.append(ent)
        return reels[0], entiers[0], reels[1], entiers[1]

    def _is_proved(self, rang: int, sens: int, bas: float, haut: float, distinctes: bool) -> bool:
        if distinctes and self.vu_haut[rang] - self.vu_bas[rang] < 1 - PRES:
            return False
        return bool(self.vu_bas[rang] <= bas + PRES if sens > 0 else self.vu_haut[rang] >= haut - PRES)

    def _optimise(self, rang: int, sens: int, *, entier: bool) -> tuple[float, float]:
        couts = sens * self.objectifs[rang]
        limite = float(self.limites[rang if sens > 0 else rang + len(self.objectifs)])

        def meilleure() -> float:
            return float(self.vu_bas[rang]) if sens > 0 else -float(self.vu_haut[rang])

        # Une solution entière déjà trouvée atteint parfois la limite évidente : rien à résoudre.
        if meilleure() <= limite + PRES:
            return sens * limite, sens * limite
        reel, x = self._solve(couts, entier=False)
        if np.abs(x - np.rint(x)).max() < PRES:
            self.add(np.rint(x))
            return sens * reel, sens * reel
        entieres = np.abs(couts - np.rint(couts)).max() < PRES
        if not entier or (entieres and meilleure() <= np.ceil(reel - PRES) + PRES):
            return sens * reel, sens * (meilleure() if entier else reel)
        exact, x = self._solve(couts, entier=True)
        self.add(np.rint(x))
        return sens * reel, sens * exact

    def _solve(self, couts: np.ndarray, *, entier: bool) -> tuple[float, np.ndarray]:
        self.programmes += 1
        integralite = np.full(len(couts), int(entier))
        rendu = milp(
            couts, constraints=self.contraintes, bounds=self.bornes, integrality=integralite, options={"time_limit": 30}
        )
        if rendu.status == 2:
            raise ContradictionError(rendu.message)
        assert rendu.x is not None, rendu.message
        valeur = float(rendu.mip_dual_bound if rendu.status == 1 else rendu.fun)
        # Le solveur rend 2,999999 pour 3.
        return (float(np.rint(valeur)) if abs(valeur - np.rint(valeur)) < 10 * PRES else valeur), rendu.x


def enumerer(savoir: Savoir, cibles: sparse.csr_matrix) -> tuple[np.ndarray, np.ndarray]:
    """Essaie toutes les valeurs entières une à une ; les bornes des inconnues doivent être petites."""
    etendues = [np.arange(int(b), int(h) + 1) for b, h in zip(savoir.bas, savoir.haut, strict=True)]
    assert np.prod([float(len(e)) for e in etendues]) <= _ENUMERABLES, "trop d'inconnues pour les énumérer"
    tout = np.stack([x.ravel() for x in np.meshgrid(*etendues, indexing="ij")])
    sommes = savoir.sommes @ tout
    bonnes = ((sommes >= savoir.mini[:, None] - PRES) & (sommes <= savoir.maxi[:, None] + PRES)).all(axis=0)
    if not bonnes.any():
        raise ContradictionError
    vues = cibles @ tout[:, bonnes]
    return vues.min(axis=1), vues.max(axis=1)
