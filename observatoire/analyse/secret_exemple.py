"""Exemple inventé de la page « Secret » : de petits tableaux, et ce qu'un lecteur habile y retrouve.

Seuls les nombres de départ sont écrits ici. Les cases à masquer sont cherchées (les moins coûteuses qui
protègent), et les intervalles calculés comme le ferait ce lecteur : par les totaux montrés, et rien d'autre.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import chain, combinations

import numpy as np

from observatoire.mesures.programmation_lineaire import tighten_bounds
from observatoire.modeles.nombres import INSECABLE, MOINS

Relation = tuple[tuple[int, ...], int]
"""Rangs des parties, et rang de leur total."""
Masque = frozenset[int]
SEUIL = 5
"""Règle de l'exemple : un nombre de 1 à 4 ne se montre pas."""
_JEU = 1e-6


class Genre(StrEnum):
    """Ce que le dessin montre d'une case."""

    MONTREE = "montree"
    PETITE = "petite"
    MASQUEE = "masquee"
    RETROUVEE = "retrouvee"
    TOTAL = "total"


@dataclass(frozen=True)
class Systeme:
    """Nombres d'un exemple, et les sommes qui les lient ; un total est toujours montré."""

    valeurs: tuple[int, ...]
    relations: tuple[Relation, ...]

    @property
    def totaux(self) -> frozenset[int]:
        """Rangs des totaux."""
        return frozenset(total for _, total in self.relations)


@dataclass(frozen=True)
class CaseExemple:
    """Case dessinée ; ``bas`` et ``haut`` sont ce qu'un lecteur en déduit. ``nom`` : commune, dans une grille."""

    genre: Genre
    bas: int
    haut: int
    nom: str = ""


@dataclass(frozen=True)
class Etape:
    """Étape du dessin : un tableau, son titre et ce qu'il faut y voir ; celles d'un groupe se suivent."""

    groupe: str
    cle: str
    titre: str
    phrase: str
    lignes: tuple[str, ...]
    colonnes: tuple[str, ...]
    cases: tuple[tuple[CaseExemple, ...], ...]


def deduce(systeme: Systeme, masquees: Masque) -> list[tuple[float, float]]:
    """Plus petite et plus grande valeurs possibles de chaque case ; les zéros étant montrés, une masquée vaut 1.

    Args:
        systeme: nombres et relations.
        masquees: rangs que le lecteur ne voit pas.
    """
    matrice = np.zeros((len(systeme.relations), len(systeme.valeurs)))
    for rang, (parties, total) in enumerate(systeme.relations):
        matrice[rang, list(parties)], matrice[rang, total] = 1.0, -1.0
    cachees = np.isin(np.arange(len(systeme.valeurs)), list(masquees))
    vues = np.array(systeme.valeurs, dtype=float)
    bas, haut = np.where(cachees, 1.0, vues), np.where(cachees, np.nan, vues)
    return list(zip(*(b.tolist() for b in tighten_bounds(matrice, np.zeros(len(matrice)), bas, haut)), strict=True))


def choose_masque(systeme: Systeme, sensible: int, *, seuil: int = SEUIL, connues: Masque = frozenset()) -> Masque:
    """Cases à masquer, les moins coûteuses qui protègent une case ; une grande case coûte plus qu'une petite.

    La case est protégée si un lecteur peut la croire aussi grande que le seuil, et plus petite qu'elle n'est.

    Args:
        systeme: nombres et relations.
        sensible: rang de la case à protéger.
        seuil: plus petit nombre qui se montre.
        connues: cases déjà vues dans une autre publication : les masquer ne cache rien.

    Raises:
        LookupError: aucun masque ne protège cette case.
    """
    valeur = systeme.valeurs[sensible]
    libres = [i for i in range(len(systeme.valeurs)) if i not in systeme.totaux | connues | {sensible}]
    choix = chain.from_iterable(combinations(libres, n) for n in range(len(libres) + 1))
    for autres in sorted(choix, key=lambda c: sum(math.log1p(systeme.valeurs[i]) for i in c)):
        masque = frozenset({sensible, *autres})
        bas, haut = deduce(systeme, masque)[sensible]
        if haut >= seuil - _JEU and bas <= max(1, valeur - 1) + _JEU:
            return masque
    msg = "Aucun masque ne protège cette case."
    raise LookupError(msg)


_UN_TABLEAU, _NIVEAUX, _VERSIONS = "Un tableau", "Deux niveaux qui se croisent", "D'une publication à l'autre"
COMMUNES = ("A", "B", "C", "D", "E", "F")
_FOYERS = (3, 18, 41, 12, 9, 30)
_A = 0
_TROIS = Systeme((*_FOYERS[:3], sum(_FOYERS[:3])), (((0, 1, 2), 3),))
"""Trois communes et leur total."""
_HIER: Masque = frozenset({0, 2})
"""Ce que masquait la publication d'hier."""


def _cross() -> Systeme:
    """Six communes : deux EPCI en lignes, trois cantons en colonnes, tous les totaux montrés."""
    epci, cantons = ((0, 1, 2), (3, 4, 5)), ((0, 3), (1, 4), (2, 5))
    parties = (*epci, *cantons)
    sommes = [sum(_FOYERS[i] for i in p) for p in parties]
    relations = [(p, len(_FOYERS) + rang) for rang, p in enumerate(parties)]
    tout = len(_FOYERS) + len(parties)
    valeurs = (*_FOYERS, *sommes, sum(_FOYERS))
    return Systeme(valeurs, (*relations, ((6, 7), tout), ((8, 9, 10), tout)))


@cache
def build_etapes() -> tuple[Etape, ...]:
    """Étapes du dessin, dans l'ordre."""
    seule: Masque = frozenset({_A})
    croise = _cross()
    voisines = choose_masque(_TROIS, _A)
    ensemble = choose_masque(croise, _A)
    garde = choose_masque(_TROIS, _A, connues=frozenset(range(3)) - _HIER)
    a, b, c, total = _TROIS.valeurs
    reste = croise.valeurs[3]
    return (
        _make_colonne(
            _UN_TABLEAU,
            "recu",
            "Ce qui est reçu",
            f"Trois communes et leur total. La règle de cet exemple cache un nombre de 1 à {SEUIL - 1}"
            " : celui de la commune A.",
            (frozenset(),),
        ),
        _make_colonne(
            _UN_TABLEAU,
            "une_case",
            "Une seule case masquée : on la retrouve",
            f"{_subtract(total, b, c)}. Une soustraction suffit.",
            (seule,),
        ),
        _make_colonne(
            _UN_TABLEAU,
            "deux_cases",
            "Une deuxième case est masquée",
            "La moins coûteuse pour la lecture. La soustraction ne donne plus que la somme des deux, "
            f"{sum(_TROIS.valeurs[i] for i in voisines)}{_write_protegee(_TROIS, voisines)}",
            (voisines,),
        ),
        _make_grille(
            "croisement",
            "Un autre total : on la retrouve",
            f"Les communes ont aussi un canton, dont le total est montré. Canton 1 : {_subtract(a + reste, reste)}.",
            croise,
            voisines,
        ),
        _make_grille(
            "ensemble",
            "Tous les niveaux sont protégés ensemble",
            f"En tout, {len(ensemble)} cases sont masquées{_write_protegee(croise, ensemble)}",
            croise,
            ensemble,
        ),
        _make_colonne(
            _VERSIONS,
            "hier",
            "Deux masques différents : on la retrouve",
            "Chaque publication est bien protégée ; les deux ensemble, non. La commune B se lit hier, la commune C "
            f"aujourd'hui : {_subtract(total, b, c)}.",
            (_HIER, voisines),
        ),
        _make_colonne(
            _VERSIONS,
            "garde",
            "Ce qui a été montré reste connu",
            f"Le masque d'hier est gardé{_write_protegee(_TROIS, garde)}",
            (_HIER, garde),
        ),
    )


def _subtract(total: int, *parties: int) -> str:
    """« 62 − 18 − 41 = 3 », d'un seul tenant."""
    signe = f"{INSECABLE}{MOINS}{INSECABLE}"
    return f"{signe.join(map(str, (total, *parties)))}{INSECABLE}={INSECABLE}{total - sum(parties)}"


def _write_protegee(systeme: Systeme, masque: Masque) -> str:
    bas, haut = _round(deduce(systeme, masque)[_A])
    return f" : pour qui a tout lu, la commune A compte de {bas} à {haut} foyers."


def _make_colonne(groupe: str, cle: str, titre: str, phrase: str, versions: tuple[Masque, ...]) -> Etape:
    """Trois communes et leur total, une colonne par publication ; le lecteur les a toutes lues."""
    inconnues = frozenset.intersection(*versions)
    bornes = deduce(_TROIS, inconnues)
    cases = tuple(
        tuple(_make_case(_TROIS, i, v, bornes[i], petite=not any(versions)) for v in versions)
        for i in range(len(_TROIS.valeurs))
    )
    lignes = (*(f"Commune {nom}" for nom in COMMUNES[:3]), "Total")
    colonnes = ("Foyers",) if len(versions) == 1 else ("Hier", "Aujourd'hui")
    return Etape(groupe, cle, titre, phrase, lignes, colonnes, cases)


def _make_grille(cle: str, titre: str, phrase: str, systeme: Systeme, masque: Masque) -> Etape:
    """Six communes, un EPCI par ligne et un canton par colonne."""
    bornes = deduce(systeme, masque)
    rangs = ((0, 1, 2, 6), (3, 4, 5, 7), (8, 9, 10, 11))
    cases = tuple(tuple(_make_case(systeme, i, masque, bornes[i]) for i in ligne) for ligne in rangs)
    return Etape(
        _NIVEAUX,
        cle,
        titre,
        phrase,
        ("EPCI Nord", "EPCI Sud", "Total"),
        ("Canton 1", "Canton 2", "Canton 3", "Total"),
        cases,
    )


def _make_case(
    systeme: Systeme, rang: int, masque: Masque, bornes: tuple[float, float], *, petite: bool = False
) -> CaseExemple:
    bas, haut = _round(bornes)
    nom = COMMUNES[rang] if len(systeme.valeurs) > len(COMMUNES) and rang < len(COMMUNES) else ""
    if rang in systeme.totaux:
        return CaseExemple(Genre.TOTAL, bas, haut)
    if rang in masque:
        return CaseExemple(Genre.RETROUVEE if bas == haut else Genre.MASQUEE, bas, haut, nom)
    en_vue = Genre.PETITE if petite and 0 < systeme.valeurs[rang] < SEUIL else Genre.MONTREE
    return CaseExemple(en_vue, systeme.valeurs[rang], systeme.valeurs[rang], nom)


def _round(bornes: tuple[float, float]) -> tuple[int, int]:
    """Bornes entières : un foyer ne se coupe pas."""
    return math.ceil(bornes[0] - _JEU), math.floor(bornes[1] + _JEU)
