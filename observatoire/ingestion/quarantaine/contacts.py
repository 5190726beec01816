"""Courriels et téléphones : refusés hors d'une liste de lieux, signalés dans une telle liste."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from observatoire.ingestion.quarantaine.colonnes import Colonne
from observatoire.ingestion.quarantaine.entetes import Nature
from observatoire.ingestion.quarantaine.hasard import has_chiffres_au_hasard
from observatoire.ingestion.quarantaine.motifs import MotifQuarantaine, build_motif
from observatoire.ingestion.quarantaine.prenoms import has_prenom
from observatoire.ingestion.quarantaine.vue import PART_FORME, PART_UNIQUE, VueTable

_AROBASE = 64
_COURRIEL = r"[\w.+\-]+@[\w\-]+\.[A-Za-z]{2,}"
_COURRIEL_SEUL = r"^[<\s]*[^\s@]+@[^\s@]+\.[A-Za-z]{2,}[>\s;,]*$"
_PERSONNELS = (
    r"@(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|orange|wanadoo|free|sfr|neuf|laposte|icloud|aol|bbox|"
    r"numericable|proton|protonmail|gmx|club-internet)\."
)
_NOMINATIF = re.compile(r"([a-z]+)[._\-]([a-z]+)@", re.IGNORECASE)
_LIGNES_DE_COLONNE = 3

_INDICATIF = r"(?:\+|00)\s?(?:33|262|590|594|596|508|269|687|689)\)?[ \x{00a0}\x{202f}.\-]?(?:\(0\))?[ ]?"
_PAIRES = r"[1-9](?:[ \x{00a0}\x{202f}.\-/]\d{2}){4}"
_TELEPHONE_ECRIT = (
    rf"(?:^|[^0-9A-Za-z+.,])(?:{_INDICATIF}[1-9](?:[ \x{{00a0}}\x{{202f}}.\-/]?\d{{2}}){{4}}|0{_PAIRES})(?:$|[^0-9])"
)
_TELEPHONE_COLLE = r"^0[1-9]\d{8}$"
_TELEPHONE_SANS_ZERO = r"^[1-7]\d{8}(?:\.0)?$"
_LONGUEUR_TELEPHONE = 9
_PART_TELEPHONE = 0.05


def find_courriels(vue: VueTable) -> Iterator[MotifQuarantaine]:
    """Cherche les adresses électroniques."""
    for colonne in vue.colonnes:
        if not colonne.octets[_AROBASE]:
            continue
        courriels = colonne.match(_COURRIEL)
        if not courriels.any():
            continue
        lignes = colonne.count(courriels)
        nominatifs = courriels & _match_nominatifs(colonne, courriels)
        if vue.liste_de_lieux:
            if nominatifs.any():
                yield build_motif("courriel_nominatif", colonne, colonne.count(nominatifs), bloquant=False)
            continue
        colonne_de_courriels = colonne.share(colonne.match(_COURRIEL_SEUL)) >= 1 - PART_FORME
        bloquant = lignes >= _LIGNES_DE_COLONNE or (colonne_de_courriels and bool(nominatifs.any()))
        yield build_motif("courriel" if bloquant else "courriel_service", colonne, lignes, bloquant=bloquant)


def _match_nominatifs(colonne: Colonne, courriels: NDArray[np.bool_]) -> NDArray[np.bool_]:
    trouve = colonne.match(_PERSONNELS)
    restants = courriels & ~trouve
    if restants.any():
        trouve[restants] = [_is_nominatif(texte) for texte in colonne.take(restants)]
    return trouve


def _is_nominatif(texte: str) -> bool:
    return any(has_prenom(mot) for paire in _NOMINATIF.findall(texte) for mot in paire)


def find_telephones(vue: VueTable) -> Iterator[MotifQuarantaine]:
    """Cherche les numéros de téléphone : écrits par paires, avec indicatif, ou dix chiffres au hasard."""
    for colonne in vue.colonnes:
        if colonne.decimale or colonne.longueur_max < _LONGUEUR_TELEPHONE or colonne.chiffres < _LONGUEUR_TELEPHONE:
            continue
        annonce = Nature.TELEPHONE in colonne.natures
        ecrits = colonne.match(_TELEPHONE_ECRIT, longueur_min=_LONGUEUR_TELEPHONE)
        colles = colonne.match(_TELEPHONE_COLLE, longueur_min=_LONGUEUR_TELEPHONE, longueur_max=10)
        if not annonce and not _is_hasard(vue, colonne, colles):
            colles &= False
        trouve = ecrits | colles
        if annonce:
            trouve |= colonne.match(_TELEPHONE_SANS_ZERO, longueur_min=_LONGUEUR_TELEPHONE, longueur_max=11)
        lignes = colonne.count(trouve)
        if not lignes:
            continue
        lieux = vue.liste_de_lieux
        nombreux = annonce or lignes >= _LIGNES_DE_COLONNE or colonne.share(trouve) >= _PART_TELEPHONE
        bloquant = not lieux and nombreux
        yield build_motif("telephone" if bloquant else "telephone_service", colonne, lignes, bloquant=bloquant)


def _is_hasard(vue: VueTable, colonne: Colonne, colles: NDArray[np.bool_]) -> bool:
    """Dix chiffres sans en-tête qui le dise : des numéros s'ils sont presque uniques et sans suite."""
    if colonne.share(colles) < PART_FORME or colonne.part_distincte < PART_FORME:
        return False
    # Un indicateur numéroté sur dix chiffres, une ligne par territoire, n'est pas un numéro de téléphone.
    if {Nature.MESURE, Nature.TERRITOIRE, Nature.PERIODE, Nature.ID_LIEU} & colonne.natures:
        return False
    codes = [c for c in vue.codes if c is not colonne]
    if "code" in colonne.forme and any(c.part_distincte >= PART_UNIQUE for c in codes) and vue.mesures:
        return False
    return has_chiffres_au_hasard(colonne.distinctes.filter(_masque(colles)), debut=2)


def _masque(masque: NDArray[np.bool_]) -> object:
    import pyarrow as pa

    return pa.array(masque)
