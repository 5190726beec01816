"""Couleurs des cartes : une rampe par nature d'indicateur, et les motifs des valeurs absentes.

Chaque couleur est mesurée par ``tests/cartes/test_palettes.py`` (contraste, daltonismes, gris) :
en changer une sans passer le seuil fait échouer les tests.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from observatoire.modeles.indicateurs import Nature

PAPIER = "#FAF9F6"
PANNEAU = "#F1EFEA"
CARTE = "#FFFFFF"
FILET = "#D9D5CC"
BORD_DE_CHAMP = "#747C85"
ENCRE = "#1B1F24"
ENCRE_SECONDE = "#4A525C"
ACTION = "#0B5573"
FOCUS = "#B23A00"
LIEU = "#0B4358"

LIMITE_COMMUNE = "#6B7178"
LIMITE_EPCI = "#3B424A"
LIMITE_DEPARTEMENT = ENCRE

RAMPES: dict[Nature, tuple[str, str, str, str, str]] = {
    Nature.BESOIN: ("#FFF3DC", "#FBCF8B", "#EE9A3E", "#C2601A", "#7A300D"),
    Nature.RESSOURCE: ("#E6F4F7", "#A0CFDA", "#5BA5B9", "#27758D", "#0B4358"),
    Nature.CONTEXTE: ("#F2F0F7", "#CAC4DD", "#A198BC", "#746A97", "#443B66"),
    Nature.ACCOMPAGNEMENT: ("#F0F6E5", "#C3D9A0", "#8FB463", "#5A883B", "#2C5320"),
}

# Pas choisis pour que l'écart de contraste entre voisines reste régulier quand il y a moins de cinq classes.
_PAS: dict[int, tuple[int, ...]] = {1: (3,), 2: (2, 4), 3: (1, 3, 5), 4: (1, 3, 4, 5), 5: (1, 2, 3, 4, 5)}
CLASSES_MAX = max(_PAS)

ECART = ("#483A86", "#897BBE", "#C9C0E6", "#F6F5F2", "#F0D2A6", "#C8813A", "#7F3F06")
"""Écart à une référence, du plus bas au plus haut ; le milieu veut dire « non différent »."""

BIVARIEE = (
    ("#F4F2EC", "#EBC392", "#D9822B"),
    ("#ABCFD4", "#A8A694", "#97653A"),
    ("#5AA1AF", "#467678", "#353735"),
)
"""``BIVARIEE[ressource][besoin]``, de faible (0) à forte (2)."""

TYPOLOGIE = ("#BE8931", "#79B8A7", "#86260A", "#AE93F5", "#4E6D66", "#F5F5A2", "#7B38BA", "#0A2138")
"""Catégories sans ordre, à prendre dans l'ordre ; ΔE mini 22,9 entre les 28 paires, daltonismes compris."""


class Motif(StrEnum):
    """Dessin d'une surface ; jamais la couleur seule pour une valeur absente."""

    UNI = "uni"
    HACHURES = "hachures"
    POINTS = "points"
    TRAITS = "traits"
    BANDES = "bandes"
    CERNE = "cerne"
    POINTILLE = "pointille"


class Dessin(NamedTuple):
    """Fond, encre et motif d'une surface."""

    fond: str
    encre: str
    motif: Motif


class Trame(NamedTuple):
    """Mesures d'un motif, en pixels : distance entre deux signes, et épaisseur (ou diamètre) d'un signe.

    Les points sont en quinconce : deux par carré de côté ``pas``.
    """

    pas: float
    epaisseur: float


TRAMES = {
    Motif.HACHURES: Trame(6, 1.5),
    Motif.POINTS: Trame(8, 2),
    Motif.TRAITS: Trame(6, 1),
    Motif.BANDES: Trame(8, 2),
    Motif.CERNE: Trame(0, 1.5),
    Motif.POINTILLE: Trame(6, 1),
}
"""Les mêmes dans la carte (``web/trames.js``). Des points de 1,5 px, un par carré, laissaient le gris « sans
donnée » à ΔE 3,9 d'une classe, en noir et blanc : ``tests/cartes/test_motifs.py`` mesure toutes les paires."""

DESSIN_SECRET = Dessin("#FFFFFF", "#5B5B57", Motif.HACHURES)
DESSIN_SANS_DONNEE = Dessin("#C4C4BF", "#5B5B57", Motif.POINTS)
DESSIN_NON_SIGNIFICATIF = Dessin("#F3F3F0", "#7C7C76", Motif.TRAITS)
DESSIN_ZERO = Dessin("#FFFFFF", "#3A3F45", Motif.CERNE)
DESSIN_MIXTE = Dessin("#E4E4E8", "#66666E", Motif.BANDES)
"""Territoire de plusieurs catégories : une couleur neutre, qui n'est celle d'aucune."""
DESSIN_HORS_CHAMP = Dessin(PAPIER, LIMITE_COMMUNE, Motif.POINTILLE)


class Etat(NamedTuple):
    """Message d'état : encre et fond, toujours accompagnés d'un mot et d'une forme."""

    encre: str
    fond: str
    forme: str


ETATS = {
    "bloquant": Etat("#8F1D1D", "#FCEBEA", "■"),
    "a_regarder": Etat("#6B4300", "#FFF3D9", "▲"),
    "information": Etat("#0B4F6C", "#E4F1F5", "●"),
    "fait": Etat("#1D5636", "#E7F3EB", "✓"),
}


def rampe(nature: Nature, nombre: int) -> tuple[str, ...]:
    """Couleurs de ``nombre`` classes (1 à 5), de la plus faible à la plus forte."""
    if nombre not in _PAS:
        message = f"Une carte a de 1 à {CLASSES_MAX} classes, pas {nombre} : au-delà, l'œil les confond."
        raise ValueError(message)
    return tuple(RAMPES[nature][pas - 1] for pas in _PAS[nombre])


def couleur_symbole(nature: Nature) -> str:
    """Remplissage des symboles proportionnels (à 75 % d'opacité)."""
    return RAMPES[nature][2]


def couleur_cerne(nature: Nature) -> str:
    """Cerne des symboles proportionnels."""
    return RAMPES[nature][4]


OPACITE_SYMBOLE = 0.75


def typologie(nombre: int) -> tuple[str, ...]:
    """Couleurs de ``nombre`` catégories sans ordre."""
    if not 1 <= nombre <= len(TYPOLOGIE):
        message = f"Une typologie montre de 1 à {len(TYPOLOGIE)} catégories, pas {nombre}."
        raise ValueError(message)
    return TYPOLOGIE[:nombre]
