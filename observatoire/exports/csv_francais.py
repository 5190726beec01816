"""CSV à la française : point-virgule, virgule décimale, marque UTF-8, une ligne qui se suffit."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np

from observatoire.analyse.bornes import DEDUIT, find_bornees
from observatoire.exports.formules import neutralise
from observatoire.exports.tableau import BORNES
from observatoire.modeles.statuts import STATUTS_SANS_VALEUR, Statut

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

MARQUE_UTF8 = "\ufeff"
"""Sans elle, un tableur français lit « é » comme « Ã© »."""
NOMBRES = ("valeur", *BORNES, "numerateur", "denominateur")
_DECIMALES = 6
_SANS_VALEUR = frozenset(str(s) for s in STATUTS_SANS_VALEUR)
_MASQUE = f"{Statut.SECRET.libelle}."
_REMARQUES = {(False, False): "", (True, False): _MASQUE, (True, True): f"{_MASQUE} Bornes : {DEDUIT}."}
"""Remarque d'une ligne, selon qu'elle est masquée et qu'elle a des bornes."""


def write_csv(valeurs: pd.DataFrame, notes: Mapping[str, str]) -> str:
    """Écrit des valeurs : case vide si rien n'est publié, et pourquoi si c'est masqué.

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
    ecrit.writerow(["code", "territoire", "categorie", *NOMBRES, "statut", "remarque", "couverture", *suite, *notes])
    statuts = valeurs["statut"].tolist()
    lus = {nom: valeurs[nom].to_numpy(dtype=np.float64, na_value=np.nan) for nom in NOMBRES}
    bornees = find_bornees(statuts, *(lus[nom] for nom in ("valeur", *BORNES)))
    montrees = np.array([s not in _SANS_VALEUR for s in statuts], dtype=np.bool_)
    nombres = [
        # Une valeur masquée n'a que les bornes qui se déduisent du publié.
        [_format(v) for v in np.where(montrees | bornees if nom in BORNES else montrees, lu, np.nan).tolist()]
        for nom, lu in lus.items()
    ]
    couvertures = [_format(v) for v in valeurs["couverture"].tolist()]
    textes = [[neutralise(str(t)) for t in valeurs[nom].tolist()] for nom in ("libelle", "modalite")]
    constantes = [neutralise(note) for note in notes.values()]
    en_plus = [valeurs[nom].tolist() for nom in suite]
    remarques = [_REMARQUES[s == Statut.SECRET, b] for s, b in zip(statuts, bornees.tolist(), strict=True)]
    codes = valeurs["code_territoire"].tolist()
    colonnes = (codes, *textes, *nombres, statuts, remarques, couvertures, *en_plus)
    ecrit.writerows([*ligne, *constantes] for ligne in zip(*colonnes, strict=True))
    return sortie.getvalue()


def _format(nombre: float) -> str:
    # Une absence est une case vide, jamais un zéro.
    if nombre != nombre:  # noqa: PLR0124 -- nan
        return ""
    entier = float(nombre).is_integer()
    return str(int(nombre)) if entier else repr(round(float(nombre), _DECIMALES)).replace(".", ",")
