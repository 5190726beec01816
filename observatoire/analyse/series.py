"""Séries : les valeurs d'un territoire au fil des périodes, à côté de celles de ses références."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from observatoire.analyse.resumes import ValeurLue
from observatoire.modeles.indicateurs import Indicateur, TypeMesure
from observatoire.modeles.nombres import (
    INSECABLE,
    compute_decimales,
    format_ecart,
    format_nombre,
    format_periode,
    format_valeur,
    round_comme_ecrit,
)
from observatoire.modeles.statuts import Statut

PERIODES_D_UNE_COURBE = 3
"""En dessous, une phrase dit mieux l'évolution qu'un dessin."""
SEUIL_RELATIF = 50.0
"""D'un à deux habitants, la population « double » : sous 50, un pourcentage ou un indice n'apprend rien."""
DECIMALES_INDICE = 1
BASE = 100.0
"""Un nombre ne se compare pas à celui d'un ensemble plus grand : on trace alors des indices, base 100 au départ."""

_PERIODE = re.compile(r"(\d{4})(?:-(?:T([1-4])|S([12])|(\d{2})(?:-\d{2})?))?$")
_SANS_POINT = frozenset({Statut.NON_SIGNIFICATIF, Statut.NON_DISPONIBLE, Statut.HORS_CHAMP, Statut.SECRET})


@dataclass(frozen=True)
class Point:
    """Une période d'une série.

    Attributes:
        periode: telle qu'elle est publiée.
        date: place dans le temps, en années (2021,5 pour le second semestre de 2021).
        hauteur: nombre tracé (valeur ou indice), arrondi comme il s'écrit : sous l'arrondi, rien ne bouge ;
            ``None`` : la ligne s'interrompt.
        lue: valeur publiée, pour le tableau.
    """

    periode: str
    date: float
    hauteur: float | None
    lue: ValeurLue


@dataclass(frozen=True)
class Serie:
    """Suite de points d'un territoire, la période la plus ancienne d'abord."""

    libelle: str
    points: tuple[Point, ...]

    @property
    def traces(self) -> tuple[Point, ...]:
        """Points qui ont une hauteur."""
        return tuple(p for p in self.points if p.hauteur is not None)


@dataclass(frozen=True)
class Courbe:
    """Courbe à tracer : le territoire d'abord, puis ses références.

    Attributes:
        base: période de l'indice 100 ; vide si ce sont les valeurs qui sont tracées.
        decimales: décimales des nombres tracés.
        unite: unité des nombres tracés ; vide pour un indice.
    """

    indicateur: Indicateur
    series: tuple[Serie, ...]
    base: str
    decimales: int
    unite: str

    @property
    def periodes(self) -> tuple[str, ...]:
        """Périodes du territoire."""
        return tuple(p.periode for p in self.series[0].points)


def build_courbe(indicateur: Indicateur, territoires: Sequence[tuple[str, Mapping[str, ValeurLue]]]) -> Courbe | None:
    """Courbe d'un territoire et de ses références ; ``None`` sous trois périodes à tracer.

    Args:
        indicateur: fiche.
        territoires: nom et valeur par période ; le territoire d'abord.
    """
    if indicateur.type_mesure is TypeMesure.TYPOLOGIE or not territoires:
        return None
    periodes = sorted(territoires[0][1], key=read_date)
    series = [_build_serie(nom, periodes, valeurs) for nom, valeurs in territoires]
    if len(series[0].traces) < PERIODES_D_UNE_COURBE or _is_repetee(series[0]) or not any(_hauteurs(series[0])):
        return None
    series = series[:1] + [s for s in series[1:] if s.traces and not _is_repetee(s)]
    base = _find_base(series) if indicateur.type_mesure is TypeMesure.EFFECTIF and len(series) > 1 else ""
    if base:
        indices = tuple(_round(_to_indices(s, base), DECIMALES_INDICE) for s in series)
        return Courbe(indicateur, indices, base, DECIMALES_INDICE, "")
    if indicateur.type_mesure is TypeMesure.EFFECTIF:
        series = series[:1]
    arrondies = tuple(_round(s, indicateur.decimales) for s in series)
    return Courbe(indicateur, arrondies, "", indicateur.decimales, indicateur.unite)


def write_evolution(indicateur: Indicateur, avant: tuple[str, ValeurLue], apres: tuple[str, ValeurLue]) -> str:
    """« Entre 2016 et 2023 : de 7 400 à 7 268 habitants, soit −1,8 %. » ; vide si l'un des deux manque.

    L'écart de deux pourcentages est en points ; celui de deux effectifs est aussi relatif.
    """
    if indicateur.type_mesure is TypeMesure.TYPOLOGIE:
        return ""
    (debut, ancienne), (fin, recente) = avant, apres
    depart, arrivee = _read_hauteur(ancienne), _read_hauteur(recente)
    if depart is None or arrivee is None:
        return ""
    quand = f"Entre {format_periode(debut)} et {format_periode(fin)}{INSECABLE}:"
    decimales = min(compute_decimales(indicateur.decimales, v.denominateur) for v in (ancienne, recente))
    textes = [format_nombre(v, decimales) for v in (depart, arrivee)]
    dernier = format_valeur(arrivee, indicateur.unite, decimales)
    if depart == arrivee and {Statut(ancienne.statut), Statut(recente.statut)} == {Statut.ESTIME}:
        return f"{quand} même valeur estimée ; l'évolution n'est pas mesurée."
    if textes[0] == textes[1]:
        return _end(f"{quand} stable ({dernier})")
    passage = f"{quand} de {textes[0]} à {dernier}"
    if _overlap(ancienne, recente):
        return f"{passage}{INSECABLE}; les intervalles d'estimation se recoupent, on ne peut pas conclure."
    ecart = _write_ecart(indicateur, depart, arrivee, decimales)
    return _end(f"{passage}, soit {ecart}" if ecart else passage)


def read_date(periode: str) -> float:
    """Place d'une période dans le temps, en années ; un couple « 2016-2023 » est à sa fin.

    Raises:
        ValueError: la période n'a pas d'année.
    """
    trouve = _PERIODE.search(periode)
    if trouve is None:
        msg = f"La période « {periode} » n'a pas d'année : elle ne peut pas être placée dans le temps."
        raise ValueError(msg)
    annee, trimestre, semestre, mois = trouve.groups()
    part = (int(trimestre) - 1) / 4 if trimestre else (int(semestre) - 1) / 2 if semestre else 0.0
    return int(annee) + (part or ((int(mois) - 1) / 12 if mois else 0.0))


def _build_serie(nom: str, periodes: Sequence[str], valeurs: Mapping[str, ValeurLue]) -> Serie:
    absente = ValeurLue(None, str(Statut.NON_DISPONIBLE))
    lues = [(p, valeurs.get(p, absente)) for p in periodes]
    return Serie(nom, tuple(Point(p, read_date(p), _read_hauteur(v), v) for p, v in lues))


def _read_hauteur(lue: ValeurLue) -> float | None:
    """Nombre à tracer ; une valeur non significative n'en est pas un : elle ferait croire à une évolution."""
    return None if Statut(lue.statut) in _SANS_POINT else lue.valeur


def _hauteurs(serie: Serie) -> list[float]:
    return [p.hauteur for p in serie.traces if p.hauteur is not None]


def _is_repetee(serie: Serie) -> bool:
    """Vrai si la même valeur estimée est reprise à chaque période : c'est une absence de mesure, pas une stabilité."""
    estimees = all(Statut(p.lue.statut) is Statut.ESTIME for p in serie.traces)
    return len(serie.traces) > 1 and estimees and len(set(_hauteurs(serie))) == 1


def _find_base(series: Sequence[Serie]) -> str:
    """Première période où toutes les séries ont un nombre assez grand pour un indice."""
    for points in zip(*(s.points for s in series), strict=True):
        if all((p.hauteur or 0.0) >= SEUIL_RELATIF for p in points):
            return points[0].periode
    return ""


def _to_indices(serie: Serie, base: str) -> Serie:
    depart = next(p.hauteur for p in serie.points if p.periode == base) or BASE
    indices = (replace(p, hauteur=None if p.hauteur is None else BASE * p.hauteur / depart) for p in serie.points)
    return Serie(serie.libelle, tuple(indices))


def _round(serie: Serie, decimales: int) -> Serie:
    arrondis = (
        replace(p, hauteur=None if p.hauteur is None else round_comme_ecrit(p.hauteur, decimales)) for p in serie.points
    )
    return Serie(serie.libelle, tuple(arrondis))


def _write_ecart(indicateur: Indicateur, depart: float, arrivee: float, decimales: int) -> str:
    if indicateur.unite.startswith("%"):
        ecart = round_comme_ecrit(arrivee, decimales) - round_comme_ecrit(depart, decimales)
        return format_ecart(ecart, "%", decimales) + indicateur.unite[1:]
    relative = indicateur.type_mesure in {TypeMesure.EFFECTIF, TypeMesure.MOYENNE}
    if relative and depart >= SEUIL_RELATIF:
        relatif = 100 * (arrivee - depart) / depart
        return format_ecart(relatif, "", 1) + f"{INSECABLE}%"
    return ""


def _overlap(a: ValeurLue, b: ValeurLue) -> bool:
    """Vrai si deux intervalles d'estimation se recoupent ; deux valeurs exactes ne se recoupent jamais."""
    bornes = (a.borne_inf, a.borne_sup, b.borne_inf, b.borne_sup)
    if None in bornes or (a.borne_inf == a.borne_sup and b.borne_inf == b.borne_sup):
        return False
    a_bas, a_haut, b_bas, b_haut = (float(x or 0.0) for x in bornes)
    return a_bas <= b_haut and b_bas <= a_haut


def _end(phrase: str) -> str:
    # L'unité peut finir par un point d'abréviation (« hab. ») : il ferme aussi la phrase.
    return f"{phrase.rstrip('.')}."
