"""Nombres, dates et périodes écrits à la française : seul endroit où l'observatoire les met en forme."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

FINE_INSECABLE = "\u202f"
INSECABLE = "\u00a0"
MOINS = "\u2212"
DENOMINATEUR_SANS_DECIMALE = 50
"""Sous ce dénominateur, une décimale prétendrait à une précision que le calcul n'a pas."""

_MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_POUR_MILLE = re.compile(r"^(?:p\.|pour)\s*(\d[\d\s\u00a0\u202f]*)(.*)$")
_PERIODE = re.compile(r"^(\d{4})-(?:T([1-4])|S([12])|(\d{2})(?:-(\d{2}))?)$")


def format_nombre(valeur: float, decimales: int = 0) -> str:
    """Écrit un nombre : « 871 155 », « −2,4 » ; l'arrondi est celui de l'école (le demi monte).

    Raises:
        ValueError: la valeur n'est pas un nombre fini ; un manque se dit par son statut.

    """
    if not math.isfinite(valeur):
        message = f"{valeur} ne s'écrit pas comme un nombre : montrer le statut de la valeur."
        raise ValueError(message)
    # On arrondit l'écriture courte du flottant (2,675), non son développement binaire (2,67499…).
    exact = Decimal(repr(float(valeur)))
    rond = _round_demi_haut(exact, decimales)
    signe = MOINS if rond < 0 else ""
    entier, _, fraction = f"{abs(rond):f}".partition(".")
    groupes = f"{int(entier):,}".replace(",", FINE_INSECABLE)
    return f"{signe}{groupes},{fraction}" if fraction else f"{signe}{groupes}"


def _round_demi_haut(exact: Decimal, decimales: int) -> Decimal:
    # Au-delà de 2⁵³ un flottant n'a plus de partie décimale : rien à arrondir.
    if abs(exact) >= 2**53:
        return exact.to_integral_value()
    return exact.quantize(Decimal(1).scaleb(-decimales), rounding=ROUND_HALF_UP)


def round_comme_ecrit(valeur: float, decimales: int = 0) -> float:
    """Arrondit comme ``format_nombre`` écrit : l'écart de deux nombres arrondis se retrouve à la lecture."""
    return float(_round_demi_haut(Decimal(repr(float(valeur))), decimales))


def compute_decimales(decimales: int, denominateur: float | None = None) -> int:
    """Nombre de décimales à montrer : aucune si le dénominateur est sous 50."""
    petit = denominateur is not None and denominateur < DENOMINATEUR_SANS_DECIMALE
    return 0 if petit else decimales


_AU_PLURIEL = re.compile(r"[a-zéèêàâîôûç]{3,}s")
_SINGULIERS = {"lieux": "lieu"}


def format_unite(unite: str, *, en_phrase: bool = False) -> str:
    """Écrit une unité : « p. 10 000 hab. » en tableau, « pour 10 000 hab. » en phrase."""
    trouve = _POUR_MILLE.match(unite.strip())
    if trouve is None:
        return unite.strip()
    mot = "pour" if en_phrase else "p."
    base = format_nombre(int(re.sub(r"\D", "", trouve[1])))
    suite = trouve[2].strip()
    return f"{mot}{INSECABLE}{base} {suite}".rstrip()


def format_valeur(
    valeur: float,
    unite: str,
    decimales: int = 0,
    *,
    denominateur: float | None = None,
    en_phrase: bool = False,
) -> str:
    """Écrit une valeur et son unité : « 31,5 % », « 1 250 M€ », « 3,1 p. 10 000 »."""
    nombre = format_nombre(valeur, compute_decimales(decimales, denominateur))
    libelle = agree_unite(format_unite(unite, en_phrase=en_phrase), valeur)
    return f"{nombre}{INSECABLE}{libelle}" if libelle else nombre


def agree_unite(unite: str, valeur: float) -> str:
    """Accorde une unité qui se compte : « 1 mairie », « 0 lieu », « 1,9 personne par logement » (pluriel à deux)."""
    if abs(valeur) >= 2:  # noqa: PLR2004 -- règle d'accord
        return unite
    mot, espace, suite = unite.partition(" ")
    singulier = _SINGULIERS.get(mot) or (mot[:-1] if _AU_PLURIEL.fullmatch(mot) else mot)
    return singulier + espace + suite


def format_ecart(ecart: float, unite: str, decimales: int = 0) -> str:
    """Écrit un écart, toujours signé ; celui de deux pourcentages est en points : « −2,4 points »."""
    nombre = format_nombre(ecart, decimales)
    arrondi = abs(float(nombre.replace(MOINS, "").replace(FINE_INSECABLE, "").replace(",", ".")))
    signe = "+" if ecart > 0 and arrondi > 0 else ""
    # En français, le pluriel commence à deux.
    points = "points" if arrondi >= 2 else "point"  # noqa: PLR2004 -- règle d'accord
    libelle = points if unite == "%" else format_unite(unite)
    return f"{signe}{nombre}{INSECABLE}{libelle}" if libelle else f"{signe}{nombre}"


def format_part_sur(numerateur: float, denominateur: float, libelle: str = "") -> str:
    """Écrit l'effectif d'une part : « 1 234 sur 5 678 ménages »."""
    texte = f"{format_nombre(numerateur)} sur {format_nombre(denominateur)}"
    return f"{texte} {libelle}" if libelle else texte


def format_date(jour: date, *, en_phrase: bool = False) -> str:
    """Écrit une date : « 12/03/2026 » en tableau, « 12 mars 2026 » en phrase."""
    if not en_phrase:
        return f"{jour:%d/%m/%Y}"
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    return f"{quantieme} {_MOIS[jour.month - 1]} {jour.year}"


def format_periode(periode: str) -> str:
    """Écrit une période : « 2021 », « décembre 2024 », « 4e trimestre 2024 », « de 2016 à 2023 »."""
    debut, tiret, fin = periode.partition("-")
    if tiret and len(debut) == len(fin) == len("2016"):
        return f"de {debut} à {fin}"
    trouve = _PERIODE.match(periode)
    if trouve is None:
        return periode
    annee, trimestre, semestre, mois, jour = trouve.groups()
    if trimestre or semestre:
        rang = trimestre or semestre
        nom = "trimestre" if trimestre else "semestre"
        return f"{rang}{'er' if rang == '1' else 'e'} {nom} {annee}"
    if jour:
        return f"{jour}/{mois}/{annee}"
    return f"{_MOIS[int(mois) - 1]} {annee}" if 1 <= int(mois) <= len(_MOIS) else periode
