"""Numéros de sécurité sociale : forme et clé, où qu'ils soient écrits."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from stdnum.fr import nir

from observatoire.ingestion.quarantaine.colonnes import Colonne
from observatoire.ingestion.quarantaine.entetes import Nature
from observatoire.ingestion.quarantaine.motifs import MotifQuarantaine, build_motif
from observatoire.ingestion.quarantaine.vue import PART_FORME, VueTable

_SEPARATEUR = r"[ \x{00a0}\x{202f}.\-/]?"
_CORPS_CHIFFRES = (
    # Sexe, année, mois (ou code de mois inconnu), département, commune, ordre.
    rf"[123478]{_SEPARATEUR}\d\d{_SEPARATEUR}(?:0[1-9]|1[0-2]|[2-9]\d){_SEPARATEUR}"
    rf"\d(?:\d|[AaBb]){_SEPARATEUR}\d{{3}}{_SEPARATEUR}\d{{3}}"
)
_AVEC_CLE = rf"(?:^|[^0-9]){_CORPS_CHIFFRES}{_SEPARATEUR}\d\d(?:\.0+)?(?:$|[^0-9])"
_SANS_CLE = rf"^{_CORPS_CHIFFRES}(?:\.0+)?$"
_CLE = r"^\d{1,2}(?:\.0)?$"
_LONGUEUR_CORPS = 13
_LONGUEUR_NIR = 15
_HASARD = 97
_PART_ENTETE = 0.3
_LIGNES_SANS_CLE = 3

_PYTHON = re.compile(
    r"(?<![0-9])[123478](?:[ \u00a0\u202f.\-/]?[0-9AaBb]){14}(?![0-9])",
)


def find_nir(vue: VueTable) -> Iterator[MotifQuarantaine]:
    """Cherche les numéros avec clé juste, puis ceux dont la clé est ailleurs ou absente."""
    for colonne in vue.colonnes:
        if colonne.decimale or colonne.longueur_max < _LONGUEUR_CORPS or colonne.chiffres < _LONGUEUR_CORPS - 1:
            continue
        justes, formes = _match_avec_cle(colonne)
        # Une clé sur 97 tombe juste par hasard : un code technique de quinze chiffres n'est pas un numéro.
        hasard = formes.sum() / _HASARD
        if justes.any() and justes.sum() > hasard + 4 * math.sqrt(hasard) and not _is_decimales(colonne, justes):
            yield build_motif("nir", colonne, colonne.count(justes), bloquant=True)
            continue
        corps = colonne.match(_SANS_CLE, longueur_min=_LONGUEUR_CORPS)
        lignes = colonne.count(corps)
        if Nature.NIR in colonne.natures and lignes + colonne.count(formes) >= _PART_ENTETE * colonne.lignes_remplies:
            yield build_motif("nir", colonne, lignes + colonne.count(formes), bloquant=True)
        elif lignes and _has_cle_voisine(vue, colonne, corps):
            yield build_motif("nir", colonne, lignes, bloquant=True)
        elif lignes >= _LIGNES_SANS_CLE and colonne.share(corps) >= PART_FORME and not _is_monotone(colonne, corps):
            yield build_motif("nir_sans_cle", colonne, lignes, bloquant=True)


def _match_avec_cle(colonne: Colonne) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    formes = colonne.match(_AVEC_CLE, longueur_min=_LONGUEUR_NIR)
    justes = np.zeros(len(formes), dtype=bool)
    if formes.any():
        justes[formes] = [_has_nir(texte) for texte in colonne.take(formes)]
    return justes, formes


def _has_nir(texte: str) -> bool:
    return any(nir.is_valid(_compact(trouve)) for trouve in _PYTHON.findall(texte))


def _compact(texte: str) -> str:
    return re.sub(r"[^0-9AB]", "", texte.upper())


def _is_decimales(colonne: Colonne, justes: NDArray[np.bool_]) -> bool:
    """Vrai si tout ce qui tombe juste est un nombre à décimales (« 7384.62129639108 »)."""
    decimales = colonne.match(r"^-?\d+\.\d{2,}$", longueur_min=_LONGUEUR_NIR)
    return bool(decimales[justes].all())


def _has_cle_voisine(vue: VueTable, colonne: Colonne, corps: NDArray[np.bool_]) -> bool:
    """Vrai si une autre colonne porte la clé de presque tous les numéros de treize signes."""
    calculees = np.full(len(corps) + 1, -1, dtype=np.int64)
    calculees[:-1][corps] = [
        int(nir.calc_check_digits(_compact(texte)[:_LONGUEUR_CORPS])) for texte in colonne.take(corps)
    ]
    attendues = calculees[colonne.rangs]
    utiles = attendues >= 0
    for autre in vue.colonnes:
        if autre is colonne or autre.longueur_max > len("97.0") or autre.share(autre.match(_CLE)) < PART_FORME:
            continue
        lues = np.append(autre.entiers, np.nan)[autre.rangs]
        if np.mean(lues[utiles] == attendues[utiles]) >= PART_FORME:
            return True
    return False


def _is_monotone(colonne: Colonne, corps: NDArray[np.bool_]) -> bool:
    """Vrai si les valeurs commencent toutes par les mêmes signes : une suite de codes, pas des personnes."""
    debuts = {texte[:5] for texte in colonne.take(corps)[:200]}
    return len(debuts) == 1 and int(corps.sum()) > _LIGNES_SANS_CLE
