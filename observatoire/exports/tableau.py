"""Tableau d'une carte, prêt à écrire dans un fichier : lignes typées, par ordre alphabétique."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from observatoire.analyse.bornes import DEDUIT, find_bornees
from observatoire.cartes.categories import reduce_categories
from observatoire.catalogue.proches import normalise
from observatoire.modeles.indicateurs import TypeMesure
from observatoire.modeles.nombres import INSECABLE, format_nombre
from observatoire.modeles.statuts import DESCRIPTIONS, STATUTS_SANS_VALEUR, Statut

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from observatoire.modeles.indicateurs import Indicateur

BORNES = ("borne_inf", "borne_sup")
NOMBRES = ("valeur", *BORNES, "nombre", "sur")
_ORIGINES = dict(zip(NOMBRES, ("valeur", *BORNES, "numerateur", "denominateur"), strict=True))
_SANS_VALEUR = frozenset(str(s) for s in STATUTS_SANS_VALEUR)
MIXTE = "mixte"


@dataclass(frozen=True)
class Tableau:
    """Lignes d'une carte.

    ``lignes`` a pour colonnes ``code, territoire, valeur, borne_inf, borne_sup, nombre, sur, statut,
    remarque`` ; celui d'une typologie ``code, territoire, categorie, statut, remarque``. Un nombre qui ne
    peut pas être montré vaut ``nan`` : jamais zéro. ``statuts`` sont ceux qui s'y trouvent ; ``corrections``
    dit, par code, « corrigé le …, était … » (la remarque le dit aussi).
    """

    lignes: pd.DataFrame
    statuts: tuple[Statut, ...]
    en_typologie: bool
    corrections: dict[str, str] = field(default_factory=dict)


def build_tableau(indicateur: Indicateur, valeurs: pd.DataFrame) -> Tableau:
    """Range les valeurs d'une carte par ordre alphabétique, statuts et remarques en clair.

    Args:
        indicateur: fiche de ce qui est montré.
        valeurs: colonnes ``COLONNES_VALEURS``.
    """
    en_typologie = indicateur.type_mesure is TypeMesure.TYPOLOGIE
    lues = reduce_categories(indicateur, valeurs) if en_typologie else valeurs
    ordre = _order(lues)
    lues = lues.iloc[ordre].reset_index(drop=True)
    statuts = lues["statut"].to_numpy(dtype=object)
    montrees = ~np.array([s in _SANS_VALEUR for s in statuts.tolist()], dtype=np.bool_)
    lignes = pd.DataFrame({"code": lues["code_territoire"].to_numpy(), "territoire": lues["libelle"].to_numpy()})
    bornees = np.zeros(len(lues), dtype=np.bool_)
    if en_typologie:
        lignes["categorie"] = _name_categories(indicateur, lues, montrees)
    else:
        nombres = {nom: lues[o].to_numpy(dtype=np.float64, na_value=np.nan) for nom, o in _ORIGINES.items()}
        bornees = find_bornees(statuts, *(nombres[nom] for nom in ("valeur", *BORNES)))
        for nom, lus in nombres.items():
            # Une valeur masquée n'a que les bornes qui se déduisent du publié.
            lignes[nom] = np.where(montrees | bornees if nom in BORNES else montrees, lus, np.nan)
        # Des bornes égales à la valeur n'apprennent rien : la case reste vide.
        exactes = lignes["borne_inf"].to_numpy() == lignes["borne_sup"].to_numpy()
        lignes[[*BORNES]] = lignes[[*BORNES]].mask(np.column_stack([exactes] * 2))
    lignes["statut"] = [DESCRIPTIONS[Statut(s)].libelle for s in statuts.tolist()]
    lignes["remarque"] = _write_remarques(lues, statuts, montrees, bornees)
    presents = tuple(sorted({Statut(s) for s in statuts.tolist()}, key=lambda s: s.rang))
    return Tableau(lignes, presents, en_typologie, _list_corrections(lues))


def _order(lues: pd.DataFrame) -> NDArray[np.intp]:
    """Ordre des noms sans accents ; deux homonymes se suivent par code."""
    cles = np.array([normalise(nom) for nom in lues["libelle"].tolist()], dtype=np.str_)
    return np.lexsort((lues["code_territoire"].to_numpy(dtype=np.str_), cles))


def _name_categories(indicateur: Indicateur, lues: pd.DataFrame, montrees: NDArray[np.bool_]) -> NDArray[np.object_]:
    libelles = {m.code: m.libelle for m in indicateur.modalites}
    noms = np.array([libelles.get(str(m), str(m)) for m in lues["modalite"].tolist()], dtype=object)
    noms = np.where(lues["mixte"].to_numpy(dtype=np.bool_), MIXTE, noms)
    return np.where(montrees, noms, "")


def _write_remarques(
    lues: pd.DataFrame, statuts: NDArray[np.object_], montrees: NDArray[np.bool_], bornees: NDArray[np.bool_]
) -> list[str]:
    """Parts d'un territoire mixte, explication du statut, origine des bornes, part couverte par la source."""
    explications = ["" if s == Statut.PUBLIE else DESCRIPTIONS[Statut(s)].explication for s in statuts.tolist()]
    couvertures = lues["couverture"].to_numpy(dtype=np.float64, na_value=0.0)
    partielles = montrees & (couvertures > 0) & (couvertures < 1)
    couverts = np.where(partielles, couvertures, np.nan).tolist()
    parts = lues["parts"].tolist() if "parts" in lues else [""] * len(lues)
    textes = lues["correction"].tolist() if "correction" in lues else [""] * len(lues)
    corrigees = map(_write_correction, textes)
    deduites = (f"L'intervalle est {DEDUIT}." if bornee else "" for bornee in bornees.tolist())
    morceaux = zip(parts, corrigees, explications, deduites, map(_write_couverture, couverts), strict=True)
    return [" ".join(filter(None, m)) for m in morceaux]


def _write_correction(texte: str) -> str:
    return f"Chiffre {texte}." if texte else ""


def _list_corrections(lues: pd.DataFrame) -> dict[str, str]:
    if "correction" not in lues:
        return {}
    couples = zip(lues["code_territoire"].tolist(), lues["correction"].tolist(), strict=True)
    return {str(code): texte for code, texte in couples if texte}


def _write_couverture(part: float) -> str:
    if part != part:  # noqa: PLR0124 -- nan
        return ""
    return f"La source couvre {format_nombre(min(99.0, round(100 * part)))}{INSECABLE}% de ce territoire."
