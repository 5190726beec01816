"""Dire des fautes nombreuses : quelques exemples, puis leur compte ; jamais un silence."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from observatoire.ingestion.colonnes import make_plan
from observatoire.ingestion.controles.contexte import ContexteControle
from observatoire.modeles.anomalies import Anomalie, Gravite
from observatoire.modeles.lots import Lot
from observatoire.modeles.nombres import format_nombre

EXEMPLES = 5
"""Exemples dits par contrôle et par colonne ; le reste est compté."""


@dataclass(frozen=True)
class Faute:
    """Règle enfreinte dans une mesure d'un lot.

    Attributes:
        code: identifiant stable de la règle.
        gravite: effet sur la livraison.
        resume: ce qui ne va pas, au pluriel (« valeurs négatives »), pour la synthèse.
        suggestion: que faire.
    """

    code: str
    gravite: Gravite
    resume: str
    suggestion: str


def report_fautes(
    contexte: ContexteControle,
    faute: Faute,
    lot: Lot,
    variable: str,
    rangs: NDArray[np.intp],
    messages: list[str],
) -> Iterator[Anomalie]:
    """Cinq exemples au plus, dans l'ordre donné, puis une synthèse de toutes les fautes.

    Args:
        contexte: livraison contrôlée.
        faute: règle enfreinte.
        lot: lot où elle l'est.
        variable: variable fautive.
        rangs: places des territoires fautifs, les plus graves d'abord.
        messages: message des premières places (quoi, où, pourquoi), ``EXEMPLES`` au plus.
    """
    mesures = lot.mesures[variable]
    colonne = find_colonne(contexte, variable)
    for rang, message in zip(rangs[:EXEMPLES], messages, strict=True):
        valeur = float(mesures.valeur[rang])
        territoire = f"{lot.maille.libelle} {lot.codes[rang]}, {lot.periode}"
        yield Anomalie(
            code=faute.code,
            gravite=faute.gravite,
            fichier=contexte.fichier,
            ligne=int(mesures.ligne[rang]) or None,
            colonne=colonne,
            valeur=write_nombre(valeur),
            message=f"{territoire} : {message}",
            suggestion=faute.suggestion,
            territoire=territoire,
        )
    if len(rangs) > EXEMPLES:
        yield Anomalie(
            code=faute.code,
            gravite=faute.gravite,
            fichier=contexte.fichier,
            colonne=colonne,
            message=(
                f"{write_nombre(len(rangs))} {faute.resume} en tout, sur {write_nombre(len(lot.codes))} "
                f"{lot.maille.libelle_pluriel} ({lot.periode}) ; les {EXEMPLES} premières sont citées."
            ),
            suggestion=faute.suggestion,
        )


def find_colonne(contexte: ContexteControle, variable: str) -> str:
    """Colonne du fichier, sous son nom de cette année-là ; le nom de la variable si elle compte des lignes."""
    declaree = contexte.source.variables.get(variable.partition("=")[0])
    if declaree is None or not declaree.colonne:
        return variable
    lot = next((lot for lot in contexte.lots if variable in lot.mesures), None)
    if lot is None:
        return declaree.colonne
    return make_plan(contexte.source, lot.periode, lot.maille).name(declaree.colonne)


def write_nombre(valeur: float) -> str:
    """Écrit un nombre à la française, deux décimales au plus.

    Examples:
        >>> write_nombre(1234.0), write_nombre(0.5), write_nombre(float("inf"))
        ('1\u202f234', '0,50', 'infini')
    """
    if not math.isfinite(valeur):
        return "infini" if math.isinf(valeur) else "sans valeur"
    return format_nombre(valeur, 0 if float(valeur).is_integer() else 2)


def list_codes_dits(codes: list[str]) -> str:
    """Premiers codes d'une liste, et combien d'autres.

    Examples:
        >>> list_codes_dits(["a", "b"])
        'a, b'
    """
    suite = f" et {len(codes) - EXEMPLES} autres" if len(codes) > EXEMPLES else ""
    return ", ".join(codes[:EXEMPLES]) + suite
