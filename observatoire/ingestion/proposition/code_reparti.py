"""Code de commune réparti sur deux colonnes : le département, puis la commune dans le département."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatoire.ingestion.proposition.codes import is_commune
from observatoire.ingestion.proposition.indices_noms import speaks_of
from observatoire.ingestion.proposition.nomenclature import Nomenclature
from observatoire.ingestion.proposition.profil import Profil
from observatoire.modeles.sources import PartieCode

_PART = 0.9
_LONGUEUR_COMMUNE = 3
_VOISINAGE = 2
_COURT = r"^[0-9][0-9AB]?[0-9]?(\.0+)?$"
_CHIFFRES = r"^[0-9]{1,3}(\.0+)?$"
_TROIS = r"^0[0-9]{2}$|^[1-9][0-9]{2}$"
_AUTRES = ("departement", "region", "periode", "arrondissement", "canton_ville")
_PEU = 3


@dataclass(frozen=True)
class CodeReparti:
    """Deux colonnes qui font un code.

    Attributes:
        profils: département, commune.
        parties: comment les couper et les compléter.
        codes: code de chaque paire distincte.
        connus: par paire, code connu.
        paires: rang de la paire de chaque ligne ; -1 si une moitié manque.
        comptes: lignes de chaque paire.
    """

    profils: tuple[Profil, Profil]
    parties: tuple[PartieCode, PartieCode]
    codes: pd.Index
    connus: NDArray[np.bool_]
    paires: NDArray[np.int64]
    comptes: NDArray[np.int64]


def find_code_reparti(profils: list[Profil], nomenclature: Nomenclature) -> CodeReparti | None:
    """Cherche deux colonnes voisines dont l'assemblage donne des communes connues.

    Args:
        profils: colonnes de la table.
        nomenclature: codes connus.
    """
    gauches = [p for p in profils if _is_departement(p)]
    droites = [p for p in profils if len(p.valeurs) > _PEU and _is_commune(p)]
    for gauche in gauches:
        for droite in droites:
            if 0 < droite.rang - gauche.rang <= _VOISINAGE:
                trouve = _try_paire(gauche, droite, nomenclature)
                if trouve is not None:
                    return trouve
    return None


def _is_departement(profil: Profil) -> bool:
    # Les numéros de commune se suivent : presque toute paire de petits nombres en est une. Il faut
    # donc une écriture de code (zéro de tête, Corse) ou un nom qui le dise.
    if not profil.remplies or profil.share(profil.match(_COURT)) < _PART or speaks_of(profil.cle, "periode"):
        return False
    return speaks_of(profil.cle, "departement") or (profil.a_zero_de_tete and not speaks_of(profil.cle, "region"))


def _is_commune(profil: Profil) -> bool:
    if profil.share(profil.match(_CHIFFRES)) < _PART or any(speaks_of(profil.cle, autre) for autre in _AUTRES):
        return False
    return speaks_of(profil.cle, "commune") or (profil.a_zero_de_tete and profil.share(profil.match(_TROIS)) >= _PART)


def _try_paire(gauche: Profil, droite: Profil, nomenclature: Nomenclature) -> CodeReparti | None:
    pleines = (gauche.indices >= 0) & (droite.indices >= 0)
    if not pleines.any():
        return None
    largeur = len(droite.valeurs)
    cles = gauche.indices[pleines] * largeur + droite.indices[pleines]
    uniques, rangs, comptes = np.unique(cles, return_inverse=True, return_counts=True)
    departements = gauche.codes[uniques // largeur]
    communes = pd.Index([c.zfill(_LONGUEUR_COMMUNE) for c in droite.codes[uniques % largeur]], dtype=object)
    meilleur, meilleure_part = None, _PART
    for largeur_gauche, debut, fin in ((2, 0, None), (3, 1, None), (3, 0, 2)):
        moities = [d.zfill(largeur_gauche)[debut:fin] for d in departements]
        codes = pd.Index([f"{d}{c}" for d, c in zip(moities, communes, strict=True)], dtype=object)
        connus = is_commune(codes, nomenclature)
        part = comptes[connus].sum() / comptes.sum()
        # « 029 » se lit 29, ou 02 et la direction 9 : l'écriture qui explique le plus de communes l'emporte.
        if part >= _PART and (meilleur is None or part > meilleure_part):
            paires = np.full(len(gauche.indices), -1, dtype=np.int64)
            paires[pleines] = rangs
            parties = (
                PartieCode(colonne=gauche.nom, debut=debut, fin=fin, largeur=largeur_gauche),
                PartieCode(colonne=droite.nom, largeur=_LONGUEUR_COMMUNE),
            )
            meilleure_part = part
            meilleur = CodeReparti((gauche, droite), parties, codes, connus, paires, comptes)
    return meilleur
