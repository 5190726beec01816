"""Codes connus du référentiel, par niveau, avec les années du COG où chacun existe."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.catalogue.proches import normalise
from observatoire.modeles.mailles import Maille
from observatoire.territoires.referentiel import Referentiel

ANCIENNES_REGIONS = {
    "01": "Guadeloupe", "02": "Martinique", "03": "Guyane", "04": "La Réunion", "06": "Mayotte",
    "11": "Île-de-France", "21": "Champagne-Ardenne", "22": "Picardie", "23": "Haute-Normandie", "24": "Centre",
    "25": "Basse-Normandie", "26": "Bourgogne", "31": "Nord-Pas-de-Calais", "41": "Lorraine", "42": "Alsace",
    "43": "Franche-Comté", "52": "Pays de la Loire", "53": "Bretagne", "54": "Poitou-Charentes", "72": "Aquitaine",
    "73": "Midi-Pyrénées", "74": "Limousin", "82": "Rhône-Alpes", "83": "Auvergne", "91": "Languedoc-Roussillon",
    "93": "Provence-Alpes-Côte d'Azur", "94": "Corse",
}  # fmt: skip
"""Régions d'avant 2016, que les fichiers anciens emploient encore."""

VILLES_A_ARRONDISSEMENTS = ("75056", "69123", "13055")
CODES_FRANCE = ("FR", "F", "FM", "FE", "FRANCE", "METRO", "METRODOM", "FRA")
"""Codes de la France, entière ou métropolitaine, selon les producteurs."""

CODES_TOTAUX = frozenset(
    {*CODES_FRANCE, "99", "999", "9999", "99999", "00", "000", "00000", "DOM", "DROM", "ZZZ", "_T"}
)
"""Codes qui désignent un total, ou un territoire qui n'en est pas un."""


@dataclass(frozen=True)
class Niveau:
    """Codes d'un niveau.

    Attributes:
        codes: tous les codes connus, toutes années confondues.
        annees: par code, masque de bits des COG où il existe (bit i : ``cogs[i]``).
        libelles: nom normalisé de chaque code (le plus récent).
        cogs: années où le niveau est connu.
    """

    codes: pd.Index
    annees: NDArray[np.int64]
    libelles: NDArray[np.object_]
    cogs: tuple[str, ...]

    def find(self, codes: pd.Index) -> NDArray[np.int64]:
        """Rang de chaque code, -1 s'il est inconnu."""
        return self.codes.get_indexer(codes)


@dataclass(frozen=True)
class Nomenclature:
    """Codes de tous les niveaux, codes postaux et anciennes communes."""

    niveaux: dict[Maille, Niveau]
    codes_postaux: pd.Index
    anciennes: pd.Index
    cogs: tuple[str, ...]

    def knows(self, maille: Maille, codes: pd.Index) -> NDArray[np.bool_]:
        """Par code : existe à ce niveau, une année au moins."""
        niveau = self.niveaux.get(maille)
        return np.zeros(len(codes), bool) if niveau is None else niveau.find(codes) >= 0


def load_nomenclature(referentiel: Referentiel) -> Nomenclature:
    """Lit les codes du référentiel ; gardés en mémoire d'un fichier à l'autre."""
    return _load(referentiel.dossier, referentiel.cog)


@lru_cache(maxsize=2)
def _load(dossier: object, cog: str) -> Nomenclature:
    referentiel = Referentiel(dossier, cog)  # type: ignore[arg-type]
    territoires = referentiel.territoires
    niveaux = {}
    for nom, groupe in territoires.groupby("maille", observed=True):
        niveaux[Maille(str(nom))] = _build_niveau(groupe, referentiel.cogs)
    return Nomenclature(
        niveaux=niveaux,
        codes_postaux=pd.Index(referentiel.codes_postaux.code_postal.astype(object).unique()),
        anciennes=pd.Index(referentiel.anciennes_communes.code_ancien.astype(object).unique()),
        cogs=referentiel.cogs,
    )


def _build_niveau(groupe: pd.DataFrame, cogs: tuple[str, ...]) -> Niveau:
    rangs = {annee: rang for rang, annee in enumerate(cogs)}
    codes, uniques = pd.factorize(groupe.code.astype(object))
    bits = groupe.cog.map(rangs).to_numpy(dtype=np.int64)
    annees = np.zeros(len(uniques), dtype=np.int64)
    np.bitwise_or.at(annees, codes, np.int64(1) << bits)
    derniers = groupe.assign(cle=codes).sort_values("cog").drop_duplicates("cle", keep="last").sort_values("cle")
    libelles = normalise_noms(derniers.libelle.fillna("").astype(object).tolist())
    return Niveau(pd.Index(uniques), annees, libelles, tuple(sorted(groupe.cog.unique())))


def normalise_noms(noms: list[str]) -> NDArray[np.object_]:
    """Noms comparables : sans accent, majuscule, tiret, apostrophe ni article de tête."""
    return np.array([_normalise_nom(nom) for nom in noms], dtype=object)


@lru_cache(maxsize=200_000)
def _normalise_nom(nom: str) -> str:
    mots = normalise(nom).replace("'", "_").replace("œ", "oe").split("_")
    while len(mots) > 1 and mots[0] in {"l", "le", "la", "les"}:
        mots = mots[1:]
    return " ".join("saint" if mot == "st" else "sainte" if mot == "ste" else mot for mot in mots if mot)
