"""CSV à la française : point-virgule, virgule décimale, marque UTF-8, une ligne qui se suffit."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from observatoire.exports.formules import neutralise
from observatoire.modeles.statuts import STATUTS_SANS_VALEUR

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

MARQUE_UTF8 = "\ufeff"
"""Sans elle, un tableur français lit « é » comme « Ã© »."""
NOMBRES = ("valeur", "borne_inf", "borne_sup", "numerateur", "denominateur")
_DECIMALES = 6
_SANS_VALEUR = frozenset(str(s) for s in STATUTS_SANS_VALEUR)


def write_csv(valeurs: pd.DataFrame, notes: Mapping[str, str]) -> str:
    """Écrit des valeurs : statut en clair, case vide si rien n'est publié.

    Args:
        valeurs: colonnes ``COLONNES_VALEURS``.
        notes: colonnes constantes (indicateur, unité, période, source) répétées sur chaque ligne, pour
            qu'une ligne copiée ailleurs reste compréhensible.

    La colonne ``correction`` n'y est que si un chiffre a été corrigé.
    """
    suite = [nom for nom in ("correction",) if nom in valeurs]
    sortie = io.StringIO()
    sortie.write(MARQUE_UTF8)
    ecrit = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    ecrit.writerow(["code", "territoire", "categorie", *NOMBRES, "statut", "couverture", *suite, *notes])
    masquees = [s in _SANS_VALEUR for s in valeurs["statut"].tolist()]
    nombres = [
        ["" if masquee else _format(v) for v, masquee in zip(valeurs[nom].tolist(), masquees, strict=True)]
        for nom in NOMBRES
    ]
    couvertures = [_format(v) for v in valeurs["couverture"].tolist()]
    textes = [[neutralise(str(t)) for t in valeurs[nom].tolist()] for nom in ("libelle", "modalite")]
    constantes = [neutralise(note) for note in notes.values()]
    en_plus = [valeurs[nom].tolist() for nom in suite]
    colonnes = (
        valeurs["code_territoire"].tolist(), *textes, *nombres, valeurs["statut"].tolist(), couvertures, *en_plus
    )  # fmt: skip
    ecrit.writerows([*ligne, *constantes] for ligne in zip(*colonnes, strict=True))
    return sortie.getvalue()


def _format(nombre: float) -> str:
    # Une absence est une case vide, jamais un zéro.
    if nombre != nombre:  # noqa: PLR0124 -- nan
        return ""
    entier = float(nombre).is_integer()
    return str(int(nombre)) if entier else repr(round(float(nombre), _DECIMALES)).replace(".", ",")
