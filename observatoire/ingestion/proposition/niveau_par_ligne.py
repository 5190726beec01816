"""Table où une colonne dit le niveau de chaque ligne (« COM », « EPCI », « DEP »…)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from observatoire.ingestion.proposition.codes import TYPES_MELODI, is_commune
from observatoire.ingestion.proposition.nomenclature import CODES_FRANCE, Nomenclature
from observatoire.ingestion.proposition.profil import Profil
from observatoire.modeles.mailles import Maille

_PART = 0.8
_TYPES_EN_CLAIR = {
    "COMMUNE": "commune", "COMMUNES": "commune", "DÉPARTEMENT": "departement", "DEPARTEMENT": "departement",
    "RÉGION": "region", "REGION": "region", "FRANCE": "france", "ARRONDISSEMENT": "arrondissement",
}  # fmt: skip
_MAXIMUM = 40
_TOLERANCE = 0.03


@dataclass(frozen=True)
class NiveauParLigne:
    """Colonne des niveaux et colonne des codes.

    Attributes:
        types: colonne qui dit le niveau.
        codes: colonne des codes.
        par_niveau: par niveau, les valeurs de la colonne des types.
        lignes: par niveau, nombre de lignes.
    """

    types: Profil
    codes: Profil
    par_niveau: dict[str, tuple[str, ...]]
    lignes: dict[str, int]

    @property
    def principal(self) -> str:
        """Niveau proposé : le plus fin de ceux que l'observatoire gère."""
        ordre = (
            "iris",
            "commune",
            "arrondissement_municipal",
            "epci",
            "canton_ville",
            "departement",
            "region",
            "france",
        )
        return next((n for n in ordre if n in self.lignes), max(self.lignes, key=lambda n: self.lignes[n]))


def find_niveau_par_ligne(profils: list[Profil], nomenclature: Nomenclature) -> NiveauParLigne | None:
    """Cherche une colonne de niveaux et la colonne de codes qu'elle commente.

    Args:
        profils: colonnes de la table.
        nomenclature: codes connus.
    """
    for types in profils:
        if not 0 < len(types.valeurs) <= _MAXIMUM or types.remplies < _PART * types.lignes:
            continue
        niveaux = [_level_of(texte) for texte in types.textes]
        reconnus = np.array([n != "" for n in niveaux])
        if types.share(reconnus) < _PART or len({n for n in niveaux if n}) < min(2, len(types.valeurs)):
            continue
        codes = _find_codes(types, niveaux, profils, nomenclature)
        if codes is None:
            continue
        par_niveau: dict[str, tuple[str, ...]] = {}
        lignes: dict[str, int] = {}
        for texte, niveau, compte in zip(types.textes, niveaux, types.comptes, strict=True):
            if niveau:
                par_niveau[niveau] = (*par_niveau.get(niveau, ()), texte)
                lignes[niveau] = lignes.get(niveau, 0) + int(compte)
        return NiveauParLigne(types, codes, par_niveau, lignes)
    return None


def _level_of(texte: str) -> str:
    haut = texte.upper()
    exact = TYPES_MELODI.get(haut) or _TYPES_EN_CLAIR.get(haut)
    if exact:
        return exact
    # « ZE2020 », « UU2010 » : un type d'objet suivi de l'année de son découpage.
    racine = haut.rstrip("0123456789")
    return TYPES_MELODI.get(racine, "") if racine != haut and racine in {"AAV", "UU", "ZE", "BV"} else ""


def _find_codes(types: Profil, niveaux: list[str], profils: list[Profil], nomenclature: Nomenclature) -> Profil | None:
    """Colonne dont les codes sont justes aux lignes de chaque niveau connu."""
    justesses: list[tuple[float, Profil]] = []
    for profil in profils:
        if profil.rang == types.rang or profil.remplies < _PART * profil.lignes:
            continue
        justes, vus = 0, 0
        for niveau in {n for n in niveaux if n}:
            lignes = types.rows(np.array([n == niveau for n in niveaux]))
            connus = _knows(niveau, profil, nomenclature)
            if connus is not None:
                vus += int(lignes.sum())
                justes += int((lignes & profil.rows(connus)).sum())
        if vus and justes / vus >= _PART:
            justesses.append((justes / vus, profil))
    meilleure = max((part for part, _ in justesses), default=0.0)
    # À justesse égale, la colonne de codes la plus proche de celle qui dit le niveau.
    proches = [p for part, p in justesses if part >= meilleure - _TOLERANCE]
    return min(proches, key=lambda p: (abs(p.rang - types.rang), p.rang), default=None)


def _knows(niveau: str, profil: Profil, nomenclature: Nomenclature) -> np.ndarray | None:
    if niveau == "commune":
        return is_commune(profil.codes, nomenclature)
    if niveau == "france":
        return profil.codes.isin(CODES_FRANCE)
    if niveau not in {m.value for m in nomenclature.niveaux}:
        return None
    return nomenclature.knows(Maille(niveau), profil.codes)
