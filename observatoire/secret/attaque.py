"""Attaquant : ce que les cases publiées disent de celles qu'on masque, et ce qui manque pour l'en empêcher.

Pour un masque, l'attaquant connaît les cases publiées, les relations et les bornes publiques. Chaque case
masquée a son intervalle possible (deux programmes linéaires, méthodes §1.5). Les cases masquées qui ne
partagent aucune relation ne disent rien les unes des autres : chaque composante se résout à part.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from observatoire.mesures.intervalles import Vecteur
from observatoire.mesures.programmation_lineaire import Extreme, Polyedre, Sens, find_composantes
from observatoire.secret.systeme import Booleens, Systeme

Indices = NDArray[np.intp]


class Coupe(NamedTuple):
    """Inégalité que tout masque sûr vérifie : ``Σ coefficients · x ≥ besoin`` (méthodes §1.4).

    Attributes:
        cases: cases concernées.
        coefficients: leur contribution, plafonnée au besoin.
        besoin: ce qu'il faut réunir.
        case: case dont la promesse crée ce besoin, si elle est masquée.
        sens: côté de la promesse.
    """

    cases: Indices
    coefficients: Vecteur
    besoin: float
    case: int
    sens: Sens


class Composante:
    """Cases masquées liées entre elles, et ce que leurs relations en disent."""

    def __init__(
        self, systeme: Systeme, cases: Indices, lignes: Indices, reste: Vecteur, bornes: tuple[Vecteur, Vecteur]
    ) -> None:
        """Prépare la composante ; le modèle n'est chargé qu'à la première question.

        Args:
            systeme: système entier.
            cases: cases masquées de la composante.
            lignes: relations qui les touchent.
            reste: second membre de ces relations, une fois les cases publiées retirées.
            bornes: bornes basse et haute de toutes les cases du système.
        """
        self._systeme = systeme
        self._bornes = bornes
        self.cases = cases
        self.lignes = lignes
        self._reste = reste

    def valeur(self, place: int) -> float:
        """Valeur vraie de la case de rang ``place``."""
        return float(self._systeme.valeurs[self.cases[place]])

    @property
    def cle(self) -> bytes:
        """Deux composantes de mêmes cases masquées ont le même polyèdre."""
        return self.cases.tobytes()

    @cached_property
    def _relations(self) -> sparse.csr_matrix:
        return self._systeme.relations[self.lignes]

    @cached_property
    def _transposees(self) -> sparse.csr_matrix:
        return sparse.csr_matrix(self._relations.T)

    @cached_property
    def _polyedre(self) -> Polyedre:
        return self._load(entieres=False)

    @cached_property
    def _polyedre_entier(self) -> Polyedre:
        return self._load(entieres=True)

    def _load(self, *, entieres: bool) -> Polyedre:
        s = self._systeme
        return Polyedre(
            self._relations[:, self.cases],
            self._reste,
            self._bornes[0][self.cases],
            self._bornes[1][self.cases],
            entieres=s.entieres[self.cases] if entieres else None,
        )

    def find_extreme(self, place: int, sens: Sens, *, entier: bool = False) -> Extreme:
        """Extrémité de la case de rang ``place`` dans la composante."""
        if not len(self.lignes):
            case = self.cases[place]
            borne = self._bornes[0 if sens is Sens.BAS else 1][case]
            return Extreme(float(borne), None, np.zeros(0))
        polyedre = self._polyedre_entier if entier else self._polyedre
        return polyedre.find_extreme(place, sens)

    def find_temoin(self, places: Indices, niveaux: Vecteur, sens: Sens) -> Vecteur | None:
        """Un tableau possible où plusieurs cases approchent ensemble leurs niveaux."""
        return self._polyedre.find_temoin(places, niveaux, sens) if len(self.lignes) else None

    def build_coupe(self, place: int, sens: Sens, extreme: Extreme, besoin: float) -> Coupe:
        """Coupe de Benders : ce qu'il faudrait masquer pour que la case puisse varier de ``besoin``.

        Les multiplicateurs disent ce que chaque case, masquée ou non, apporterait (Fischetti et Salazar, 1999).
        """
        s = self._systeme
        duaux = extreme.duaux if extreme.duaux is not None else np.zeros(len(self.lignes))
        # Coûts réduits de tout ce que ces relations touchent, cases publiées comprises.
        reduits = -(self._transposees @ duaux)
        reduits[self.cases[place]] += sens.value
        utiles = np.flatnonzero(np.abs(reduits) > 1e-9)  # noqa: PLR2004 -- sous cela, un bruit de calcul
        hausse, baisse = np.maximum(-reduits[utiles], 0.0), np.maximum(reduits[utiles], 0.0)
        with np.errstate(invalid="ignore"):
            marge_haute = np.where(hausse > 0, hausse * (s.sup[utiles] - s.valeurs[utiles]), 0.0)
            marge_basse = np.where(baisse > 0, baisse * (s.valeurs[utiles] - s.inf[utiles]), 0.0)
        apports = np.minimum(marge_haute + marge_basse, besoin)
        garde = apports > 1e-9  # noqa: PLR2004 -- sous cela, un bruit de calcul
        return Coupe(utiles[garde], apports[garde], besoin, int(self.cases[place]), sens)

    def list_voisines(self, masquees: Booleens) -> Indices:
        """Cases publiées qui partagent une relation avec la composante : les seules à pouvoir l'élargir."""
        touchees = np.unique(self._relations.indices)
        return np.asarray(touchees[~masquees[touchees]], dtype=np.intp)


class Attaque:
    """Attaquant d'un masque : ses composantes, et les questions qu'on peut leur poser."""

    def __init__(self, systeme: Systeme, masquees: Booleens, bornes: tuple[Vecteur, Vecteur] | None = None) -> None:
        """Sépare les cases masquées en composantes.

        Args:
            systeme: cases et relations.
            masquees: cases masquées (n,).
            bornes: bornes basse et haute à prendre au lieu de celles du système.
        """
        self.systeme = systeme
        self._bornes = bornes or (systeme.inf, systeme.sup)
        self.masquees = masquees
        caches = np.flatnonzero(masquees)
        publiees = np.where(masquees, 0.0, systeme.valeurs)
        self._reste = -(systeme.relations @ publiees)
        sous = sparse.csr_matrix(systeme.relations[:, caches])
        self._caches = caches
        self._etiquettes = find_composantes(sous)
        ordre = np.argsort(self._etiquettes, kind="stable")
        coupures = np.flatnonzero(np.diff(self._etiquettes[ordre])) + 1
        self._groupes = np.split(ordre, coupures) if len(ordre) else []
        # Première composante de chaque relation : celle de sa première case masquée.
        remplies = np.flatnonzero(np.diff(sous.indptr) > 0)
        proprietaires = self._etiquettes[sous.indices[sous.indptr[remplies]]]
        tri = np.argsort(proprietaires, kind="stable")
        self._lignes = remplies[tri]
        self._bornes_lignes = proprietaires[tri]

    def list_composantes(self) -> Iterator[Composante]:
        """Composantes, dans l'ordre de leur première case."""
        for groupe in self._groupes:
            yield self._build(groupe)

    def find_composante(self, case: int) -> tuple[Composante, int]:
        """Composante d'une case masquée, et le rang de la case dedans."""
        place = int(np.searchsorted(self._caches, case))
        groupe = np.flatnonzero(self._etiquettes == self._etiquettes[place])
        return self._build(groupe), int(np.searchsorted(groupe, place))

    def _build(self, groupe: Indices) -> Composante:
        etiquette = self._etiquettes[groupe[0]]
        debut, fin = np.searchsorted(self._bornes_lignes, [etiquette, etiquette + 1])
        lignes = np.sort(self._lignes[debut:fin])
        return Composante(self.systeme, self._caches[groupe], lignes, self._reste[lignes], self._bornes)


def bound_cases(
    systeme: Systeme, masquees: Booleens, indices: Indices | None = None, *, entier: bool = False
) -> tuple[Vecteur, Vecteur]:
    """Intervalle que l'attaquant déduit de chaque case masquée.

    Args:
        systeme: cases et relations.
        masquees: cases masquées (n,).
        indices: cases voulues ; toutes les cases masquées par défaut.
        entier: vrai pour l'intervalle exact en nombres entiers, plus long à trouver.

    Returns:
        ``(bas, haut)`` de taille n ; ``nan`` pour une case publiée ou non demandée.
    """
    bas, haut = np.full(len(systeme), np.nan), np.full(len(systeme), np.nan)
    voulues = np.zeros(len(systeme), dtype=bool)
    voulues[np.flatnonzero(masquees) if indices is None else indices] = True
    for composante in Attaque(systeme, masquees).list_composantes():
        for place in np.flatnonzero(voulues[composante.cases]):
            case = composante.cases[place]
            bas[case] = composante.find_extreme(int(place), Sens.BAS, entier=entier).valeur
            haut[case] = composante.find_extreme(int(place), Sens.HAUT, entier=entier).valeur
    return bas, haut
