"""Légende d'une carte : ce qu'elle contient, sans rien calculer ni dessiner."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from observatoire.cartes.palettes import Dessin

if TYPE_CHECKING:
    from observatoire.modeles.mailles import Maille

SIGNES_REFERENCES = ("▽", "▼")
"""Territoire couvert, puis la France."""
SIGNE_CHOISI = "●"


@dataclass(frozen=True)
class EntreeLegende:
    """Une surface et ce qu'elle veut dire ; ``lecture`` est le texte du lecteur d'écran."""

    dessin: Dessin
    libelle: str
    effectif: int
    lecture: str
    cle: str = ""
    """Rang de la classe, ou lettre de l'état : ce que la carte et le tableau allument."""
    choisie: str = ""
    """Nom du territoire choisi, s'il est ici sans place sur une échelle."""


@dataclass(frozen=True)
class Cercle:
    """Cercle étalon ; ``part`` est la valeur rapportée au plus grand effectif de la carte."""

    valeur: float
    libelle: str
    part: float
    choisi: bool = False
    """Vrai pour le cercle du territoire choisi, qui n'est pas un étalon."""

    @property
    def rayon(self) -> float:
        """Rayon relatif à celui du plus grand symbole : la surface est proportionnelle à la valeur."""
        return math.sqrt(self.part)


@dataclass(frozen=True)
class Repere:
    """Valeur d'un territoire, montrée par un signe à sa place sur l'échelle."""

    libelle: str
    valeur: float
    texte: str
    classe: int
    part: float
    """Place dans sa classe, de 0 (limite basse) à 1."""
    signe: str = SIGNES_REFERENCES[0]


@dataclass(frozen=True)
class Legende:
    """Tout ce qu'il faut écrire à côté d'une carte."""

    titre: str
    unite: str
    entrees: tuple[EntreeLegende, ...]
    etats: tuple[EntreeLegende, ...]
    cercles: tuple[Cercle, ...]
    reperes: tuple[Repere, ...]
    portee: str
    source: str
    unites_comptees: str
    ordonnee: bool
    """Vrai si les entrées sont des classes de la plus faible à la plus forte."""
    motif: str = ""
    en_symboles: bool = False
    unite_seule: str = ""
    """Ce qui est compté, au singulier."""


@dataclass(frozen=True)
class ContexteLegende:
    """Où et quand la carte est faite."""

    maille: Maille
    territoire_de: str
    """Territoire couvert, précédé de son article contracté : « du département », « de La Réunion »."""
    source: str
    geographie: str
    """Date du code officiel géographique, « 01/01/2026 »."""
    reperes: tuple[tuple[str, float], ...] = ()
    periodes: tuple[str, ...] = ()
    """Périodes qui partagent les classes, s'il y en a plusieurs (« 2016 », « 2023 »)."""
