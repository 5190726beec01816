"""Mots qui diffèrent d'un seul signe de ce qu'on a tapé : en trop, en moins, changé, ou deux intervertis.

Tous les mots sont comparés à la fois, lettre par lettre, dans une matrice de caractères : chercher
parmi 25 000 mots prend environ une milliseconde, sans table de fautes calculée d'avance.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

LONGUEUR_MINIMALE = 5
"""En deçà, un signe de différence fait un autre mot : « Pau » n'est pas « Eu »."""
_LARGEUR = 32

Masque = npt.NDArray[np.bool_]


class MotsProches:
    """Mots d'un index, rangés pour être comparés ensemble."""

    def __init__(self, mots: Sequence[str]) -> None:
        """Range des mots sans accents ; au-delà de 32 lettres, la fin n'est pas comparée."""
        largeur = f"S{_LARGEUR}"
        lettres = np.array(mots, dtype=largeur).view(np.uint8).reshape(len(mots), _LARGEUR)
        # Une ligne par place, une colonne par mot : chaque opération court sur tous les mots à la suite.
        self._lettres = np.ascontiguousarray(lettres.T)
        self._longueurs = (lettres != 0).sum(axis=1).astype(np.int8)

    def find_proches(self, mot: str) -> tuple[Masque, Masque]:
        """Mots à un signe près : mots entiers, puis débuts de mots (entiers compris).

        Args:
            mot: mot tapé, peut-être inachevé ; trop court, rien ne lui est proche.
        """
        n = len(mot)
        if not LONGUEUR_MINIMALE <= n < _LARGEUR:
            rien = np.zeros(len(self._longueurs), dtype=bool)
            return rien, rien
        tape = np.frombuffer(mot.encode(), dtype=np.uint8)[:, None]
        meme = self._lettres[:n] == tape  # la lettre k du mot est la lettre k tapée
        manque = self._lettres[1 : n + 1] == tape  # la lettre k + 1 du mot est la lettre k tapée
        en_trop = self._lettres[: n - 1] == tape[1:]  # la lettre k du mot est la lettre k + 1 tapée
        debut = _count_justes(meme)  # lettres justes avant la faute
        formes = (
            (_fin_juste(meme, debut + 1), n),
            (_fin_juste(manque, debut), n + 1),
            (_fin_juste(en_trop, debut), n - 1),
            (_intervertis(manque, en_trop, debut) & _fin_juste(meme, debut + 2), n),
        )
        entiers = np.zeros(len(self._longueurs), dtype=bool)
        debuts = entiers.copy()
        for juste, longueur in formes:
            entiers |= juste & (self._longueurs == longueur)
            debuts |= juste & (self._longueurs >= longueur)
        return entiers, debuts


def _count_justes(egales: Masque) -> npt.NDArray[np.int8]:
    """Nombre de places égales avant la première qui ne l'est pas."""
    return np.logical_and.accumulate(egales, axis=0).sum(axis=0, dtype=np.int8)


def _fin_juste(egales: Masque, depuis: npt.NDArray[np.int8]) -> Masque:
    """Vrai si tout est égal à partir d'une place, propre à chaque mot."""
    return _count_justes(egales[::-1]) >= len(egales) - depuis


def _intervertis(manque: Masque, en_trop: Masque, debut: npt.NDArray[np.int8]) -> Masque:
    """Vrai si, à la première faute, deux lettres voisines ont changé de place."""
    dernier = len(en_trop) - 1
    place = np.minimum(debut, dernier)
    mots = np.arange(len(debut))
    return manque[place, mots] & en_trop[place, mots] & (debut <= dernier)
